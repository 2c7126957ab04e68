"""Who names a resource: found for all resources in one reading, and the same as asking one after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

from nexis.templates.resolver import ParameterSource
from nexis.templates.scenarios import scenarios
from nexis.templates.views import Scene, View
from tests.support.templates import assembly, scene, template, view

if TYPE_CHECKING:
    from nexis.templates.model import Template

QUEUE, POLICY = "AWS::SQS::Queue", "AWS::SQS::QueuePolicy"
IDS = ("A", "B", "C")
ARN = "arn:aws:sqs:eu-central-1:111111111111:"
VALUES = st.one_of(
    *(st.sampled_from(IDS).map(write) for write in (lambda i: {"Ref": i}, lambda i: {"Fn::GetAtt": [i, "Arn"]})),
    st.sampled_from(["named-a", "named-b", f"{ARN}named-a", f"{ARN}other", {"Ref": "Free"}, 7]),
    st.sampled_from(IDS).map(lambda i: {"Fn::If": ["Maybe", {"Ref": i}, "named-b"]}),
)


def queues_and(policies: dict[str, Any], *, key: str = "t.json", conditions: Any = None) -> Template:
    names = {"A": {"QueueName": "named-a"}, "B": {"QueueName": "named-b"}, "C": {}}
    found = {name: {"Type": QUEUE, "Properties": properties} for name, properties in names.items()}
    return template(
        {
            "Parameters": {"Free": {"Type": "String"}, "Stage": {"Type": "String", "AllowedValues": ["dev", "prod"]}},
            "Conditions": {"Maybe": {"Fn::Equals": [{"Ref": "Stage"}, "prod"]}, **(conditions or {})},
            "Resources": {**found, **policies},
        },
        key=key,
        region="eu-central-1",
        account="111111111111",
    )


def one_by_one(named: View, *path: str) -> list[View]:
    """What `referrers` says, asked of each resource by itself."""
    found = []
    for other in named.scene.declared(POLICY):
        value = other.peek(*path)
        if any(named.is_named_by(item) for item in (value if isinstance(value, list) else [value])) and other.exists:
            found.append(other)
    return found


@given(
    listed=st.lists(st.tuples(VALUES | st.lists(VALUES, max_size=3), st.booleans()), max_size=5),
    elsewhere=st.lists(VALUES, max_size=3),
)
def test_all_at_once_is_the_same_as_one_by_one(listed: list[tuple[Any, bool]], elsewhere: list[Any]) -> None:
    def policy(value: Any, *, maybe: bool = False) -> dict[str, Any]:
        return {"Type": POLICY, **({"Condition": "Maybe"} if maybe else {}), "Properties": {"Queues": value}}

    here = queues_and({f"P{n}": policy(value, maybe=maybe) for n, (value, maybe) in enumerate(listed)})
    there = queues_and({f"Q{n}": policy(value) for n, value in enumerate(elsewhere)}, key="u.json")
    both, source = assembly(here, there), ParameterSource(strict=True)

    def answers(made: Scene, ask: Any) -> list[list[View]]:
        return [list(ask(view(made, name, key))) for key in ("t.json", "u.json") for name in IDS]

    def compare(choices: Any) -> bool:
        made = Scene(both, source, choices)
        return answers(made, lambda v: v.referrers(POLICY, "Queues")) == answers(
            made, lambda v: one_by_one(v, "Queues")
        )

    assert all(scenario.result for scenario in scenarios(compare))


def test_no_more_is_read_than_somebody_asks_for() -> None:
    policies = {
        "First": {"Type": POLICY, "Properties": {"Queues": [{"Ref": "A"}, {"Ref": "A"}]}},
        "Second": {"Type": POLICY, "Properties": {"Queues": {"Fn::If": ["Maybe", {"Ref": "A"}, {"Ref": "B"}]}}},
    }
    made = scene(queues_and(policies), strict=True)
    # The second hangs on a choice, and reading it would fork; whoever needs one only does not get so far.
    assert next(view(made, "A").referrers(POLICY, "Queues")).logical_id == "First"
    assert next(view(made, "A").referrers(POLICY, "Queues")).logical_id == "First", "what was read is known"


def test_a_choice_that_is_not_made_leaves_no_half_an_answer() -> None:
    policies = {
        "First": {"Type": POLICY, "Properties": {"Queues": {"Fn::If": ["Maybe", {"Ref": "A"}, {"Ref": "B"}]}}},
        "Second": {"Type": POLICY, "Properties": {"Queues": [{"Ref": "A"}]}},
    }
    both, source = assembly(queues_and(policies)), ParameterSource(strict=True)
    found = {
        scenario.choices.made["parameter Stage"]: scenario.result
        for scenario in scenarios(
            lambda choices: [v.logical_id for v in view(Scene(both, source, choices), "A").referrers(POLICY, "Queues")]
        )
    }
    assert found == {"dev": ["Second"], "prod": ["First", "Second"]}
