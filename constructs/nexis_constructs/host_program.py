"""The seam for what runs inside a database host: a program turns the facts of one host into its user data."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol

from nexis.facts.tags import PLACEHOLDER
from nexis_constructs._checks import check_matches, refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

HOST_FACTS_PATH: Final = "/etc/nexis/host.json"
"""Where a host finds the facts about itself."""

USER_DATA_LIMIT: Final = 16384
"""Longest user data, in bytes before base64. Source: Amazon EC2 User Guide, "Run commands when you launch an EC2
instance with user data input"."""

_BEGINNINGS = ("#cloud-config\n", "#!")


@dataclass(frozen=True, slots=True)
class HostFacts:
    """What a host must know about itself; names and addresses of secrets, never a secret.

    Attributes:
        host: its own DNS name.
        members: DNS names of all hosts of the cluster, its own among them.
        writer: DNS name of the host that accepts writes.
        readers: DNS name of the hosts that answer reads.
        zone_name: name of the private DNS zone.
        hosted_zone_id: id of that zone, where the host keeps its own record.
        availability_zone: the zone it runs in.
        region: the AWS region.
        postgresql_major: the PostgreSQL major version.
        log_group: the CloudWatch log group it writes to.
        log_stream: its own stream there, the only one it may write.
        passwords: ARN of the Secrets Manager secret of each PostgreSQL role it may read, by role.
    """

    host: str
    members: tuple[str, ...]
    writer: str
    readers: str
    zone_name: str
    hosted_zone_id: str
    availability_zone: str
    region: str
    postgresql_major: int
    log_group: str
    log_stream: str
    passwords: Mapping[str, str]

    def document(self) -> dict[str, Any]:
        """Returns the facts as a JSON object."""
        return {
            "availability_zone": self.availability_zone,
            "host": self.host,
            "hosted_zone_id": self.hosted_zone_id,
            "log_group": self.log_group,
            "log_stream": self.log_stream,
            "members": list(self.members),
            "passwords": dict(sorted(self.passwords.items())),
            "postgresql_major": self.postgresql_major,
            "readers": self.readers,
            "region": self.region,
            "writer": self.writer,
            "zone_name": self.zone_name,
        }


class HostProgram(Protocol):
    """What runs inside a database host.

    A program has a short name, says whether it is a placeholder, and renders user data: text for cloud-init, at most
    16 KiB, that carries no secret. Whoever may describe an instance or its launch template can read user data.
    """

    @property
    def name(self) -> str:
        """Short name, lower-case letters, digits, dots and hyphens; becomes the tag `nexis:program`."""
        ...

    @property
    def is_placeholder(self) -> bool:
        """True if no database runs."""
        ...

    def user_data(self, facts: HostFacts) -> str:
        """Renders the user data of one host.

        Args:
            facts: what the host must know about itself. Values such as ids and ARNs may be CDK tokens, which are
                plain text until deployment: embed them, do not take them apart.
        """
        ...


@dataclass(frozen=True, slots=True)
class PlaceholderProgram:
    """Writes the facts about the host to `/etc/nexis/host.json` and does nothing else: no database runs.

    Example:
        ```python
        from aws_cdk import App, Stack
        from nexis_constructs import DatabaseCluster, PlaceholderProgram

        app = App()
        stack = Stack(app, "Billing")
        cluster = DatabaseCluster(stack, "Database", program=PlaceholderProgram())
        assert cluster.is_placeholder
        app.synth()
        ```
    """

    @property
    def name(self) -> str:
        """The program's name."""
        return PLACEHOLDER

    @property
    def is_placeholder(self) -> bool:
        """True: no database runs."""
        return True

    def user_data(self, facts: HostFacts) -> str:
        """Renders cloud-config that writes one file. JSON is YAML, so no quoting can go wrong.

        Args:
            facts: what the host must know about itself.

        Source: cloud-init documentation, "Write files" module; YAML 1.2, section 1.3 (relation to JSON).
        """
        file = {
            "path": HOST_FACTS_PATH,
            "owner": "root:root",
            "permissions": "0644",
            "content": json.dumps(facts.document()) + "\n",
        }
        return "#cloud-config\n" + json.dumps({"write_files": [file]}, indent=1) + "\n"


def rendered_user_data(program: HostProgram, facts: HostFacts) -> str:
    """Returns a program's user data for one host.

    Args:
        program: what runs inside the host.
        facts: what the host must know about itself.

    Raises:
        ValueError: if cloud-init would not take the text, it is too long, or it would carry a secret's value.

    Source: AWS CloudFormation User Guide, "Get values stored in other services using dynamic references".
    """
    check_matches(
        "program.name",
        program.name,
        r"[a-z0-9][a-z0-9.-]{0,63}",
        expected="1 to 64 lower-case letters, digits, dots and hyphens",
        do="Give the program a short name; it becomes a tag.",
    )
    text = program.user_data(facts)
    if not isinstance(text, str) or not text.startswith(_BEGINNINGS):
        raise refusal(
            f"user data of program {program.name!r}",
            got=text[:20] if isinstance(text, str) else type(text).__name__,
            expected="text that begins with a line '#cloud-config' or with '#!'",
            do="cloud-init ignores anything else in silence; begin the text with one of them.",
        )
    if len(text.encode()) > USER_DATA_LIMIT:
        raise refusal(
            f"user data of program {program.name!r}",
            got=f"{len(text.encode())} bytes",
            expected=f"at most {USER_DATA_LIMIT} bytes",
            do="Put the program into the image and leave only the facts in the user data.",
        )
    if "{{resolve:" in text:
        raise refusal(
            f"user data of program {program.name!r}",
            got="a dynamic reference, {{resolve:…}}",
            expected="no secret and no parameter",
            do="CloudFormation would put the value into the launch template in clear; read it at boot, by its ARN.",
        )
    return text
