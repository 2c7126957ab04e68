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
from tests.support.rule_templates import OPEN, opened

KEY = "AWS::IAM::AccessKey"

CASES = RuleCases(
    "access.lasting-credentials",
    (
        good("a key that is switched off", resources(It=resource(KEY, UserName="u", Status="Inactive"))),
        bad("a user", resources(It=resource("AWS::IAM::User")), at=("Type",)),
        bad("a key", resources(It=resource(KEY, UserName="u")), at=("Properties.Status",)),
        bad("a key that is on", resources(It=resource(KEY, UserName="u", Status="Active")), at=("Properties.Status",)),
        unknown("a key that may be on", opened(It=resource(KEY, UserName="u", Status=OPEN)), at=("Properties.Status",)),
        not_applicable("a role", resources(It=resource("AWS::IAM::Role"))),
    ),
)


@each(CASES)
def test_lasting_credentials(case: Case) -> None:
    hold(CASES, case)
