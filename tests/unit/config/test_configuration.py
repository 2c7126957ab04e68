"""Configurations: what is accepted, and what every refusal says."""

from __future__ import annotations

import re
import shutil
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from nexis.config import Configuration, ConfigurationError, Problem, load_configuration
from nexis.config.model import ManagedDatabase, Network
from nexis.facts.addresses import split_subnets

_PROJECT = Path(__file__).parents[3]
_FOLDER = _PROJECT / "config"


def _section_and_key(key: str) -> tuple[str, str]:
    section, _, name = key.rpartition(".")
    return section, name


def _with(text: str, key: str, value: str | None) -> str:
    """Set a key of a configuration to TOML text, or remove it; returns the new document."""
    section, name = _section_and_key(key)
    lines = text.splitlines()
    start = lines.index(f"[{section}]") + 1 if section else 0
    end = next((i for i in range(start, len(lines)) if lines[i].startswith("[")), len(lines))
    body = [line for line in lines[start:end] if not re.match(rf"{re.escape(name)}\s*=", line)]
    if value is not None:
        body.insert(0, f"{name} = {value}")
    return "\n".join([*lines[:start], *body, *lines[end:]]) + "\n"


class _Folder:
    """A folder of configurations in which single values can be changed."""

    def __init__(self, path: Path) -> None:
        self.path = path
        for file in _FOLDER.glob("*.toml"):
            shutil.copy(file, path)

    def load(self, environment: str, /, **changes: str | None) -> Configuration:
        file = self.path / f"{environment}.toml"
        text = file.read_text("utf-8")
        for key, value in changes.items():
            text = _with(text, key.replace("__", "."), value)
        file.write_text(text, "utf-8")
        return load_configuration(file)

    def refused(self, environment: str, /, **changes: str | None) -> tuple[Problem, ...]:
        with pytest.raises(ConfigurationError) as refusal:
            self.load(environment, **changes)
        return refusal.value.problems


@pytest.fixture
def folder(tmp_path: Path) -> _Folder:
    return _Folder(tmp_path)


@pytest.mark.parametrize("file", sorted(_FOLDER.glob("*.toml")), ids=lambda file: file.stem)
def test_the_configurations_of_the_project_are_accepted(file: Path) -> None:
    if file.stem == "owners":
        assert set(tomllib.loads(file.read_text("utf-8"))) == {"roles"}
        return
    configuration = load_configuration(file)
    assert configuration.environment == file.stem
    assert configuration.is_production == (file.stem == "prod")


def test_what_a_configuration_exposes() -> None:
    dev = load_configuration(_FOLDER / "dev.toml")
    assert dev.account == "000000000000"
    assert dev.zones == ("eu-central-1a", "eu-central-1b", "eu-central-1c")
    assert dev.network.endpoint_zones == 1
    assert dev.hosts.image_id is None
    assert dev.managed_database.port != 5432
    assert dev.trail.existing is None
    assert dev.tags() == {"project": "nexis-baseline", "environment": "dev", "owner": "platform-engineering"}


def test_prod_differs_where_it_must() -> None:
    prod = load_configuration(_FOLDER / "prod.toml")
    assert prod.is_production
    assert prod.network.endpoint_zones == len(prod.zones) == 3
    assert prod.hosts.count == 3
    assert prod.hosts.image_id
    assert prod.tags()["owner"] == "platform-engineering+database-operations"


def test_tag_values_use_only_characters_that_every_service_allows() -> None:
    for file in ("dev", "prod"):
        for value in load_configuration(_FOLDER / f"{file}.toml").tags().values():
            assert re.fullmatch(r"[A-Za-z0-9 +\-=._:/@]{1,256}", value)


def test_without_the_section_nobody_deploys_from_github(folder: _Folder) -> None:
    file = folder.path / "dev.toml"
    file.write_text(file.read_text("utf-8").partition("[changes]")[0], "utf-8")
    assert load_configuration(file).changes is None


