"""A permissions boundary denies what no role may ever do.

Asked of our own baseline. What has to be denied stands in `nexis.facts.permissions_boundary`: roles without the
boundary, taking it away or rewriting it, the roles of the bootstrap, users and keys, the organisation and the account,
what erases evidence, what switches hooks off, and every region but the approved ones. A denial counts when its
statement reaches everything it is about, in its own account, and spares nobody but whom the facts spare.

Sources: IAM User Guide, "Permissions boundaries for IAM entities" and "AWS: Denies access to AWS based on the requested
Region". Read 2026-11-23.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from nexis.facts.globs import matches_glob
from nexis.facts.permissions_boundary import DENIALS, WORLDWIDE, Denial, boundary_document
from nexis.facts.regions import is_approved
from nexis.patterns import pattern
from nexis.rules._conditions import as_list, open_name
from nexis.rules._policy_documents import statements
from nexis.rules.access._boundaries import POLICY, is_boundary
from nexis.rules.access._statements import is_all
from nexis.rules.model import Problem, Rule, parts
from nexis.templates.values import Unknown
from nexis.templates.views import Undetermined, place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.rules._policy_documents import Statement
    from nexis.templates.views import View

WHERE: Final = place("PolicyDocument", "Statement")
BOUNDARY_KEY: Final = "iam:permissionsboundary"
PRINCIPAL_KEY: Final = "aws:principalarn"
REGION_KEY: Final = "aws:requestedregion"
#: A statement with one of these denies everybody but the one who is named.
NOT_THIS: Final = frozenset({"arnnotequals", "stringnotequals"})
#: An account that is written out.
ACCOUNT: Final = pattern(r":iam::([0-9]{12}):")
EXECUTION: Final = "cfn-exec-role"


def _check(policy: View) -> Iterator[Problem]:
    written = statements(policy, "PolicyDocument")
    yield from parts(*(partial(_denial, policy, written, denial) for denial in DENIALS), partial(_regions, written))


def _denial(policy: View, written: list[Statement], denial: Denial) -> Iterator[Problem]:
    missing, opened = [], None
    for action in denial.actions:
        found = False
        for statement in written:
            try:
                found = found or _denies(policy, statement, denial, action.lower())
            except Undetermined as open_value:
                opened = open_value
        if not found:
            missing.append(action)
    if missing and opened is not None:
        raise opened
    if missing:
        listed = ", ".join(missing[:3]) + (", …" if len(missing) > 3 else "")
        yield Problem(WHERE, f"does not deny {denial.what} ({listed}); expected the statement {denial.sid}")


def _denies(policy: View, statement: Statement, denial: Denial, action: str) -> bool:
    if not statement.denies:
        return False
    if "NotAction" in statement.elements:
        covered = not any(_overlap(text.lower(), action) for text in statement.texts("NotAction"))
    else:
        covered = any(matches_glob(text.lower(), action) for text in statement.texts("Action"))
    return covered and _reaches(policy, statement, denial) and _spares_only(policy, statement, denial)


def _overlap(one: str, other: str) -> bool:
    return matches_glob(one, other) or matches_glob(other, one)


def _reaches(policy: View, statement: Statement, denial: Denial) -> bool:
    named = _names(statement, "Resource")
    if any(is_all(text) for text in named):
        return True
    if denial.about == "everything" or "NotResource" in statement.elements:
        return False
    if denial.about == "policies" and any(policy.is_named_by(item) for item in statement.listed("Resource")):
        return True
    own = str(policy.peek("ManagedPolicyName"))
    kind, name = ("policy", own) if denial.about == "policies" else ("role", own.removesuffix("boundary") + EXECUTION)
    own_ones = (text for text in named if f":{kind}/" in text and not _is_elsewhere(policy, text))
    return any(matches_glob(text.rpartition(f":{kind}/")[2], name) for text in own_ones)


def _is_elsewhere(policy: View, arn: str) -> bool:
    found = ACCOUNT.search(arn)
    return found is not None and found[1] != policy.template.account


def _spares_only(policy: View, statement: Statement, denial: Denial) -> bool:
    asked = statement.asked()
    if not asked:
        return True
    if len(asked) > 1:
        return False  # all of them must hold, so more are spared
    operator, key, values, _ = asked[0]
    listed = as_list(values)
    if operator.lower() not in NOT_THIS or len(listed) != 1:
        return False
    named = str(open_name(listed[0])) if isinstance(listed[0], Unknown) else str(listed[0])
    if denial.spares == "with the boundary" and key.lower() == BOUNDARY_KEY:
        own = str(policy.peek("ManagedPolicyName"))
        return policy.is_named_by(listed[0]) or named.rpartition(":policy/")[2] == own
    if denial.spares.startswith("cloudformation") and key.lower() == PRINCIPAL_KEY:
        return EXECUTION in named.rpartition(":role/")[2] and not set(named) & set("*?")
    return False


def _names(statement: Statement, element: str) -> list[str]:
    return [str(open_name(v)) if isinstance(v, Unknown) else str(v) for v in statement.listed(element)]


def _regions(written: list[Statement]) -> Iterator[Problem]:
    opened = None
    for statement in written:
        try:
            if statement.denies and _keeps_to_regions(statement):
                return
        except Undetermined as open_value:
            opened = open_value
    if opened is not None:
        raise opened
    yield Problem(WHERE, "does not deny other regions than the approved ones; expected the statement DenyOtherRegions")


def _keeps_to_regions(statement: Statement) -> bool:
    asked = statement.conditions()
    if len(asked) != 1 or not any(is_all(text) for text in _names(statement, "Resource")):
        return False
    operator, key, values = asked[0]
    kept = operator.lower() == "stringnotequals" and key == REGION_KEY and values and all(map(is_approved, values))
    if "NotAction" in statement.elements:
        spared = statement.texts("NotAction")
        return bool(kept) and all(any(matches_glob(w.lower(), text.lower()) for w in WORLDWIDE) for text in spared)
    return bool(kept) and any(is_all(text) for text in statement.texts("Action"))


def _example() -> dict[str, Any]:
    return {
        "Boundary": {
            "Type": POLICY,
            "Properties": {
                "ManagedPolicyName": "cdk-hnb659fds-boundary",
                "PolicyDocument": _filled_in(boundary_document()),
            },
        },
        "Host": {"Type": "AWS::IAM::Role", "Properties": {"PermissionsBoundary": {"Ref": "Boundary"}}},
    }


def _filled_in(value: Any) -> Any:
    """Write the document as it stands in production, with the qualifier of the CDK."""
    if isinstance(value, dict):
        kept = {name: _filled_in(item) for name, item in value.items()}
        return {name: item for name, item in kept.items() if not (name == "Condition" and "Fn::If" in item)}
    if isinstance(value, list):
        return [_filled_in(item) for item in value]
    text = value.replace("${Qualifier}", "hnb659fds") if isinstance(value, str) else value
    return {"Fn::Sub": text} if isinstance(text, str) and "${" in text else text


RULE = Rule(
    id="access.boundary-denies",
    severity="error",
    title="A permissions boundary denies what no role may ever do",
    why="A boundary that lets a role make roles without it, rewrite it or delete keys is a boundary in name only.",
    fix="take the statements of nexis/facts/permissions_boundary.py; bootstrap/bootstrap-template.yaml has them (CDK: "
    "cdk bootstrap --template bootstrap/bootstrap-template.yaml)",
    types=(POLICY,),
    check=_check,
    applies=is_boundary,
    claims=("touchpoints.changes", "touchpoints.identity"),
    controls={"SOC 2": ("CC6.3", "CC8.1"), "NIST 800-53 r5": ("AC-3", "AC-6", "CM-5")},
    source="IAM User Guide, Permissions boundaries for IAM entities; AWS: Denies access based on the requested Region",
    cdk="# in the account, once: make bootstrap TARGET=aws ENV=prod\n"
    "app = baseline_app()  # every role of its stacks carries the boundary",
    example=_example(),
    scope="baseline",
)
