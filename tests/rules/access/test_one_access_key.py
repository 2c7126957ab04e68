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
from tests.support.rule_templates import OPEN, opened

USER = ("Properties.UserName",)


def key(user: Any = "ci", **more: Any) -> dict[str, Any]:
    return resource("AWS::IAM::AccessKey", UserName=user, **more)


CASES = RuleCases(
    "access.one-access-key",
    (
        good("one key", resources(It=key())),
        good("the first of two", resources(It=key(), Other=key())),
        good("keys of two users", resources(Other=key("deploy"), It=key())),
        good("one that is not in use", resources(Other=key(Status="Inactive"), It=key())),
        good("not in use itself", resources(Other=key(), It=key(Status="Inactive"))),
        bad("the second of two", resources(Other=key(), It=key()), at=USER),
        bad(
            "the second, by reference",
            resources(U=resource("AWS::IAM::User"), Other=key({"Ref": "U"}), It=key({"Ref": "U"}, Status="Active")),
            at=USER,
        ),
        unknown("an open user", opened(Other=key(), It=key(OPEN)), at=USER),
        not_applicable("a user", resources(It=resource("AWS::IAM::User"))),
    ),
)


@each(CASES)
def test_one_access_key(case: Case) -> None:
    hold(CASES, case)
