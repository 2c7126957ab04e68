"""Elastic Beanstalk updates the platform of an environment by itself.

Source: Elastic Beanstalk Developer Guide, "Managed platform updates" and "General options for all environments"
(aws:elasticbeanstalk:managedactions); read 2026-11-23.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from nexis.rules.model import Problem, Rule
from nexis.templates.views import Absent, Undetermined, place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.templates.views import View

ENVIRONMENT: Final = "AWS::ElasticBeanstalk::Environment"
TEMPLATE: Final = "AWS::ElasticBeanstalk::ConfigurationTemplate"
NAMESPACE: Final = "aws:elasticbeanstalk:managedactions"
OPTION: Final = "ManagedActionsEnabled"


def check(environment: View) -> Iterator[Problem]:
    """Look for the option in the environment, then in the configuration template it is made from."""
    if (problem := _problem_in(environment)) is not None:
        yield from problem
        return
    if not isinstance(environment.get("TemplateName"), Absent):
        template = environment.target("TemplateName", types=(TEMPLATE,))
        if template is None:
            raise Undetermined(place("TemplateName"), "the configuration template does not stand in these templates")
        if (problem := _problem_in(template)) is not None:
            yield from (Problem(place("TemplateName"), f"in the template, {p.message}", p.verdict) for p in problem)
            return
    yield Problem(place("OptionSettings"), f"has no {OPTION} of {NAMESPACE}; expected it to be true")


def _problem_in(holder: View) -> list[Problem] | None:
    """Give what is wrong with the option; None where it is not set."""
    for position in range(len(holder.items("OptionSettings"))):
        here = ("OptionSettings", position)
        if (holder.literal(*here, "Namespace"), holder.literal(*here, "OptionName")) == (NAMESPACE, OPTION):
            if holder.flag(*here, "Value", default=False):
                return []
            return [Problem(place(*here, "Value"), "is not true; expected true")]
    return None


RULE = Rule(
    id="hosts.beanstalk-managed-updates",
    severity="error",
    title="Elastic Beanstalk updates the platform of an environment by itself",
    why="The platform holds the operating system and the web server; without updates their known holes stay open.",
    fix="set the option ManagedActionsEnabled of aws:elasticbeanstalk:managedactions to true, with a "
    "PreferredStartTime and a UpdateLevel",
    types=(ENVIRONMENT,),
    check=check,
    controls={"SOC 2": ("CC6.8", "CC7.1"), "AWS FSBP": ("ElasticBeanstalk.2",), "NIST 800-53 r5": ("SI-2",)},
    source="Elastic Beanstalk Developer Guide, Managed platform updates",
    cdk='elasticbeanstalk.CfnEnvironment(self, "App", application_name="app", option_settings=[\n'
    "    elasticbeanstalk.CfnEnvironment.OptionSettingProperty(\n"
    '        namespace="aws:elasticbeanstalk:managedactions", option_name="ManagedActionsEnabled", value="true")])',
    example={
        "App": {
            "Type": ENVIRONMENT,
            "Properties": {
                "ApplicationName": "app",
                "OptionSettings": [{"Namespace": NAMESPACE, "OptionName": OPTION, "Value": "true"}],
            },
        }
    },
)
