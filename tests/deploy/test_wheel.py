"""The wheel, installed where nothing else is, does what it says."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.real

ROOT = Path(__file__).resolve().parents[2]

BAD = '{"Resources": {"Db": {"Type": "AWS::RDS::DBCluster"}}}'
APP = """
import datetime
from aws_cdk import Environment, Stack
from nexis.cdk import PolicyError, baseline_app, synthesize
from nexis_constructs import HardenedNetwork, PolicyHook
import nexis_constructs

assert {site!r} in nexis_constructs.__file__, nexis_constructs.__file__
app = baseline_app(builtin_cloud_formation_validation=False)
stack = Stack(app, "Billing", env=Environment(account="000000000000", region="eu-central-1"))
zones = ["eu-central-1a", "eu-central-1b", "eu-central-1c"]
HardenedNetwork(stack, "Network", address_range="10.30.0.0/20", zones=zones)
hook = PolicyHook(stack, "Hook")
assert hook.bundle.asset_path, "the bundle is made of what is installed"
synthesize(app, packs=())
"""


def run(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "HOME": str(cwd), "PYTHONNOUSERSITE": "1"}
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=600, check=False)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    built = run(*(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT), cwd=folder)
    assert built.returncode == 0, built.stdout + built.stderr
    (file,) = folder.glob("nexis_baseline-*.whl")
    return file


@pytest.fixture(scope="module")
def empty(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the wheel and nothing else."""
    folder = tmp_path_factory.mktemp("empty")
    venv.EnvBuilder(with_pip=False, symlinks=True).create(folder)
    pip = (sys.executable, "-m", "pip", "--python", folder / "bin" / "python", "--disable-pip-version-check")
    installed = run(*pip, "install", "--no-deps", "--no-index", "--quiet", wheel, cwd=folder)
    assert installed.returncode == 0, installed.stderr
    return folder


def site_of(environment: Path) -> Path:
    (site,) = (environment / "lib").glob("python3*/site-packages")
    return site


def test_the_wheel_holds_our_packages_their_data_and_the_functions(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    tops = {name.partition("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"nexis", "nexis_constructs"}
    for folder, inside in (
        ("nexis", "nexis"),
        ("constructs/nexis_constructs", "nexis_constructs"),
        ("functions", "nexis_constructs/functions"),
    ):
        files = [path for path in sorted((ROOT / folder).rglob("*")) if path.is_file() and path.suffix != ".pyc"]
        assert files
        missing = {f"{inside}/{path.relative_to(ROOT / folder)}" for path in files} - names
        assert missing == set()
    metadata = next(name for name in names if name.endswith("/METADATA"))
    text = zipfile.ZipFile(wheel).read(metadata).decode()
    required = [line for line in text.splitlines() if line.startswith("Requires-Dist:")]
    assert all("extra ==" in line for line in required), required


def test_check_works_with_nothing_else_installed(empty: Path, tmp_path: Path) -> None:
    (tmp_path / "bad.json").write_text(BAD, encoding="utf-8")
    (tmp_path / "t.yaml").write_text("Resources: {}", encoding="utf-8")
    checked = run(empty / "bin" / "nexis", "check", "bad.json", cwd=tmp_path)
    assert checked.returncode == 1, checked.stderr
    assert "FATAL storage.rds-encrypted" in checked.stdout
    yaml = run(empty / "bin" / "nexis", "check", "t.yaml", cwd=tmp_path)
    assert yaml.returncode == 2
    assert "install nexis-baseline[yaml]" in yaml.stderr
    audit = run(empty / "bin" / "nexis", "audit", cwd=tmp_path)
    assert audit.returncode == 2
    assert "is not installed" in audit.stderr
    assert "[aws]" in audit.stderr


def test_an_app_elsewhere_uses_a_construct_under_all_policies(empty: Path, tmp_path: Path) -> None:
    # The packages of the extra [cdk] come from the running environment: one line that adds its folder to the path.
    # Its own .pth files are not read, so that nothing of ours comes from the repository.
    here = site_of(empty)
    (here / "packages_of_the_extra.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    (tmp_path / "app.py").write_text(APP.format(site=str(here)), encoding="utf-8")
    made = run(empty / "bin" / "python", "app.py", cwd=tmp_path)
    assert made.returncode == 0, made.stdout + made.stderr
    template = (tmp_path / "cdk.out" / "Billing.template.json").read_text(encoding="utf-8")
    assert "Closes the default security group of a VPC" in template  # the function's source came out of the wheel
    assert (tmp_path / "cdk.out" / "nexis-report.json").is_file()
