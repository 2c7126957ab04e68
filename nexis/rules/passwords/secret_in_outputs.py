"""No output of a stack shows a secret.

Outputs are not masked, NoEcho or not, and everyone who may describe the stack reads them.

Source: CloudFormation User Guide, "Parameters" (NoEcho) and "Outputs"; read 2026-11-23.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from nexis.facts.secret_properties import SECRET_PROPERTIES
from nexis.rules.model import Problem, Rule
from nexis.rules.passwords._written import Writing

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from nexis.templates.views import View

#: Attributes that are a secret. Source: CloudFormation resource reference, "Fn::GetAtt" of each type.
SECRET_ATTRIBUTES: Final[Mapping[str, str]] = MappingProxyType(
    {"AWS::Cognito::UserPoolClient": "ClientSecret", "AWS::IAM::AccessKey": "SecretAccessKey"}
)
FETCHED: Final = ("{{resolve:secretsmanager:", "{{resolve:ssm-secure:")


def check(resource: View) -> Iterator[Problem]:
    """Look for the secrets of a resource in the outputs of its template."""
    writing = Writing(resource)
    template = resource.template
    handed_in = _parameters(writing, resource)
    for name, output in template.outputs.items():
        if not isinstance(output, dict):
            continue
        pieces = writing.pieces(template, output.get("Value"))
        for piece in pieces:
            reference = piece.reference
            if reference is not None and resource.is_named_by(reference):
                if reference.attribute == SECRET_ATTRIBUTES.get(resource.type):
                    yield _shown(name, f"its {reference.attribute}")
                elif any(mark in other.text for other in pieces for mark in FETCHED):
                    yield _shown(name, "what it holds")
            elif piece.parameter and piece.parameter in handed_in:
                yield _shown(name, f"parameter {piece.parameter}, which is its password")


def _shown(output: str, what: str) -> Problem:
    return Problem(f"Outputs.{output}.Value", f"shows {what} to all who may describe the stack; expected no output")


def _parameters(writing: Writing, resource: View) -> frozenset[str]:
    """Give the parameters that hand in a secret of the resource."""
    found = set()
    for path in SECRET_PROPERTIES.get(resource.type, ()):
        for raw in _at(dict(resource.resource.properties), path):
            pieces = writing.pieces(resource.template, raw)
            # In the JSON of a secret other parameters stand beside the password: a name, a host.
            found |= {p.parameter for p in pieces if p.kind == "secret" or p.hidden or len(pieces) == 1}
    return frozenset(found - {"", "AWS"})


def _at(value: Any, path: tuple[str, ...]) -> Iterator[Any]:
    if not path:
        yield value
    elif path[0] == "*":
        for item in value if isinstance(value, list) else ():
            yield from _at(item, path[1:])
    elif isinstance(value, dict) and path[0] in value:
        yield from _at(value[path[0]], path[1:])


RULE = Rule(
    id="passwords.secret-in-outputs",
    severity="fatal",
    title="No output of a stack shows a secret",
    why="Outputs stand readable in the console and in the API; NoEcho does not mask them.",
    fix="remove the output, or give out the ARN of the secret instead (CDK: CfnOutput of secret.secret_arn)",
    types=tuple(dict.fromkeys((*SECRET_ATTRIBUTES, *SECRET_PROPERTIES))),
    check=check,
    claims=("passwords.60-bits",),
    controls={"SOC 2": ("CC6.1",)},
    source="CloudFormation User Guide, Parameters (NoEcho) and Outputs",
    cdk='CfnOutput(self, "PasswordArn", value=secret.secret_arn)',
    example={"Password": {"Type": "AWS::SecretsManager::Secret", "Properties": {"GenerateSecretString": {}}}},
)
