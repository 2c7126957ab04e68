"""The table in local_aws/README.md is what the code declares."""

from __future__ import annotations

from pathlib import Path

import local_aws
from local_aws.registry import summary

BEGIN, END = "<!-- mends: begin -->", "<!-- mends: end -->"


def test_the_readme_lists_every_mend() -> None:
    text = (Path(local_aws.__file__).parent / "README.md").read_text(encoding="utf-8")
    written = text.partition(BEGIN)[2].partition(END)[0].strip()
    assert written == summary(), "put into README.md what local_aws.registry.summary() returns"
