"""What stops a deployment."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

if TYPE_CHECKING:
    from collections.abc import Iterator


class DeploymentError(Exception):
    """Something that stops a deployment, with what was found, what was expected and what to do."""


@contextmanager
def refused_calls_explained() -> Iterator[None]:
    """Turn what AWS refuses into a message for the reader.

    Raises:
        DeploymentError: a call was refused or did not come through.
    """
    try:
        yield
    except ClientError as problem:
        raise DeploymentError(
            f"AWS refused a call: {problem}. Give your role the right to {problem.operation_name}, or use another role."
        ) from None
    except BotoCoreError as problem:
        raise DeploymentError(f"A call to AWS did not come through: {problem}. Try again.") from None
