"""The audit: live AWS through boto3 -> CloudFormation's shape -> the same rules."""

from __future__ import annotations

from nexis.audit.model import AuditError
from nexis.audit.run import AuditOutcome, audit

__all__ = ["AuditError", "AuditOutcome", "audit"]
