"""Nobody has credentials that last: no IAM users, no access keys.

Asked of our own baseline, where people sign in through the organisation and GitHub through its tokens.

Source: IAM User Guide, "Security best practices in IAM" (temporary credentials for people and workloads). Read
2026-11-23.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from nexis.rules.model import Problem, Rule
from nexis.templates.views import Absent, place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.templates.views import View

USER: Final = "AWS::IAM::User"
KEY: Final = "AWS::IAM::AccessKey"


def _check(resource: View) -> Iterator[Problem]:
    if resource.type == USER:
        yield Problem("Type", f"{USER} signs in with what lasts until somebody takes it away; expected a role")
        return
    status = resource.literal("Status")
    if isinstance(status, Absent) or status != "Inactive":
        yield Problem(place("Status"), "is an active access key, which whoever finds it can use; expected a role")


RULE = Rule(
    id="access.lasting-credentials",
    severity="error",
    title="Nobody has credentials that last",
    why="An access key in a pipeline's settings works for whoever reads it, from anywhere, until somebody remembers "
    "it.",
    fix="use a role: for GitHub one that trusts its tokens, for people the organisation's sign-in (CDK: "
    "DeploymentRole(...) of nexis_constructs)",
    types=(USER, KEY),
    check=_check,
    claims=("touchpoints.changes", "touchpoints.identity"),
    controls={"SOC 2": ("CC6.1", "CC8.1"), "NIST 800-53 r5": ("AC-2", "IA-5")},
    source="IAM User Guide, Security best practices in IAM",
    cdk="DeploymentRole(self, 'Deploy', repository='example-org/example-repo', environment='prod')",
    example={"Key": {"Type": KEY, "Properties": {"UserName": "former", "Status": "Inactive"}}},
    scope="baseline",
)
