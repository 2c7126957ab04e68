"""The template of every nested stack is judged with the others.

A cloud assembly holds the templates of its nested stacks as assets. A nested stack whose template lies somewhere else
(`TemplateURL` of an address) holds resources that no rule has seen.

Source: CloudFormation User Guide, "Embed stacks within other stacks using nested stacks".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nexis.rules.model import Rule
from nexis.templates.views import Undetermined, place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.rules.model import Problem
    from nexis.templates.views import View


def check(stack: View) -> Iterator[Problem]:
    """Look whether the nested template stands among those that are judged."""
    if (stack.template.key, stack.logical_id) not in stack.scene.assembly.nested:
        raise Undetermined(place("TemplateURL"), "the template of the nested stack is not among those judged here")
    yield from ()


RULE = Rule(
    id="engine.nested-template",
    severity="error",
    title="The template of every nested stack is judged with the others",
    why="Resources in a template that nobody read could break every other rule unseen.",
    fix="synthesize the nested stack with the app (CDK: NestedStack, and nexis.cdk.baseline_app, which keeps the asset "
    "metadata), or judge its template by itself and waive this",
    types=("AWS::CloudFormation::Stack",),
    check=check,
    claims=("touchpoints.changes",),
    controls={"SOC 2": ("CC8.1",)},
    source="CloudFormation User Guide, Embed stacks within other stacks using nested stacks",
    cdk="""
class Tables(NestedStack):
    pass

Tables(self, "Tables")
""",
    example={"Tables": {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": "tables.nested.json"}}},
)
