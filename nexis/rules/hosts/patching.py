"""Software that is kept up to date and known: properties that must be so.

Sources: CloudFormation resource reference of each type (the defaults); AWS Security Hub User Guide, the controls named;
read 2026-11-23.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final

from nexis.facts.lambda_runtimes import DEPRECATED
from nexis.rules.requirements import Requirement, is_true, one_of, property_rule, row
from nexis.templates.views import as_mapping, is_deferred, walk

if TYPE_CHECKING:
    from nexis.templates.views import View

AS_OF: Final = "2026-11-23"
_IMMUTABLE: Final = one_of("IMMUTABLE", "IMMUTABLE_WITH_EXCLUSION")


def _upgrades(kind: str, name: str = "AutoMinorVersionUpgrade") -> Requirement:
    """Ask for updates; the documented default is true, and Amazon MQ asks for a value."""
    return row(kind, name, as_of=AS_OF, expected="true, or nothing")


def _is_one_version(function: View) -> bool:
    """Whether the runtime does not hang on the region; in a map by region AWS's own latest stands for each."""
    raw = function.resource.properties.get("Runtime")
    keys = raw.get("Fn::FindInMap") if isinstance(raw, dict) else None
    if not isinstance(keys, list) or len(keys) != 3 or keys[1] != {"Ref": "AWS::Region"} or function.template.region:
        return True
    by_region = function.template.mappings.get(keys[0]) if isinstance(keys[0], str) else None
    named = [entry.get(str(keys[2])) for entry in as_mapping(by_region).values() if isinstance(entry, dict)]
    return all(name in DEPRECATED for name in map(str, named))


def _runtime(kind: str) -> Requirement:
    return Requirement(
        type=kind,
        path=("Runtime",),
        accepts=lambda text: text not in DEPRECATED,
        expected="a runtime that AWS keeps up to date",
        absent="",  # a container image brings its own
        source="Lambda Developer Guide, Lambda runtimes",
        as_of=AS_OF,
        example="python3.13",
        when=_is_one_version,
    )


def _is_left_to_itself(repository: View) -> bool:
    """Whether the scanning configuration of the registry leaves the repository out.

    Source: Amazon ECR User Guide, "Filters to choose which repositories are scanned": a filter without a wildcard
    matches every name that contains it.
    """
    own = repository.peek("RepositoryName")
    for registry in repository.scene.views("AWS::ECR::RegistryScanningConfiguration"):
        rules = registry.peek("Rules")
        for path, value in walk(rules):
            if path[-1:] == ("Filter",) and isinstance(value, str):
                name = own if isinstance(own, str) and not is_deferred(own) else ""
                if fnmatchcase(name, f"*{value}*"):
                    return False
    return True


