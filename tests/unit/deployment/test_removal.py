from __future__ import annotations

import argparse
import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexis.commands.destroy import confirmed, describe, refuse_unless_removable, run
from nexis.deployment.aws import is_loopback
from nexis.deployment.destroy import Plan, _sort_resource, removal_order
from nexis.deployment.errors import DeploymentError


def test_a_stack_goes_before_the_one_it_imports_from() -> None:
    users = {"network": {"database", "managed"}, "database": set[str](), "managed": set[str](), "trail": set[str]()}
    assert removal_order(users, users) == ["database", "managed", "trail", "network"]


def test_a_foreign_stack_that_imports_stops_the_removal() -> None:
    with pytest.raises(DeploymentError, match="network is used by billing"):
        removal_order(["network"], {"network": {"billing"}})


def test_stacks_that_import_from_each_other_stop_the_removal() -> None:
    with pytest.raises(DeploymentError, match="a, b import from each other"):
        removal_order(["a", "b"], {"a": {"b"}, "b": {"a"}})


@given(st.permutations(range(6)), st.data())
def test_whatever_the_graph_nothing_goes_while_it_is_used(order: list[int], data: st.DataObject) -> None:
    names = [f"s{number}" for number in order]
    users: dict[str, set[str]] = {name: set() for name in names}
    for position, name in enumerate(names):  # only later ones use earlier ones, so there is no cycle
        later = names[position + 1 :]
        users[name] = data.draw(st.sets(st.sampled_from(later))) if later else set()
    removed = removal_order(names, users)
    assert sorted(removed) == sorted(names)
    for name in names:
        assert all(removed.index(user) < removed.index(name) for user in users[name]), (name, removed)


@pytest.mark.parametrize(
    ("kind", "policy", "goes", "why"),
    [
        ("AWS::EC2::Subnet", "Delete", True, ""),
        ("AWS::EC2::VPC", "Delete", False, "only if nothing is in it"),
        ("AWS::KMS::Key", "Delete", False, "pending deletion"),
        ("AWS::KMS::Key", "Retain", False, "retained"),
        ("AWS::Logs::LogGroup", "RetainExceptOnCreate", False, "retained"),
        ("AWS::S3::Bucket", "Delete", False, "only if nothing is in it"),
        ("AWS::RDS::DBInstance", "Snapshot", True, "final snapshot"),
    ],
)
def test_what_goes_and_what_stays(kind: str, policy: str, *, goes: bool, why: str) -> None:
    plan = Plan(stacks=["s"])
    _sort_resource(plan, kind, "x", policy)
    assert bool(plan.goes) is goes
    assert [reason for _, _, reason in plan.stays if why in reason] or not why


def test_the_protection_of_every_database_is_lifted_first() -> None:
    plan = Plan(stacks=["s"])
    for kind in ("AWS::RDS::DBInstance", "AWS::RDS::DBCluster", "AWS::RDS::DBSubnetGroup"):
        _sort_resource(plan, kind, kind[-6:], "Delete")
    assert plan.protected == [("AWS::RDS::DBInstance", "stance"), ("AWS::RDS::DBCluster", "luster")]


def test_the_list_for_the_reader_names_all_three() -> None:
    plan = Plan(stacks=["nexis-dev-network"])
    plan.goes.append(("AWS::EC2::Subnet", "subnet-1"))
    plan.stays.append(("AWS::KMS::Key", "key-1", "retained by its deletion policy"))
    text = describe(plan)
    assert "nexis-dev-network" in text
    assert "subnet-1" in text.split("These stay:")[0]
    assert "key-1: retained" in text.split("These stay:")[1]


@pytest.mark.parametrize(
    ("endpoint", "loopback"),
    [
        (None, False),
        ("http://127.0.0.1:4566", True),
        ("http://localhost:1", True),
        ("https://rds.eu-central-1.amazonaws.com", False),
        ("http://127.0.0.1.example.com", False),
    ],
)
def test_only_this_machine_is_this_machine(endpoint: str | None, *, loopback: bool) -> None:
    assert is_loopback(endpoint) is loopback


def test_production_is_never_removed_in_an_account() -> None:
    with pytest.raises(DeploymentError, match="production"):
        refuse_unless_removable(production=True, on_this_machine=False, unasked=False)


def test_an_account_is_never_emptied_unasked() -> None:
    with pytest.raises(DeploymentError, match="--yes"):
        refuse_unless_removable(production=False, on_this_machine=False, unasked=True)


@pytest.mark.parametrize("production", [True, False])
def test_on_this_machine_everything_may_go(production: Any) -> None:
    refuse_unless_removable(production=production, on_this_machine=True, unasked=True)


@pytest.mark.parametrize(
    ("typed", "agreed"), [("nexis-dev-network\n", True), ("nexis-dev\n", False), ("", False), ("y\n", False)]
)
def test_only_the_name_itself_confirms(
    typed: str, *, agreed: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    plan = Plan(stacks=["nexis-dev-trail", "nexis-dev-network"], stays=[("AWS::KMS::Key", "k-1", "retained")])
    assert confirmed(plan) is agreed
    shown = capsys.readouterr().out
    assert "AWS::KMS::Key" in shown
    assert "Type nexis-dev-network" in shown


def test_production_is_refused_before_anybody_is_asked(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.chdir(Path(__file__).resolve().parents[3])
    assert run(argparse.Namespace(environment="prod", yes=False)) == 2
    assert "production" in capsys.readouterr().err
