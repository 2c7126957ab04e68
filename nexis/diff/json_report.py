"""The comparison as JSON, schema `nexis-diff/1`, as `nexis-diff-1.schema.json` beside this module describes it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from nexis.report.json_report import encodable

if TYPE_CHECKING:
    from nexis.diff.model import Comparison

SCHEMA: Final = "nexis-diff/1"


def render_json(comparison: Comparison) -> str:
    """Write a comparison as JSON.

    Args:
        comparison: the outcome.
    """
    document = {
        "schema": SCHEMA,
        "base": comparison.base,
        "head": comparison.head,
        "summary": comparison.summary(),
        "changes": [change.as_json() for change in comparison.changes],
    }
    return json.dumps(encodable(document), indent=2) + "\n"