RULES = (
    property_rule(
        rule_id="hosts.auto-minor-upgrade",
        title="Databases, brokers and caches take minor versions by themselves",
        why="Minor versions carry the security fixes of the engine; without them known holes stay open.",
        requirements=(
            _upgrades("AWS::RDS::DBInstance"),
            _upgrades("AWS::RDS::DBCluster"),
            _upgrades("AWS::AmazonMQ::Broker"),
            _upgrades("AWS::DMS::ReplicationInstance"),
            _upgrades("AWS::ElastiCache::CacheCluster"),
            _upgrades("AWS::ElastiCache::ReplicationGroup"),
            _upgrades("AWS::MemoryDB::Cluster"),
            _upgrades("AWS::Neptune::DBInstance"),
            _upgrades("AWS::Redshift::Cluster", "AllowVersionUpgrade"),
        ),
        fix="set AutoMinorVersionUpgrade: true (Redshift: AllowVersionUpgrade: true), or leave it out where AWS's "
        "default is true",
        cdk='rds.DatabaseInstance(self, "Database", engine=engine, vpc=vpc, auto_minor_version_upgrade=True)',
        controls={
            "SOC 2": ("CC6.8", "CC7.1"),
            "AWS FSBP": ("DMS.6", "ElastiCache.2", "MQ.3", "RDS.13", "RDS.35", "Redshift.6"),
            "NIST 800-53 r5": ("SI-2",),
        },
        source="AWS Security Hub User Guide, controls for RDS, ElastiCache, MQ, DMS and Redshift",
    ),
    property_rule(
        rule_id="hosts.ecr-scan-on-push",
        title="Images are scanned when they are pushed",
        why="An image with a known hole runs until somebody looks.",
        requirements=(
            Requirement(
                type="AWS::ECR::Repository",
                path=("ImageScanningConfiguration", "ScanOnPush"),
                accepts=is_true,
                expected="true",
                absent="ECR then does not scan",
                source="CloudFormation resource reference, AWS::ECR::Repository ImageScanningConfiguration",
                as_of=AS_OF,
                example=True,
                when=_is_left_to_itself,
            ),
        ),
        fix="set ImageScanningConfiguration: {ScanOnPush: true}, or name the repository in a rule of "
        "AWS::ECR::RegistryScanningConfiguration",
        cdk='ecr.Repository(self, "Images", image_scan_on_push=True)',
        controls={"SOC 2": ("CC6.8", "CC7.1"), "AWS FSBP": ("ECR.1",), "NIST 800-53 r5": ("RA-5",)},
        source="Amazon ECR User Guide, Scan images for software vulnerabilities",
    ),
    property_rule(
        rule_id="hosts.ecr-immutable-tags",
        title="The tag of an image cannot be moved to another image",
        why="Whoever may push could swap the image under a tag that has been tested and deployed.",
        requirements=(
            Requirement(
                type="AWS::ECR::Repository",
                path=("ImageTagMutability",),
                accepts=_IMMUTABLE,
                expected="'IMMUTABLE'",
                absent="AWS's default is MUTABLE",
                source="CloudFormation resource reference, AWS::ECR::Repository ImageTagMutability",
                as_of=AS_OF,
                example="IMMUTABLE",
            ),
        ),
        fix="set ImageTagMutability: IMMUTABLE",
        cdk='ecr.Repository(self, "Images", image_tag_mutability=ecr.TagMutability.IMMUTABLE)',
        controls={"SOC 2": ("CC6.8", "CC8.1"), "AWS FSBP": ("ECR.2",)},
        source="Amazon ECR User Guide, Preventing image tags from being overwritten",
    ),
    property_rule(
        rule_id="hosts.lambda-runtime",
        title="Functions run on a runtime that AWS keeps up to date",
        why="A deprecated runtime gets no security updates, and one day cannot be deployed any more.",
        requirements=(_runtime("AWS::Lambda::Function"), _runtime("AWS::Serverless::Function")),
        fix="move to a supported runtime, such as python3.13 or nodejs22.x",
        cdk='lambda_.Function(self, "Program", runtime=lambda_.Runtime.PYTHON_3_13, handler="i.handler", code=code)',
        controls={"SOC 2": ("CC6.8", "CC7.1"), "AWS FSBP": ("Lambda.2",), "NIST 800-53 r5": ("SI-2",)},
        source="Lambda Developer Guide, Lambda runtimes",
    ),
    property_rule(
        rule_id="hosts.fargate-platform",
        title="Services on Fargate run on the latest platform version",
        why="Older platform versions get no security updates of the kernel and the container runtime.",
        requirements=(
            Requirement(
                type="AWS::ECS::Service",
                path=("PlatformVersion",),
                accepts=one_of("LATEST", "1.4.0", "1.0.0"),  # 1.0.0 is the latest for Windows
                expected="'LATEST', or nothing",
                absent="",  # the default is LATEST
                source="CloudFormation resource reference, AWS::ECS::Service PlatformVersion",
                as_of=AS_OF,
                example="LATEST",
            ),
        ),
        fix="leave PlatformVersion out, or set it to LATEST",
        cdk='ecs.FargateService(self, "Service", cluster=cluster, task_definition=task)',
        controls={"SOC 2": ("CC6.8",), "AWS FSBP": ("ECS.10",), "NIST 800-53 r5": ("SI-2",)},
        source="Amazon ECS Developer Guide, Fargate platform versions",
    ),
)
