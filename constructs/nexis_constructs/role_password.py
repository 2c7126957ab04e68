"""A generated password for one PostgreSQL role, strong by computation and safe in a connection string."""

from __future__ import annotations

import json
import string

from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from nexis.facts.password_bits import LONGEST_LENGTH, TARGET_BITS, Generator, generated_bits, shortest_length
from nexis_constructs._checks import check_between, check_matches, refusal, removal_policy
from nexis_constructs.customer_key import CustomerKey

URI_UNRESERVED_PUNCTUATION = "-._~"
"""The punctuation that a URI never has to escape. Source: RFC 3986, section 2.3."""

EXCLUDED_CHARACTERS = "".join(sorted(set(string.punctuation) - set(URI_UNRESERVED_PUNCTUATION)))
"""Punctuation that no generated password has.

Only letters, digits and `-._~` are left. They mean themselves in a connection URI (RFC 3986), in a libpq key=value
string (which gives a meaning to the quote, the backslash, the space and the equals sign), in a password file (the
colon and the backslash), in JSON and in a shell, so nobody ever has to escape a password, or forgets to.

Source: PostgreSQL manual, "Connection Strings" and "The Password File"; RFC 3986, sections 2.2 and 2.3.
"""

RESERVED_ROLES = frozenset({"none", "postgres", "public", "rdsadmin"})
"""Role names that this construct refuses.

`public` and `none` are words of SQL, `rdsadmin` belongs to RDS, and the superuser `postgres` has no password: it logs
in as the operating system's user, over the local socket only.

Source: PostgreSQL manual, "CREATE ROLE"; Amazon RDS User Guide, "Master user account privileges".
"""


def check_role(argument: str, role: str) -> str:
    """Returns the name of a PostgreSQL role that needs no quotes and is nobody else's.

    Args:
        argument: name of the argument, for the message.
        role: the name found.

    Raises:
        ValueError: if it would need quotes, is longer than PostgreSQL keeps, or is reserved.

    Source: PostgreSQL manual, "Identifiers and Key Words" (63 bytes) and "CREATE ROLE" (names beginning with pg_).
    """
    expected = "1 to 63 lower-case letters, digits and underscores, beginning with a letter"
    if isinstance(role, str) and (role in RESERVED_ROLES or role.startswith("pg_")):
        raise refusal(
            argument,
            got=role,
            expected=f"{expected}; not one of {', '.join(sorted(RESERVED_ROLES))}, and not beginning with pg_",
            do="Give the role a name of its own, such as 'app'.",
        )
    if not isinstance(role, str):
        raise refusal(argument, got=role, expected=expected, do="Name a role, such as 'app'.")
    return check_matches(argument, role, r"[a-z][a-z0-9_]{0,62}", expected=expected, do="Name a role, such as 'app'.")


class RolePassword(Construct):
    """A Secrets Manager secret that holds the name and the generated password of one PostgreSQL role.

    The secret is JSON, `{"username": …, "password": …}`. Nobody chooses or sees the password before it is used, and
    its strength is computed from what Secrets Manager is asked to generate.

    Args:
        scope: the construct it belongs to.
        construct_id: its id there.
        role: name of the PostgreSQL role.
        length: number of characters of the password, up to 4096.
        key: the key that encrypts the secret; one of its own by default.
        retain: whether the secret (and its own key) outlives its stack.

    Attributes:
        role: name of the PostgreSQL role.
        bits: how many bits of guessing work the generator guarantees.
        key: the key that encrypts the secret.
        resource: the secret.

    Raises:
        ValueError: if the role's name is refused, or the password would have fewer than 128 bits.

    Source: AWS CloudFormation User Guide, AWS::SecretsManager::Secret GenerateSecretString; Secrets Manager API
    Reference, GetRandomPassword.

    Example:
        ```python
        from aws_cdk import App, Stack
        from nexis_constructs import RolePassword

        app = App()
        stack = Stack(app, "Billing")
        password = RolePassword(stack, "InvoicesPassword", role="invoices")
        assert password.bits >= 128
        app.synth()
        ```
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        role: str = "app",
        length: int = 32,
        key: CustomerKey | None = None,
        retain: bool = True,
    ) -> None:
        check_role("role", role)
        check_between("length", length, least=1, most=LONGEST_LENGTH, unit="characters")
        generator = Generator(length=length, exclude_characters=EXCLUDED_CHARACTERS)
        bits = generated_bits(generator)
        if bits < TARGET_BITS:
            raise refusal(
                "length",
                got=f"{length} characters, {bits:.1f} bits",
                expected=f"at least {TARGET_BITS} bits",
                do=f"The shortest password that has them is {shortest_length(generator, TARGET_BITS)} characters long.",
            )
        super().__init__(scope, construct_id)
        self.role = role
        self.bits = bits
        self.key = key or CustomerKey(self, "Key", purpose=f"password of {role.replace('_', '-')}", retain=retain)
        self.key.allow_via_service("secretsmanager", grants=False)
        self.resource = secretsmanager.CfnSecret(
            self,
            "Resource",
            description=f"Name and generated password of the PostgreSQL role {role}",
            kms_key_id=self.key.key_arn,
            generate_secret_string=secretsmanager.CfnSecret.GenerateSecretStringProperty(
                secret_string_template=json.dumps({"username": role}),
                generate_string_key="password",
                password_length=generator.length,
                exclude_characters=generator.exclude_characters,
                exclude_lowercase=generator.exclude_lowercase,
                exclude_uppercase=generator.exclude_uppercase,
                exclude_numbers=generator.exclude_numbers,
                exclude_punctuation=generator.exclude_punctuation,
                include_space=generator.include_space,
                require_each_included_type=generator.require_each_included_type,
            ),
        )
        self.resource.apply_removal_policy(removal_policy(retain=retain))

    @property
    def secret_arn(self) -> str:
        """The secret's ARN, with the suffix that Secrets Manager adds."""
        return self.resource.ref
