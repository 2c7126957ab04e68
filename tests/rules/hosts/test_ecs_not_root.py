from __future__ import annotations

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
from tests.support.rule_templates import OPEN, defaulted, opened

TASK = "AWS::ECS::TaskDefinition"
USER = ("Properties.ContainerDefinitions.0.User",)
APP = {"Name": "app", "Image": "app", "User": "1000:1000"}
ROUTER = {"Name": "log", "Image": "router", "User": "0", "FirelensConfiguration": {"Type": "fluentbit"}}

CASES = RuleCases(
    "hosts.ecs-not-root",
    (
        good("another user", resources(It=resource(TASK, ContainerDefinitions=[APP]))),
        good("left to the image", resources(It=resource(TASK, ContainerDefinitions=[{"Name": "app"}]))),
        good("a log router", resources(It=resource(TASK, ContainerDefinitions=[APP, ROUTER]))),
        bad("root", resources(It=resource(TASK, ContainerDefinitions=[{"User": "root"}])), at=USER),
        bad("zero", resources(It=resource(TASK, ContainerDefinitions=[{"User": 0}])), at=USER),
        bad(
            "the second",
            resources(It=resource(TASK, ContainerDefinitions=[APP, {"User": "0:0"}])),
            at=("Properties.ContainerDefinitions.1.User",),
        ),
        bad(
            "a parameter's default",
            defaulted("root", It=resource(TASK, ContainerDefinitions=[{"User": OPEN}])),
            at=USER,
        ),
        unknown(
            "a parameter without default", opened(It=resource(TASK, ContainerDefinitions=[{"User": OPEN}])), at=USER
        ),
        not_applicable(
            "the host's network", resources(It=resource(TASK, NetworkMode="host", ContainerDefinitions=[APP]))
        ),
    ),
)


@each(CASES)
def test_ecs_not_root(case: Case) -> None:
    hold(CASES, case)
