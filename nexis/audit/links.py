"""Names and links: which resource a text in another resource means.

In a template one resource names another with `Ref` or `Fn::GetAtt`; AWS answers with ids, ARNs and names. Here the one
is made of the other, so that rules follow links on what is deployed as they do at synth. What names nothing that was
read stays the text it is.
"""

from __future__ import annotations

import re
from collections import Counter
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from nexis.audit.model import AWS_MANAGED_KEY

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from nexis.audit.model import Key, Live

Path = tuple[str, ...]

#: Properties that name a resource by its plain name, which alone would say nothing: (type, path) -> type named.
#: `*` stands for every item of a list.
NAMED: Final[Mapping[tuple[str, Path], str]] = MappingProxyType(
    {
        (
            "AWS::Backup::BackupPlan",
            ("BackupPlan", "BackupPlanRule", "*", "TargetBackupVault"),
        ): "AWS::Backup::BackupVault",
        ("AWS::CloudTrail::Trail", ("S3BucketName",)): "AWS::S3::Bucket",
        ("AWS::EC2::FlowLog", ("LogGroupName",)): "AWS::Logs::LogGroup",
        ("AWS::EC2::Instance", ("IamInstanceProfile",)): "AWS::IAM::InstanceProfile",
        ("AWS::EC2::LaunchTemplate", ("LaunchTemplateData", "IamInstanceProfile", "Name")): "AWS::IAM::InstanceProfile",
        ("AWS::IAM::InstanceProfile", ("Roles", "*")): "AWS::IAM::Role",
        ("AWS::Lambda::Function", ("LoggingConfig", "LogGroup")): "AWS::Logs::LogGroup",
        ("AWS::RDS::DBCluster", ("DBClusterParameterGroupName",)): "AWS::RDS::DBClusterParameterGroup",
        ("AWS::RDS::DBCluster", ("DBSubnetGroupName",)): "AWS::RDS::DBSubnetGroup",
        ("AWS::RDS::DBInstance", ("DBClusterIdentifier",)): "AWS::RDS::DBCluster",
        ("AWS::RDS::DBInstance", ("DBParameterGroupName",)): "AWS::RDS::DBParameterGroup",
        ("AWS::RDS::DBInstance", ("DBSubnetGroupName",)): "AWS::RDS::DBSubnetGroup",
        ("AWS::RDS::DBInstance", ("SourceDBInstanceIdentifier",)): "AWS::RDS::DBInstance",
        ("AWS::S3::Bucket", ("LoggingConfiguration", "DestinationBucketName")): "AWS::S3::Bucket",
        ("AWS::S3::BucketPolicy", ("Bucket",)): "AWS::S3::Bucket",
    }
)

#: Texts that name a resource wherever they stand. {region} and {account} are the audited ones: others cannot be read.
PATTERNS: Final[tuple[tuple[str, str], ...]] = (
    (r"(vpc-[0-9a-f]+)", "AWS::EC2::VPC"),
    (r"(subnet-[0-9a-f]+)", "AWS::EC2::Subnet"),
    (r"(sg-[0-9a-f]+)", "AWS::EC2::SecurityGroup"),
    (r"(lt-[0-9a-f]+(?::.+)?)", "AWS::EC2::LaunchTemplate"),
    (r"(alias/.+)", "AWS::KMS::Key"),
    (r"(arn:[^:]+:kms:{region}:{account}:alias/.+)", "AWS::KMS::Key"),
    (r"arn:[^:]+:kms:{region}:{account}:key/(.+)", "AWS::KMS::Key"),
    (r"arn:[^:]+:iam::{account}:role/(?!aws-service-role/)(?:.*/)?([^/]+)", "AWS::IAM::Role"),
    (r"arn:[^:]+:iam::{account}:instance-profile/(?:.*/)?([^/]+)", "AWS::IAM::InstanceProfile"),
    (r"(arn:[^:]+:iam::{account}:policy/.+)", "AWS::IAM::ManagedPolicy"),
    (r"(arn:[^:]+:iam::{account}:oidc-provider/.+)", "AWS::IAM::OIDCProvider"),
    (r"arn:[^:]+:logs:{region}:{account}:log-group:([^:]+)(?::\*)?", "AWS::Logs::LogGroup"),
    (r"(arn:[^:]+:sns:{region}:{account}:[^:]+)", "AWS::SNS::Topic"),
    (r"arn:[^:]+:s3:::([^/*?]+)", "AWS::S3::Bucket"),
)