@pytest.mark.parametrize("nobody", [None, "[]"])
def test_production_needs_a_second_person(folder: _Folder, nobody: str | None) -> None:
    (problem,) = folder.refused("prod", changes__reviewers=nobody)
    assert problem.place == ("changes", "reviewers")
    assert "a second person approves each deployment" in str(problem)
    assert folder.load("dev", changes__reviewers=nobody).changes is not None


def test_both_numbers_make_the_subject_immutable(folder: _Folder) -> None:
    changes = folder.load("dev", changes__owner_id="123456", changes__repository_id="456789").changes
    assert changes is not None
    assert (changes.owner_id, changes.repository_id, changes.branch) == (123456, 456789, "main")


def test_without_the_section_nothing_is_judged_at_deployment(folder: _Folder) -> None:
    file = folder.path / "dev.toml"
    file.write_text(file.read_text("utf-8").partition("[hook]")[0], "utf-8")
    assert load_configuration(file).hook is None


def test_defaults(folder: _Folder) -> None:
    configuration = folder.load(
        "dev",
        hosts__count=None,
        managed_database__port=None,
        managed_database__backup_retention_days=None,
        managed_database__allocated_storage_gib=None,
        logs__retention_days=None,
    )
    assert configuration.hosts.count == 3
    assert configuration.managed_database.port == 6432
    assert configuration.managed_database.backup_retention_days == 14
    assert configuration.managed_database.allocated_storage_gib == 20
    assert configuration.logs.retention_days == 365


_TRAIL = "arn:aws:cloudtrail:eu-central-1:000000000000:trail/audit"
_PROVIDER = "arn:aws:iam::000000000000:oidc-provider/token.actions.githubusercontent.com"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("account", '"123456789012"'),
        ("zones", '["eu-central-1c", "eu-central-1a", "eu-central-1z"]'),
        ("owners", '["security", "platform-engineering", "database-operations"]'),
        ("network.address_range", '"10.20.0.0/24"'),
        ("network.address_range", '"172.31.0.0/16"'),
        ("network.endpoint_zones", "3"),
        ("network.private_dns_zone", '"a.b"'),
        ("network.private_dns_zone", '"db.corp.example.com"'),
        ("hosts.instance_type", '"i4i.metal"'),
        ("hosts.image_id", '"ami-0123abcd"'),
        ("hosts.image_id", '"ami-00000000000000000"'),
        ("postgresql.major", "15"),
        ("postgresql.major", "18"),
        ("managed_database.instance_class", '"db.x2iedn.xlarge"'),
        ("managed_database.port", "1150"),
        ("managed_database.port", "65535"),
        ("managed_database.port", "5433"),
        ("managed_database.backup_retention_days", "35"),
        ("managed_database.allocated_storage_gib", "65536"),
        ("logs.retention_days", "3653"),
        ("trail.existing", f'"{_TRAIL}"'),
        ("trail.existing", '""'),
        ("changes.branch", '"release/2026.11"'),
        ("hook.stacks", '"account"'),
        ("changes.repository", '"a/b.c_d-e"'),
        ("changes.existing_provider", f'"{_PROVIDER}"'),
    ],
)
def test_accepted_at_the_edge(folder: _Folder, key: str, value: str) -> None:
    configuration = folder.load("dev", **{key.replace(".", "__"): value})
    section, name = _section_and_key(key)
    found = getattr(getattr(configuration, section) if section else configuration, name)
    written = tomllib.loads(f"x = {value}")["x"]
    assert found == (tuple(written) if isinstance(written, list) else written or None)


