"""The third moment: CloudFormation asks before it makes anything, and the rules of `nexis check` answer.

Whatever goes wrong here stops the operation: an event that cannot be read, a template that cannot be fetched, a rule
that crashes. Source: AWS CloudFormation Hooks User Guide, "Lambda Hooks".
"""

from __future__ import annotations

import datetime as dt
import json
import os
import sys
import time
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from functions.policy_hook import answers, waived
from functions.policy_hook.event import EventProblem, is_cloud_control, read_event, token_of
from functions.policy_hook.judging import Policy, judge_resource, judge_template
from nexis.records import record, replace
from nexis.rules.registry import RegistryError
from nexis.templates.model import TemplateError
from nexis.waivers import WaiverError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from functions.policy_hook.event import Request
    from functions.policy_hook.judging import Judged
    from nexis.check import Finding

#: Where the bundle keeps the project's waivers.
BUNDLE: Final = Path(__file__).resolve().parents[2] / "policy"
SCOPES: Final = ("everywhere", "baseline")
PARAMETERS: Final = ("strict", "default")


class SettingProblem(Exception):
    """An environment variable of the function that cannot be used."""


class Unreachable(Exception):
    """Something the hook needs and cannot have; the text says what."""


@record(kw_only=True)
class Surroundings:
    """What an answer hangs on, apart from the event.

    Args:
        environment: the function's environment variables.
        waivers: folder with the project's waivers.
        today: the day on which waivers are judged.
        fetch: gives what waits behind a URL.
        exports: gives the values of a region's exports.
    """

    environment: Mapping[str, str]
    waivers: Path
    today: dt.date
    fetch: Callable[[str], bytes]
    exports: Callable[[str | None], Mapping[str, str]]


def handler(event: Any, context: object) -> dict[str, Any]:
    """Answer one invocation.

    Args:
        event: of CloudFormation.
        context: of Lambda; not used.
    """
    surroundings = Surroundings(
        environment=os.environ,
        waivers=BUNDLE,
        today=dt.datetime.now(dt.UTC).date(),
        fetch=_fetch,
        exports=_exports,
    )
    return answer(event, surroundings)


def answer(event: Any, surroundings: Surroundings) -> dict[str, Any]:
    """Give the answer to an event, and write one line about it; nothing is raised.

    Args:
        event: of CloudFormation.
        surroundings: what the answer hangs on.
    """
    started = time.monotonic()
    token = token_of(event)
    longest = answers.LONGEST_OF_CLOUD_CONTROL if is_cloud_control(event) else answers.LONGEST_MESSAGE
    told: dict[str, Any] = {"token": token}
    try:
        made = _answer(event, surroundings, token, longest, told)
    except (EventProblem, SettingProblem, TemplateError, Unreachable) as problem:
        told["reason"] = str(problem)
        made = _not_judged(token, str(problem), longest)
    except (WaiverError, RegistryError) as problem:
        told["reason"] = str(problem)
        made = _not_judged(token, f"the policies cannot be read: {problem}", longest)
    except (Exception, SystemExit) as problem:  # whatever it is, nothing was judged, so nothing may be made
        place = traceback.extract_tb(problem.__traceback__)[-1]
        told["crash"] = f"{type(problem).__name__} at {Path(place.filename).name}:{place.lineno}"
        made = _not_judged(token, f"the hook crashed ({told['crash']}); its log says which event", longest)
    told |= {key: made[key] for key in ("hookStatus", "errorCode") if key in made}
    told["milliseconds"] = round((time.monotonic() - started) * 1000)
    sys.stdout.write(json.dumps(told) + "\n")  # no value of a property: they may be secrets
    return made


def _answer(event: Any, surroundings: Surroundings, token: str, longest: int, told: dict[str, Any]) -> dict[str, Any]:
    request = read_event(event)
    if request.region is None:  # a hook runs in the region of what it judges
        request = replace(request, region=surroundings.environment.get("AWS_REGION"))
    told |= {"target": request.target, "action": request.action, "stack": request.stack, "name": request.name}
    told |= {"type": request.type} if request.type else {}
    if request.action == "DELETE":
        return answers.passed(token, "Nexis: what is deleted is not judged.")
    waivers = waived.bundled_waivers(surroundings.waivers, surroundings.today)
    judged = _judged(request, surroundings)
    failing = waived.failing(judged.findings, waivers)
    other = "stack" if request.target == "RESOURCE" else "resources"
    told[f"left_to_{other}"] = [{"rule": rule, "resource": resource} for rule, resource in judged.left]
    told["findings"] = [_told(finding) for finding in failing]
    if failing:
        return answers.refused(token, failing, where=_where(request), longest=longest)
    why = "need the whole template" if other == "stack" else "hang on values that are open until then"
    left = f"; {len(judged.left)} more {why}, and are left to the {other}" if judged.left else ""
    return answers.passed(token, f"Nexis: nothing fails in {_where(request)}{left}.")


def _judged(request: Request, surroundings: Surroundings) -> Judged:
    policy = Policy(
        baseline=_setting(surroundings.environment, "SCOPE", SCOPES) == "baseline",
        strict=_setting(surroundings.environment, "PARAMETERS", PARAMETERS) == "strict",
    )
    if request.target == "RESOURCE":
        return judge_resource(request, policy)
    from functions.policy_hook import payload  # imported late: a resource brings its properties along

    try:
        text = payload.template_in(surroundings.fetch(request.payload))
    except payload.PayloadProblem as problem:
        raise Unreachable(str(problem)) from None
    return judge_template(text, request, policy, lambda: surroundings.exports(request.region))


def _setting(environment: Mapping[str, str], name: str, choices: tuple[str, ...]) -> str:
    """Read a setting; the first of the choices where nothing is said."""
    value = environment.get(name) or choices[0]
    if value not in choices:
        raise SettingProblem(f"environment variable {name} is {value!r}, expected one of {', '.join(choices)}")
    return value


def _not_judged(token: str, reason: str, longest: int) -> dict[str, Any]:
    message = f"Nexis: nothing could be judged, so nothing is deployed: {reason}"
    return answers.failed(token, "InternalFailure", message, longest=longest)


def _where(request: Request) -> str:
    if request.target == "RESOURCE":
        return f"{request.name} ({request.type})"
    return f"the {'stack' if request.target == 'STACK' else 'change set of'} {request.name}"


def _told(finding: Finding) -> dict[str, str]:
    return {
        "rule": finding.rule,
        "verdict": finding.verdict,
        "resource": finding.resource,
        "property": finding.property_path,
    }


def _fetch(url: str) -> bytes:
    from functions.policy_hook.payload import fetch

    return fetch(url)


def _exports(region: str | None) -> Mapping[str, str]:
    """Ask CloudFormation for the exports of a region; the runtime brings boto3 along."""
    import boto3

    try:
        pages = boto3.client("cloudformation", region_name=region).get_paginator("list_exports").paginate()
        return {export["Name"]: export["Value"] for page in pages for export in page["Exports"]}
    except Exception as problem:
        raise Unreachable(
            f"the template imports values, and the exports cannot be listed: {type(problem).__name__}"
        ) from None
