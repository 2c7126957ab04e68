"""No macro makes or changes resources unseen.

A template may ask CloudFormation to run a macro over it, to include a file, or to put the resources of a module of the
registry in the place of one. What comes of it stands in no template that is judged here. The macros of AWS that only
add what belongs to types of their own are known, and loops (`AWS::LanguageExtensions`) are written out before the
template is judged.

Source: CloudFormation User Guide, "Transform section", "Perform custom processing with template macros" and "Create
reusable resource configurations with modules".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from nexis.rules.model import Rule
from nexis.templates.model import MACRO_TYPE, MODULE_ENDING
from nexis.templates.views import Absent, Undetermined, place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.rules.model import Problem
    from nexis.templates.views import View

#: The macros that AWS keeps and that leave the resources of a template as they are.
KNOWN: Final = frozenset(
    {
        "AWS::CodeDeployBlueGreen",
        "AWS::CodeStar",
        "AWS::LanguageExtensions",
        "AWS::SecretsManager-2020-07-23",
        "AWS::SecretsManager-2024-09-16",
        "AWS::Serverless-2016-10-31",
        "AWS::ServiceCatalog",
    }
)


def check(macro: View) -> Iterator[Problem]:
    """Look whether it is one of those that AWS keeps."""
    name = macro.literal("Name")
    if isinstance(name, Absent) or name not in KNOWN:
        kind = "module" if not isinstance(name, Absent) and name.endswith(MODULE_ENDING) else "macro"
        called = "a macro without a name" if isinstance(name, Absent) else f"the {kind} {name}"
        raise Undetermined(place("Name"), f"{called} makes or changes resources that are not seen here")
    yield from ()


RULE = Rule(
    id="engine.macro",
    severity="error",
    title="No macro or module makes or changes resources unseen",
    why="What a macro makes of a template could break every other rule, and nobody would have read it.",
    fix="judge the template that CloudFormation made of it (aws cloudformation get-template --template-stage "
    "Processed), or write out what the macro makes, and waive this",
    types=(MACRO_TYPE,),
    check=check,
    claims=("touchpoints.changes",),
    controls={"SOC 2": ("CC8.1",)},
    source="CloudFormation User Guide, Perform custom processing with template macros",
    cdk='from aws_cdk import CfnInclude, Stack\n\n\nclass Processed(Stack):\n    """Takes in the template that '
    'CloudFormation made of the macro."""\n\n    def __init__(self, scope, name):\n        super().__init__(scope, '
    'name)\n        CfnInclude(self, "Template", template_file="processed.json")\n',
    example={"Asked": {"Type": MACRO_TYPE, "Properties": {"Name": "AWS::LanguageExtensions"}}},
)
