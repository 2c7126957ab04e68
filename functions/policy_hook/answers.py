"""Findings -> the answer that CloudFormation shows to whoever deploys.

Source: AWS CloudFormation Hooks User Guide, "Response input"; CloudFormation API Reference, Annotation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nexis.check import Finding

LONGEST_MESSAGE: Final = 4096
"""Characters that CloudFormation shows; of what Cloud Control makes, `LONGEST_OF_CLOUD_CONTROL`."""
LONGEST_OF_CLOUD_CONTROL: Final = 1024
MOST_ANNOTATIONS: Final = 50
"""A choice, so that an answer stays far below the 6 MB that Lambda may give back."""
LONGEST_ANNOTATION: Final = 2000
SEVERITIES: Final[Mapping[str, str]] = {"fatal": "CRITICAL", "error": "HIGH"}

ErrorCode = Literal["NonCompliant", "InternalFailure"]


def passed(token: str, message: str) -> dict[str, Any]:
    """Let the operation go on.

    Args:
        token: of the event.
        message: what was judged.
    """
    return {"hookStatus": "SUCCESS", "message": message, "clientRequestToken": token}


def failed(token: str, code: ErrorCode, message: str, *, longest: int = LONGEST_MESSAGE) -> dict[str, Any]:
    """Stop the operation.

    Args:
        token: of the event.
        code: whether something does not comply, or could not be judged.
        message: what was found, and what to do.
        longest: characters that are shown.
    """
    return {
        "hookStatus": "FAILED",
        "errorCode": code,
        "message": cut(message, longest),
        "clientRequestToken": token,
    }


def refused(token: str, findings: Sequence[Finding], *, where: str, longest: int = LONGEST_MESSAGE) -> dict[str, Any]:
    """Stop the operation for what was found.

    Args:
        token: of the event.
        findings: at least one, all of which fail.
        where: what was judged.
        longest: characters that are shown.
    """
    annotations = [
        {
            "annotationName": f"{finding.rule} {finding.resource}"[:LONGEST_ANNOTATION],
            "status": "FAILED",
            "statusMessage": cut(f"{finding.property_path} {finding.message}", LONGEST_ANNOTATION),
            "remediationMessage": cut(finding.fix, LONGEST_ANNOTATION),
            "severityLevel": SEVERITIES.get(finding.severity, "MEDIUM"),
        }
        for finding in findings[:MOST_ANNOTATIONS]
    ]
    message = findings_message(findings, where=where, longest=longest)
    return {**failed(token, "NonCompliant", message, longest=longest), "annotations": annotations}


def findings_message(findings: Sequence[Finding], *, where: str, longest: int) -> str:
    """Write findings one after the other, as many as there is room for, and how many more there are.

    Args:
        findings: at least one.
        where: what was judged.
        longest: characters there is room for.
    """
    count = len(findings)
    text = f"Nexis: {count} {'finding' if count == 1 else 'findings'} in {where}."
    for number, finding in enumerate(findings):
        entry = f" [{number + 1}] {_written(finding)}"
        rest = _rest(count - number - 1)
        if len(text) + len(entry) + len(rest) > longest:
            room = longest - len(text) - len(rest)
            # One that is too long by itself is cut, so that something is said.
            return text + (cut(entry, room) if number == 0 else _rest(count - number)) + (rest if number == 0 else "")
        text += entry
    return text


def _rest(count: int) -> str:
    return f" And {count} more: run `nexis check` on the template." if count else ""


def _written(finding: Finding) -> str:
    level = finding.severity.upper() + (" (unknown)" if finding.verdict == "unknown" else "")
    name = finding.construct or finding.resource
    return (
        f"{level} {finding.rule} at {name} ({finding.type}): {finding.property_path} {finding.message}. "
        f"Fix: {finding.fix}."
    )


def cut(text: str, longest: int) -> str:
    """Shorten a text, visibly; empty ones become a dash, since AWS wants at least one character.

    Args:
        text: any.
        longest: characters it may have.
    """
    text = text or "-"
    return text if len(text) <= longest else f"{text[: max(longest - 1, 0)]}…"
