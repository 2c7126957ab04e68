"""Generated secrets are worth at least 60 bits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nexis.facts.password_bits import MINIMUM_BITS, from_generate_secret_string, generated_bits, shortest_length
from nexis.rules.model import Problem, Rule
from nexis.templates.views import Absent, Undetermined, is_deferred, place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.templates.views import View

PROPERTY = "GenerateSecretString"
#: What these hold has no influence on the strength, so that references in them do not matter.
WITHOUT_INFLUENCE = ("SecretStringTemplate", "GenerateStringKey")


def check(secret: View) -> Iterator[Problem]:
    """Compute what the generator is worth."""
    generator = secret.get(PROPERTY)
    if not isinstance(generator, dict):
        yield Problem(place(PROPERTY), f"found {generator!r}, expected a map such as {{PasswordLength: 32}}")
        return
    known = {}
    for name in generator:
        if name in WITHOUT_INFLUENCE:
            continue
        value = secret.get(PROPERTY, name)
        if isinstance(value, str) and is_deferred(value):
            raise Undetermined(place(PROPERTY, name), f"{str(value)!r} is known only after deployment")
        known[name] = value
    try:
        settings = from_generate_secret_string(known)
    except ValueError as problem:
        yield Problem(place(PROPERTY), str(problem))
        return
    bits = generated_bits(settings)
    if bits < MINIMUM_BITS:
        length = shortest_length(settings, MINIMUM_BITS)
        advice = "fewer exclusions" if length is None else f"PasswordLength {length} or more with these exclusions"
        yield Problem(
            place(PROPERTY), f"generates passwords of {bits:.1f} bits, expected {MINIMUM_BITS} or more: {advice}"
        )


RULE = Rule(
    id="passwords.generated-bits",
    severity="fatal",
    title="Generated secrets are worth at least 60 bits",
    why="A shorter secret, or one of a few characters only, is guessed; exclusions shrink it without being seen.",
    fix="leave PasswordLength at 32 or more and exclude only what the consumer cannot take "
    "(CDK: RolePassword, or SecretStringGenerator(password_length=32))",
    types=("AWS::SecretsManager::Secret",),
    check=check,
    applies=lambda secret: not isinstance(secret.peek(PROPERTY), Absent),
    claims=("passwords.60-bits",),
    controls={"SOC 2": ("CC6.1",)},
    source="Secrets Manager API Reference, GetRandomPassword; CloudFormation, AWS::SecretsManager::Secret "
    "GenerateSecretString",
    cdk='RolePassword(self, "AppPassword", role="app")\n'
    'secretsmanager.Secret(self, "Other", generate_secret_string=secretsmanager.SecretStringGenerator(\n'
    "    password_length=32, exclude_punctuation=True))",
    example={
        "Password": {
            "Type": "AWS::SecretsManager::Secret",
            "Properties": {"GenerateSecretString": {"PasswordLength": 32, "ExcludePunctuation": True}},
        }
    },
)
