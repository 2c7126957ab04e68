"""Who may know whom, and what stands where: the house as it is described, held to."""

from __future__ import annotations

import ast
import json
import re
import sys
import tomllib
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = {  # package: the folder it stands in
    "nexis": ROOT,
    "nexis_constructs": ROOT / "constructs",
    "nexis_host": ROOT / "hosts",
    "stacks": ROOT,
    "functions": ROOT,
    "local_aws": ROOT,
    "benchmarks": ROOT,
    "tests": ROOT,
    "app": ROOT,
}
OURS = frozenset(SOURCES)


@cache
def modules() -> dict[str, Path]:
    """Every module of ours, by name."""
    found = {"app": ROOT / "app.py"}
    for package, folder in SOURCES.items():
        for path in sorted((folder / package).rglob("*.py")):
            parts = path.relative_to(folder).with_suffix("").parts
            if any(part.startswith(".") for part in parts):
                continue  # what benchmarks install and make
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imported_by(path: Path, package: str, *, while_loading: bool = False) -> set[str]:
    """The modules that a file imports, those for types and inside functions too unless only `while_loading`."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found: set[str] = set()
    for node in _loading(tree) if while_loading else ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: 1 - node.level] if node.level > 1 else package.split(".")
            base = ".".join([*above, *([node.module] if node.module else [])]) if node.level else str(node.module)
            found |= {base} | {f"{base}.{alias.name}" for alias in node.names if f"{base}.{alias.name}" in modules()}
    return found


def _loading(node: ast.AST) -> list[ast.AST]:
    """What runs when a module is loaded."""
    found: list[ast.AST] = []
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            continue
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            continue
        found += [child, *_loading(child)]
    return found


@cache
def imports(module: str, *, while_loading: bool = False) -> frozenset[str]:
    path = modules()[module]
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    return frozenset(imported_by(path, package, while_loading=while_loading))


def within(name: str, *packages: str) -> bool:
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def modules_of(*packages: str) -> list[str]:
    return [name for name in modules() if within(name, *packages)]


def ours(module: str) -> set[str]:
    return {name for name in imports(module) if name.partition(".")[0] in OURS}


EVERYONES = frozenset({"nexis", "nexis.patterns", "nexis.records"})
# package: the parts of ours that it may know, beside itself and what is everyone's
ARROWS = {
    "nexis.patterns": (),
    "nexis.records": (),
    "nexis.facts": (),
    "nexis.templates": ("nexis.facts",),
    "nexis.disclosure": ("nexis.facts",),
    "nexis.rules": ("nexis.templates", "nexis.facts", "nexis.disclosure"),
    "nexis.waivers": ("nexis.check",),
    "nexis.check": ("nexis.rules", "nexis.templates", "nexis.waivers"),
    "nexis.report": ("nexis.check", "nexis.waivers", "nexis.rules"),
    "nexis.allowances": ("nexis.check", "nexis.templates"),
    "nexis.baseline": ("nexis.allowances", "nexis.check", "nexis.report", "nexis.rules", "nexis.templates"),
    "nexis.sources": (),
    "nexis.synthesis": ("nexis.templates",),
    "nexis.places": ("nexis.check", "nexis.sources", "nexis.synthesis", "nexis.templates"),
    "nexis.validation_report": ("nexis.check", "nexis.rules", "nexis.synthesis", "nexis.templates"),
    "nexis.diff": (
        "nexis.check",
        "nexis.facts",
        "nexis.report",
        "nexis.rules",
        "nexis.templates",
        "nexis.waivers",
    ),
    "nexis.processes": (),
    "nexis.run": (
        "nexis.check",
        "nexis.processes",
        "nexis.waivers",
        "nexis.report",
        "nexis.rules",
        "nexis.templates",
        "nexis.places",
        "nexis.validation_report",
    ),
    "nexis.host_configuration": ("nexis.facts",),
    "nexis_constructs": ("nexis.facts", "nexis.host_configuration"),
    "nexis_host": ("nexis.facts", "nexis.host_configuration"),
    "functions": ("nexis.facts", "nexis.check", "nexis.records", "nexis.rules", "nexis.templates", "nexis.waivers"),
    "stacks": ("nexis_constructs", "nexis.facts", "nexis.config"),
    "app": ("stacks", "nexis.cdk", "nexis.config"),
    "local_aws": (),
    "benchmarks": ("nexis.cdk", "nexis_constructs"),
}


@pytest.mark.parametrize("package", ARROWS)
def test_everyone_knows_only_whom_they_may(package: str) -> None:
    allowed = (package, *ARROWS[package])
    wrong = {
        name: sorted(n for n in ours(name) if not within(n, *allowed) and n not in EVERYONES)
        for name in modules_of(package)
    }
    assert {name: found for name, found in wrong.items() if found} == {}


def test_imports_are_seen_wherever_they_stand(tmp_path: Path) -> None:
    file = tmp_path / "module.py"
    file.write_text(
        "import a.b\nfrom nexis import facts\nfrom . import near\nfrom ..up import thing\n"
        "if TYPE_CHECKING:\n    import only_types\ntry:\n    import tried\nexcept ImportError:\n    pass\n"
        "def f():\n    import late\n",
        encoding="utf-8",
    )
    everything = {"a.b", "nexis", "nexis.facts", "nexis.rules", "nexis.up", "only_types", "tried", "late"}
    assert imported_by(file, "nexis.rules") == everything
    assert imported_by(file, "nexis.rules", while_loading=True) == everything - {"only_types", "late"}


def test_every_part_of_the_house_is_looked_at() -> None:
    folders = {path.name for path in (ROOT / "nexis").iterdir() if path.is_dir() and any(path.glob("*.py"))}
    assert {name.split(".")[1] for name in modules_of("nexis") if "." in name} >= folders
    assert {"app", "stacks.baseline", "nexis_constructs.customer_key", "local_aws.server"} <= set(modules())


STANDARD_ONLY = (
    "nexis.facts",
    "nexis.templates",
    "nexis.rules",
    "nexis.check",
    "nexis.waivers",
    "nexis.allowances",
    "nexis.baseline",
    "nexis.run",
    "nexis.processes",
    "nexis.places",
    "nexis.sources",
    "nexis.synthesis",
    "nexis.validation_report",
    "nexis.report",
    "nexis.diff",
    "nexis.cli",
)


@pytest.mark.parametrize("package", STANDARD_ONLY)
def test_what_check_needs_is_the_standard_library(package: str) -> None:
    foreign = {
        name: sorted(n for n in imports(name) if n.partition(".")[0] not in sys.stdlib_module_names | {"nexis"})
        for name in modules_of(package)
    }
    lazy = {"nexis.templates.yaml_reader": ["yaml"]}  # imported by the parser only for YAML
    assert {name: found for name, found in foreign.items() if found} == {
        k: v for k, v in lazy.items() if within(k, package)
    }


def test_yaml_is_imported_late() -> None:
    users = [name for name in modules_of("nexis") if "nexis.templates.yaml_reader" in imports(name)]
    assert users == ["nexis.templates.lines", "nexis.templates.parse"]
    for user in users:
        assert "nexis.templates.yaml_reader" not in imports(user, while_loading=True)


def test_only_one_module_of_nexis_knows_the_cdk() -> None:
    cdk = ("aws_cdk", "cdk_nag", "jsii", "constructs")
    assert [name for name in modules_of("nexis") if any(within(n, *cdk) for n in imports(name))] == ["nexis.cdk"]


def test_nobody_imports_the_command_line() -> None:
    users = [name for name in modules() if "nexis.cli" in imports(name) and not within(name, "tests")]
    assert users == []


def test_nobody_but_the_tests_knows_the_local_aws() -> None:
    users = [name for name in modules() if any(within(n, "local_aws") for n in imports(name))]
    assert [name for name in users if not within(name, "local_aws", "tests")] == []


def test_the_constructs_are_one_package_and_never_two() -> None:
    assert not (ROOT / "constructs" / "__init__.py").exists()
    text = re.compile(r"\bconstructs\.nexis_constructs\b")
    folders = ("app.py", "constructs", "stacks", "nexis", "hosts", "functions", "local_aws", "scripts", "benchmarks")
    files = [p for f in folders for p in ([ROOT / f] if f.endswith(".py") else sorted((ROOT / f).rglob("*.py")))]
    assert [str(path) for path in files if text.search(path.read_text(encoding="utf-8"))] == []
    assert [name for name in modules() if any(within(n, "constructs.nexis_constructs") for n in imports(name))] == []


def test_every_package_says_what_it_is() -> None:
    silent = [
        name
        for name, path in modules().items()
        if not within(name, "tests") and not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert silent == []


def test_the_app_is_short() -> None:
    assert len((ROOT / "app.py").read_text(encoding="utf-8").splitlines()) < 50


PIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*==[A-Za-z0-9.!+]+")
ADDRESS = re.compile(r"://|\bindex-url\b|\bfind-links\b|\bregistry\s*=|\"resolved\"|@git", re.IGNORECASE)
REQUIREMENTS = sorted(ROOT.glob("requirements*.txt"))


@pytest.mark.parametrize("file", REQUIREMENTS, ids=lambda file: file.name)
def test_requirements_are_exact_and_name_no_address(file: Path) -> None:
    lines = [line.partition("#")[0].strip() for line in file.read_text(encoding="utf-8").splitlines()]
    loose = [line for line in lines if line and not PIN.fullmatch(line) and not line.startswith("-r requirements")]
    assert loose == []
    assert not ADDRESS.search("\n".join(lines))


def test_no_package_is_pinned_twice() -> None:
    pins = [
        re.split("==", line)[0].lower().replace("_", "-")
        for file in REQUIREMENTS
        for line in file.read_text(encoding="utf-8").splitlines()
        if "==" in line
    ]
    assert sorted(pins) == sorted(set(pins))


def test_the_cdk_cli_is_pinned_without_an_address() -> None:
    package = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    lock = (ROOT / "package-lock.json").read_text(encoding="utf-8")
    pinned = {**package.get("dependencies", {}), **package.get("devDependencies", {})}
    assert pinned == {"aws-cdk": "2.1148.1"}
    assert json.loads(lock)["packages"]["node_modules/aws-cdk"]["version"] == "2.1148.1"
    for text in (lock, (ROOT / ".npmrc").read_text(encoding="utf-8")):
        assert not ADDRESS.search(text)


# extra: the distribution of each module that ours import, and which of ours need it
EXTRAS = {
    "cdk": (
        {
            "aws_cdk": "aws-cdk-lib",
            "cdk_nag": "cdk-nag",
            "constructs": "constructs",
            "jsii": "aws-cdk-lib",
            "pydantic": "pydantic",
            "pydantic_core": "pydantic",
        },
        ("nexis.cdk", "nexis.config", "nexis_constructs"),
    ),
    "aws": ({"boto3": "boto3", "botocore": "boto3"}, ("nexis.audit", "nexis.deployment", "nexis.catalog")),
    "yaml": ({"yaml": "PyYAML"}, ("nexis.templates.yaml_reader",)),
}


def test_the_extras_hold_what_their_modules_import() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["dependencies"] == []
    declared = {
        extra: {re.split(r"[<>=~!\[ ]", entry)[0] for entry in entries}
        for extra, entries in project["optional-dependencies"].items()
    }
    known = sys.stdlib_module_names | OURS
    for extra, (distributions, packages) in EXTRAS.items():
        used = {n.partition(".")[0] for name in modules_of(*packages) for n in imports(name)} - known
        assert used, f"nothing of ours needs the extra [{extra}]"
        assert {distributions.get(module, f"the distribution of {module}") for module in used} <= declared[extra]
