"""The JSON report, schema `nexis-check/1`, as `nexis-check-1.schema.json` beside this module describes it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from nexis.report.model import Report

SCHEMA: Final = "nexis-check/1"


def render_json(report: Report) -> str:
    """Write a report as JSON.

    Args:
        report: the outcome of a run.
    """
    document = {
        "schema": SCHEMA,
        "summary": report.summary(),
        "findings": [finding.as_json() for finding in report.findings],
    }
    return json.dumps(encodable(document), indent=2) + "\n"


def encodable(value: Any) -> Any:
    """Write half characters out: a template or the name of a file may hold them, but no text of Unicode does.

    Args:
        value: what JSON can say.
    """
    if isinstance(value, dict):
        return {key: encodable(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [encodable(item) for item in value]
    if isinstance(value, str) and not value.isascii():
        return value.encode(errors="backslashreplace").decode()
    return value
