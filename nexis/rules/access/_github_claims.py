"""What a trust policy pins of GitHub's tokens: the repository, the branch, the environment, the audience.

A claim is pinned where the condition fails without it and all its values name one. `ForAllValues:` and `…IfExists` hold
without the claim, so they pin nothing. In a pattern (StringLike) a wildcard pins what stands before it: a branch whose
name begins with something (`refs/heads/release/*`) is chosen, `refs/heads/*` is not.

A claim is pinned exactly where all values of the condition name the same one: of two branches, or two environments, the
one that nobody guards is enough. A tag is no branch, since whoever may push may set it; a branch without regard to case
is more than one; and `job_workflow_ref` says where a shared workflow is from, not what calls it.

Sources: GitHub Docs, "OpenID Connect reference" (subjects, and their customised forms); IAM User Guide, "IAM JSON
policy elements: Condition operators", "Multivalued context keys" and "Available keys for AWS OIDC federation". Read
2026-11-23.
"""

from __future__ import annotations

import re
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from nexis.facts.github_oidc import BRANCH_PREFIX
from nexis.rules._conditions import as_list, open_name
from nexis.rules._policy_documents import texts
from nexis.rules.access._statements import judge_statements, matches, readable
from nexis.rules.access._web_identity import WEB, hosts, is_github, is_made_while_deploying
from nexis.templates.values import OPEN_PART, Unknown
from nexis.templates.views import Undetermined

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from nexis.rules._policy_documents import Statement
    from nexis.rules.model import Problem
    from nexis.templates.views import View

REPOSITORY: Final = "repository"
BRANCH: Final = "branch"
ENVIRONMENT: Final = "environment"
AUDIENCE: Final = "audience"

FOLDED: Final = "stringequalsignorecase"
EQUALS: Final = frozenset({"stringequals", FOLDED})
LIKE: Final = "stringlike"

#: What each claim says, by its name in the token and in customised subjects; `repo` is that of the default subject.
SAYS: Final = {
    "aud": AUDIENCE,
    "environment": ENVIRONMENT,
    "job_workflow_ref": BRANCH,
    "ref": BRANCH,
    "repo": REPOSITORY,
    "repository": REPOSITORY,
    "repository_id": REPOSITORY,
}
WILDCARDS: Final = re.compile(r"[*?]")
#: A branch or tag of which at least the beginning of the name is there.
_REF: Final = re.compile(r"refs/(?:heads|tags)/[^*?]")
#: GitHub's number behind a name; subjects have it in repositories made or renamed since 2026-07-15.
NUMBER: Final = re.compile(r"@[0-9]+")
_REPOSITORY: Final = re.compile(r"[^/*?]+/[^/*?]+")


def judge_github(
    role: View, judge: Callable[[Statement, frozenset[str], frozenset[str]], Iterator[Problem]]
) -> Iterator[Problem]:
    """Judge each statement of a role that lets GitHub's jobs in.

    Args:
        role: a role.
        judge: gives what is wrong, from the statement, what it pins at all, and what it pins to one value each.
    """
    yield from judge_statements(role, ("AssumeRolePolicyDocument",), partial(_statement, role, judge))


def _statement(
    role: View,
    judge: Callable[[Statement, frozenset[str], frozenset[str]], Iterator[Problem]],
    statement: Statement,
) -> Iterator[Problem]:
    if not statement.allows or not any(matches(action, WEB) for action in readable(statement, "Action")):
        return
    if is_made_while_deploying(role, statement):
        return
    for host in dict.fromkeys(hosts(role, statement, statement.asked())):
        if is_github(host):
            opened: list[Undetermined] = []
            pinned = _pinned(statement, host.lower(), opened)
            problems = list(judge(statement, pinned, _pinned(statement, host.lower(), [], exactly=True)))
            if problems and opened:
                raise opened[0]
            yield from problems
            return


def _pinned(statement: Statement, host: str, opened: list[Undetermined], *, exactly: bool = False) -> frozenset[str]:
    found: set[str] = set()
    for operator, key, values, where in statement.asked():
        name = operator.lower().removeprefix("foranyvalue:")
        provider, _, claim = key.lower().rpartition(":")
        if provider != host or not (name in EQUALS or name == LIKE):
            continue
        try:
            listed = _texts(statement, values, where)
        except Undetermined as open_value:
            opened.append(open_value)
            continue
        if exactly:
            each = [_exactly(claim, text, folded=name == FOLDED) for text in listed]
        else:
            each = [{(says, "") for says in _of_value(claim, text, like=name == LIKE)} for text in listed]
        if each:
            found |= {says for says, _ in set.intersection(*each)}
    return frozenset(found)


def _texts(statement: Statement, values: object, where: str) -> list[str]:
    """Give the values; what a template leaves open is a name, unless parameters are taken strictly."""
    listed = as_list(values)
    return texts([open_name(v) if isinstance(v, Unknown) and not statement.strict else v for v in listed], where)


def _of_value(claim: str, text: str, *, like: bool) -> frozenset[str]:
    if claim == "sub":
        return _of_subject(text, like=like)
    says = SAYS.get(claim)
    return frozenset({says}) if says and _names_one(claim, text, like=like) else frozenset()


def _of_subject(subject: str, *, like: bool) -> frozenset[str]:
    return frozenset(SAYS[claim] for claim, value in _claims(subject) if _names_one(claim, value, like=like))


def _claims(subject: str) -> Iterator[tuple[str, str]]:
    """Read a subject as claims and values; behind a wildcard anything may stand."""
    for claim, value in pairwise(subject.split(":")):
        if WILDCARDS.search(claim):
            break
        if claim in SAYS and claim != "aud":
            yield claim, value


def _exactly(claim: str, text: str, *, folded: bool) -> set[tuple[str, str]]:
    """Give what a value pins, each with the one value that it names."""
    if WILDCARDS.search(text):
        return set()
    read = _claims(text) if claim == "sub" else [(claim, text)] if claim in SAYS else []
    return {
        (SAYS[name], NUMBER.sub("", value) if SAYS[name] == REPOSITORY else value)
        for name, value in read
        if _names_one(name, value, like=False) and (SAYS[name] != BRANCH or _is_one_branch(name, value, folded=folded))
    }


def _is_one_branch(claim: str, value: str, *, folded: bool) -> bool:
    return claim == "ref" and not folded and (value.startswith(BRANCH_PREFIX) or OPEN_PART in value)


def _names_one(claim: str, text: str, *, like: bool) -> bool:
    says = SAYS[claim]
    if OPEN_PART in text and not WILDCARDS.search(text):
        return True  # what a template leaves open is a name
    if says == BRANCH:
        ref = text.rpartition("@")[2] if claim == "job_workflow_ref" else text
        whole = claim != "job_workflow_ref" or not WILDCARDS.search(text.rpartition("@")[0])
        return whole and _REF.match(ref) is not None and (like or not WILDCARDS.search(ref))
    if not text or WILDCARDS.search(text):
        return False
    return says != REPOSITORY or claim == "repository_id" or _REPOSITORY.fullmatch(text) is not None


def trap(statement: Statement) -> str:
    """Say of conditions that hold without the claim that they do; empty when there is none.

    Args:
        statement: of a trust policy.
    """
    found = [
        operator
        for operator, _, _, _ in statement.asked()
        if operator.lower().startswith("forallvalues:") or operator.lower().endswith("ifexists")
    ]
    return f" ({found[0]} holds for a token without the claim)" if found else ""
