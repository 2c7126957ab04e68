"""`nexis check`: judge templates."""

from __future__ import annotations

import fnmatch
import gc
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from nexis.report.json_report import render_json
from nexis.report.text_report import render_text
from nexis.rules.registry import RegistryError, rules_for, severities
from nexis.run import report_on, types_in, waiver_policy
from nexis.templates.load import load
from nexis.templates.model import TemplateError
from nexis.templates.parse import parse
from nexis.templates.resolver import PSEUDO_PARAMETERS, ParameterSource
from nexis.waivers import WaiverError, read_waivers

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Mapping, Sequence

    from nexis.report.model import Report
    from nexis.templates.model import Assembly

FORMATS: Final[Mapping[str, Callable[[Report], str]]] = {"text": render_text, "json": render_json}
CANNOT_JUDGE: Final = 2
#: Templates are trees and live until the report is written, so that looking for circles of garbage finds little.
COLLECTED: Final = 100_000


class ArgumentProblem(Exception):
    """An argument that cannot be used."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="template, folder of templates or cdk.out")
    parser.add_argument("--format", choices=sorted(FORMATS), default="text", help="how to write the report")
    parser.add_argument("--output", type=Path, metavar="FILE", help="write the report here instead of standard output")
    parser.add_argument("--waivers", type=Path, metavar="FILE", help="findings that somebody answers for")
    parser.add_argument("--rules", nargs="+", action="extend", metavar="GLOB", help="only these rules, such as 'tls.*'")
    parser.add_argument("--parameters", type=Path, metavar="FILE", help="JSON map of parameter values")
    parser.add_argument(
        "--strict-parameters",
        action="store_true",
        help="every allowed value counts, and a free parameter is open even if it has a default",
    )
    parser.add_argument(
        "--baseline",
        action="store_true",
        help="also ask what only our own baseline must keep; asked by itself of what `nexis.cdk.synthesize` made",
    )


def run(arguments: argparse.Namespace) -> int:
    """Judge, write the report, and give the exit code.

    Args:
        arguments: as declared by `add_arguments`.
    """
    gc.set_threshold(COLLECTED)
    try:
        wanted = _wanted(arguments.rules)
        parameters = ParameterSource(given=_parameters(arguments.parameters), strict=arguments.strict_parameters)
        waivers = () if arguments.waivers is None else read_waivers(arguments.waivers, waiver_policy(arguments.waivers))
        loaded = load(arguments.paths, parameters)
        rules = rules_for(types_in(loaded.assemblies), wanted)
    except (ArgumentProblem, RegistryError, WaiverError) as problem:
        sys.stderr.write(f"nexis check: {problem}\n")
        return CANNOT_JUDGE
    report = report_on(
        loaded.assemblies,
        rules=rules,
        parameters=parameters,
        waivers=waivers,
        errors=[*map(str, loaded.errors), *_not_declared(parameters.given, loaded.assemblies)],
        all_waivers_must_match=not arguments.rules,
        baseline=arguments.baseline,
    )
    text = FORMATS[arguments.format](report)
    if arguments.output is None:
        sys.stdout.write(text)
    else:
        try:
            arguments.output.write_text(text, encoding="utf-8", errors="backslashreplace")
        except OSError as problem:
            sys.stderr.write(f"nexis check: cannot write {arguments.output}: {problem.strerror}\n")
            return CANNOT_JUDGE
    for error in report.errors:
        sys.stderr.write(f"nexis check: {error}\n")
    return report.exit_code


def _wanted(globs: Sequence[str] | None) -> Callable[[str], bool] | None:
    """Make what tells of a rule's id whether it is asked; None where all are."""
    if not globs:
        return None
    for glob in globs:
        if not any(fnmatch.fnmatchcase(identity, glob) for identity in severities()):
            raise ArgumentProblem(f"--rules {glob}: matches no rule; `nexis rules` lists them")
    return lambda identity: any(fnmatch.fnmatchcase(identity, glob) for glob in globs)


def _parameters(file: Path | None) -> dict[str, Any]:
    """Read parameter values: a map of them, or one of the lists that the AWS CLI takes, or CodePipeline's map."""
    if file is None:
        return {}
    try:
        given = parse(file.read_bytes(), file=str(file))
    except OSError as problem:
        raise ArgumentProblem(f"--parameters {file}: cannot be read: {problem.strerror}; expected a JSON map") from None
    except TemplateError as problem:
        raise ArgumentProblem(f"--parameters {problem}") from None
    if isinstance(given, list):
        try:
            given = dict(map(_entry, given))
        except (TypeError, KeyError, ValueError):
            raise ArgumentProblem(
                f"--parameters {file}: expected a list of maps with ParameterKey and ParameterValue, or of Key=Value"
            ) from None
    elif isinstance(given, dict) and isinstance(given.get("Parameters"), dict):
        given = given["Parameters"]
    if not isinstance(given, dict):
        raise ArgumentProblem(f"--parameters {file}: found a {type(given).__name__}, expected a JSON map")
    for name, value in given.items():
        if not all(isinstance(item, (str, int, float)) for item in (value if isinstance(value, list) else [value])):
            raise ArgumentProblem(f"--parameters {file}: {name} is {value!r}, expected a value or a list of values")
    return given


def _entry(entry: Any) -> tuple[Any, Any]:
    """Read one value of a list, as `create-stack --parameters` and `deploy --parameter-overrides` take it."""
    if isinstance(entry, str):
        name, value = entry.split("=", 1)
        return name, value
    return entry["ParameterKey"], entry["ParameterValue"]


def _not_declared(given: Mapping[str, Any], assemblies: Sequence[Assembly]) -> list[str]:
    declared = {name for assembly in assemblies for t in assembly.templates.values() for name in t.parameters}
    declared |= PSEUDO_PARAMETERS
    return [
        f"--parameters gives {name}, which no template here declares; correct or remove it"
        for name in given
        if name not in declared
    ]
