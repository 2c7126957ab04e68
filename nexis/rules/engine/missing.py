"""Every resource that a deployed stack lists is there, can be read, and does its work.

Only the audit of a live account writes what is judged here: pseudo resources of type `Nexis::Listed`, one for each
resource that is gone, that the audit does not read although rules look at its type, or that exists without working (a
key that is disabled, a flow log that delivers nothing).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from nexis.rules.model import Problem, Rule
from nexis.templates.views import Absent, Undetermined

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.templates.views import View

LISTED_TYPE: Final = "Nexis::Listed"


def check(listed: View) -> Iterator[Problem]:
    """Say what became of a listed resource."""
    state = listed.literal("State")
    kind = _text(listed, "Type") or "the resource"
    stack = _text(listed, "Stack")
    where = f"stack {stack} lists it as {_text(listed, 'LogicalId')}" if stack else "it is in use"
    if state == "present":
        return
    if state == "gone":
        yield Problem("Properties", f"{kind} is gone, although {where}; expected that it is there")
    elif state == "broken":
        yield Problem("Properties", f"{kind} {_text(listed, 'Trouble')}")
    elif state == "unread":
        raise Undetermined("Properties", f"the audit does not read {kind}, although {where} and rules look at it")
    else:
        raise Undetermined("Properties.State", f"found {state!r}, expected present, gone, broken or unread")


def _text(listed: View, name: str) -> str:
    found = listed.literal(name)
    return "" if isinstance(found, Absent) else found


RULE = Rule(
    id="engine.missing",
    severity="error",
    title="Every resource that a deployed stack lists is there, can be read, and does its work",
    why="What is gone protects nothing, and CloudFormation does not notice: it compares templates, not what is there.",
    fix="bring it back as the stack describes it; a key that is disabled or pending deletion is enabled again",
    types=(LISTED_TYPE,),
    check=check,
    claims=("touchpoints.changes",),
    controls={"SOC 2": ("CC8.1",)},
    source="CloudFormation User Guide, Detect unmanaged configuration changes to stacks and resources with drift "
    "detection",
    cdk='Stack(app, "Database", termination_protection=True)',
    example={
        "Listed": {
            "Type": LISTED_TYPE,
            "Properties": {"State": "present", "Type": "AWS::KMS::Key", "Stack": "Database", "LogicalId": "Key"},
        }
    },
)
