"""One server for all tests here, and for each test module an account of its own: nothing is shared but the process."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest

from local_aws.launcher import LocalAws, running_local_aws
from tests.local_aws.cloud import REGION, Cloud

if TYPE_CHECKING:
    from collections.abc import Iterator

_accounts = itertools.count(100000000001)


@pytest.fixture(scope="session")
def aws() -> Iterator[LocalAws]:
    with running_local_aws(region=REGION) as server:
        yield server


@pytest.fixture(scope="module")
def cloud(aws: LocalAws) -> Cloud:
    return Cloud(aws, str(next(_accounts)))
