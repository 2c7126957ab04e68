"""What is read from and written to EFS travels encrypted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from nexis.rules._policy_documents import statements
from nexis.rules.model import Problem, Rule
from nexis.rules.requirements import Requirement, one_of, property_rule
from nexis.rules.tls._plaintext import refuses_plaintext
from nexis.templates.values import Unknown
from nexis.templates.views import Absent, Undetermined, is_deferred, place, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.templates.views import View

_TASK: Final = "AWS::ECS::TaskDefinition"
_JOB: Final = "AWS::Batch::JobDefinition"
_FILE_SYSTEM: Final = "AWS::EFS::FileSystem"

#: Where volumes stand, by type.
_VOLUMES: Final = {_TASK: ("Volumes",), _JOB: ("ContainerProperties", "EcsProperties", "NodeProperties")}
_CONFIGURATION: Final = "efsvolumeconfiguration"
_SETTING: Final = "transitencryption"
_ID: Final = "filesystemid"
_ACCESS_POINT: Final = "AWS::EFS::AccessPoint"
_FUNCTION: Final = "AWS::Lambda::Function"

_Path = tuple[str | int, ...]


def _mounts(resource: View) -> Iterator[tuple[_Path, Any]]:
    """Give every EFS volume of a task or a job with its place; other spellings of the names count as well."""
    wanted = {name.lower() for name in _VOLUMES[resource.type]}
    for name in resource.resource.properties:
        if isinstance(name, str) and name.lower() in wanted:
            yield from _found(resource.peek(name), (name,))


def _found(value: Any, path: _Path) -> Iterator[tuple[_Path, Any]]:
    if isinstance(value, dict):
        for name, item in value.items():
            if str(name).lower() == _CONFIGURATION:
                yield (*path, name), item
            else:
                yield from _found(item, (*path, name))
    elif isinstance(value, list):
        for position, item in enumerate(value):
            yield from _found(item, (*path, position))


def _has_mount(resource: View) -> bool:
    return any(True for _ in _mounts(resource))


def _check_mounts(resource: View) -> Iterator[Problem]:
    for path, configuration in _mounts(resource):
        yield from _mount(path, configuration)


def _mount(path: _Path, configuration: Any) -> Iterator[Problem]:
    known = configuration if isinstance(configuration, dict) else {}
    name = next((name for name in known if str(name).lower() == _SETTING), "TransitEncryption")
    found = configuration if isinstance(configuration, Unknown) else known.get(name)
    where = place(*path, name)
    if isinstance(found, Unknown) or is_deferred(found):
        reason = found.reason if isinstance(found, Unknown) else f"{str(found)!r} is known only after deployment"
        yield Problem(where, f"cannot be known here: {reason}", "unknown")
    elif found is None:
        yield Problem(where, "is absent, and the default is DISABLED; expected 'ENABLED'")
    elif str(found).upper() != "ENABLED":
        yield Problem(where, f"found {found!r}, expected 'ENABLED'")


def _is_judged(file_system: View) -> bool:
    """Leave out a file system without a policy that everything in the templates mounts over TLS."""
    return not isinstance(file_system.peek("FileSystemPolicy"), Absent) or not _is_mounted_over_tls(file_system)


def _is_mounted_over_tls(file_system: View) -> bool:
    points = [*file_system.referrers(_ACCESS_POINT, "FileSystemId")]
    # Lambda mounts over TLS, always.
    functions = any(
        point.is_named_by(value)
        for point in points
        for function in file_system.scene.views(_FUNCTION)
        for path, value in walk(function.peek("FileSystemConfigs"))
        if path[-1:] == ("Arn",)
    )
    mounts = [
        (path, configuration)
        for resource in file_system.scene.views(_TASK, _JOB)
        for path, configuration in _mounts(resource)
        if isinstance(configuration, dict)
        and any(str(name).lower() == _ID and file_system.is_named_by(value) for name, value in configuration.items())
    ]
    return (functions or bool(mounts)) and not any(True for mount in mounts for _ in _mount(*mount))


def _policy(file_system: View) -> Iterator[Problem]:
    doubt: Undetermined | None = None
    for statement in statements(file_system, "FileSystemPolicy"):
        try:
            if refuses_plaintext(statement):
                return
        except Undetermined as opened:
            doubt = opened
    if doubt is not None:
        raise doubt
    yield Problem(
        place("FileSystemPolicy"),
        "does not refuse clients without TLS; expected a statement with Effect Deny, Principal * and the one condition "
        "Bool aws:SecureTransport false",
    )


RULES = (
    Rule(
        id="tls.efs-mount",
        severity="error",
        title="Containers mount EFS over TLS",
        why="NFS without TLS carries file names and contents through the network in plain text.",
        fix="set TransitEncryption: ENABLED in EFSVolumeConfiguration (CDK: transit_encryption='ENABLED')",
        types=(_TASK, _JOB),
        check=_check_mounts,
        applies=_has_mount,
        claims=("connections.tls",),
        controls={"SOC 2": ("CC6.7",), "NIST 800-53 r5": ("SC-8",)},
        source="ECS Developer Guide, Use Amazon EFS volumes with Amazon ECS; Batch User Guide, Amazon EFS volumes",
        cdk="""\