@pytest.mark.parametrize(
    ("key", "value", "got", "expected", "do"),
    [
        ("environment", '"production"', "'production'", "dev, staging or prod", "use 'prod'"),
        ("account", '"1234"', "'1234', 4 characters", "exactly 12 digits", "get-caller-identity"),
        ("account", '"1234-5678-9012"', "14 characters", "exactly 12 digits", "use '123456789012'"),
        ("account", '"' + "\u0660" * 12 + '"', "12 characters", "exactly 12 digits", "get-caller-identity"),
        ("account", "123456789012", "123456789012", "text in quotes", 'account = "000000000000"'),
        ("region", '"eu-north-1"', "'eu-north-1'", "an approved region: ap-southeast-1, ", "use 'eu-central-1'"),
        (
            "zones",
            '["eu-central-1a"]',
            "1 zones",
            "3 different zones",
            "'eu-central-1a', 'eu-central-1b', 'eu-central-1c'",
        ),
        (
            "zones",
            '["eu-central-1a", "eu-central-1b", "eu-central-1c", "eu-central-1d"]',
            "4 zones",
            "3 different zones",
            "'eu-central-1a', 'eu-central-1b', 'eu-central-1c'",
        ),
        ("zones", "[]", "0 zones", "3 different zones", "'eu-central-1a'"),
        ("zones", '"eu-central-1a"', '"eu-central-1a"', "a list", "zones = ["),
        ("network.address_range", '"10.20.0.0/28"', "16 addresses", "/24 (256 addresses)", "use 10.20.0.0/24"),
        ("network.address_range", '"10.20.0.1/16"', "host bits", "CIDR", "use 10.20.0.0/16"),
        ("network.address_range", '"11.0.0.0/16"', "11.0.0.0/16", "private range", "use 10.0.0.0/16"),
        ("network.address_range", "10", "10", "text in quotes", 'address_range = "10.20.0.0/16"'),
        ("network.endpoint_zones", "0", "0", "1 to 3", "use 1"),
        ("network.endpoint_zones", "4", "4", "1 to 3, the number of zones", "use 3"),
        ("network.endpoint_zones", '"3"', '"3"', "a whole number, without quotes", "endpoint_zones = 1"),
        ("network.endpoint_zones", "1.0", "1.0", "a whole number", "endpoint_zones = 1"),
        ("network.endpoint_zones", "true", "true", "a whole number", "endpoint_zones = 1"),
        ("network.private_dns_zone", '"DB.Nexis.Internal"', "'DB.Nexis.Internal'", "lower-case", "'db.nexis.internal'"),
        ("network.private_dns_zone", '"nexis"', "'nexis'", "two labels", "use 'nexis.internal'"),
        ("network.private_dns_zone", '"a_b.internal."', "'a_b.internal.'", "hyphens", "use 'a-b.internal'"),
        ("network.private_dns_zone", '"db.1"', "'db.1'", "two labels", "use 'db.1.internal'"),
        (
            "network.private_dns_zone",
            f'"{"a" * 63}.{"b" * 63}.{"c" * 62}"',
            "'aaa",
            "189 characters at most",
            f"use '{'b' * 63}.{'c' * 62}'",
        ),
        ("network.private_dns_zone", '""', "''", "two labels", "use 'db.internal'"),
        (
            "network.private_dns_zone",
            '"rds.amazonaws.com"',
            "amazonaws.com",
            "does not hide",
            "use 'rds.nexis.internal'",
        ),
        ("network.private_dns_zone", '"amazonaws.com"', "amazonaws.com", "does not hide", "use 'db.nexis.internal'"),
        ("network.private_dns_zone", '"db.local"', "'db.local'", "does not hide", "use 'db.nexis.internal'"),
        ("network.private_dns_zone", '"ec2.internal"', "'ec2.internal'", "does not hide", "use 'db.nexis.internal'"),
        (
            "hosts.instance_type",
            '"m7g.large"',
            "no encrypted NVMe",
            "encrypted NVMe",
            "m7gd.large, m6gd.large or m8gd.large",
        ),
        ("hosts.instance_type", '"d3.xlarge"', "no encrypted NVMe", "encrypted NVMe", "i3.xlarge"),
        ("hosts.instance_type", '"mac-m4.metal"', "macOS only", "encrypted NVMe", "use "),
        ("hosts.count", "2", "2", "3: one host in each zone", "use 3"),
        ("hosts.count", "0", "0", "3: one host in each zone", "use 3"),
        ("hosts.count", "4", "4", "3: one host in each zone", "use 3"),
        ("hosts.count", "true", "true", "a whole number", "count = 3"),
        ("hosts.image_id", '"AMI-0123ABCD"', "'AMI-0123ABCD'", "8 or 17 hexadecimal", "use 'ami-0123abcd'"),
        ("hosts.image_id", '"latest"', "'latest'", "8 or 17 hexadecimal", "describe-images"),
        ("hosts.image_id", '""', "''", "8 or 17 hexadecimal", "describe-images"),
        ("hosts.image_id", '"ami-012345678"', "'ami-012345678'", "8 or 17 hexadecimal", "describe-images"),
        ("postgresql.major", "14", "14", "15, 16, 17 or 18", "use 15"),
        ("postgresql.major", "19", "19", "15, 16, 17 or 18", "use 18"),
        ("postgresql.major", '"17"', '"17"', "a whole number", "major = 17"),
        ("postgresql.major", "17.2", "17.2", "a whole number", "major = 17"),
        ("managed_database.instance_class", '"db.m7g.large"', "no local NVMe", "local NVMe disk", "db.m6gd.large"),
        ("managed_database.instance_class", '"m6gd.large"', "no local NVMe", "local NVMe disk", "use db.m6gd.large"),
        (
            "managed_database.instance_class",
            '"db.m6idn.large"',
            "not offer in eu-central-1",
            "offered there",
            "db.m6id.large",
        ),
        ("managed_database.port", "5432", "every scanner", "AwsSolutions-RDS11", "use 6432"),
        ("managed_database.port", "80", "80", "1150 to 65535", "use 1150"),
        ("managed_database.port", "65536", "65536", "1150 to 65535", "use 65535"),
        ("managed_database.backup_retention_days", "13", "13 days", "14 to 35 days", "use 14"),
        ("managed_database.backup_retention_days", "36", "36 days", "14 to 35 days", "use 35"),
        ("managed_database.allocated_storage_gib", "19", "19 GiB", "20 to 65536 GiB", "use 20"),
        ("logs.retention_days", "180", "180 days", "365 days or more", "use 365"),
        ("logs.retention_days", "370", "370 days", "CloudWatch Logs knows", "use 365"),
        (
            "trail.existing",
            '"audit"',
            "'audit'",
            "the ARN of a trail",
            "arn:aws:cloudtrail:eu-central-1:000000000000:trail/NAME",
        ),
        (
            "trail.existing",
            f'"{_TRAIL.replace("0" * 12, "1" * 12)}"',
            "111111111111",
            "000000000000",
            f"use '{_TRAIL}'",
        ),
        ("trail.existing", f'"{_TRAIL}/x"', "trail/audit/x", "the ARN of a trail", "trail/NAME"),
        ("trail.existing", "true", "true", "text in quotes", 'existing = "arn:aws'),
        ("hook.stacks", '"acount"', "'acount'", "baseline or account", "use 'account'"),
        ("hook.stacks", "true", "true", "text in quotes", 'stacks = "baseline"'),
        ("changes.repository", '"example-org/*"', "example-org/*", "without wildcards", "example-org/example-repo"),
        ("changes.repository", '"example-org"', "example-org", "its owner and its name", "write it as"),
        ("changes.repository", '"a/b:ref:refs/heads/x"', "a/b:ref", "one repository", "write it as"),
        ("changes.branch", '"*"', "'*'", "one branch", "use 'main'"),
        ("changes.branch", '"refs/heads/main*"', "main*", "without wildcards", "use 'main'"),
        ("changes.owner_id", "1", "1 without repository_id", "both numbers", "add repository_id"),
        ("changes.repository_id", "0", "0", "a positive number", "gh api"),
        (
            "changes.existing_provider",
            f'"{_PROVIDER.replace("0" * 12, "1" * 12)}"',
            "1" * 12,
            "this account",
            _PROVIDER,
        ),
        ("changes.existing_provider", '"arn:aws:iam::000000000000:oidc-provider/x"', "/x", "for GitHub", _PROVIDER),
        (
            "changes.environment",
            '"prod"',
            "unknown key 'environment'",
            "repository, branch",
            "did you mean 'reviewers'?",
        ),
        ("owners", "[]", "no owner", "at least one team role", "name the team"),
        ("colour", '"red"', "the unknown key 'colour'", "environment, account, region", "remove it"),
        ("hosts.instance_typ", '"x"', "unknown key 'instance_typ'", "instance_type, count or image_id", "remove it"),
        (
            "hosts.image",
            '"x"',
            "the unknown key 'image'",
            "instance_type, count or image_id",
            "did you mean 'image_id'?",
        ),
        (
            "network.privat_dns",
            '"x"',
            "unknown key 'privat_dns'",
            "address_range, endpoint_zones or private_dns_zone",
            "",
        ),
    ],
)
def test_refused(folder: _Folder, key: str, value: str, got: str, expected: str, do: str) -> None:
    problems = folder.refused("dev", **{key.replace(".", "__"): value})
    about = [problem for problem in problems if problem.key == key]
    assert about, f"the refusal must name {key}: {problems}"
    assert got in about[0].got
    assert expected in about[0].expected
    assert do in about[0].do


