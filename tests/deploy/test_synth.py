"""The synthesis of each environment through the real CDK CLI: it looks nothing up and needs nobody."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.real

ROOT = Path(__file__).resolve().parents[2]
STACKS = {"Database", "DeploymentAccess", "ManagedDatabase", "Network", "PolicyHook", "Trail"}
NOBODY = "http://127.0.0.1:9"  # the discard port: whoever asks somebody fails


@pytest.mark.parametrize(("environment", "account"), [("dev", "000000000000"), ("prod", "111111111111")])
def test_it_needs_no_network_no_credentials_and_no_context(environment: str, account: str, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    command = [str(ROOT / "node_modules/.bin/cdk"), "--no-notices", "synth", "--quiet"]
    command += ["--app", f"{sys.executable} app.py", "--output", str(tmp_path / "out")]
    result = subprocess.run(
        [*command, "--context", f"environment={environment}"],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(tmp_path / "home"),
            "HTTP_PROXY": NOBODY,
            "HTTPS_PROXY": NOBODY,
            "AWS_ENDPOINT_URL": NOBODY,
            "AWS_EC2_METADATA_DISABLED": "true",
            "CDK_DISABLE_VERSION_CHECK": "1",
        },
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=180,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_bytes())
    assert manifest.get("missing", []) == []
    stacks = {name: a for name, a in manifest["artifacts"].items() if a["type"] == "aws:cloudformation:stack"}
    assert set(stacks) == STACKS
    assert {a["environment"] for a in stacks.values()} == {f"aws://{account}/eu-central-1"}
    protected = {a["properties"]["terminationProtection"] for a in stacks.values()}
    assert protected == {environment == "prod"}
    assert not (ROOT / "cdk.context.json").exists()
    report = json.loads((tmp_path / "out" / "nexis-report.json").read_bytes())
    assert report["schema"] == "nexis-check/1"
    assert report["summary"]["fatal"] == report["summary"]["error"] == report["summary"]["unknown"] == 0


def test_an_environment_that_does_not_exist_is_refused_before_any_construct(tmp_path: Path) -> None:
    result = subprocess.run(
        [sys.executable, "app.py"],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(tmp_path),
            "CDK_OUTDIR": str(tmp_path / "out"),
            "CDK_CONTEXT_JSON": json.dumps({"environment": "prd"}),
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert result.returncode == 1
    assert "prd.toml" in result.stderr
    assert "config/prod.toml" in result.stderr.rsplit("do:", 1)[1]
    assert not (tmp_path / "out" / "manifest.json").exists()


def test_an_account_with_a_trail_of_its_own_gets_no_second_one() -> None:
    from nexis.cdk import baseline_app
    from nexis.config import load_configuration
    from stacks.baseline import build_baseline

    configuration = load_configuration(ROOT / "config" / "dev.toml")
    arn = f"arn:aws:cloudtrail:eu-central-1:{configuration.account}:trail/organisation"
    with_trail = configuration.model_copy(update={"trail": configuration.trail.model_copy(update={"existing": arn})})
    app = baseline_app(builtin_cloud_formation_validation=False, outdir=None)
    assert build_baseline(app, with_trail).trail is None
    assert {child.node.id for child in app.node.children} & STACKS == STACKS - {"Trail"}
