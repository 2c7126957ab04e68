"""`nexis check`: judge templates."""

from __future__ import annotations

import fnmatch
import gc
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from nexis.report.write import add_arguments as add_report_arguments
from nexis.report.write import refused, write
from nexis.rules.registry import RegistryError, rules_for, severities
from nexis.run import agreed_waivers, report_on, types_in
from nexis.templates.load import load
from nexis.templates.model import TemplateError
from nexis.templates.parse import parse
from nexis.templates.resolver import PSEUDO_PARAMETERS, ParameterSource
from nexis.waivers import WaiverError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Collection, Mapping, Sequence

    from nexis.report.model import Report
    from nexis.templates.load import Loaded
    from nexis.templates.model import Assembly

CANNOT_JUDGE: Final = 2
SCOPES: Final = ("everywhere", "baseline")
#: Templates are trees and live until the report is written, so that looking for circles of garbage finds little.
COLLECTED: Final = 100_000


class ArgumentProblem(Exception):
    """An argument that cannot be used."""


NOT_USABLE: Final = (ArgumentProblem, RegistryError, WaiverError)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add_judging(parser, paths="+")
    parser.add_argument("--baseline", type=Path, metavar="FILE", help="known findings, as `nexis baseline` wrote them")
    add_report_arguments(parser)


def add_judging(parser: argparse.ArgumentParser, *, paths: str) -> None:
    """Declare the arguments that say what is judged, and how.

    Args:
        parser: of a command that judges templates.
        paths: how many paths the command takes, as argparse writes it.
    """
    parser.add_argument(
        "paths", nargs=paths, type=Path, metavar="PATH", help="template, folder of templates or cdk.out"
    )
    parser.add_argument("--waivers", type=Path, metavar="FILE", help="findings that somebody answers for")
    parser.add_argument("--rules", nargs="+", action="extend", metavar="GLOB", help="only these rules, such as 'tls.*'")
    parser.add_argument("--parameters", type=Path, metavar="FILE", help="JSON map of parameter values")
    parser.add_argument(
        "--strict-parameters",
        action="store_true",
        help="every allowed value counts, and a free parameter is open even if it has a default",
    )
    parser.add_argument(
        "--scope",
        choices=SCOPES,
        default=SCOPES[0],
        help="baseline: also ask what only our own baseline must keep; asked by itself of what `nexis.cdk.synthesize` "
        "made",
    )


def run(arguments: argparse.Namespace) -> int:
    """Judge, write the report, and give the exit code.

    Args:
        arguments: as declared by `add_arguments`.
    """
    gc.set_threshold(COLLECTED)
    try:
        if problem := refused(arguments):
            raise ArgumentProblem(problem)
        judging = judged(arguments, besides=arguments.baseline)
        report = judging.report if arguments.baseline is None else _with_known(judging, arguments)
    except NOT_USABLE as problem:
        complain("check", *str(problem).split("\n"))
        return CANNOT_JUDGE
    not_written = write(report, arguments)
    complain("check", *not_written, *report.errors)
    return CANNOT_JUDGE if not_written else report.exit_code


def complain(command: str, *texts: str) -> None:
    """Write texts to standard error, each in one line that begins with the command: none is another's command.

    Args:
        command: of `nexis`.
        texts: which may quote a file or its name.
    """
    if texts:
        from nexis.report.arrange import shown  # imported late: most checks have nothing to complain of

        sys.stderr.writelines(f"nexis {command}: {shown(text)}\n" for text in texts)


class Judging(NamedTuple):
    """What was judged: the report, the templates, and the ids of the rules where not all were asked."""

    report: Report
    loaded: Loaded
    asked: Collection[str] | None


def judged(arguments: argparse.Namespace, *, besides: Path | None) -> Judging:
    """Judge what the arguments name.

    Args:
        arguments: as declared by `add_judging`.
        besides: a file that may lie among the templates and is none of them.

    Raises:
        ArgumentProblem: an argument cannot be used.
        RegistryError: a rule cannot be loaded.
        WaiverError: the waivers cannot be used.
    """
    wanted = _wanted(arguments.rules)
    parameters = ParameterSource(given=parameter_values(arguments.parameters), strict=arguments.strict_parameters)
    waivers = agreed_waivers(arguments.waivers)
    loaded = load(arguments.paths, parameters)
    if besides is not None:
        loaded.errors = [error for error in loaded.errors if Path(error.file).resolve() != besides.resolve()]
    rules = rules_for(types_in(loaded.assemblies), wanted)
    report = report_on(
        loaded.assemblies,
        rules=rules,
        parameters=parameters,
        waivers=waivers,
        errors=[*map(str, loaded.errors), *not_declared(parameters.given, loaded.assemblies)],
        all_waivers_must_match=not arguments.rules,
        baseline=arguments.scope == "baseline",
        foreign_rules=arguments.rules or ("*",),
    )
    asked = None if wanted is None else frozenset(filter(wanted, severities()))
    return Judging(report, loaded, asked)


def _with_known(judging: Judging, arguments: argparse.Namespace) -> Report:
    """Mark the findings that are known, and say aloud which promises they break."""
    from nexis import baseline  # imported late: most checks have none

    try:
        known = baseline.read_baseline(arguments.baseline)
    except baseline.BaselineError as problem:
        raise ArgumentProblem(str(problem)) from None
    done = baseline.Judged.of(arguments.paths, judging.loaded, judging.asked)
    report = baseline.apply_baseline(judging.report, known, done)
    fatal = sum(finding.known and finding.severity == "fatal" for finding in report.findings)
    if fatal:
        complain("check", f"known findings of {known.file} that are fatal: {fatal}; repair these first")
    return report


def _wanted(globs: Sequence[str] | None) -> Callable[[str], bool] | None:
    """Make what tells of a rule's id whether it is asked; None where all are."""
    if not globs:
        return None
    for glob in globs:
        if not any(fnmatch.fnmatchcase(identity, glob) for identity in severities()):
            raise ArgumentProblem(f"--rules {glob}: matches no rule; `nexis rules` lists them")
    return lambda identity: any(fnmatch.fnmatchcase(identity, glob) for glob in globs)


def parameter_values(file: Path | None) -> dict[str, Any]:
    """Read parameter values: a map of them, or one of the lists that the AWS CLI takes, or CodePipeline's map.

    Args:
        file: JSON or YAML; there are none when it is not given.

    Raises:
        ArgumentProblem: it cannot be used.
    """
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


def not_declared(given: Mapping[str, Any], assemblies: Sequence[Assembly]) -> list[str]:
    """Name the given parameters that no template declares.

    Args:
        given: values by parameter name.
        assemblies: the templates.
    """
    declared = {name for assembly in assemblies for t in assembly.templates.values() for name in t.parameters}
    declared |= PSEUDO_PARAMETERS
    return [
        f"--parameters gives {name}, which no template here declares; correct or remove it"
        for name in given
        if name not in declared
    ]
