"""What a report tells of a rule beside its finding; read only by the formats that say why."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from nexis.report.arrange import OWN_TOOL
from nexis.rules.registry import all_rules

if TYPE_CHECKING:
    from nexis.check import Finding
    from nexis.rules.model import Rule


@cache
def _rules() -> dict[str, Rule]:
    return {rule.id: rule for rule in all_rules()}


def rule_of(finding: Finding) -> Rule | None:
    """Give the rule of a finding; nothing for another tool's rule, and for a crash.

    Args:
        finding: of a report.
    """
    return _rules().get(finding.rule) if finding.tool == OWN_TOOL else None
