"""Statements as sets of calls: order, ids and how actions are spread over them play no part."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexis.diff.grants import ANYONE, Choice, Condition, Grant, beyond, told
from nexis.facts.iam_actions import actions_covered

EVERYONE = Choice(frozenset((ANYONE,)))


def grant(actions: str = "s3:getobject", resources: str = "b/*", *tests: Condition, who: str = ANYONE) -> Grant:
    return Grant(
        Choice(frozenset(who.split())),
        Choice(frozenset(actions.split())),
        Choice(frozenset(resources.split())),
        frozenset(tests),
    )


def said(before: list[Grant], after: list[Grant]) -> list[tuple[str, ...]]:
    return sorted(growth.actions for growth in told(beyond(before, after), before, str))


ACTIONS = st.sampled_from(["s3:getobject", "s3:putobject", "s3:get*", "s3:*", "kms:decrypt", "*"])
CONDITIONS = [Condition("bool", "k", frozenset(("true",))), Condition("stringequals", "v", frozenset(("1",)))]
GRANTS = st.builds(
    lambda actions, resources, who, tests: Grant(
        Choice(frozenset(who)), Choice(frozenset(actions)), Choice(frozenset(resources)), frozenset(tests)
    ),
    st.sets(ACTIONS, min_size=1, max_size=3),
    st.sets(st.sampled_from(["a", "a/*", "b", "*"]), min_size=1, max_size=2),
    st.sets(st.sampled_from(["*", "AWS:x", "Service:y"]), min_size=1, max_size=2),
    st.sets(
        st.sampled_from(
            [Condition("bool", "k", frozenset(("true",))), Condition("stringequals", "v", frozenset(("1",)))]
        ),
        max_size=2,
    ),
)


@given(st.lists(GRANTS, max_size=4))
def test_nothing_is_beyond_itself(grants: list[Grant]) -> None:
    assert beyond(grants, list(reversed(grants))) == []


@given(st.lists(GRANTS, max_size=3))
def test_splitting_statements_changes_nothing(grants: list[Grant]) -> None:
    split = [part for one in grants for part in one.parts()]
    assert beyond(grants, split) == []
    assert beyond(split, grants) == []


@given(st.lists(GRANTS, max_size=3), GRANTS)
def test_what_is_added_is_seen_unless_it_was_there(grants: list[Grant], more: Grant) -> None:
    covered = all(any(one.holds(part) for one in grants) for part in more.parts())
    grown = beyond(grants, [*grants, more])
    assert not (covered and grown)
    if not grown:
        # Taken apart into every action there is, each of it was allowed before.
        assert beyond(grants, [part for part in more.parts() if not any(one.holds(part) for one in grants)]) == []


def test_a_pattern_and_the_list_of_all_it_covers_are_the_same() -> None:
    listed = " ".join(name.lower() for name in actions_covered("s3:Get*"))
    assert beyond([grant(listed)], [grant("s3:get*")]) == []
    assert beyond([grant("s3:get*")], [grant(listed)]) == []


def test_a_pattern_that_covers_more_than_the_list_names_the_rest() -> None:
    all_but_one = " ".join(name.lower() for name in actions_covered("kms:*") if name != "kms:Decrypt")
    assert said([grant(all_but_one)], [grant("kms:*")]) == [("kms:Decrypt",)]


def test_everything_but_some_actions_grows_when_less_is_left_out() -> None:
    def but(*names: str) -> Grant:
        return Grant(EVERYONE, Choice(frozenset(names), negated=True), EVERYONE)

    assert beyond([but("iam:*")], [but("iam:*", "kms:*")]) == []
    assert said([but("iam:*", "kms:*")], [but("iam:*")]) == [("everything but iam:*",)]
    assert beyond([but("iam:*")], [grant("s3:getobject", "*")]) == []
    assert said([but("iam:*")], [grant("iam:passrole", "*")]) == [("iam:PassRole",)]


def test_why_something_is_wider() -> None:
    asked = Condition("stringequals", "kms:viaservice", frozenset(("s3",)))
    before = [grant("kms:decrypt", "key", asked), grant("s3:getobject", "b/*")]
    after = [
        grant("kms:decrypt", "key"),
        grant("s3:getobject", "*"),
        grant("s3:putobject", "b/*"),
        grant("sqs:sendmessage", "q"),
    ]
    why = {growth.actions: growth.why for growth in told(beyond(before, after), before, str)}
    assert why == {
        ("kms:Decrypt",): "conditions",
        ("s3:GetObject",): "resources",
        ("s3:PutObject",): "actions",
        ("sqs:SendMessage",): "new",
    }


@pytest.mark.parametrize(
    ("operator", "narrow", "wide"),
    [
        ("stringequals", "a", "a b"),
        ("stringlike", "repo:x:*", "repo:*"),
        ("arnlike", "arn:aws:s3:::b", "arn:aws:s3:::*"),
        ("ipaddress", "10.1.0.0/16", "10.0.0.0/8"),
        ("ipaddress", "10.0.0.0/8", "10.0.0.0/9 10.128.0.0/9 11.0.0.1"),
        ("stringnotequals", "a b", "a"),
        ("notipaddress", "10.0.0.0/8", "10.1.0.0/16"),
        ("forallvalues:stringequals", "a", "a b"),
    ],
)
def test_a_condition_with_fewer_values_is_narrower(operator: str, narrow: str, wide: str) -> None:
    small, large = (Condition(operator, "k", frozenset(values.split())) for values in (narrow, wide))
    assert small.implies(large)
    assert not large.implies(small)
    assert beyond([grant("s3:getobject", "b", large)], [grant("s3:getobject", "b", small)]) == []
    assert beyond([grant("s3:getobject", "b", small)], [grant("s3:getobject", "b", large)]) != []


def test_if_exists_is_the_wider_form() -> None:
    strict, loose = (Condition(f"bool{end}", "k", frozenset(("true",))) for end in ("", "ifexists"))
    assert strict.implies(loose)
    assert not loose.implies(strict)


def test_equal_ranges_in_other_pieces_are_the_same_condition() -> None:
    halves = Condition("ipaddress", "aws:sourceip", frozenset(("10.0.0.0/9", "10.128.0.0/9")))
    whole = Condition("ipaddress", "aws:sourceip", frozenset(("10.0.0.0/8",)))
    assert halves.implies(whole)
    assert whole.implies(halves)
