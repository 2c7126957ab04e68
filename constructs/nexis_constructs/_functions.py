"""Finds the source of the Lambda functions, in the installed package or in the repository."""

from __future__ import annotations

from pathlib import Path

INLINE_LIMIT = 4096
"""Longest inline source, in characters.

Source: AWS CloudFormation User Guide, AWS::Lambda::Function Code, ZipFile.
"""

_PACKAGE = Path(__file__).resolve().parent


def inline_source(
    name: str, *, folders: tuple[Path, ...] = (_PACKAGE / "functions", _PACKAGE.parents[1] / "functions")
) -> str:
    """Returns the source of one function, for the template itself.

    Args:
        name: folder of the function, such as `close_default_security_group`.
        folders: where to look, in this order: the installed package, then the repository.

    Raises:
        FileNotFoundError: if no folder has it.
        ValueError: if it is too long for a template.
    """
    for folder in folders:
        path = folder / name / "index.py"
        if path.is_file():
            source = path.read_text(encoding="utf-8")
            if len(source) >= INLINE_LIMIT:
                raise ValueError(
                    f"{path}: got {len(source)} characters; expected fewer than {INLINE_LIMIT}, the most that a "
                    "template may carry. Shorten it, or publish it as an asset."
                )
            return source
    raise FileNotFoundError(
        f"function {name!r}: got no index.py; expected it in one of {', '.join(str(f / name) for f in folders)}. "
        "Install the package again; its wheel carries the functions."
    )
