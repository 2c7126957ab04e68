from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nexis_constructs.host_program import (
    HOST_FACTS_PATH,
    USER_DATA_LIMIT,
    HostFacts,
    HostProgram,
    PlaceholderProgram,
    rendered_user_data,
)

FACTS = HostFacts(
    host="host-1.db.nexis.internal",
    members=("host-1.db.nexis.internal", "host-2.db.nexis.internal"),
    writer="writer.db.nexis.internal",
    readers="readers.db.nexis.internal",
    zone_name="db.nexis.internal",
    hosted_zone_id="Z123",
    availability_zone="eu-central-1a",
    region="eu-central-1",
    postgresql_major=17,
    log_group="/nexis/hosts",
    log_stream="host-1",
    passwords={"replicator": "arn:aws:secretsmanager:eu-central-1:000000000000:secret:x-AbCdEf"},
)


@dataclass(frozen=True)
class Renders:
    """A program that renders what it is told."""

    text: Any
    name: str = "renders"
    is_placeholder: bool = False

    def user_data(self, facts: HostFacts) -> str:
        rendered: str = self.text
        return rendered


def cloud_config(text: str) -> dict[str, Any]:
    """Reads user data as cloud-init would: the first line says what it is, the rest is YAML (here JSON)."""
    first, _, rest = text.partition("\n")
    assert first == "#cloud-config"
    document = json.loads(rest)
    assert isinstance(document, dict)
    return document


def test_the_placeholder_writes_one_file_and_nothing_else() -> None:
    document = cloud_config(rendered_user_data(PlaceholderProgram(), FACTS))
    assert list(document) == ["write_files"]
    (file,) = document["write_files"]
    assert {key: file[key] for key in ("path", "owner", "permissions")} == {
        "path": HOST_FACTS_PATH,
        "owner": "root:root",
        "permissions": "0644",
    }
    assert all(isinstance(value, str) for value in file.values()), "cloud-init's schema wants text in each"


def test_the_host_finds_every_fact_in_the_file() -> None:
    (file,) = cloud_config(rendered_user_data(PlaceholderProgram(), FACTS))["write_files"]
    found = json.loads(file["content"])
    assert found == FACTS.document()
    assert set(found) == set(HostFacts.__dataclass_fields__)


def test_the_placeholder_says_that_it_is_one() -> None:
    program: HostProgram = PlaceholderProgram()
    assert program.is_placeholder
    assert program.name == "placeholder"


def test_a_script_is_accepted_too() -> None:
    assert rendered_user_data(Renders("#!/bin/sh\ntrue\n"), FACTS) == "#!/bin/sh\ntrue\n"


@pytest.mark.parametrize("text", ["", "write_files: []", "# cloud-config\n", "#cloud-config", None, b"#cloud-config\n"])
def test_text_that_cloud_init_would_ignore_is_refused(text: object) -> None:
    with pytest.raises(ValueError, match="expected text that begins with a line '#cloud-config'"):
        rendered_user_data(Renders(text), FACTS)


def test_user_data_ends_at_the_limit_of_ec2() -> None:
    room = USER_DATA_LIMIT - len("#cloud-config\n")
    assert len(rendered_user_data(Renders("#cloud-config\n" + "#" * room), FACTS)) == USER_DATA_LIMIT
    with pytest.raises(ValueError, match=f"got '{USER_DATA_LIMIT + 1} bytes'"):
        rendered_user_data(Renders("#cloud-config\n" + "#" * (room + 1)), FACTS)
    with pytest.raises(ValueError, match="bytes"):
        rendered_user_data(Renders("#cloud-config\n" + "é" * room), FACTS)


@pytest.mark.parametrize("store", ["secretsmanager", "ssm-secure", "ssm"])
def test_a_value_that_cloudformation_would_fill_in_is_refused(store: str) -> None:
    with pytest.raises(ValueError, match="expected no secret and no parameter"):
        rendered_user_data(Renders(f"#cloud-config\nx: '{{{{resolve:{store}:name:SecretString:password}}}}'"), FACTS)


@pytest.mark.parametrize("name", ["", "Patroni", "a b", "-a", "a" * 65])
def test_a_name_that_is_no_tag_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r"program\.name: got"):
        rendered_user_data(Renders("#!", name=name), FACTS)


@settings(deadline=None)  # a first call starts the CDK
@given(st.text(max_size=80), st.text(max_size=80))
def test_no_fact_can_break_out_of_its_place(host: str, group: str) -> None:
    facts = replace(FACTS, host=host, log_group=group)
    (file,) = cloud_config(PlaceholderProgram().user_data(facts))["write_files"]
    found = json.loads(file["content"])
    assert (found["host"], found["log_group"]) == (host, group)
