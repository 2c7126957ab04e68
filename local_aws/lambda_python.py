"""The Python that functions run on: the standard library, boto3 and cfnresponse, as in Lambda, and nothing else.

MiniStack runs functions on its own interpreter, where everything installed beside it can be imported. A function that
forgot to bundle a dependency would work here and fail on AWS.

Source: Lambda Developer Guide, "Python Lambda runtimes": runtimes include the SDK for Python (boto3).
"""

from __future__ import annotations

import functools
import importlib.util
import os
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ministack.core import lambda_runtime

if TYPE_CHECKING:
    from collections.abc import Callable

SDK = ("boto3", "botocore", "s3transfer", "jmespath", "dateutil", "urllib3", "six")


def link_sdk(folder: Path) -> None:
    """Make a folder that holds the SDK's packages and no others.

    Args:
        folder: The folder; made if missing.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name in SDK:
        found = importlib.util.find_spec(name)
        if found is None or found.origin is None:
            continue  # a newer SDK may do without
        origin = Path(found.origin)
        source = origin.parent if origin.name == "__init__.py" else origin
        link = folder / source.name
        if not link.exists():
            link.symlink_to(source)


def write_interpreter(folder: Path) -> Path:
    """Write the program that functions run on; returns its path.

    Args:
        folder: Where to write it and the links it needs.
    """
    sdk = folder / "lambda-sdk"
    link_sdk(sdk)
    modules = Path(__file__).resolve().parent / "lambda_modules"
    places = shlex.quote(os.pathsep.join((str(modules), str(sdk))))
    program = folder / "lambda-python"
    program.write_text(
        "#!/bin/sh\n"
        f'PYTHONPATH="${{PYTHONPATH:+$PYTHONPATH:}}"{places}\n'
        "export PYTHONPATH\n"
        f'exec {shlex.quote(sys.executable)} -S "$@"\n',  # -S: no site-packages
        encoding="utf-8",
    )
    program.chmod(0o700)
    return program


def _choose(program: Path, stock: Callable[[str], tuple[str, str]], runtime: str) -> tuple[str, str]:
    binary, script = stock(runtime)
    return (str(program) if runtime.startswith("python") else binary), script


def install(folder: Path) -> None:
    """Let Python functions run on an interpreter of their own.

    Args:
        folder: Where to write it.
    """
    program = write_interpreter(folder)
    lambda_runtime._detect_runtime_binary = functools.partial(_choose, program, lambda_runtime._detect_runtime_binary)
