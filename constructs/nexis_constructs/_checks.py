"""Checks of constructor arguments: every refusal says what was found, what was expected and what to do."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aws_cdk import RemovalPolicy, Token

from nexis.facts.log_retention import MINIMUM_DAYS, long_enough_days, nearest_days

if TYPE_CHECKING:
    from collections.abc import Sequence

_ACTION = re.compile(r"[a-z][a-z0-9-]*:[A-Z][A-Za-z0-9]*")


def refusal(argument: str, *, got: object, expected: str, do: str) -> ValueError:
    """Words a refused argument.

    Args:
        argument: name of the argument.
        got: the value found.
        expected: what would have been accepted.
        do: what the reader should do now.

    Returns:
        The error to raise.
    """
    return ValueError(f"{argument}: got {got!r}; expected {expected}. {do}")


def check_between(argument: str, value: int, *, least: int, most: int, unit: str) -> int:
    """Returns a whole number that lies within its bounds.

    Args:
        argument: name of the argument.
        value: the number found.
        least: smallest accepted number.
        most: largest accepted number.
        unit: what is counted, for the message.

    Raises:
        ValueError: if it is not a whole number or lies outside.
    """
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise refusal(
            argument,
            got=value,
            expected=f"a whole number of {unit} from {least} to {most}",
            do=f"Choose one, such as {least}.",
        )
    return value


def check_log_retention(argument: str, days: int) -> int:
    """Returns a retention period that CloudWatch Logs accepts and that the baseline finds long enough.

    Args:
        argument: name of the argument.
        days: the period found, in days.

    Raises:
        ValueError: if CloudWatch Logs does not know the period, or it is too short.
    """
    accepted = long_enough_days()
    if isinstance(days, bool) or not isinstance(days, int) or days not in accepted:
        raise refusal(
            argument,
            got=days,
            expected=f"a year or more, and a period that CloudWatch Logs knows: {', '.join(map(str, accepted))} days",
            do=f"The nearest is {nearest_days(days) if isinstance(days, int) else MINIMUM_DAYS}.",
        )
    return days


def check_actions(argument: str, actions: Sequence[str]) -> tuple[str, ...]:
    """Returns IAM actions, sorted and without repetition.

    Args:
        argument: name of the argument.
        actions: actions such as `kms:Decrypt`, each written out.

    Raises:
        ValueError: if there is none, or one is not an exact action.
    """
    wrong = [action for action in actions if not _ACTION.fullmatch(action)]
    if isinstance(actions, str) or not actions or wrong:
        raise refusal(
            argument,
            got=wrong or actions,
            expected="a list of actions written out in full, such as 'kms:Decrypt', without wildcards",
            do="Name each action that is needed.",
        )
    return tuple(sorted(set(actions)))


def check_matches(argument: str, value: str, pattern: str, *, expected: str, do: str) -> str:
    """Returns text that matches a pattern as a whole; a value known only at deployment passes.

    Args:
        argument: name of the argument.
        value: the text found.
        pattern: regular expression for the whole text.
        expected: the pattern in words.
        do: what the reader should do now.

    Raises:
        ValueError: if it does not match.
    """
    if not isinstance(value, str) or not (Token.is_unresolved(value) or re.fullmatch(pattern, value)):
        raise refusal(argument, got=value, expected=expected, do=do)
    return value


def removal_policy(*, retain: bool) -> RemovalPolicy:
    """Returns what CloudFormation does with a resource that leaves the template.

    Args:
        retain: whether it outlives its stack. A resource of a stack whose very first creation failed goes all the
            same: it holds nothing yet, and its name would be in the way of the next attempt.

    Source: AWS CloudFormation User Guide, DeletionPolicy attribute, RetainExceptOnCreate.
    """
    return RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE if retain else RemovalPolicy.DESTROY
