"""RDS databases are in a backup plan of AWS Backup."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from nexis.rules import _rds
from nexis.rules._policy_documents import covers, named_as, texts
from nexis.rules.model import Problem, Rule, unknown
from nexis.templates.values import Unknown
from nexis.templates.views import Absent, Undetermined, is_deferred, place

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from nexis.templates.views import View

SELECTION: Final = "AWS::Backup::BackupSelection"
BASE: Final = "BackupSelection"
TAG_KEY: Final = "aws:ResourceTag/"

#: How the ARN of each type is built: (attribute that gives it, property with the name, resource part).
#: Source: RDS User Guide, Working with Amazon Resource Names (ARNs).
ARNS: Final = {
    _rds.INSTANCE: ("DBInstanceArn", "DBInstanceIdentifier", "db"),
    _rds.CLUSTER: ("DBClusterArn", "DBClusterIdentifier", "cluster"),
}


def check(database: View) -> Iterator[Problem]:
    """Look for a selection in the assembly that takes the database in."""
    doubt: Undetermined | None = None
    for selection in database.scene.views(SELECTION):
        try:
            if _selects(selection, database):
                return
        except Undetermined as opened:
            doubt = Undetermined(place(), f"{selection.logical_id}.{opened.path}: {opened.reason}")
    if doubt is not None:
        yield unknown(doubt)
        return
    yield Problem(
        place(),
        f"no {SELECTION} in these templates takes it in, by ARN or by tags; expected one, so that backups also lie "
        "outside the database's own reach",
    )


def _selects(selection: View, database: View) -> bool:
    """Whether a selection takes a database in: named by ARN or by one of the tags, and meeting all conditions.

    Source: AWS Backup Developer Guide, Assigning resources to a backup plan; AWS Knowledge Center, "How do I assign
    resources to a backup plan" (`Resources` or `ListOfTags`, and `Conditions`). As of 2026-11-23.
    """
    named = _patterns(selection, "Resources")
    tags = selection.items(BASE, "ListOfTags")
    conditions = selection.get(BASE, "Conditions")
    if not conditions and not tags and not named:
        return False  # AWS would take everything; no one writes that on purpose
    arn = _arn(database)
    where = place(BASE, "ListOfTags")
    by_arn = any(covers(_written(pattern, database), arn) for pattern in named)
    if (
        (named or tags)
        and not by_arn
        and not any(_matches("StringEquals", _map(tag, where), database, where) for tag in tags)
    ):
        return False
    if any(covers(_written(pattern, database), arn) for pattern in _patterns(selection, "NotResources")):
        return False
    return isinstance(conditions, Absent) or all(
        _matches(operator, _map(tag, f"{where}.{operator}"), database, f"{where}.{operator}")
        for where in (place(BASE, "Conditions"),)
        for operator, tags in _map(conditions, where).items()
        for tag in (tags if isinstance(tags, list) else [tags])
    )


def _matches(operator: str, tag: Mapping[str, Any], database: View, where: str) -> bool:
    keys, values = texts(tag.get("ConditionKey"), where), texts(tag.get("ConditionValue"), where)
    if len(keys) != 1 or len(values) != 1:
        raise Undetermined(where, "expected one ConditionKey and one ConditionValue")
    found = _tag(database, keys[0].removeprefix(TAG_KEY))
    if operator in ("StringEquals", "StringNotEquals"):
        equal = found == values[0]
    elif operator in ("StringLike", "StringNotLike"):
        pattern = ".*".join(map(re.escape, values[0].split("*")))
        equal = found is not None and re.fullmatch(pattern, found, re.DOTALL) is not None
    else:
        raise Undetermined(where, f"found the operator {operator!r}, which AWS Backup does not know")
    return equal != ("Not" in operator)


def _tag(database: View, key: str) -> str | None:
    """Give the value of a tag; None when the database does not have it."""
    for position, tag in enumerate(database.items("Tags")):
        where = place("Tags", position)
        names = texts(_map(tag, where).get("Key"), where)
        if names == [key]:
            return "".join(texts(_map(tag, where).get("Value"), where))
    return None


def _patterns(selection: View, name: str) -> list[str]:
    return texts(selection.items(BASE, name), place(BASE, name))


def _written(pattern: str, database: View) -> str:
    attribute, _, _ = ARNS[database.type]
    return named_as(pattern, database, {"": _name(database), attribute: _arn(database)})


def _arn(database: View) -> str:
    _, _, part = ARNS[database.type]
    account, region = (
        str(database.scene.resolver.resolve(database.template, {"Ref": name}))
        for name in ("AWS::AccountId", "AWS::Region")
    )
    return f"arn:aws:rds:{region}:{account}:{part}:{_name(database)}"


def _name(database: View) -> str:
    name = database.peek(ARNS[database.type][1])
    if not isinstance(name, str):
        return "${" + database.logical_id + "}"
    return str(name) if is_deferred(name) else name.lower()  # as RDS keeps it


def _map(value: Any, where: str) -> Mapping[str, Any]:
    if isinstance(value, Unknown):
        raise Undetermined(where, value.reason)
    if not isinstance(value, dict):
        raise Undetermined(where, f"found a {type(value).__name__}, expected a map")
    return value


RULE = Rule(
    id="recovery.rds-backup-plan",
    severity="error",
    title="RDS databases are in a backup plan of AWS Backup",
    why="RDS's own backups go with the instance and its account rights; a vault of its own keeps copies out of reach.",
    fix="name the database's ARN in Resources of an AWS::Backup::BackupSelection, or give it the tags that one asks "
    "for (CDK: plan.add_selection(…, resources=[backup.BackupResource.from_rds_database_instance(…)]))",
    types=(_rds.INSTANCE, _rds.CLUSTER),
    check=check,
    applies=_rds.decides_for_itself,
    claims=("touchpoints.backups",),
    controls={"SOC 2": ("CC7.5", "A1.2"), "AWS FSBP": ("RDS.26",)},
    source="AWS Backup Developer Guide, Assigning resources to a backup plan",
)
