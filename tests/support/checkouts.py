"""Repositories in temporary folders: git without anybody's settings, and a copy of this repository."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
#: What an installation of nexis, its action and its hook need.
PARTS: Final = (
    ".pre-commit-hooks.yaml",
    "LICENSE",
    "README.md",
    "action.yml",
    "ci",
    "constructs",
    "functions",
    "nexis",
    "pyproject.toml",
    "requirements.txt",
)


def git(folder: Path, *words: str) -> str:
    """Run git in a folder, without the settings of whoever runs the tests.

    Args:
        folder: where.
        words: the command.
    """
    done = subprocess.run(
        ["git", *words],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(folder.parent),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_AUTHOR_NAME": "Somebody",
            "GIT_AUTHOR_EMAIL": "somebody@example.org",
            "GIT_COMMITTER_NAME": "Somebody",
            "GIT_COMMITTER_EMAIL": "somebody@example.org",
        },
    )
    return done.stdout.strip()


def copy_of_this_repository(folder: Path) -> Path:
    """Make a repository of one commit out of the files as they stand here.

    Args:
        folder: where; it must not exist.
    """
    folder.mkdir(parents=True)
    for name in PARTS:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__", ".*_cache"))
        else:
            shutil.copy2(source, folder / name)
    git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "config", "uploadpack.allowAnySHA1InWant", "true")
    git(folder, "add", "--all", "--force")
    git(folder, "commit", "--quiet", "--message", "nexis as it stands here")
    return folder
