"""The two kinds of failure: the launcher's, told to a person, and an AWS API's, told to a client."""

from __future__ import annotations


class LocalAwsError(Exception):
    """The server could not be started, stopped or trusted; the message says what to do."""


class AwsError(Exception):
    """An error as an AWS API answers it.

    Args:
        code: The error code, e.g. ``InvalidParameterCombination``.
        message: The sentence beside it.
        status: The HTTP status.
    """

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status