task.add_volume(
    name="data",
    efs_volume_configuration=ecs.EfsVolumeConfiguration(
        file_system_id=files.file_system_id, transit_encryption="ENABLED"
    ),
)
""",
        example={
            "Task": {
                "Type": _TASK,
                "Properties": {
                    "Volumes": [
                        {
                            "Name": "data",
                            "EFSVolumeConfiguration": {"FilesystemId": "fs-1", "TransitEncryption": "ENABLED"},
                        }
                    ]
                },
            }
        },
    ),
    Rule(
        id="tls.efs-policy",
        severity="error",
        title="EFS file systems refuse clients without TLS",
        why="A mount that forgets TLS works all the same, and nobody sees that files travel in plain text.",
        fix="set FileSystemPolicy with a statement that denies everyone when aws:SecureTransport is false",
        types=(_FILE_SYSTEM,),
        check=_policy,
        applies=_is_judged,
        claims=("connections.tls",),
        controls={"SOC 2": ("CC6.7",), "NIST 800-53 r5": ("SC-8",)},
        source="EFS User Guide, Using IAM to control access to file systems: enforce in-transit encryption",
        cdk="""\
policy = iam.PolicyDocument(
    statements=[
        iam.PolicyStatement(
            effect=iam.Effect.DENY, principals=[iam.AnyPrincipal()], actions=["*"],
            conditions={"Bool": {"aws:SecureTransport": "false"}},
        )
    ]
)
efs.FileSystem(self, "Files", vpc=vpc, file_system_policy=policy)
""",
        example={
            "Files": {
                "Type": _FILE_SYSTEM,
                "Properties": {
                    "FileSystemPolicy": {
                        "Version": "2012-10-17",
                        "Statement": [
                            {
                                "Effect": "Deny",
                                "Principal": "*",
                                "Action": "*",
                                "Condition": {"Bool": {"aws:SecureTransport": "false"}},
                            }
                        ],
                    }
                },
            }
        },
    ),
    property_rule(
        rule_id="tls.datasync-location",
        title="DataSync reads and writes its locations over TLS",
        why="What is copied crosses the network; without TLS in plain text.",
        requirements=(
            Requirement(
                type="AWS::DataSync::LocationEFS",
                path=("InTransitEncryption",),
                accepts=one_of("TLS1_2"),
                expected="'TLS1_2'",
                absent="",
                source="DataSync API, CreateLocationEfs InTransitEncryption",
                as_of="2026-11-23",
                example="TLS1_2",
            ),
            Requirement(
                type="AWS::DataSync::LocationObjectStorage",
                path=("ServerProtocol",),
                accepts=one_of("HTTPS"),
                expected="'HTTPS' or nothing",
                absent="",  # HTTPS by default
                source="DataSync API, CreateLocationObjectStorage ServerProtocol",
                as_of="2026-11-23",
                example="HTTPS",
            ),
        ),
        fix="set InTransitEncryption: TLS1_2 (EFS) or ServerProtocol: HTTPS (object storage)",
        claims=("connections.tls",),
        controls={"SOC 2": ("CC6.7",), "NIST 800-53 r5": ("SC-8",)},
        source="DataSync User Guide, Encryption in transit",
        cdk="""\
datasync.CfnLocationObjectStorage(
    self, "Store", bucket_name="data", server_hostname="store.example.com", server_protocol="HTTPS"
)
""",
    ),
)
