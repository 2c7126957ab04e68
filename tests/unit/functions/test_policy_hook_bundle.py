"""The bundle is what is tested: its files, its size, and its answers in a Python that has nothing else."""

from __future__ import annotations

import importlib.util
import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

import nexis
from nexis_constructs import _hook_bundle
from nexis_constructs._hook_bundle import bundle_files, fingerprint, write_bundle
from tests.support.hook_asked import EVENTS, recorded
from tests.support.hook_bundle import packed

ROOT = Path(__file__).resolve().parents[3]
WAIVERS = ROOT / "waivers.toml"
LARGEST_ZIPPED = 2_000_000
LARGEST_UNZIPPED = 10_000_000
"""Lambda takes 50 MB and 250 MB; a bundle that small starts faster. Source: AWS Lambda Developer Guide, Quotas."""

#: Run with nothing but the bundle and the standard library on the path: every event given, answered in one line each.
ALONE = """
import json, sys
bundle, events = sys.argv[1:]
sys.path.insert(0, bundle)
import datetime as dt
from pathlib import Path
from functions.policy_hook import index
def told(event, payload):
    return index.answer(event, index.Surroundings(
        environment={}, waivers=index.BUNDLE, today=dt.date(2026, 11, 23),
        fetch=lambda url: json.dumps(payload).encode(), exports=lambda region: {}))
answers = [told(event, payload) for event, payload in json.loads(Path(events).read_text())]
answers.append(index.handler({}, None))
elsewhere = sorted(
    name for name, module in sys.modules.items()
    if getattr(module, "__file__", None) and "site-packages" in module.__file__
)
print(json.dumps({"answers": answers, "elsewhere": elsewhere, "bundle": str(index.BUNDLE)}))
"""


def unpacked(folder: Path, waivers: Path | None = None) -> Path:
    zipfile.ZipFile(io.BytesIO(packed(waivers))).extractall(folder)
    return folder


