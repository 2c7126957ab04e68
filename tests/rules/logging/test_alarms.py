from __future__ import annotations

from typing import Any

from tests.support.rule_cases import (
    Case,
    RuleCases,
    bad,
    each,
    good,
    hold,
    not_applicable,
    resource,
    resources,
    unknown,
)
from tests.support.rule_templates import NO_VALUE, OPEN, conditional, either, opened

ACTIONS = ("Properties.AlarmActions",)
ENABLED = ("Properties.ActionsEnabled",)


def alarm(**properties: Any) -> dict[str, Any]:
    return resource("AWS::CloudWatch::Alarm", MetricName="Errors", **properties)


def composite(rule: Any) -> dict[str, Any]:
    return resource("AWS::CloudWatch::CompositeAlarm", AlarmActions=["arn"], AlarmRule=rule)


DEPLOYMENT = resource("AWS::CodeDeploy::DeploymentGroup", AlarmConfiguration={"Alarms": [{"Name": {"Ref": "It"}}]})

CASES = RuleCases(
    "logging.alarm-actions",
    (
        good("a topic", resources(It=alarm(AlarmActions=[{"Ref": "Topic"}]), Topic=resource("AWS::SNS::Topic"))),
        good("a topic that is handed in", opened(It=alarm(AlarmActions=[OPEN]))),
        good("a list that is handed in", opened(It=alarm(AlarmActions=OPEN))),
        good("told when all is well again", resources(It=alarm(OKActions=["arn"], ActionsEnabled="true"))),
        good("a deployment goes by it", resources(It=alarm(), D=DEPLOYMENT)),
        good("another alarm goes by it", resources(It=alarm(), C=composite({"Fn::Sub": "ALARM(${It})"}))),
        good(
            "another alarm goes by its ARN",
            resources(It=alarm(), C=composite({"Fn::Join": ["", ["ALARM(", {"Fn::GetAtt": "It.Arn"}, ")"]]})),
        ),
        bad("absent", resources(It=alarm()), at=ACTIONS),
        bad("empty", resources(It=alarm(AlarmActions=[])), at=ACTIONS),
        bad("a metric of its name elsewhere", resources(It=alarm(), B=alarm(Namespace="It")), at=ACTIONS),
        bad("off", resources(It=alarm(AlarmActions=["arn"], ActionsEnabled=False)), at=ENABLED),
        bad("off, and none", resources(It=alarm(ActionsEnabled="false")), at=(*ACTIONS, *ENABLED)),
        bad(
            "a composite alarm without",
            resources(It=resource("AWS::CloudWatch::CompositeAlarm", AlarmRule="TRUE")),
            at=ACTIONS,
        ),
        not_applicable("a dashboard", resources(It=resource("AWS::CloudWatch::Dashboard"))),
        unknown("open whether on", opened(It=alarm(AlarmActions=["arn"], ActionsEnabled=OPEN)), at=ENABLED),
        unknown("only sometimes", conditional(It=alarm(AlarmActions=either(["arn"], NO_VALUE))), at=ACTIONS),
    ),
)


@each(CASES)
def test_alarms(case: Case) -> None:
    hold(CASES, case)
