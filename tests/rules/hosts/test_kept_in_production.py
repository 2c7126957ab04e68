from __future__ import annotations

from collections.abc import Mapping
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

GROUP = "AWS::AutoScaling::AutoScalingGroup"


def group(
    attributes: Mapping[str, Any] | None = None, *, environment: str = "prod", cluster: bool = True
) -> dict[str, Any]:
    tags = [{"Key": "environment", "Value": environment, "PropagateAtLaunch": True}]
    tags += [{"Key": "nexis:cluster", "Value": "main", "PropagateAtLaunch": True}] if cluster else []
    return resources(It={**resource(GROUP, Tags=tags), **(attributes or {})})


KEPT = {"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"}
CASES = RuleCases(
    "hosts.kept-in-production",
    (
        good("both retained", group(KEPT)),
        good("kept but for a failed creation", group({**KEPT, "DeletionPolicy": "RetainExceptOnCreate"})),
        bad("neither is said, so both delete", group(), at=("DeletionPolicy", "UpdateReplacePolicy")),
        bad("deleted with the stack", group({**KEPT, "DeletionPolicy": "Delete"}), at=("DeletionPolicy",)),
        bad("deleted when replaced", group({**KEPT, "UpdateReplacePolicy": "Delete"}), at=("UpdateReplacePolicy",)),
        not_applicable("another environment", group(environment="dev")),
        not_applicable("not a group of database hosts", group(cluster=False)),
        unknown(
            "a parameter without default decides",
            {
                "Parameters": {"Keep": {"Type": "String"}},
                **group({**KEPT, "DeletionPolicy": {"Ref": "Keep"}}),
            },
            at=("DeletionPolicy",),
        ),
    ),
)


@each(CASES)
def test_kept_in_production(case: Case) -> None:
    hold(CASES, case)
