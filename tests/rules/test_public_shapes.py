"""Shapes met in templates of other public projects: what must be named, and what must be left in peace.

Each is the smallest template of its kind, in our own words. A `bad` one needs a failure of its theme on the resource
`It`; a `good` one must get nothing of its theme on any resource: no failure, and nothing that cannot be known.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pytest

from nexis.check import judge
from nexis.rules.registry import all_rules
from nexis.templates.model import Assembly, read_document
from nexis.templates.parse import parse
from tests.support.rule_cases import resource, resources

if TYPE_CHECKING:
    from collections.abc import Mapping

ROLE: Final = "arn:aws:iam::111111111111:role/app"
ANYWHERE: Final = "0.0.0.0/0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A template, and whether the theme has something to say of it."""

    theme: str
    kind: str
    why: str
    template: Mapping[str, Any]


def good(theme: str, why: str, template: Mapping[str, Any]) -> Shape:
    """A template that the theme leaves in peace."""
    return Shape(theme=theme, kind="good", why=why, template=template)


def bad(theme: str, why: str, template: Mapping[str, Any]) -> Shape:
    """A template of which the theme names the resource `It`."""
    return Shape(theme=theme, kind="bad", why=why, template=template)


def document(*statements: Mapping[str, Any]) -> dict[str, Any]:
    """Make a policy document."""
    return {"Version": "2012-10-17", "Statement": list(statements)}


def allow(action: object, on: object = "*", who: object = None, **more: Any) -> dict[str, Any]:
    """Make a statement that allows."""
    principal = {} if who is None else {"Principal": who}
    return {"Effect": "Allow", "Action": action, "Resource": on, **principal, **more}


def plaintext_refused(service: str, on: object, **more: Any) -> dict[str, Any]:
    """Make a statement that refuses plaintext requests."""
    return {
        "Effect": "Deny",
        "Principal": "*",
        "Action": f"{service}:*",
        "Resource": on,
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        **more,
    }


def bucket_with(*statements: Mapping[str, Any], **bucket: Any) -> dict[str, Any]:
    """Make a bucket and its policy."""
    return resources(
        It=resource("AWS::S3::Bucket", **bucket),
        Policy=resource("AWS::S3::BucketPolicy", Bucket={"Ref": "It"}, PolicyDocument=document(*statements)),
    )


def group(*rules: Mapping[str, Any], **more: dict[str, Any]) -> dict[str, Any]:
    """Make a security group with these ingress rules and an egress to a known network."""
    egress = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "10.0.0.0/16"}
    it = resource(
        "AWS::EC2::SecurityGroup",
        GroupDescription="app",
        VpcId="vpc-0a1b2c3d",
        SecurityGroupIngress=list(rules),
        SecurityGroupEgress=[egress],
    )
    return resources(It=it, **more)


def ssh(**source: Any) -> dict[str, Any]:
    """Make an ingress rule for SSH."""
    return {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, **source}


