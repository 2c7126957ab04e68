"""Asking the policy hook: recorded events, templates put into them, and surroundings without AWS."""

from __future__ import annotations

import copy
import datetime as dt
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from functions.policy_hook.index import Surroundings, answer

if TYPE_CHECKING:
    from collections.abc import Mapping

EVENTS = Path(__file__).resolve().parents[1] / "unit" / "functions" / "hook_events"
TODAY = dt.date(2026, 11, 23)
NOWHERE = Path("/nonexistent")
ACCOUNT = "123456789012"
STACK = "MyStack"
"""Of the recorded events."""


def recorded(name: str) -> dict[str, Any]:
    """A recorded event, or the document behind its URL."""
    found: dict[str, Any] = json.loads((EVENTS / f"{name}.json").read_text(encoding="utf-8"))
    return found


def surroundings(payload: Any = None, **changes: Any) -> Surroundings:
    """Surroundings in which every URL gives one payload."""
    content = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    usual: dict[str, Any] = {
        "environment": {},
        "waivers": NOWHERE,
        "today": TODAY,
        "fetch": lambda url: content,
        "exports": lambda region: {},
    }
    return Surroundings(**{**usual, **changes})


def ask(event: Any, payload: Any = None, **changes: Any) -> dict[str, Any]:
    """The answer to an event; the event is not changed by it."""
    before = copy.deepcopy(event)
    made = answer(event, surroundings(payload, **changes))
    assert event == before
    return made


def about_stack(
    template: Any, *, target: str = "STACK", account: str = ACCOUNT, stack: str = STACK, **changes: Any
) -> dict[str, Any]:
    """The answer about a template, given as text or as what becomes JSON."""
    event = recorded("stack-update" if target == "STACK" else "change-set")
    event["stackId"] = event["stackId"].replace("us-west-2", "eu-central-1").replace(ACCOUNT, account)
    event["stackId"] = event["stackId"].replace(f"/{STACK}/", f"/{stack}/")
    text = template if isinstance(template, str) else json.dumps(template)
    return ask(event, {"template": text}, **changes)


def about_resource(
    kind: str, properties: Mapping[str, Any], *, logical_id: str = "It", **changes: Any
) -> dict[str, Any]:
    """The answer about one resource that is made."""
    event = recorded("resource-update")
    event["actionInvocationPoint"] = "CREATE_PRE_PROVISION"
    event["stackId"] = event["stackId"].replace("us-west-2", "eu-central-1")
    model = {"resourceProperties": dict(properties), "previousResourceProperties": None}
    event["requestData"] = {"targetName": kind, "targetType": kind, "targetLogicalId": logical_id, "targetModel": model}
    return ask(event, **changes)


def rules_told(line: str) -> set[tuple[str, str, str]]:
    """What a line of the log says was found: rule, resource and verdict."""
    return {(f["rule"], f["resource"], f["verdict"]) for f in json.loads(line)["findings"]}