def alone(bundle: Path, asked: list[tuple[Any, Any]], scratch: Path) -> dict[str, Any]:
    """The answers of a fresh, isolated Python that has only the bundle."""
    events = scratch / "events.json"
    events.write_text(json.dumps(asked), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-B", "-W", "error", "-c", ALONE, str(bundle), str(events)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    answers: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answers


def test_the_bundle_answers_every_target_with_nothing_else_on_the_path(tmp_path: Path) -> None:
    sound = "Resources:\n  Alarm: {Type: 'AWS::CloudFormation::WaitConditionHandle'}\n"
    asked = [
        (recorded("resource-update"), None),
        (recorded("stack-update"), recorded("stack-payload")),
        (recorded("change-set"), recorded("change-set-payload")),
        (recorded("cloud-control-create"), None),
        (recorded("stack-delete"), None),
        (recorded("stack-update"), {"template": sound}),
    ]
    found = alone(unpacked(tmp_path / "task", WAIVERS), asked, tmp_path)
    statuses = [(answer["hookStatus"], answer.get("errorCode")) for answer in found["answers"]]
    refused, broken = ("FAILED", "NonCompliant"), ("FAILED", "InternalFailure")
    assert statuses == [refused, refused, refused, refused, ("SUCCESS", None), ("SUCCESS", None), broken]
    assert "recovery.dynamodb-point-in-time at DDBTable" in found["answers"][0]["message"]
    assert "tls.bucket-policy at S3Bucket" in found["answers"][1]["message"]
    assert "recovery.dynamodb-point-in-time at DynamoDBTable" in found["answers"][2]["message"]
    assert found["elsewhere"] == []
    assert found["bundle"] == str(tmp_path / "task" / "policy")


def test_a_module_that_is_missing_from_the_bundle_shows(tmp_path: Path) -> None:
    """Without it a test of the bundle would only test the checkout."""
    bundle = unpacked(tmp_path / "task")
    (bundle / "nexis" / "check.py").unlink()
    with pytest.raises(AssertionError, match=r"No module named 'nexis\.check'"):
        alone(bundle, [], tmp_path)


def test_the_rules_in_the_bundle_are_the_installed_ones_unchanged() -> None:
    package = Path(nexis.__file__).parent
    found = bundle_files()
    ours = {path: content for path, content in found.items() if path.startswith("nexis/")}
    for path, content in ours.items():
        assert content == package.joinpath(*Path(path).parts[1:]).read_bytes(), path
    for folder in ("rules", "facts", "templates"):
        there = {f"nexis/{file.relative_to(package).as_posix()}" for file in (package / folder).rglob("*.py")}
        assert there <= ours.keys()
    handler = {path for path in found if path.startswith("functions/")}
    source = ROOT / "functions" / "policy_hook"
    assert handler == {f"functions/policy_hook/{file.name}" for file in source.glob("*.py")}
    assert all(found[path] == (ROOT / path).read_bytes() for path in handler)


def test_nothing_else_is_in_the_bundle() -> None:
    tops = {path.split("/")[0] for path in bundle_files(WAIVERS)}
    assert tops == {"functions", "nexis", "policy", "yaml"}
    modules = {path.split("/")[1] for path in bundle_files() if path.startswith("nexis/")}
    assert modules == set(_hook_bundle.RULES)
    assert [path for path in bundle_files() if path.endswith((".pyc", ".so", ".md")) or "__pycache__" in path] == []
    assert b"Permission is hereby granted" in bundle_files()["yaml/LICENSE"], "PyYAML's licence goes with its code"


def test_the_bundle_is_small(capsys: pytest.CaptureFixture[str]) -> None:
    zipped, unzipped = len(packed(WAIVERS)), sum(map(len, bundle_files(WAIVERS).values()))
    with capsys.disabled():
        print(f"\nbundle: {zipped:,} bytes zipped, {unzipped:,} unzipped, {len(bundle_files(WAIVERS))} files")
    assert zipped < LARGEST_ZIPPED
    assert unzipped < LARGEST_UNZIPPED


def test_the_same_files_have_the_same_fingerprint_and_others_another(tmp_path: Path) -> None:
    found = bundle_files()
    assert fingerprint(found) == fingerprint(dict(reversed(found.items())))
    assert len(fingerprint(found)) == 64
    assert fingerprint({**found, "nexis/check.py": b""}) != fingerprint(found)
    assert fingerprint({"a": b"b", "c": b""}) != fingerprint({"a": b"", "c": b"b"})
    write_bundle(found, tmp_path)
    written = {
        file.relative_to(tmp_path).as_posix(): file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()
    }
    assert written == found


# ---- waivers ----


def test_the_waivers_bring_their_owners_and_decisions() -> None:
    policy = {path for path in bundle_files(WAIVERS) if path.startswith("policy/")}
    assert {"policy/waivers.toml", "policy/config/owners.toml", "policy/docs/decisions/policy-hook.md"} <= policy
    assert not any(path.startswith("policy/") for path in bundle_files())


@pytest.mark.parametrize(
    "text",
    [
        "[[waiver]\n",
        "[[waiver]]\n",
        'waiver = "all"\n',
        '[[waiver]]\ndecision = "docs/decisions/nowhere.md"\n',
        "[[waiver]]\ndecision = 1\n",
    ],
)
def test_waivers_that_cannot_be_bundled_are_refused_at_synth(tmp_path: Path, text: str) -> None:
    (tmp_path / "waivers.toml").write_text(text, encoding="utf-8")
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "owners.toml").write_text("[roles]\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"waivers: got .*expected a waivers file beside config/owners\.toml"):
        bundle_files(tmp_path / "waivers.toml")
    with pytest.raises(ValueError, match="waivers: got"):
        bundle_files(tmp_path / "missing.toml")


def test_a_decision_never_reaches_out_of_its_folder(tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "owners.toml").write_text("[roles]\n", encoding="utf-8")
    (tmp_path / "waivers.toml").write_text(
        '[[waiver]]\ndecision = "docs/decisions/../../secret.md"\n', encoding="utf-8"
    )
    (tmp_path / "secret.md").write_text("secret", encoding="utf-8")
    assert "policy/config/owners.toml" in bundle_files(tmp_path / "waivers.toml")
    assert not any(path.endswith("secret.md") for path in bundle_files(tmp_path / "waivers.toml"))


def test_without_pyyaml_there_is_no_bundle(monkeypatch: pytest.MonkeyPatch) -> None:
    there = importlib.util.find_spec
    monkeypatch.setattr(_hook_bundle, "find_spec", lambda name: None if name == "yaml" else there(name))
    with pytest.raises(ValueError, match=r"the Python package yaml: got 'nothing'; expected it to be installed"):
        bundle_files()


def test_the_recorded_events_are_all_used() -> None:
    used = "".join(file.read_text(encoding="utf-8") for file in Path(__file__).parent.glob("test_policy_hook*.py"))
    assert [file.stem for file in EVENTS.glob("*.json") if f'"{file.stem}"' not in used] == []
