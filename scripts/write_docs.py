"""Write what is made from the code: the rule reference and a page per construct in `docs/`, the index of the rules.

`make docs` runs it; a test fails when a page is stale.
"""

from __future__ import annotations

import inspect
import re
import sys
import textwrap
import tomllib
from collections import Counter
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from aws_cdk import App, Stack
from aws_cdk.assertions import Template
from constructs import Construct

import nexis_constructs
from nexis.cdk import baseline_app
from nexis.config import load_configuration
from nexis.reference.rules import pages as rule_pages
from nexis.rules.registry import INDEX, all_rules, index_text, rules_by_type
from stacks.baseline import build_baseline

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOT: Final = Path(__file__).resolve().parents[1]
GENERATED: Final = "<!-- Made by `make docs` from the construct itself. Change its docstring, not this page. -->"
SECTION: Final = re.compile(r"^(Args|Attributes|Raises|Source|Example):\s*(.*)$")


def all_pages() -> dict[Path, str]:
    """Give the text of every page, by its path below `docs/`."""
    return {
        **{Path("rules") / name: text for name, text in rule_pages(all_rules()).items()},
        **{Path("constructs") / name: text for name, text in construct_pages().items()},
    }


def construct_pages() -> dict[str, str]:
    """Write a page per public construct, and an index; gives text by file name."""
    constructs = _public()
    lines = [
        GENERATED,
        "",
        "# Constructs",
        "",
        "How it is built. Each is safe without arguments, and each example runs.",
    ]
    lines += ["", "| construct | what it is |", "|---|---|"]
    lines += [f"| [{c.__name__}]({c.__name__}.md) | {sections(c)[''].splitlines()[0]} |" for c in constructs]
    return {"README.md": "\n".join(lines) + "\n", **{f"{c.__name__}.md": construct_page(c) for c in constructs}}


def _public() -> list[type[Construct]]:
    public = [getattr(nexis_constructs, name) for name in nexis_constructs.__all__]
    return [c for c in public if inspect.isclass(c) and issubclass(c, Construct)]


def sections(construct: type[Construct]) -> dict[str, str]:
    """Part a docstring into its sections; the description stands under the empty name.

    Args:
        construct: whose docstring it is.
    """
    parted: dict[str, list[str]] = {"": []}
    here = ""
    for line in inspect.cleandoc(construct.__doc__ or "").splitlines():
        found = SECTION.match(line)
        if found:
            here = found.group(1)
            parted[here] = [found.group(2)] if found.group(2) else []
        else:
            parted[here].append(line)
    return {name: textwrap.dedent("\n".join(lines)).strip() for name, lines in parted.items()}


def construct_page(construct: type[Construct]) -> str:
    """Write the page of one construct.

    Args:
        construct: a public one.
    """
    said = sections(construct)
    source = re.sub(r"^```python\n|```$", "", said["Example"]).strip()
    lines = [GENERATED, "", f"# {construct.__name__}", "", said[""], "", "```python", source, "```", ""]
    lines += [
        "## Arguments",
        "",
        "| argument | type | default | |",
        "|---|---|---|---|",
        *_arguments(construct, said["Args"]),
    ]
    for title in ("Attributes", "Raises"):
        if title in said:
            lines += ["", f"## {title}", "", *(f"- `{name}`: {text}" for name, text in _entries(said[title]).items())]
    lines += [
        "",
        "## What the example makes",
        "",
        "| resources | type | judged by |",
        "|---|---|---|",
        *_resources(source),
    ]
    left = list(dict.fromkeys(_waived(construct)))
    if left:
        lines += [
            "",
            "## What cdk-nag still says",
            "",
            "No property can change these; each needs an entry in `waivers.toml`.",
        ]
        lines += ["", "| finding | at | why |", "|---|---|---|", *left]
    lines += ["", f"Source: {' '.join(said['Source'].split())}"]
    return "\n".join(lines) + "\n"


def _entries(text: str) -> Mapping[str, str]:
    """Read `name: text` entries, whose further lines are indented."""
    entries: dict[str, str] = {}
    for line in text.splitlines():
        name, colon, rest = line.partition(": ")
        if colon and re.fullmatch(r"\w+", name):
            entries[name] = rest
        elif entries and line.strip():
            last = next(reversed(entries))
            entries[last] = f"{entries[last]} {line.strip()}"
    return entries


def _arguments(construct: type[Construct], text: str) -> Iterator[str]:
    said = _entries(text)
    for name, parameter in list(inspect.signature(construct.__init__).parameters.items())[1:]:
        default = "" if parameter.default is inspect.Parameter.empty else f"`{parameter.default!r}`"
        kind = str(parameter.annotation).replace("|", "\\|")
        yield f"| `{name}` | `{kind}` | {default} | {said.get(name, '')} |"


def _resources(source: str) -> Iterator[str]:
    """List what an example makes, with the rules that judge it."""
    index = rules_by_type(all_rules())
    kinds: Counter[str] = Counter()
    for template in _templates(source):
        kinds.update(resource["Type"] for resource in template.get("Resources", {}).values())
    for kind, count in sorted(kinds.items()):
        rules = ", ".join(
            f"[{r.id}](../rules/{r.id.partition('.')[0]}.md#{r.id.replace('.', '')})" for r in index.get(kind, ())
        )
        yield f"| {count} | `{kind}` | {rules} |"


def _waived(construct: type[Construct]) -> Iterator[str]:
    """List the waivers of this project that stand below a construct of ours, wherever it is used."""
    for waiver in tomllib.loads((ROOT / "waivers.toml").read_text(encoding="utf-8"))["waiver"]:
        parts = waiver["resource"].split("/")
        for length in range(len(parts), 0, -1):
            found = _constructs_of_the_baseline().get("/".join(parts[:length]))
            if found in {c.__name__ for c in _public()}:
                if found == construct.__name__:
                    yield f"| `{waiver['rule']}` | `…/{'/'.join(parts[length:])}` | {waiver['reason']} |"
                break


@cache
def _constructs_of_the_baseline() -> dict[str, str]:
    """Name the class of every construct of the baseline, by its path."""
    app = baseline_app(builtin_cloud_formation_validation=False, outdir=None)
    build_baseline(app, load_configuration(ROOT / "config" / "dev.toml"))
    return {construct.node.path: type(construct).__name__ for construct in app.node.find_all()}


def _templates(source: str) -> Iterator[Mapping[str, Any]]:
    # The slow built-in validation is not what the example shows.
    names: dict[str, Any] = {}
    quick = source.replace("App()", "App(builtin_cloud_formation_validation=False)")
    exec(compile(quick, "example", "exec"), names)  # noqa: S102 - it is our own docstring
    app = next(value for value in names.values() if isinstance(value, App))
    for child in app.node.children:
        if Stack.is_stack(child):
            assert isinstance(child, Stack)
            yield Template.from_stack(child).to_json()


def main() -> int:
    """Write the index and every page, and remove those that nothing makes any more."""
    (ROOT / "nexis" / "rules" / INDEX).write_text(index_text(), encoding="utf-8")
    made = all_pages()
    for folder in sorted({path.parent for path in made}):
        (ROOT / "docs" / folder).mkdir(parents=True, exist_ok=True)
        for old in (ROOT / "docs" / folder).glob("*.md"):
            if old.relative_to(ROOT / "docs") not in made:
                old.unlink()
    for path, text in made.items():
        (ROOT / "docs" / path).write_text(text, encoding="utf-8")
    sys.stdout.write(f"{len(made)} pages written to docs/\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