def listener(port: int, protocol: str, action: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """Make a listener of a load balancer that stands elsewhere."""
    return resources(
        It=resource(
            "AWS::ElasticLoadBalancingV2::Listener",
            LoadBalancerArn={"Ref": "NotHere"},
            Port=port,
            Protocol=protocol,
            DefaultActions=[action],
            **more,
        )
    )


def redirect(**config: str) -> dict[str, Any]:
    """Make a redirecting action."""
    return {"Type": "redirect", "RedirectConfig": {"StatusCode": "HTTP_301", **config}}


def function(**variables: Any) -> dict[str, Any]:
    """Make a function with these environment variables."""
    return resources(
        It=resource(
            "AWS::Lambda::Function",
            Runtime="python3.13",
            Handler="index.handler",
            Role=ROLE,
            Code={"ZipFile": "def handler(event, context): return event"},
            Environment={"Variables": variables},
        )
    )


def managed_policy(*statements: Mapping[str, Any]) -> dict[str, Any]:
    """Make a managed policy."""
    return resources(It=resource("AWS::IAM::ManagedPolicy", PolicyDocument=document(*statements)))


def assumed_by(principal: object, **more: Any) -> dict[str, Any]:
    """Make a role and its trust policy."""
    trust = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole", **more}
    return resources(It=resource("AWS::IAM::Role", AssumeRolePolicyDocument=document(trust)))


ITS_ARN: Final = {"Fn::GetAtt": ["It", "Arn"]}
ITS_OBJECTS: Final = {"Fn::Sub": "${It.Arn}/*"}
FORWARD: Final = {"Type": "forward", "TargetGroupArn": {"Ref": "NotHere"}}
CERTIFICATE: Final = [{"CertificateArn": {"Ref": "NotHere"}}]

TLS: Final = (
    good(
        "tls",
        "the bucket and its objects refused by two statements",
        bucket_with(plaintext_refused("s3", ITS_ARN), plaintext_refused("s3", ITS_OBJECTS)),
    ),
    good(
        "tls",
        "a minimum version beside the refusal, as the CDK writes it",
        bucket_with(
            plaintext_refused("s3", [ITS_ARN, ITS_OBJECTS]),
            plaintext_refused("s3", [ITS_ARN, ITS_OBJECTS], Condition={"NumericLessThan": {"s3:TlsVersion": 1.2}}),
        ),
    ),
    good(
        "tls",
        "the bucket named by hand, its policy too",
        bucket_with(
            plaintext_refused("s3", ["arn:aws:s3:::app-files", "arn:aws:s3:::app-files/*"]), BucketName="app-files"
        ),
    ),
    good(
        "tls",
        "a policy alone, for a bucket that stands elsewhere",
        resources(
            It=resource(
                "AWS::S3::BucketPolicy",
                Bucket={"Ref": "NotHere"},
                PolicyDocument=document(plaintext_refused("s3", "*")),
            )
        ),
    ),
    bad("tls", "only the bucket refused, not its objects", bucket_with(plaintext_refused("s3", ITS_ARN))),
    bad(
        "tls",
        "the refusal narrowed to one role",
        bucket_with(
            plaintext_refused(
                "s3",
                [ITS_ARN, ITS_OBJECTS],
                Condition={"Bool": {"aws:SecureTransport": "false"}, "StringEquals": {"aws:PrincipalArn": ROLE}},
            )
        ),
    ),
    bad("tls", "another bucket refused", bucket_with(plaintext_refused("s3", ["arn:aws:s3:::a", "arn:aws:s3:::a/*"]))),
    good(
        "tls",
        "a redirect that keeps host and path",
        listener(80, "HTTP", redirect(Host="#{host}", Path="/#{path}", Port="443", Protocol="HTTPS")),
    ),
    bad("tls", "a redirect that keeps the protocol", listener(80, "HTTP", redirect(Protocol="#{protocol}", Port="81"))),
    bad("tls", "a redirect that names no protocol", listener(80, "HTTP", redirect(Host="www.example.com"))),
    bad(
        "tls",
        "HTTPS with the policy that AWS takes by itself",
        listener(443, "HTTPS", FORWARD, Certificates=CERTIFICATE),
    ),
    good(
        "tls",
        "HTTPS in front, HTTP to the hosts behind",
        resources(
            It=resource(
                "AWS::ElasticLoadBalancing::LoadBalancer",
                Scheme="internal",
                Policies=[
                    {
                        "PolicyName": "Now",
                        "PolicyType": "SSLNegotiationPolicyType",
                        "Attributes": [
                            {"Name": "Reference-Security-Policy", "Value": "ELBSecurityPolicy-TLS-1-2-2017-01"}
                        ],
                    }
                ],
                Listeners=[
                    {
                        "LoadBalancerPort": "443",
                        "Protocol": "HTTPS",
                        "InstancePort": "80",
                        "InstanceProtocol": "HTTP",
                        "PolicyNames": ["Now"],
                        "SSLCertificateId": {"Ref": "NotHere"},
                    }
                ],
            )
        ),
    ),
    bad(
        "tls",
        "encryption in transit on, its certificates not configured",
        resources(
            It=resource(
                "AWS::EMR::SecurityConfiguration",
                SecurityConfiguration={
                    "EncryptionConfiguration": {"EnableInTransitEncryption": True, "EnableAtRestEncryption": False}
                },
            )
        ),
    ),
    bad(
        "tls",
        "the parameter group of the cluster says disabled",
        resources(
            Cluster=resource("AWS::DocDB::DBCluster", DBClusterParameterGroupName={"Ref": "It"}),
            It=resource(
                "AWS::DocDB::DBClusterParameterGroup",
                Family="docdb5.0",
                Description="app",
                Parameters={"tls": "disabled"},
            ),
        ),
    ),
)

STORAGE: Final = (
    good(
        "storage",
        "a replica of an encrypted instance",
        resources(
            It=resource("AWS::RDS::DBInstance", SourceDBInstanceIdentifier={"Ref": "First"}),
            First=resource("AWS::RDS::DBInstance", Engine="mysql", StorageEncrypted=True),
        ),
    ),
    good("storage", "a member of a cluster", resources(It=resource("AWS::RDS::DBInstance", DBClusterIdentifier="app"))),
    good(
        "storage",
        "a table with DynamoDB's own key",
        resources(It=resource("AWS::DynamoDB::Table", KeySchema=[], SSESpecification={"SSEEnabled": False})),
    ),
    good("storage", "a queue that says nothing", resources(It=resource("AWS::SQS::Queue"))),
    bad("storage", "a topic with an empty key", resources(It=resource("AWS::SNS::Topic", KmsMasterKeyId=""))),
    bad("storage", "a queue that refuses it", resources(It=resource("AWS::SQS::Queue", SqsManagedSseEnabled="false"))),
    bad(
        "storage",
        "the second of two volumes",
        resources(
            It=resource(
                "AWS::EC2::LaunchTemplate",
                LaunchTemplateData={
                    "BlockDeviceMappings": [
                        {"DeviceName": "/dev/xvda", "Ebs": {"Encrypted": True}},
                        {"DeviceName": "/dev/xvdb", "Ebs": {"Encrypted": False}},
                    ]
                },
            )
        ),
    ),
    bad(
        "storage",
        "secondary artifacts of a build",
        resources(
            It=resource(
                "AWS::CodeBuild::Project",
                Artifacts={"Type": "CODEPIPELINE"},
                Source={"Type": "CODEPIPELINE"},
                SecondaryArtifacts=[
                    {"ArtifactIdentifier": "a", "Type": "S3", "Location": "b", "EncryptionDisabled": True}
                ],
            )
        ),
    ),
    bad(
        "storage",
        "a volume that ECS makes for a task",
        resources(
            It=resource(
                "AWS::ECS::Service",
                TaskDefinition={"Ref": "NotHere"},
                VolumeConfigurations=[{"Name": "v", "ManagedEBSVolume": {"RoleArn": ROLE, "Encrypted": False}}],
            )
        ),
    ),
    bad(
        "storage",
        "local disks of EMR without a key provider",
        resources(
            It=resource(
                "AWS::EMR::SecurityConfiguration",
                SecurityConfiguration={
                    "EncryptionConfiguration": {
                        "EnableInTransitEncryption": False,
                        "EnableAtRestEncryption": True,
                        "AtRestEncryptionConfiguration": {
                            "S3EncryptionConfiguration": {"EncryptionMode": "SSE-S3"},
                            "LocalDiskEncryptionConfiguration": {"AwsKmsKey": {"Ref": "NotHere"}},
                        },
                    }
                },
            )
        ),
    ),
)

NETWORK: Final = (
    good("network", "one known public address", group(ssh(CidrIp="203.0.113.5/32"))),
    good(
        "network",
        "the range of the VPC beside it",
        group(
            ssh(CidrIp={"Fn::GetAtt": ["Vpc", "CidrBlock"]}),
            Vpc=resource("AWS::EC2::VPC", CidrBlock="10.0.0.0/16"),
        ),
    ),
    good(
        "network",
        "a prefix list of known networks",
        group(
            ssh(SourcePrefixListId={"Ref": "List"}),
            List=resource("AWS::EC2::PrefixList", AddressFamily="IPv4", Entries=[{"Cidr": "10.0.0.0/8"}]),
        ),
    ),
    bad(
        "network",
        "a prefix list of everywhere",
        group(
            ssh(SourcePrefixListId={"Ref": "List"}),
            List=resource("AWS::EC2::PrefixList", AddressFamily="IPv4", Entries=[{"Cidr": ANYWHERE}]),
        ),
    ),
    bad("network", "two halves", group(ssh(CidrIp="0.0.0.0/1"), ssh(CidrIp="128.0.0.0/1"))),
    bad("network", "four quarters", group(*(ssh(CidrIp=f"{start}.0.0.0/2") for start in (0, 64, 128, 192)))),
    bad("network", "everything, written with host bits", group(ssh(CidrIp="10.0.0.0/0"))),
    bad("network", "every digit of IPv6", group(ssh(CidrIpv6="0000:0000:0000:0000:0000:0000:0000:0000/0"))),
    bad("network", "joined from its parts", group(ssh(CidrIp={"Fn::Join": ["/", ["0.0.0.0", "0"]]}))),
    bad(
        "network",
        "the second of a split list",
        group(ssh(CidrIp={"Fn::Select": [1, {"Fn::Split": [",", f"10.0.0.0/8,{ANYWHERE}"]}]})),
    ),
    bad(
        "network",
        "a range that holds SSH",
        group({"IpProtocol": "tcp", "FromPort": 20, "ToPort": 443, "CidrIp": ANYWHERE}),
    ),
    bad(
        "network",
        "one rule without a list around it",
        resources(
            It=resource(
                "AWS::EC2::SecurityGroup",
                GroupDescription="app",
                SecurityGroupIngress=ssh(CidrIp=ANYWHERE),
            )
        ),
    ),
    good(
        "network",
        "an instance in a subnet that stands elsewhere",
        resources(It=resource("AWS::EC2::Instance", ImageId={"Ref": "NotHere"}, SubnetId={"Ref": "NotHere"})),
    ),
    good(
        "network",
        "a denying entry of a network ACL",
        resources(
            It=resource("AWS::EC2::NetworkAclEntry", RuleAction="deny", Protocol=-1, CidrBlock=ANYWHERE, RuleNumber=9)
        ),
    ),
    bad(
        "network",
        "a node group with a key and no source",
        resources(It=resource("AWS::EKS::Nodegroup", ClusterName="app", RemoteAccess={"Ec2SshKey": "ops"})),
    ),
)

PASSWORDS: Final = (
    *(
        good("passwords", f"{name} is no secret", function(**{name: value}))
        for name, value in (
            ("TOKEN_URL", "https://auth.example.com/oauth2/token"),
            ("SECRET_NAME", "prod/app/db"),
            ("DB_PASSWORD_SSM_PATH", "/app/db/password"),
            ("API_KEY_HEADER_NAME", "x-api-key"),
            ("PASSWORD_POLICY", "strict"),
            ("TOKEN_TTL_SECONDS", "3600"),
            ("BUILD_SHA", "9fceb02d0ae598e95dc970b74767f19372d61af8"),
            ("DATABASE_URL", "postgres://db.example.com:5432/app"),
        )
    ),
    bad(
        "passwords", "a connection string with a password", function(DSN="postgres://app:Tr0ub4dor3@db.example.com/app")
    ),
    good(
        "passwords",
        "a dynamic reference, joined from its parts",
        resources(
            It=resource(
                "AWS::RDS::DBInstance",
                Engine="mysql",
                MasterUsername="owner",
                MasterUserPassword={
                    "Fn::Join": ["", ["{{resolve:secretsmanager:", {"Ref": "NotHere"}, ":SecretString:password::}}"]]
                },
            )
        ),
    ),
    good(
        "passwords",
        "a user and no password at all",
        resources(It=resource("AWS::RDS::DBInstance", Engine="mysql", MasterUsername="owner")),
    ),
    good(
        "passwords",
        "user data that fetches its password",
        resources(
            It=resource(
                "AWS::EC2::Instance",
                UserData={
                    "Fn::Base64": {
                        "Fn::Sub": "#!/bin/bash\n"
                        "PASSWORD=$(aws secretsmanager get-secret-value --secret-id ${AWS::StackName})\n"
                        'mysql -u app -p"$PASSWORD"\n'
                        'sed -i "s/^PasswordAuthentication.*/PasswordAuthentication no/" /etc/ssh/sshd_config\n'
                    }
                },
            )
        ),
    ),
    bad(
        "passwords",
        "the metadata that cfn-init logs in with",
        resources(
            It={
                **resource("AWS::EC2::Instance", ImageId={"Ref": "NotHere"}),
                "Metadata": {
                    "AWS::CloudFormation::Authentication": {
                        "files": {"type": "basic", "username": "app", "password": "Tr0ub4dor3xyz", "uris": []}
                    }
                },
            }
        ),
    ),
    bad(
        "passwords",
        "a file that cfn-init writes",
        resources(
            It={
                **resource("AWS::EC2::Instance", ImageId={"Ref": "NotHere"}),
                "Metadata": {
                    "AWS::CloudFormation::Init": {
                        "config": {"files": {"/etc/app.conf": {"content": "db_password=Tr0ub4dor3xyz\n"}}}
                    }
                },
            }
        ),
    ),
    bad(
        "passwords",
        "the token of a pipeline",
        resources(
            It=resource(
                "AWS::CodePipeline::Pipeline",
                RoleArn=ROLE,
                Stages=[
                    {
                        "Name": "Source",
                        "Actions": [{"Name": "Git", "Configuration": {"Repo": "app", "OAuthToken": "Tr0ub4dor3xyz"}}],
                    }
                ],
            )
        ),
    ),
)

ACCESS: Final = (
    good(
        "access",
        "reads that AWS grants on everything only",
        managed_policy(allow(["ec2:DescribeInstances", "ecr:GetAuthorizationToken", "xray:PutTraceSegments"])),
    ),
    good(
        "access",
        "a role passed to one service",
        managed_policy(
            allow("iam:PassRole", Condition={"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}})
        ),
    ),
    good(
        "access",
        "what is denied may be everything",
        managed_policy({"Effect": "Deny", "NotAction": "iam:*", "Resource": "*"}),
    ),
    bad("access", "capitals and a star", managed_policy(allow("S3:*", "arn:aws:s3:::*"))),
    bad(
        "access",
        "a statement without a list around it",
        resources(It=resource("AWS::IAM::ManagedPolicy", PolicyDocument={"Statement": allow("*")})),
    ),
    bad(
        "access",
        "actions put together from a parameter's default",
        {
            "Parameters": {"Service": {"Type": "String", "Default": "ec2"}},
            **managed_policy(allow({"Fn::Sub": "${Service}:*"})),
        },
    ),
    good(
        "access",
        "a bucket for one network",
        bucket_with(
            allow("s3:GetObject", ITS_OBJECTS, "*", Condition={"StringEquals": {"aws:SourceVpce": "vpce-0a1b2c3d"}})
        ),
    ),
    good(
        "access",
        "a distribution's origin access control",
        bucket_with(
            allow(
                "s3:GetObject",
                ITS_OBJECTS,
                {"Service": "cloudfront.amazonaws.com"},
                Condition={"StringEquals": {"AWS:SourceArn": "arn:aws:cloudfront::111111111111:distribution/APP"}},
            )
        ),
    ),
    *(
        bad(
            "access",
            f"everyone, and the condition is {name}",
            resources(
                It=resource(
                    "AWS::S3::BucketPolicy",
                    Bucket={"Ref": "NotHere"},
                    PolicyDocument=document(allow("s3:GetObject", "arn:aws:s3:::app/*", "*", Condition=condition)),
                )
            ),
        )
        for name, condition in (
            ("TLS", {"Bool": {"aws:SecureTransport": "true"}}),
            ("every address", {"IpAddress": {"aws:SourceIp": ANYWHERE}}),
            ("any principal", {"StringLike": {"aws:PrincipalArn": "*"}}),
            ("asked only where the key exists", {"StringEqualsIfExists": {"aws:SourceVpc": "vpc-0a1b2c3d"}}),
        )
    ),
    good(
        "access",
        "a pipeline elsewhere, of one repository",
        assumed_by(
            {"Federated": "arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com"},
            Action="sts:AssumeRoleWithWebIdentity",
            Condition={
                "StringEquals": {"token.actions.githubusercontent.com:aud": "sts.amazonaws.com"},
                "StringLike": {"token.actions.githubusercontent.com:sub": "repo:acme/app:*"},
            },
        ),
    ),
    bad(
        "access",
        "a pipeline elsewhere, of any repository",
        assumed_by(
            {"Federated": "arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com"},
            Action="sts:AssumeRoleWithWebIdentity",
            Condition={"StringLike": {"token.actions.githubusercontent.com:sub": "repo:*"}},
        ),
    ),
    bad("access", "the root of every account", assumed_by({"AWS": "arn:aws:iam::*:root"})),
    bad(
        "access",
        "a queue's policy given as text",
        resources(
            It=resource(
                "AWS::SQS::QueuePolicy",
                Queues=[{"Ref": "NotHere"}],
                PolicyDocument=json.dumps(document(allow("sqs:*", "*", "*"))),
            )
        ),
    ),
    bad(
        "access",
        "an event bus for everybody",
        resources(
            It=resource("AWS::Events::EventBusPolicy", StatementId="s", Action="events:PutEvents", Principal="*")
        ),
    ),
    bad(
        "access",
        "a set of permissions for administrators",
        resources(
            It=resource(
                "AWS::SSO::PermissionSet",
                Name="ops",
                ManagedPolicies=["arn:aws:iam::aws:policy/AdministratorAccess"],
            )
        ),
    ),
    good(
        "access",
        "asking what a method allows",
        resources(It=resource("AWS::ApiGateway::Method", HttpMethod="OPTIONS", AuthorizationType="NONE")),
    ),
)

REST: Final = (
    good(
        "keys",
        "a key that signs",
        resources(
            It=resource(
                "AWS::KMS::Key",
                KeySpec="ECC_NIST_P256",
                KeyUsage="SIGN_VERIFY",
                KeyPolicy=document(allow("kms:*", "*", {"AWS": {"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:root"}})),
            )
        ),
    ),
    bad(
        "keys",
        "rotation only in another environment",
        {
            "Parameters": {"Stage": {"Type": "String", "Default": "test"}},
            "Conditions": {"Live": {"Fn::Equals": [{"Ref": "Stage"}, "live"]}},
            **resources(
                It=resource(
                    "AWS::KMS::Key",
                    EnableKeyRotation={"Fn::If": ["Live", True, False]},
                    KeyPolicy=document(allow("kms:*", "*", {"AWS": "arn:aws:iam::111111111111:root"})),
                )
            ),
        },
    ),
    good(
        "logging",
        "the bucket that keeps the other's access log",
        resources(
            It=resource("AWS::S3::Bucket"),
            Other=resource("AWS::S3::Bucket", LoggingConfiguration={"DestinationBucketName": {"Ref": "It"}}),
        ),
    ),
    good(
        "logging",
        "a member of a cluster",
        resources(It=resource("AWS::RDS::DBInstance", Engine="aurora-mysql", DBClusterIdentifier="app")),
    ),
    bad(
        "logging",
        "an attribute that says False",
        resources(
            It=resource(
                "AWS::ElasticLoadBalancingV2::LoadBalancer",
                LoadBalancerAttributes=[{"Key": "access_logs.s3.enabled", "Value": "False"}],
            )
        ),
    ),
    bad(
        "recovery",
        "backups kept for the text 0",
        resources(
            It=resource(
                "AWS::RDS::DBInstance", Engine="mysql", BackupRetentionPeriod="0", DeletionProtection=True, MultiAZ=True
            )
        ),
    ),
    good(
        "recovery",
        "a member of a cluster",
        resources(It=resource("AWS::RDS::DBInstance", Engine="aurora-mysql", DBClusterIdentifier="app")),
    ),
    bad(
        "hosts",
        "IMDSv1 spelt out",
        resources(
            It=resource("AWS::EC2::LaunchTemplate", LaunchTemplateData={"MetadataOptions": {"HttpTokens": "optional"}})
        ),
    ),
    good(
        "hosts",
        "no metadata at all",
        resources(
            It=resource(
                "AWS::EC2::LaunchTemplate", LaunchTemplateData={"MetadataOptions": {"HttpEndpoint": "disabled"}}
            )
        ),
    ),
)

WRITTEN: Final = """
# A date without quotes, `yes` for a text, short forms one in another: as people write them.
AWSTemplateFormatVersion: 2010-09-09
Parameters:
  Port: {Type: Number, Default: 22}
  Open: {Type: String, Default: yes}
Conditions:
  IsOpen: !Equals [!Ref Open, yes]
Resources:
  It:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: app
      SecurityGroupIngress: !If
        - IsOpen
        - - IpProtocol: tcp
            FromPort: !Ref Port
            ToPort: !Ref Port
            CidrIp: !Sub ["${net}/${bits}", {net: 0.0.0.0, bits: 0}]
        - []
"""

SHAPES: Final = (
    *TLS,
    *STORAGE,
    *NETWORK,
    *PASSWORDS,
    *ACCESS,
    *REST,
    bad("network", "short forms", parse(WRITTEN.encode(), file="written.yaml")),
)


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: f"{shape.theme} {shape.kind}: {shape.why}")
def test_the_theme_says_what_it_should(shape: Shape) -> None:
    template = read_document(dict(shape.template), key="shape", file="shape.json", region=None, account=None)
    rules = tuple(rule for rule in all_rules() if rule.id.startswith(f"{shape.theme}."))
    judged = list(judge(Assembly(templates={"shape": template}), rules=rules, baseline=False))
    assert not [judgement.crash for judgement in judged if judgement.crash]
    said = [
        (judgement.rule.id, judgement.resource.logical_id, problem.verdict, problem.property, problem.message)
        for judgement in judged
        for problem in judgement.problems
    ]
    if shape.kind == "good":
        assert said == []
    else:
        assert [one for one in said if one[1:3] == ("It", "fail")], said


def test_each_theme_has_both_kinds() -> None:
    assert {(shape.theme, shape.kind) for shape in SHAPES} >= {
        (theme, kind)
        for theme in ("tls", "storage", "network", "passwords", "access", "keys", "logging", "recovery", "hosts")
        for kind in ("good", "bad")
    }
