"""Lambda functions, without their code and without the values of their environment.

Source: Lambda API Reference, GetFunctionConfiguration; CloudFormation resource reference, AWS::Lambda::Function.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from nexis.audit.model import Live
from nexis.audit.shapes import same, without_empty

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nexis.audit.model import Aws, Wanted

FUNCTION: Final = "AWS::Lambda::Function"
TYPES: Final = (FUNCTION,)


def fetch(aws: Aws, wanted: Wanted) -> list[Live]:
    """Read functions by name.

    Args:
        aws: who is asked.
        wanted: resources by id.
    """
    names = set(wanted.of(FUNCTION))
    if wanted.everything:
        names |= {answer["FunctionName"] for answer in aws.pages("lambda", "list_functions", "Functions")}

    def ask(name: str) -> Live | None:
        answer = aws.call(
            "lambda", "get_function_configuration", FunctionName=name, absent=("ResourceNotFoundException",)
        )
        return None if answer is None else function(answer)

    return [live for live in aws.each(ask, sorted(names)) if live is not None]


def function(answer: Mapping[str, Any]) -> Live:
    """Read a function as GetFunctionConfiguration answers it."""
    properties = same(
        answer,
        "FunctionName",
        "Runtime",
        "Handler",
        "Role",
        "Description",
        "Timeout",
        "MemorySize",
        "Architectures",
        "PackageType",
        "LoggingConfig",
    )
    if answer.get("KMSKeyArn"):
        properties["KmsKeyArn"] = answer["KMSKeyArn"]
    target = (answer.get("DeadLetterConfig") or {}).get("TargetArn")
    if target:
        properties["DeadLetterConfig"] = {"TargetArn": target}
    inside = same(answer.get("VpcConfig") or {}, "SubnetIds", "SecurityGroupIds")
    properties["VpcConfig"] = without_empty(inside)
    tracing = (answer.get("TracingConfig") or {}).get("Mode")
    if tracing and tracing != "PassThrough":
        properties["TracingConfig"] = {"Mode": tracing}
    name = answer["FunctionName"]
    return Live(
        type=FUNCTION,
        identity=name,
        name=f"function:{name}",
        properties=without_empty(properties),
        attributes={answer["FunctionArn"]: "Arn"},
    )
