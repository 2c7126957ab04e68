"""The private parts that the constructs share."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from aws_cdk import NestedStack
from constructs import Construct
from hypothesis import given
from hypothesis import strategies as st

from nexis.facts.log_retention import ALLOWED_DAYS
from nexis_constructs._checks import check_actions, check_log_retention
from nexis_constructs._functions import INLINE_LIMIT, inline_source
from nexis_constructs._log_groups import encrypted_log_group, path_name
from nexis_constructs._security_groups import security_group, tcp_in, tcp_out
from nexis_constructs.customer_key import CustomerKey
from tests.support.synthesis import new_stack, template_of, the_only

if TYPE_CHECKING:
    from pathlib import Path

LETTERS = st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=8)
ACTIONS = st.builds(lambda prefix, name: f"{prefix}:{name.capitalize()}", LETTERS, LETTERS)


# --- arguments ---


@given(st.integers(-10, 5000))
def test_a_retention_period_is_accepted_exactly_if_cloudwatch_knows_it_and_it_lasts_a_year(days: int) -> None:
    if days in ALLOWED_DAYS and days >= 365:
        assert check_log_retention("log_retention_days", days) == days
    else:
        with pytest.raises(ValueError, match=f"log_retention_days: got {days};") as refused:
            check_log_retention("log_retention_days", days)
        nearest = int(str(refused.value).rpartition("nearest is ")[2].rstrip("."))
        assert check_log_retention("log_retention_days", nearest) == nearest, "the advice itself must be accepted"


@given(st.lists(ACTIONS, min_size=1))
def test_actions_come_out_sorted_and_once_whatever_their_order(actions: list[str]) -> None:
    assert check_actions("actions", actions) == tuple(sorted(set(actions)))
    assert check_actions("actions", actions[::-1]) == check_actions("actions", actions)


@given(st.lists(ACTIONS), st.sampled_from(["*", "kms:*", "kms:Get*", "Decrypt", "KMS:Decrypt", "", "kms:"]))
def test_one_action_that_is_not_exact_spoils_the_list(actions: list[str], wrong: str) -> None:
    with pytest.raises(ValueError, match=re.escape(f"actions: got {[wrong]!r}")):
        check_actions("actions", [*actions, wrong])


# --- names of log groups ---


def test_a_name_says_stack_construct_and_purpose() -> None:
    stack = new_stack("Billing")
    assert path_name(Construct(Construct(stack, "Database"), "Network"), "flow-logs") == (
        "/Billing/Database/Network/flow-logs"
    )
    assert path_name(stack, "flow-logs") == "/Billing/flow-logs"


def test_a_construct_id_with_other_letters_still_makes_a_name_that_cloudwatch_takes() -> None:
    name = path_name(Construct(new_stack(), "My network, günstig"), "flow-logs")
    assert re.fullmatch(r"[A-Za-z0-9_./-]+", name), name


def test_a_nested_stack_whose_name_is_not_known_yet_still_has_one() -> None:
    name = path_name(NestedStack(new_stack("Parent"), "Nested"), "flow-logs")
    assert re.fullmatch(r"/ParentNested[0-9A-F]{8}/flow-logs", name), name


def test_two_log_groups_of_one_key_have_a_statement_each() -> None:
    stack = new_stack()
    key = CustomerKey(stack, "Key")
    for name in ("/stack/a", "/stack/b"):
        encrypted_log_group(stack, name[-1], name=name, key=key, retention_days=365, retain=False)
    statements = the_only(template_of(stack), "AWS::KMS::Key")["Properties"]["KeyPolicy"]["Statement"]
    assert [it["Sid"] for it in statements] == ["Administration", "LogGroupstacka", "LogGroupstackb"]


def test_a_long_name_still_makes_a_statement_name_that_kms_takes() -> None:
    stack = new_stack()
    key = CustomerKey(stack, "Key")
    encrypted_log_group(stack, "Group", name=f"/{'a' * 300}", key=key, retention_days=365, retain=False)
    statements = the_only(template_of(stack), "AWS::KMS::Key")["Properties"]["KeyPolicy"]["Statement"]
    assert re.fullmatch(r"LogGroupa{1,120}", statements[1]["Sid"])


# --- sources of functions ---


def write(folder: Path, source: str) -> Path:
    (folder / "hello").mkdir(parents=True)
    (folder / "hello" / "index.py").write_text(source, encoding="utf-8")
    return folder


def test_the_installed_package_comes_before_the_repository(tmp_path: Path) -> None:
    package, repository = write(tmp_path / "package", "# package"), write(tmp_path / "repository", "# repository")
    assert inline_source("hello", folders=(package, repository)) == "# package"
    assert inline_source("hello", folders=(tmp_path / "nowhere", repository)) == "# repository"


def test_a_function_that_is_nowhere_is_reported_with_the_places(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"'hello': got no index.py") as refused:
        inline_source("hello", folders=(tmp_path / "a", tmp_path / "b"))
    for folder in ("a", "b"):
        assert str(tmp_path / folder / "hello") in str(refused.value)


@pytest.mark.parametrize(("length", "accepted"), [(INLINE_LIMIT - 1, True), (INLINE_LIMIT, False)])
def test_a_source_that_is_too_long_for_a_template_is_refused(tmp_path: Path, length: int, accepted: bool) -> None:
    folder = write(tmp_path, "#" * length)
    if accepted:
        assert len(inline_source("hello", folders=(folder,))) == length
    else:
        with pytest.raises(ValueError, match=f"got {length} characters"):
            inline_source("hello", folders=(folder,))


# --- security groups ---


def group(**rules: Any) -> dict[str, Any]:
    stack = new_stack()
    security_group(stack, "Group", vpc_id="vpc-1", description="A group", **rules)
    properties: dict[str, Any] = the_only(template_of(stack), "AWS::EC2::SecurityGroup")["Properties"]
    return properties


@pytest.mark.parametrize("rules", [{}, {"egress": []}])
def test_a_group_without_egress_lets_nothing_out_instead_of_everything(rules: dict[str, Any]) -> None:
    (rule,) = group(**rules)["SecurityGroupEgress"]
    assert (rule["CidrIp"], rule["IpProtocol"]) == ("255.255.255.255/32", "icmp")


def test_a_group_with_egress_has_exactly_that() -> None:
    properties = group(
        ingress=[tcp_in(5432, "PostgreSQL", group_id="sg-1")], egress=[tcp_out(443, "HTTPS", cidr="10.0.0.0/16")]
    )
    assert properties["SecurityGroupIngress"] == [
        {
            "Description": "PostgreSQL",
            "FromPort": 5432,
            "IpProtocol": "tcp",
            "SourceSecurityGroupId": "sg-1",
            "ToPort": 5432,
        }
    ]
    assert properties["SecurityGroupEgress"] == [
        {"CidrIp": "10.0.0.0/16", "Description": "HTTPS", "FromPort": 443, "IpProtocol": "tcp", "ToPort": 443}
    ]


@pytest.mark.parametrize("rule", [tcp_in, tcp_out])
@pytest.mark.parametrize("peers", [{}, {"cidr": "10.0.0.0/16", "group_id": "sg-1"}])
def test_a_rule_names_exactly_one_peer(rule: Any, peers: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="expected exactly one of them"):
        rule(443, "HTTPS", **peers)
