"""The formats of a comparison: a module is imported only when its format is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nexis.diff.model import Comparison

# name: module and function; that of `text` also takes `verbose` and `colour`
FORMATS: Final[Mapping[str, str]] = {
    "text": "nexis.diff.text_report:render_text",
    "markdown": "nexis.diff.markdown_report:render_markdown",
    "json": "nexis.diff.json_report:render_json",
}


def render(name: str, comparison: Comparison, **options: Any) -> str:
    """Write a comparison in a format.

    Args:
        name: of `FORMATS`.
        comparison: the outcome.
        options: what the function of the format takes beside it.
    """
    import importlib

    module, _, function = FORMATS[name].partition(":")
    text: str = getattr(importlib.import_module(module), function)(comparison, **options)
    return text