@pytest.mark.parametrize(
    ("key", "value", "place", "got", "do"),
    [
        (
            "zones",
            '["eu-central-1a", "eu-central-1b", "eu-central-1b"]',
            "zones[2]",
            "a second time",
            "'eu-central-1c'",
        ),
        (
            "zones",
            '["eu-central-1a", "eu-west-1b", "eu-central-1c"]',
            "zones[1]",
            "'eu-west-1b'",
            "use 'eu-central-1b'",
        ),
        ("zones", '["eu-central-1a", "eu-central-1b", "c"]', "zones[2]", "'c'", "use 'eu-central-1c'"),
        (
            "zones",
            '["eu-central-1a", "eu-central-1b", "eu-central-1"]',
            "zones[2]",
            "'eu-central-1'",
            "'eu-central-1c'",
        ),
        ("zones", '["eu-central-1a", "eu-central-1b", 3]', "zones[2]", "3", "zones = ["),
        ("owners", '["platform"]', "owners[0]", "'platform'", "use 'platform-engineering'"),
        ("owners", '["security", "security"]', "owners[1]", "a second time", "remove it"),
        ("changes.reviewers", '["securty"]', "changes.reviewers[0]", "'securty'", "use 'security'"),
        ("changes.reviewers", '["security", "security"]', "changes.reviewers[1]", "a second time", "remove it"),
        ("owners", "[1]", "owners[0]", "1", 'owners = ["platform-engineering"]'),
    ],
)
def test_refused_within_a_list(folder: _Folder, key: str, value: str, place: str, got: str, do: str) -> None:
    about = [problem for problem in folder.refused("dev", **{key: value}) if problem.key == place]
    assert about
    assert got in about[0].got
    assert do in about[0].do


