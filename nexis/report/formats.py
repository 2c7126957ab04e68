"""The formats of a report: a module is imported only when its format is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nexis.report.model import Report

# name: module and function. The function takes a Report and gives text; that of `text` also `verbose` and `colour`.
FORMATS: Final[Mapping[str, str]] = {
    "text": "nexis.report.text_report:render_text",
    "json": "nexis.report.json_report:render_json",
    "sarif": "nexis.report.sarif_report:render_sarif",
    "junit": "nexis.report.junit_report:render_junit",
    "markdown": "nexis.report.markdown_report:render_markdown",
    "github": "nexis.report.github_report:render_github",
    "gitlab": "nexis.report.gitlab_report:render_gitlab",
    "html": "nexis.report.html_report:render_html",
}


def render(name: str, report: Report, **options: Any) -> str:
    """Write a report in a format.

    Args:
        name: of `FORMATS`.
        report: the outcome of a run.
        options: what the function of the format takes beside the report.
    """
    import importlib

    module, _, function = FORMATS[name].partition(":")
    text: str = getattr(importlib.import_module(module), function)(report, **options)
    return text
