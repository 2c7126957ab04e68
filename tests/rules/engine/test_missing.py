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


def listed(state: Any, **more: Any) -> dict[str, Any]:
    known = {"Type": "AWS::KMS::Key", "Stack": "stack", "LogicalId": "Key"}
    return resources(It=resource("Nexis::Listed", State=state, **known, **more))


CASES = RuleCases(
    "engine.missing",
    (
        good("it is there", listed("present")),
        bad("it is gone", listed("gone"), at=("Properties",)),
        bad("it is disabled", listed("broken", Trouble="is disabled"), at=("Properties",)),
        bad(
            "broken, and no stack lists it",
            resources(It=resource("Nexis::Listed", State="broken", Type="AWS::KMS::Key", Trouble="is disabled")),
            at=("Properties",),
        ),
        not_applicable("a resource that was read", resources(It=resource("AWS::KMS::Key"))),
        unknown("the audit does not read the type", listed("unread"), at=("Properties",)),
        unknown("a state that nobody knows", listed("asleep"), at=("Properties.State",)),
        unknown("a list for a state", listed(["gone"]), at=("Properties.State",)),
        unknown("no state", resources(It=resource("Nexis::Listed")), at=("Properties.State",)),
    ),
)


@each(CASES)
def test_missing(case: Case) -> None:
    hold(CASES, case)
