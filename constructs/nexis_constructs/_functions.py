"""Finds the source of the Lambda functions, in the installed package or in the repository."""

from __future__ import annotations

from pathlib import Path

INLINE_LIMIT = 4096
"""Longest inline source, in characters.

Source: AWS CloudFormation User Guide, AWS::Lambda::Function Code, ZipFile.
"""

_PACKAGE = Path(__file__).resolve().parent


FOLDERS = (_PACKAGE / "functions", _PACKAGE.parents[1] / "functions")
"""Where functions are looked for: the installed package, then the repository."""

RUNTIME = "python3.14"
"""Runtime of every function. Source: AWS Lambda Developer Guide, Lambda runtimes."""


def inline_source(name: str, *, folders: tuple[Path, ...] = FOLDERS) -> str:
    """Returns the source of one function, for the template itself.

    Args:
        name: folder of the function, such as `close_default_security_group`.
        folders: where to look, in this order: the installed package, then the repository.

    Raises:
        FileNotFoundError: if no folder has it.
        ValueError: if it is too long for a template.
    """
    path = function_folder(name, folders=folders) / "index.py"
    source = path.read_text(encoding="utf-8")
    if len(source) >= INLINE_LIMIT:
        raise ValueError(
            f"{path}: got {len(source)} characters; expected fewer than {INLINE_LIMIT}, the most that a "
            "template may carry. Shorten it, or publish it as an asset."
        )
    return source


def function_folder(name: str, *, folders: tuple[Path, ...] = FOLDERS) -> Path:
    """Returns the folder of one function.

    Args:
        name: folder of the function, such as `close_default_security_group`.
        folders: where to look, in this order: the installed package, then the repository.

    Raises:
        FileNotFoundError: if no folder has it.
    """
    for folder in folders:
        if (folder / name / "index.py").is_file():
            return folder / name
    raise FileNotFoundError(
        f"function {name!r}: got no index.py; expected it in one of {', '.join(str(f / name) for f in folders)}. "
        "Install the package again; its wheel carries the functions."
    )
