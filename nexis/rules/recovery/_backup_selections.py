"""Whether a selection of AWS Backup takes a resource in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from nexis.records import record
from nexis.rules import _rds
from nexis.rules._policy_documents import covers, named_as, texts
from nexis.templates.values import Unknown
from nexis.templates.views import Absent, Undetermined, is_deferred, place

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nexis.templates.views import View

SELECTION: Final = "AWS::Backup::BackupSelection"
BASE: Final = "BackupSelection"
TAG_KEY: Final = "aws:ResourceTag/"
FILE_SYSTEM: Final = "AWS::EFS::FileSystem"


@record
class Form:
    """How the ARN of a type is built.

    Args:
        service: the service in the ARN.
        before: what stands before the name in its last field.
        attribute: the attribute that gives the ARN.
        name: the property with the name; empty when AWS makes it.
        tags: the property with the tags.
    """

    service: str
    before: str
    attribute: str
    name: str = ""
    tags: str = "Tags"


#: Source: Service Authorization Reference, resource types defined by Amazon RDS and by Amazon Elastic File System.
ARNS: Final = {
    _rds.INSTANCE: Form("rds", "db:", "DBInstanceArn", "DBInstanceIdentifier"),
    _rds.CLUSTER: Form("rds", "cluster:", "DBClusterArn", "DBClusterIdentifier"),
    FILE_SYSTEM: Form("elasticfilesystem", "file-system/", "Arn", tags="FileSystemTags"),
}


def is_selected(kept: View) -> bool:
    """Whether a selection in the assembly takes a resource in.

    Args:
        kept: a resource of a type in `ARNS`.

    Raises:
        Undetermined: none surely does, and of one it cannot be known.
    """
    doubt: Undetermined | None = None
    for selection in kept.scene.views(SELECTION):
        try:
            if selects(selection, kept):
                return True
        except Undetermined as opened:
            doubt = Undetermined(place(), f"{selection.logical_id}.{opened.path}: {opened.reason}")
    if doubt is not None:
        raise doubt
    return False


def selects(selection: View, kept: View) -> bool:
    """Whether a selection takes a resource in: named by ARN or by one of the tags, and meeting all conditions.

    Args:
        selection: an `AWS::Backup::BackupSelection`.
        kept: a resource of a type in `ARNS`.

    Raises:
        Undetermined: a value that decides it is open.

    Source: AWS Backup Developer Guide, Assigning resources to a backup plan; AWS Knowledge Center, "How do I assign
    resources to a backup plan" (`Resources` or `ListOfTags`, and `Conditions`). As of 2026-11-23.
    """
    named = _patterns(selection, "Resources")
    tags = selection.items(BASE, "ListOfTags")
    conditions = selection.get(BASE, "Conditions")
    if not conditions and not tags and not named:
        return False  # AWS would take everything; no one writes that on purpose
    arn = _arn(kept)
    where = place(BASE, "ListOfTags")
    by_arn = any(covers(_written(pattern, kept), arn) for pattern in named)
    if (
        (named or tags)
        and not by_arn
        and not any(_matches("StringEquals", _map(tag, where), kept, where) for tag in tags)
    ):
        return False
    if any(covers(_written(pattern, kept), arn) for pattern in _patterns(selection, "NotResources")):
        return False
    return isinstance(conditions, Absent) or all(
        _matches(operator, _map(tag, f"{where}.{operator}"), kept, f"{where}.{operator}")
        for where in (place(BASE, "Conditions"),)
        for operator, tags in _map(conditions, where).items()
        for tag in (tags if isinstance(tags, list) else [tags])
    )


def _matches(operator: str, tag: Mapping[str, Any], kept: View, where: str) -> bool:
    keys, values = texts(tag.get("ConditionKey"), where), texts(tag.get("ConditionValue"), where)
    if len(keys) != 1 or len(values) != 1:
        raise Undetermined(where, "expected one ConditionKey and one ConditionValue")
    found = _tag(kept, keys[0].removeprefix(TAG_KEY))
    if operator in ("StringEquals", "StringNotEquals"):
        equal = found == values[0]
    elif operator in ("StringLike", "StringNotLike"):
        pattern = ".*".join(map(re.escape, values[0].split("*")))
        equal = found is not None and re.fullmatch(pattern, found, re.DOTALL) is not None
    else:
        raise Undetermined(where, f"found the operator {operator!r}, which AWS Backup does not know")
    return equal != ("Not" in operator)


def _tag(kept: View, key: str) -> str | None:
    """Give the value of a tag; None when the resource does not have it."""
    for position, tag in enumerate(kept.items(ARNS[kept.type].tags)):
        where = place(ARNS[kept.type].tags, position)
        names = texts(_map(tag, where).get("Key"), where)
        if names == [key]:
            return "".join(texts(_map(tag, where).get("Value"), where))
    return None


def _patterns(selection: View, name: str) -> list[str]:
    return texts(selection.items(BASE, name), place(BASE, name))


def _written(pattern: str, kept: View) -> str:
    return named_as(pattern, kept, {"": _name(kept), ARNS[kept.type].attribute: _arn(kept)})


def _arn(kept: View) -> str:
    form = ARNS[kept.type]
    account, region = (
        str(kept.scene.resolver.resolve(kept.template, {"Ref": name})) for name in ("AWS::AccountId", "AWS::Region")
    )
    return f"arn:aws:{form.service}:{region}:{account}:{form.before}{_name(kept)}"


def _name(kept: View) -> str:
    form = ARNS[kept.type]
    name = kept.peek(form.name) if form.name else None
    if not isinstance(name, str):
        return "${" + kept.logical_id + "}"
    return str(name) if is_deferred(name) else name.lower()  # as RDS keeps it


def _map(value: Any, where: str) -> Mapping[str, Any]:
    if isinstance(value, Unknown):
        raise Undetermined(where, value.reason)
    if not isinstance(value, dict):
        raise Undetermined(where, f"found a {type(value).__name__}, expected a map")
    return value
