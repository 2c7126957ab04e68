"""Every line of the weakening table through the real synthesis, and one of each theme through the CDK CLI."""

from __future__ import annotations

import fnmatch
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from nexis.cdk import PolicyError
from nexis.facts.postgres_settings import PARAMETERS
from nexis.facts.protected_properties import NEUTRAL, PROTECTED, RESOURCE
from nexis.rules.registry import all_rules
from tests.deploy.weaken import WEAK_SETTINGS, Weakening, weakenings
from tests.deploy.weakened_app import synthesize_weakened
from tests.support.baseline import synthesized_baseline

ROOT = Path(__file__).resolve().parents[2]
LINES = list(weakenings())
ATTRIBUTES = ("DeletionPolicy", "UpdateReplacePolicy", "UpdatePolicy", "DependsOn", "CreationPolicy")
# Values that a rule reads as a whole.
WHOLE = ("PolicyDocument", "KeyPolicy", "AssumeRolePolicyDocument", "Code")


@pytest.mark.real
@pytest.mark.parametrize("number", range(len(LINES)), ids=[str(line) for line in LINES])
def test_the_synthesis_stops_and_says_why(number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CDK_OUTDIR", str(tmp_path / "cdk.out"))
    with pytest.raises(PolicyError) as refusal:
        synthesize_weakened(LINES[number])
    assert_named(LINES[number], str(refusal.value))


FIRST_OF_EACH_THEME = {line.rule.split(".")[0]: number for number, line in reversed(list(enumerate(LINES)))}


@pytest.mark.real
@pytest.mark.parametrize("theme", sorted(FIRST_OF_EACH_THEME))
def test_the_command_line_stops_too(theme: str, tmp_path: Path) -> None:
    number = FIRST_OF_EACH_THEME[theme]
    program = f"{sys.executable} -m tests.deploy.weakened_app {number}"
    result = subprocess.run(
        [ROOT / "node_modules/.bin/cdk", "--no-notices", "synth", "--quiet", "--app", program, "--output", tmp_path],
        cwd=ROOT,
        env={**os.environ, "HOME": str(tmp_path), "CDK_DISABLE_VERSION_CHECK": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=180,
    )
    assert result.returncode != 0, f"the synthesis went through: {LINES[number]}"
    assert_named(LINES[number], result.stdout + result.stderr)


def assert_named(line: Weakening, said: str) -> None:
    """The message holds the rule's id, the construct path and the fix, together."""
    fix = next(rule.fix for rule in all_rules() if rule.id == line.rule)
    blocks = [block for block in said.split("\n\n") if line.rule in block]
    assert blocks, f"{line.rule} was not named:\n{said}"
    assert any(line.must_name in block and fix in block for block in blocks), "\n\n".join(blocks)


def test_each_protected_property_has_a_line_and_each_line_a_property() -> None:
    protected = {(entry.type, entry.path) for entry in PROTECTED}
    weakened = {(line.type, line.path) for line in LINES}
    assert protected - weakened == set(), "protected, but no line weakens it"
    assert weakened - protected == set(), "weakened, but not in the facts table"


def test_each_postgresql_setting_has_a_weak_value() -> None:
    assert set(WEAK_SETTINGS) == set(PARAMETERS)


def test_each_line_names_a_rule_that_exists() -> None:
    assert {line.rule for line in LINES} - {rule.id for rule in all_rules()} == set()


@pytest.mark.parametrize("environment", ["dev", "prod"])
def test_each_property_of_our_templates_is_protected_or_neutral(environment: str) -> None:
    protected = {(entry.type, entry.path) for entry in PROTECTED}
    unnamed = sorted(
        f"{kind} {path}"
        for template in synthesized_baseline(environment).values()
        for resource in template["Resources"].values()
        for kind, path in property_paths(resource)
        if not is_named(kind, path, protected)
    )
    assert unnamed == [], "neither in PROTECTED nor in NEUTRAL of nexis/facts/protected_properties.py"


def property_paths(resource: dict[str, Any]) -> set[tuple[str, str]]:
    """Give the type and path of every property of a resource; a function of CloudFormation is one value."""
    kind = resource["Type"]
    found = {(kind, f"@{name}") for name in ATTRIBUTES if name in resource}

    def walk(value: Any, path: tuple[str, ...]) -> None:
        is_function = isinstance(value, dict) and len(value) == 1 and next(iter(value)).startswith(("Ref", "Fn::"))
        if isinstance(value, dict) and value and not is_function and path[-1:] and path[-1] not in WHOLE:
            for name, item in value.items():
                walk(item, (*path, name))
        elif isinstance(value, dict) and not path:
            for name, item in value.items():
                walk(item, (name,))
        elif isinstance(value, list):
            for item in value:
                walk(item, (*path, "*"))
        else:
            found.add((kind, ".".join(path)))

    walk(resource.get("Properties", {}), ())
    return found


def is_named(kind: str, path: str, protected: set[tuple[str, str]]) -> bool:
    """Whether a property, or a map or list it stands in, is protected or neutral."""
    steps = path.split(".")
    above = {".".join(steps[:length]) for length in range(1, len(steps) + 1)}
    if any((kind, part) in protected for part in above if part != RESOURCE):
        return True
    return any(kind == neutral or neutral == "*" for neutral, pattern in NEUTRAL if fnmatch.fnmatchcase(path, pattern))


def test_each_neutral_entry_is_met() -> None:
    met: set[tuple[str, str]] = set()
    for environment in ("dev", "prod"):
        for template in synthesized_baseline(environment).values():
            for resource in template["Resources"].values():
                for kind, path in property_paths(resource):
                    met |= {
                        (of, pattern)
                        for of, pattern in NEUTRAL
                        if of in (kind, "*") and fnmatch.fnmatchcase(path, pattern)
                    }
    left = sorted(set(NEUTRAL) - met - {("Nexis::Stack", "Account")})
    assert left == [], f"in NEUTRAL, but in no template: {json.dumps(left)}"
