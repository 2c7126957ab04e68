"""The hosts of an Elastic Beanstalk environment answer metadata requests only with a session token.

Platforms on Amazon Linux 2023 ask for tokens by themselves, so that an environment that says nothing is left to its
platform; a plain `false` is a decision.

Source: Elastic Beanstalk Developer Guide, "Configuring the IMDS on your environment's instances"
(aws:autoscaling:launchconfiguration, DisableIMDSv1); read 2026-11-23.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from nexis.rules.hosts.beanstalk_updates import ENVIRONMENT, TEMPLATE
from nexis.rules.model import Problem, Rule, parts
from nexis.templates.views import place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.templates.views import View

NAMESPACE: Final = "aws:autoscaling:launchconfiguration"
OPTION: Final = "DisableIMDSv1"


def check(holder: View) -> Iterator[Problem]:
    """Judge the option wherever it is set."""
    yield from parts(*(partial(_option, holder, n) for n in range(len(holder.items("OptionSettings")))))


def _option(holder: View, position: int) -> Iterator[Problem]:
    here = ("OptionSettings", position)
    named = (holder.peek(*here, "Namespace"), holder.peek(*here, "OptionName"))
    if named == (NAMESPACE, OPTION) and not holder.flag(*here, "Value", default=True):
        yield Problem(place(*here, "Value"), "is false, so that both versions answer; expected true, or no option")


RULE = Rule(
    id="hosts.beanstalk-imdsv2",
    severity="error",
    title="The hosts of an Elastic Beanstalk environment answer metadata requests only with a session token",
    why="Without tokens any program that can be made to fetch a URL hands out the credentials of the host's role.",
    fix="set the option DisableIMDSv1 of aws:autoscaling:launchconfiguration to true",
    types=(ENVIRONMENT, TEMPLATE),
    check=check,
    controls={"SOC 2": ("CC6.1",)},
    source="Elastic Beanstalk Developer Guide, Configuring the IMDS on your environment's instances",
    cdk='elasticbeanstalk.CfnEnvironment(self, "App", application_name="app", option_settings=[\n'
    "    elasticbeanstalk.CfnEnvironment.OptionSettingProperty(\n"
    '        namespace="aws:autoscaling:launchconfiguration", option_name="DisableIMDSv1", value="true")])',
    example={
        "App": {
            "Type": TEMPLATE,
            "Properties": {
                "ApplicationName": "app",
                "OptionSettings": [{"Namespace": NAMESPACE, "OptionName": OPTION, "Value": "true"}],
            },
        }
    },
)
