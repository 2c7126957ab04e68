"""The JSON report, schema `nexis-check/1`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

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
    return json.dumps(document, indent=2) + "\n"
