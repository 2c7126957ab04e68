"""`nexis audit`: read what is deployed and judge it by the same rules."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from nexis.audit.model import AuditError
from nexis.report.json_report import render_json
from nexis.report.model import Report
from nexis.rules.registry import RegistryError
from nexis.run import agreed_waivers
from nexis.waivers import WaiverError

if TYPE_CHECKING:
    import argparse

CANNOT_JUDGE: Final = 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "--endpoint-url", metavar="URL", help="where to ask; default: AWS_ENDPOINT_URL, else AWS itself"
    )
    parser.add_argument(
        "--environment", metavar="NAME", help="a file of config/: compare account and region, and audit its stacks"
    )
    parser.add_argument("--region", metavar="R", help="default: AWS_REGION, else the AWS settings")
    scope = parser.add_mutually_exclusive_group()
    scope.add_argument(
        "--stack", nargs="+", metavar="NAME", help="only these stacks; default: all that are tagged as the baseline's"
    )
    scope.add_argument("--everything", action="store_true", help="the whole region, not only what belongs to stacks")
    parser.add_argument("--format", choices=("json", "text"), default="text", help="how to write the report")
    parser.add_argument("--output", type=Path, metavar="FILE", help="write the report here instead of standard output")
    parser.add_argument("--waivers", type=Path, metavar="FILE", help="findings that somebody answers for")


def run(arguments: argparse.Namespace) -> int:
    """Read, judge, write the report, and give the exit code.

    Args:
        arguments: as declared by `add_arguments`.

    Returns:
        0: nothing fails; 1: findings; 2: what is deployed could not be judged.
    """
    from nexis.audit.run import audit
    from nexis.audit.text import render_audit

    if arguments.environment is not None and not _take_environment(arguments):
        return CANNOT_JUDGE
    problems: tuple[str, ...] = ()
    try:
        waivers = agreed_waivers(arguments.waivers)
        outcome = audit(
            endpoint_url=arguments.endpoint_url,
            region=arguments.region,
            stacks=arguments.stack,
            everything=arguments.everything,
            waivers=waivers,
        )
    except AuditError as problem:
        problems = problem.problems
    except (RegistryError, WaiverError) as problem:
        problems = (str(problem),)
    if problems:
        report = Report(findings=(), templates=0, resources=0, judgements=0, errors=problems)
        text = render_json(report) if arguments.format == "json" else "nothing was judged\n"
    else:
        report = outcome.report
        text = render_json(report) if arguments.format == "json" else render_audit(outcome)
    if arguments.output is None:
        sys.stdout.write(text)
    else:
        try:
            arguments.output.write_text(text, encoding="utf-8")
        except OSError as problem:
            sys.stderr.write(f"nexis audit: cannot write {arguments.output}: {problem.strerror}\n")
            return CANNOT_JUDGE
    for error in report.errors:
        sys.stderr.write(f"nexis audit: {error}\n")
    return report.exit_code


def _take_environment(arguments: argparse.Namespace) -> bool:
    """Take region and stacks from a configuration, once the caller's account and region agree with it."""
    from nexis.commands._environment import read_environment
    from nexis.deployment.aws import deployed_stacks, reach
    from nexis.deployment.errors import DeploymentError, refused_calls_explained

    configuration = read_environment(arguments)
    if configuration is None:
        return False
    try:
        with refused_calls_explained():
            target = reach(configuration)
            stacks = sorted(deployed_stacks(target))
    except DeploymentError as problem:
        sys.stderr.write(f"nexis audit: {problem}\n")
        return False
    if not stacks:
        sys.stderr.write(
            f"nexis audit: nothing of environment {configuration.environment} is deployed in "
            f"aws://{configuration.account}/{configuration.region}; deploy it first\n"
        )
        return False
    arguments.region = configuration.region
    if arguments.stack is None and not arguments.everything:
        arguments.stack = stacks
    return True
