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

TAG = {"Key": "nexis:cluster", "Value": "main", "PropagateAtLaunch": True}


def group(policy: Any = None, *tags: Any) -> dict[str, Any]:
    made = resource("AWS::AutoScaling::AutoScalingGroup", Tags=list(tags) or [TAG])
    return made if policy is None else {**made, "UpdatePolicy": policy}


ROLLING = ("UpdatePolicy.AutoScalingRollingUpdate",)
REPLACING = ("UpdatePolicy.AutoScalingReplacingUpdate.WillReplace",)

CASES = RuleCases(
    "hosts.no-rolling-update",
    (
        good("no policy", resources(It=group())),
        good(
            "a policy on scheduled actions",
            resources(It=group({"AutoScalingScheduledAction": {"IgnoreUnmodifiedGroupSizeProperties": True}})),
        ),
        good(
            "a replacement that is switched off",
            resources(It=group({"AutoScalingReplacingUpdate": {"WillReplace": False}})),
        ),
        good("no policy by NoValue", resources(It=group({"AutoScalingRollingUpdate": NO_VALUE}))),
        bad(
            "a rolling update",
            resources(It=group({"AutoScalingRollingUpdate": {"MinInstancesInService": 1}})),
            at=ROLLING,
        ),
        bad("a rolling update with its defaults", resources(It=group({"AutoScalingRollingUpdate": {}})), at=ROLLING),
        bad(
            "a replacement", resources(It=group({"AutoScalingReplacingUpdate": {"WillReplace": "true"}})), at=REPLACING
        ),
        bad(
            "both",
            resources(It=group({"AutoScalingRollingUpdate": {}, "AutoScalingReplacingUpdate": {"WillReplace": True}})),
            at=ROLLING + REPLACING,
        ),
        unknown(
            "an open replacement", opened(It=group({"AutoScalingReplacingUpdate": {"WillReplace": OPEN}})), at=REPLACING
        ),
        unknown(
            "a policy only sometimes",
            conditional(It=group(either({"AutoScalingRollingUpdate": {}}, NO_VALUE))),
            at=ROLLING,
        ),
        good("a policy that is no map", resources(It=group("AutoScalingRollingUpdate"))),
        not_applicable(
            "a group of something else",
            resources(It=group({"AutoScalingRollingUpdate": {}}, {"Key": "a", "Value": "b"})),
        ),
    ),
)


@each(CASES)
def test_no_rolling_update(case: Case) -> None:
    hold(CASES, case)