@pytest.mark.parametrize(
    ("key", "value", "got", "expected"),
    [
        ("hosts.image_id", None, "nothing", "in prod, the id of the image"),
        ("hosts.image_id", '"ami-00000000000000000"', "stands for no image", "in prod, the id of the image"),
        ("hosts.image_id", '"ami-00000000"', "stands for no image", "in prod, the id of the image"),
        ("network.endpoint_zones", "1", "1", "3 in prod"),
    ],
)
def test_prod_is_stricter_than_dev(folder: _Folder, key: str, value: str | None, got: str, expected: str) -> None:
    assert folder.load("dev", **{key.replace(".", "__"): value})
    (problem,) = folder.refused("prod", **{key.replace(".", "__"): value})
    assert problem.key == key
    assert got in problem.got
    assert expected in problem.expected


@pytest.mark.parametrize(
    "key",
    [
        *("environment", "account", "region", "zones", "owners"),
        *("network.address_range", "network.endpoint_zones", "network.private_dns_zone"),
        *("hosts.instance_type", "postgresql.major", "managed_database.instance_class"),
    ],
)
def test_a_missing_key_is_named_with_an_example(folder: _Folder, key: str) -> None:
    (problem,) = folder.refused("dev", **{key.replace(".", "__"): None})
    name = _section_and_key(key)[1]
    assert (problem.key, problem.got) == (key, "nothing")
    assert problem.do.startswith(f"add {name} = ")


