"""Whether a grant to an AWS service says for whose resources the service may act.

Source: IAM User Guide, "The confused deputy problem: cross-service confused deputy prevention". Read 2026-11-23.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from nexis.rules._policy_documents import statements

if TYPE_CHECKING:
    from nexis.rules._policy_documents import Statement
    from nexis.templates.views import View

CLOUDFORMATION: Final = "cloudformation.amazonaws.com"

#: Services that act on a resource for any account that asks them to. The others act only for a role or for the account
#: itself, so that nobody else can send them. (Lower case, without the region that some names have.)
DEPUTIES: Final = frozenset(
    {
        "access-analyzer",
        "alarms.cloudwatch",
        "apigateway",
        "appflow",
        "backup",
        "bcm-data-exports",
        "bedrock",
        "billingreports",
        "budgets",
        "chatbot",
        "cloudfront",
        "cloudtrail",
        "cloudwatch",
        "codecommit",
        "codestar-notifications",
        "cognito-idp",
        "config",
        "costalerts",
        "delivery.logs",
        "dms",
        "elasticache",
        "elasticloadbalancing",
        "events",
        "export.rds",
        "firehose",
        "guardduty",
        "inspector2",
        "iot",
        "lex",
        "lexv2",
        "logging.s3",
        "logs",
        "macie",
        "mediastore",
        "rds",
        "redshift",
        "s3",
        "scheduler",
        "serverlessrepo",
        "ses",
        "sns",
        "sqs",
        "ssm",
        "ssm-incidents",
    }
)


def deputy(principal: str) -> bool:
    """Whether a principal is a service that acts for any account.

    Args:
        principal: such as `sns.amazonaws.com` or `logs.eu-central-1.amazonaws.com`.
    """
    found = re.fullmatch(r"([a-z0-9.-]+?)\.amazonaws\.com(\.cn)?", principal.strip().lower())
    if found is None:
        return False
    name = re.sub(r"\.[a-z]{2}(-[a-z]+)+-[0-9]$", "", found[1])
    return name in DEPUTIES


def is_service(principal: str) -> bool:
    """Whether a principal is an AWS service.

    Args:
        principal: such as `sns.amazonaws.com`.
    """
    return principal.strip().lower().endswith((".amazonaws.com", ".amazonaws.com.cn", ".amazon.com"))


def is_cloudformations(role: View) -> bool:
    """Whether CloudFormation may take on a role, and with it do whatever a template says.

    Args:
        role: an `AWS::IAM::Role`.
    """
    return any(
        item.startswith(CLOUDFORMATION)
        for statement in statements(role, "AssumeRolePolicyDocument")
        if statement.allows
        for item in services_of(statement)
    )


def services_of(statement: Statement) -> list[str]:
    """Give the services that a statement trusts, as far as they are written out.

    Args:
        statement: of a policy with principals.
    """
    principal = statement.elements.get("Principal")
    services = principal.get("Service") if isinstance(principal, dict) else None
    return [item for item in (services if isinstance(services, list) else [services]) if isinstance(item, str)]
