"""How long CloudWatch Logs can keep a log group, and how long the baseline keeps it.

Source: CloudWatch Logs API Reference, PutRetentionPolicy, retentionInDays, 2026-11-01.
"""

from __future__ import annotations

from typing import Final

#: Retention periods in days that CloudWatch Logs accepts.
ALLOWED_DAYS: Final = (
    *(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731),
    *(1096, 1827, 2192, 2557, 2922, 3288, 3653),
)

#: The baseline keeps a year or more (SOC 2 CC7.2: events stay available for evaluation over the audit period).
MINIMUM_DAYS: Final = 365


def long_enough_days() -> tuple[int, ...]:
    """Return the retention periods in days that CloudWatch accepts and the baseline finds long enough."""
    return tuple(days for days in ALLOWED_DAYS if days >= MINIMUM_DAYS)


def nearest_days(days: int) -> int:
    """Return the valid retention period nearest to a number of days; the longer one if two are equally near.

    Args:
        days: What was asked for.
    """
    return min(long_enough_days(), key=lambda valid: (abs(valid - days), -valid))
