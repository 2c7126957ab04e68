from __future__ import annotations

import datetime as dt

from nexis.deployment.cdk_cli import readable
from nexis.deployment.deploy import what_changed

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