@pytest.mark.parametrize("section", ["network", "hosts", "postgresql", "managed_database"])
def test_a_missing_section_is_named(folder: _Folder, section: str) -> None:
    file = folder.path / "dev.toml"
    file.write_text(re.sub(rf"(?ms)^\[{section}\]\n.*?(?=^\[|\Z)", "", file.read_text("utf-8")), "utf-8")
    (problem,) = folder.refused("dev")
    assert (problem.key, problem.do) == (section, f"add a section [{section}]")


@pytest.mark.parametrize("value", ["3", '"text"', "[]"])
def test_a_section_of_another_type_is_refused(folder: _Folder, value: str) -> None:
    file = folder.path / "dev.toml"
    text = re.sub(r"(?ms)^\[postgresql\]\n.*?(?=^\[)", "", file.read_text("utf-8"))
    file.write_text(f"postgresql = {value}\n{text}", "utf-8")
    (problem,) = folder.refused("dev")
    assert (problem.key, problem.expected, problem.do) == ("postgresql", "a section", "write a section [postgresql]")


def test_a_suggested_key_is_not_one_that_is_there_already(folder: _Folder) -> None:
    (problem,) = folder.refused("dev", hosts__instance_types='"i4i.large"')
    assert problem.do == "remove it"


def test_the_environment_is_the_name_of_the_file(folder: _Folder) -> None:
    shutil.copy(folder.path / "dev.toml", folder.path / "staging.toml")
    (problem,) = folder.refused("staging")
    assert (problem.key, problem.got, problem.expected) == ("environment", "'dev'", "'staging', the name of the file")
    assert folder.load("staging", environment='"staging"').environment == "staging"


def test_everything_is_reported_at_once_each_with_its_line(folder: _Folder) -> None:
    file = folder.path / "dev.toml"
    file.write_text(
        """\
environment = "dev"
account = "1"
region = "eu-central-1"
zones = [
    "eu-central-1a",
    "eu-west-1b",
    "eu-central-1c",
]
owners = ["nobody"]
colour = 1

[network]
address_range = "10.0.0.0/30"
endpoint_zones = "1"
private_dns_zone = "x"

[hosts]
instance_type = "m7g.large"

[managed_database]
instance_class = "db.m7g.large"
port = 5432
""",
        "utf-8",
    )
    with pytest.raises(ConfigurationError) as refusal:
        load_configuration(file)
    places = re.findall(rf"^{re.escape(str(file))}:(\d+) (\S+)$", str(refusal.value), re.MULTILINE)
    assert places == [
        ("1", "postgresql"),
        ("2", "account"),
        ("6", "zones[1]"),
        ("9", "owners[0]"),
        ("10", "colour"),
        ("13", "network.address_range"),
        ("14", "network.endpoint_zones"),
        ("15", "network.private_dns_zone"),
        ("18", "hosts.instance_type"),
        ("21", "managed_database.instance_class"),
        ("22", "managed_database.port"),
    ]
    assert str(refusal.value).startswith(f"{file} cannot be used: 11 problems.")
    assert str(refusal.value).count("\n  got:      ") == len(places)
    assert str(refusal.value).count("\n  expected: ") == len(places)
    assert str(refusal.value).count("\n  do:       ") == len(places)


def test_a_missing_file_lists_those_that_are_there(folder: _Folder) -> None:
    with pytest.raises(ConfigurationError, match=r"expected one of dev.toml or prod.toml .*do: use .*prod\.toml"):
        load_configuration(folder.path / "prd.toml")


def test_a_missing_file_in_an_empty_folder(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"no such file.*create it"):
        load_configuration(tmp_path / "dev.toml")


