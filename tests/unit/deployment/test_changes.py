from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from nexis.deployment.cdk_cli import readable
from nexis.deployment.deploy import waived_in, what_changed
from nexis.deployment.errors import DeploymentError

EARLY, LATE = dt.datetime(2026, 1, 1, tzinfo=dt.UTC), dt.datetime(2026, 1, 2, tzinfo=dt.UTC)


def test_each_kind_of_change_is_told_apart() -> None:
    before = {
        "same": {"StackId": "1", "CreationTime": EARLY},
        "same-after-an-update": {"StackId": "2", "CreationTime": EARLY, "LastUpdatedTime": LATE},
        "updated": {"StackId": "3", "CreationTime": EARLY},
        "made-anew": {"StackId": "4", "CreationTime": EARLY},
    }
    after = {
        "same": {"StackId": "1", "CreationTime": EARLY},
        "same-after-an-update": {"StackId": "2", "CreationTime": EARLY, "LastUpdatedTime": LATE},
        "updated": {"StackId": "3", "CreationTime": EARLY, "LastUpdatedTime": LATE},
        "made-anew": {"StackId": "5", "CreationTime": EARLY},
        "new": {"StackId": "6", "CreationTime": LATE},
    }
    assert what_changed(before, after) == {
        "same": "no change",
        "same-after-an-update": "no change",
        "updated": "updated",
        "made-anew": "created",
        "new": "created",
    }


def test_what_the_cli_says_of_itself_is_left_out() -> None:
    banner = "b'!! Node 20 is end-of-life !!\\n'\n"
    flags = "82 feature flags are not configured. Run …\n"
    output = f"{banner}{flags}The policies refuse this app:\n"
    assert readable(output) == "The policies refuse this app:\n"


def test_what_others_found_and_was_waived_is_counted(tmp_path: Path) -> None:
    """What our own plugin says of its waivers is counted elsewhere."""
    at = {"constructPath": "Only/Queue", "constructFqn": "aws-cdk-lib.aws_sqs.CfnQueue"}
    waived = {"ruleName": "Pack-One", "severity": "error", "violatingConstructs": [at, at]}
    plugins = [
        {"pluginName": name, "conclusion": "success", "violations": [], "suppressedViolations": [waived]}
        for name in ("Pack", "Nexis")
    ]
    (tmp_path / "validation-report.json").write_text(json.dumps({"pluginReports": plugins}), "utf-8")
    assert waived_in(tmp_path) == 2


@pytest.mark.parametrize("text", [None, "", "[]", '{"pluginReports": [7]}'])
def test_a_report_that_tells_nothing_stops_the_deployment(text: str | None, tmp_path: Path) -> None:
    if text is not None:
        (tmp_path / "validation-report.json").write_text(text, "utf-8")
    with pytest.raises(DeploymentError, match="Nothing was deployed"):
        waived_in(tmp_path)
