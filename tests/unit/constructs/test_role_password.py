from __future__ import annotations

import json
import re
import string
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nexis.facts.password_bits import TARGET_BITS, Generator, from_generate_secret_string, generated_bits
from nexis_constructs.customer_key import CustomerKey
from nexis_constructs.role_password import EXCLUDED_CHARACTERS, RESERVED_ROLES, RolePassword, check_role
from tests.support.database_templates import Synthesized, new_stack

LEFT = sorted(set(string.ascii_letters + string.digits + string.punctuation) - set(EXCLUDED_CHARACTERS))


def test_the_bits_are_those_of_the_generator_in_the_template() -> None:
    stack = new_stack()
    password = RolePassword(stack, "Password")
    generator = from_generate_secret_string(
        Synthesized(stack).properties(password.resource)["GenerateSecretString"],
    )
    assert password.bits == generated_bits(generator)
    assert password.bits >= TARGET_BITS


def test_the_secret_names_the_role_and_has_no_value_of_its_own() -> None:
    stack = new_stack()
    password = RolePassword(stack, "Password", role="billing")
    properties = Synthesized(stack).properties(password.resource)
    assert json.loads(properties["GenerateSecretString"]["SecretStringTemplate"]) == {"username": "billing"}
    assert properties["GenerateSecretString"]["GenerateStringKey"] == "password"
    assert "SecretString" not in properties


def test_the_secret_is_encrypted_with_a_key_that_works_through_secrets_manager_only() -> None:
    stack = new_stack()
    password = RolePassword(stack, "Password")
    synthesized = Synthesized(stack)
    assert synthesized.properties(password.resource)["KmsKeyId"] == {
        "Fn::GetAtt": [synthesized.name(password.key.resource), "Arn"]
    }
    uses = [
        statement
        for statement in synthesized.properties(password.key.resource)["KeyPolicy"]["Statement"]
        if "kms:Decrypt" in statement["Action"]
    ]
    assert [use["Condition"]["StringEquals"]["kms:ViaService"] for use in uses] == [
        "secretsmanager.eu-central-1.amazonaws.com"
    ]


def test_a_given_key_is_used() -> None:
    stack = new_stack()
    key = CustomerKey(stack, "Shared")
    password = RolePassword(stack, "Password", key=key)
    synthesized = Synthesized(stack)
    assert password.key is key
    assert list(synthesized.of_type("AWS::KMS::Key")) == [synthesized.name(key.resource)]


@pytest.mark.parametrize(("retain", "policy"), [(True, "RetainExceptOnCreate"), (False, "Delete")])
def test_the_secret_and_its_key_stay_together(retain: bool, policy: str) -> None:
    stack = new_stack()
    password = RolePassword(stack, "Password", retain=retain)
    synthesized = Synthesized(stack)
    for resource in (password.resource, password.key.resource):
        assert synthesized.whole(resource)["DeletionPolicy"] == policy


@pytest.mark.parametrize("character", LEFT)
def test_no_character_needs_an_escape_in_a_uri(character: str) -> None:
    assert quote(character, safe="") == character


@pytest.mark.parametrize("character", list("'\"\\ =:@/?#[]%&+$`!;"))
def test_no_character_means_something_to_a_connection_string_or_a_shell(character: str) -> None:
    assert character not in LEFT


def test_every_class_of_characters_still_has_members() -> None:
    for members in (string.ascii_lowercase, string.ascii_uppercase, string.digits, string.punctuation):
        assert set(members) & set(LEFT)


def test_a_short_password_is_refused_with_the_shortest_that_is_long_enough() -> None:
    with pytest.raises(ValueError, match=r"16 characters, [0-9.]+ bits.*at least 128 bits") as refused:
        RolePassword(new_stack(), "Password", length=16)
    named = re.search(r"is (\d+) characters long", str(refused.value))
    assert named is not None
    shortest = int(named[1])
    assert RolePassword(new_stack(), "Password", length=shortest).bits >= TARGET_BITS
    with pytest.raises(ValueError, match="at least 128 bits"):
        RolePassword(new_stack(), "Password", length=shortest - 1)


@pytest.mark.parametrize("length", [0, -1, 4097, True, 32.0, "32"])
def test_a_length_that_secrets_manager_refuses_is_refused(length: int) -> None:
    with pytest.raises(ValueError, match="length: got"):
        RolePassword(new_stack(), "Password", length=length)


@pytest.mark.parametrize(
    "role", [*sorted(RESERVED_ROLES), "pg_monitor", "", "App", "app user", "app-user", "1app", "a" * 64, 'a"b', None]
)
def test_a_role_that_is_reserved_or_needs_quotes_is_refused(role: str) -> None:
    with pytest.raises(ValueError, match="role: got"):
        RolePassword(new_stack(), "Password", role=role)


@settings(deadline=None)  # a first call starts the CDK
@given(st.text(alphabet=string.ascii_letters + string.digits + "_-. \"'é", max_size=70))
def test_an_accepted_role_never_needs_quotes(role: str) -> None:
    try:
        accepted = check_role("role", role)
    except ValueError as refused:
        assert repr(role) in str(refused)  # noqa: PT017 - both outcomes are right, each with its own promise
        return
    assert re.fullmatch(r"[a-z][a-z0-9_]{0,62}", accepted)
    assert not accepted.startswith("pg_")


@settings(deadline=None)  # a first call starts the CDK
@given(st.integers(min_value=1, max_value=200))
def test_longer_is_never_weaker(length: int) -> None:
    one, next_one = (
        generated_bits(Generator(length=size, exclude_characters=EXCLUDED_CHARACTERS)) for size in (length, length + 1)
    )
    assert next_one >= one
