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
from tests.support.rule_templates import OPEN, defaulted, opened

TASK = "AWS::ECS::TaskDefinition"
AT = ("Properties.ContainerDefinitions.0.User",)


def task(mode: Any = "host", **container: Any) -> dict[str, Any]:
    return resource(TASK, NetworkMode=mode, ContainerDefinitions=[{"Name": "app", **container}])


CASES = RuleCases(
    "hosts.ecs-host-network",
    (
        good("another user", resources(It=task(User="1000:1000"))),
        good("privileged is another rule's matter", resources(It=task(Privileged=True))),
        bad("the image's user", resources(It=task()), at=AT),
        bad("root", resources(It=task(User="root")), at=AT),
        bad("root by number", resources(It=task(User="0:0")), at=AT),
        bad("a parameter's default", defaulted("root", It=task(User=OPEN)), at=AT),
        unknown("a parameter without default", opened(It=task(User=OPEN)), at=AT),
        not_applicable("a network of its own", resources(It=task("awsvpc"))),
        not_applicable("nothing said", resources(It=resource(TASK, Family="app"))),
    ),
)


@each(CASES)
def test_ecs_host_network(case: Case) -> None:
    hold(CASES, case)
