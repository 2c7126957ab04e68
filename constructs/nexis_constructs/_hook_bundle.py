"""The bundle of the policy hook: the installed rules, unchanged, with the handler and what reads YAML."""

from __future__ import annotations

import hashlib
import re
import tomllib
from importlib.metadata import PackageNotFoundError, files
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

from nexis_constructs._checks import refusal
from nexis_constructs._functions import function_folder

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

HANDLER: Final = "functions.policy_hook.index.handler"
#: What of the package judges; its command, the audit and the reports stay out.
RULES: Final = (
    *("__init__.py", "check.py", "patterns.py", "records.py", "waivers.py"),
    *("disclosure", "facts", "rules", "templates"),
)
ENDINGS: Final = (".py", ".json")
OWNERS: Final = "config/owners.toml"
DECISION: Final = re.compile(r"docs/decisions/[A-Za-z0-9-]+\.md")


def bundle_files(waivers: Path | None = None) -> dict[str, bytes]:
    """Gives the files of the bundle by their path in it, sorted.

    Args:
        waivers: the project's `waivers.toml`, if its waivers are to count at deployment.

    Raises:
        ValueError: if PyYAML is not installed, or the waivers or what they name cannot be read.
    """
    found = dict(_python("functions/policy_hook", function_folder("policy_hook")))
    package = _package("nexis")
    for name in RULES:
        found |= dict(_python(f"nexis/{name}", package / name))
    found |= dict(_python("yaml", _package("yaml")))
    found |= _licence_of_yaml()
    if waivers is not None:
        found |= _policy(waivers)
    return dict(sorted(found.items()))


def fingerprint(found: Mapping[str, bytes]) -> str:
    """Returns what changes when a file of the bundle does, and otherwise never: 64 hexadecimal digits.

    Args:
        found: as given by `bundle_files`.
    """
    digest = hashlib.sha256()
    for path, content in sorted(found.items()):
        digest.update(f"{path}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


def write_bundle(found: Mapping[str, bytes], folder: Path) -> None:
    """Writes the files of a bundle.

    Args:
        found: as given by `bundle_files`.
        folder: an empty folder.
    """
    for path, content in found.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)


def _python(prefix: str, source: Path) -> Iterator[tuple[str, bytes]]:
    """Gives the Python files below a folder, or one file, and the data beside them: nothing compiled."""
    if source.is_file():
        yield prefix, source.read_bytes()
    for file in sorted(source.rglob("*")):
        if file.is_file() and file.suffix in ENDINGS and "__pycache__" not in file.parts:
            yield f"{prefix}/{file.relative_to(source).as_posix()}", file.read_bytes()


def _package(name: str) -> Path:
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise refusal(
            f"the Python package {name}",
            got="nothing",
            expected="it to be installed, since the hook carries it",
            do="Install 'nexis-baseline[cdk]'.",
        )
    return Path(spec.origin).parent


def _licence_of_yaml() -> dict[str, bytes]:
    """Gives the licence of PyYAML, which has to go where its code goes."""
    try:
        listed = files("PyYAML") or []
    except PackageNotFoundError:
        listed = []
    text = next((Path(str(file.locate())) for file in listed if file.name == "LICENSE"), None)
    return {} if text is None else {"yaml/LICENSE": text.read_bytes()}


def _policy(waivers: Path) -> dict[str, bytes]:
    """Gives the waivers with the owners and the decisions that they name; the function checks all of it."""
    root = waivers.resolve().parent
    try:
        content = waivers.read_bytes()
        entries = tomllib.loads(content.decode()).get("waiver", [])
        names = {OWNERS, *filter(DECISION.fullmatch, (entry["decision"] for entry in entries))}
        return {"policy/waivers.toml": content} | {f"policy/{name}": (root / name).read_bytes() for name in names}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as problem:
        raise refusal(
            "waivers",
            got=str(waivers),
            expected=f"a waivers file beside {OWNERS} and the decisions it names ({type(problem).__name__}: {problem})",
            do="Name the project's waivers.toml, or leave it out.",
        ) from problem