def test_without_a_list_of_owners_nothing_is_accepted(folder: _Folder) -> None:
    (folder.path / "owners.toml").unlink()
    with pytest.raises(ConfigurationError, match=r"owners\.toml: got no such file.*\[roles\]"):
        folder.load("dev")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('environment = "dev"\naccount = 0000\n', r"dev\.toml:2 is not TOML: .*\n  got:      account = 0000"),
        ("environment = dev\n", r"dev\.toml:1 is not TOML"),
        ('a = 1\nb = """\n', r"dev\.toml:3 is not TOML.*\n  got:      the end of the file"),
        ("a = 1\na = 2\n", r"dev\.toml:2 is not TOML"),
    ],
)
def test_what_is_not_toml_is_refused_with_its_line(folder: _Folder, text: str, message: str) -> None:
    (folder.path / "dev.toml").write_text(text, "utf-8")
    with pytest.raises(ConfigurationError, match=message):
        load_configuration(folder.path / "dev.toml")


def test_what_is_not_text_is_refused(folder: _Folder) -> None:
    (folder.path / "dev.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigurationError, match="cannot be read"):
        load_configuration(folder.path / "dev.toml")
    (folder.path / "dev.toml").unlink()
    (folder.path / "dev.toml").mkdir()
    with pytest.raises(ConfigurationError, match="cannot be read"):
        load_configuration(folder.path / "dev.toml")


def _document(environment: str = "dev") -> dict[str, Any]:
    return tomllib.loads((_FOLDER / f"{environment}.toml").read_text("utf-8"))


def test_the_model_refuses_the_same_when_it_is_built_in_code() -> None:
    assert Configuration.model_validate(_document()).environment == "dev"
    for spoilt in ({"zones": ("eu-central-1a", "eu-central-1a", "eu-central-1a")}, {"region": "eu-north-1"}):
        with pytest.raises(ValidationError):
            Configuration.model_validate(_document() | spoilt)
    network = Network(address_range="8.8.8.0/24", endpoint_zones=1, private_dns_zone="db.internal")
    with pytest.raises(ValidationError, match="private range"):
        Configuration.model_validate(_document() | {"network": network})
    database = ManagedDatabase(instance_class="db.t4g.micro", port=5432)
    with pytest.raises(ValidationError, match="local NVMe"):
        Configuration.model_validate(_document() | {"managed_database": database})


def test_a_configuration_cannot_be_changed() -> None:
    configuration = Configuration.model_validate(_document())
    with pytest.raises(ValidationError, match="frozen"):
        configuration.region = "us-east-1"  # type: ignore[misc] # the model must refuse it at run time too
    with pytest.raises(ValidationError, match="frozen"):
        configuration.hosts.count = 1  # type: ignore[misc] # the model must refuse it at run time too


@given(st.integers(0, 2**32 - 1), st.integers(0, 32))
def test_every_accepted_address_range_can_be_divided_over_its_zones(address: int, prefix: int) -> None:
    octets = ".".join(str(address >> shift & 255) for shift in (24, 16, 8, 0))
    document = _document()
    document["network"]["address_range"] = f"{octets}/{prefix}"
    try:
        configuration = Configuration.model_validate(document)
    except ValidationError as refused:
        assert {error["loc"] for error in refused.errors()} == {("network", "address_range")}  # noqa: PT017 -- either outcome is right, each has its own assertion
        return
    assert len(split_subnets(configuration.network.address_range, len(configuration.zones))) == 3


_ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=8,
)


@given(st.sampled_from(sorted(_document())), st.sampled_from([None, 0, 1, 2]), _ANYTHING)
def test_any_value_anywhere_is_accepted_or_refused_never_a_crash(section: str, inner: int | None, value: Any) -> None:
    document = _document("prod")
    keys = sorted(document[section]) if isinstance(document[section], dict) else []
    if inner is None or inner >= len(keys):
        document[section] = value
    else:
        document[section][keys[inner]] = value
    try:
        accepted = Configuration.model_validate(document)
    except ValidationError:
        return
    assert accepted.is_production or section == "environment"