#: Not followed: what a policy mentions, what a trail or a plan looks at, and the secret that RDS keeps for itself.
NOT_FOLLOWED: Final = frozenset(
    {
        "AccessPolicy",
        "AdvancedEventSelectors",
        "AssumeRolePolicyDocument",
        "EventSelectors",
        "KeyPolicy",
        "NotResources",
        "Policies",
        "PolicyDocument",
        "ResourcePolicy",
        "Resources",
        "SecretArn",
        "Tags",
        "UserData",
    }
)


def named_by(live: Live, *, region: str, account: str) -> Iterator[Key]:
    """Give the resources that one names, as far as they are followed.

    Args:
        live: the resource.
        region: the audited region.
        account: the audited account.
    """
    patterns = [
        (re.compile(text.replace("{region}", re.escape(region)).replace("{account}", re.escape(account))), kind)
        for text, kind in PATTERNS
    ]
    for path, value in _texts(live.properties):
        if NOT_FOLLOWED.intersection(path):
            continue
        target = NAMED.get((live.type, path))
        if target is not None:
            yield target, value
            continue
        for pattern, kind in patterns:
            match = pattern.fullmatch(value)
            if match is not None:
                yield kind, match[1]


def _texts(value: Any, path: Path = ()) -> Iterator[tuple[Path, str]]:
    if isinstance(value, dict):
        for name, item in value.items():
            yield from _texts(item, (*path, str(name)))
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item, (*path, "*"))
    elif isinstance(value, str):
        yield path, value


def logical_ids(resources: Iterable[Live]) -> dict[Key, str]:
    """Name every resource as findings name it: once.

    Args:
        resources: what was read.
    """
    found = [(live.key, live.name or live.identity) for live in resources]
    often = Counter(name for _, name in found)
    return {key: name if often[name] == 1 else f"{name} ({key[0].rpartition(':')[2]})" for key, name in found}


class Linker:
    """Writes links for the texts that name a resource.

    Args:
        resources: what was read.
        names: of `logical_ids`.
    """

    def __init__(self, resources: Iterable[Live], names: Mapping[Key, str]) -> None:
        self._by_key = names
        self._links: dict[str, Any] = {}
        for live in resources:
            if live.type == AWS_MANAGED_KEY:
                # No resource of anybody's template: a template names such a key by its alias.
                alias = live.properties.get("AliasName")
                self._links |= dict.fromkeys(live.attributes, alias) if alias else {}
                continue
            name = names[live.key]
            for text, attribute in live.attributes.items():
                self._links[text] = {"Fn::GetAtt": [name, attribute]} if attribute else {"Ref": name}

    def properties(self, live: Live) -> dict[str, Any]:
        """Write a resource's properties with links.

        Args:
            live: the resource.
        """
        return {name: self._value(live, (name,), value) for name, value in live.properties.items()}

    def _value(self, live: Live, path: Path, value: Any) -> Any:
        if isinstance(value, dict):
            return {name: self._value(live, (*path, str(name)), item) for name, item in value.items()}
        if isinstance(value, list):
            return [self._value(live, (*path, "*"), item) for item in value]
        return self._text(live, path, value) if isinstance(value, str) else value

    def _text(self, live: Live, path: Path, text: str) -> Any:
        target = NAMED.get((live.type, path))
        if target is not None and (target, text) in self._by_key:
            return {"Ref": self._by_key[target, text]}
        if text in self._links:
            return self._links[text]
        if text.startswith("arn:"):
            # The longest beginning that names something: a bucket's objects, the streams of a log group.
            for cut in range(len(text) - 1, 0, -1):
                if text[cut] in "/:" and isinstance(self._links.get(text[:cut]), dict):
                    return {"Fn::Join": ["", [self._links[text[:cut]], text[cut:]]]}
        return text
