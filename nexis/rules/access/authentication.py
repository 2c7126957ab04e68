"""Services ask who comes: no guests, no open databases, no shared root.

Sources: stand with each row.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from nexis.rules._policy_documents import statements
from nexis.rules.access._statements import is_anyone, is_narrowed
from nexis.rules.requirements import Requirement, is_false, is_true, one_of, property_rule
from nexis.templates.values import Reference, Unknown
from nexis.templates.views import Absent

if TYPE_CHECKING:
    from nexis.rules.model import Rule
    from nexis.templates.views import View

AS_OF: Final = "2026-11-23"
CACHE: Final = "AWS::ElastiCache::ReplicationGroup"
MSK: Final = "AWS::MSK::Cluster"
SEARCH: Final = "AWS::OpenSearchService::Domain"
ACCESS_POINT: Final = "AWS::EFS::AccessPoint"
POOL: Final = "AWS::Cognito::UserPool"


def _no_user_groups(group: View) -> bool:
    """Users of a user group authenticate themselves; without one the group has a token or nothing."""
    groups = group.peek("UserGroupIds")
    return isinstance(groups, Absent) or (not isinstance(groups, Unknown) and not group.items("UserGroupIds"))


def _token_is_known(group: View) -> bool:
    """A token is a secret, so a template has it from a parameter; which one does not matter."""
    return not isinstance(group.peek("AuthToken"), Unknown)


def _is_primary(group: View) -> bool:
    """A secondary group of a global datastore takes its authentication from the primary."""
    return isinstance(group.peek("GlobalReplicationGroupId"), Absent)


def _users_matter(domain: View) -> bool:
    """Whether the domain says something of its users, or its policy names nobody and nothing else asks who comes."""
    if not isinstance(domain.peek("AdvancedSecurityOptions"), Absent):
        return True
    return any(
        statement.allows and is_anyone(statement) and not is_narrowed(statement)
        for statement in statements(domain, "AccessPolicies")
    )


def _is_kafka(cluster: View) -> bool:
    """Whether the cluster says how clients authenticate."""
    return not isinstance(cluster.peek("ClientAuthentication"), Absent)


def _is_own(cluster: View) -> bool:
    """A cluster restored or read from another takes its settings."""
    return isinstance(cluster.peek("SourceDBClusterIdentifier"), Absent)


_IDENTITY: Final = {"SOC 2": ("CC6.1",), "NIST 800-53 r5": ("AC-3", "IA-2")}

RULES: tuple[Rule, ...] = (
    property_rule(
        rule_id="access.cognito-no-guests",
        title="Identity pools give no credentials to guests",
        why="Whoever knows the pool's id gets AWS credentials, without a name and without a password.",
        requirements=(
            Requirement(
                type="AWS::Cognito::IdentityPool",
                path=("AllowUnauthenticatedIdentities",),
                accepts=is_false,
                expected="false",
                absent="",
                source="Amazon Cognito Developer Guide, Identity pools: guest access",
                as_of=AS_OF,
                example=False,
            ),
        ),
        fix="set AllowUnauthenticatedIdentities to false (CDK: IdentityPool(allow_unauthenticated_identities=False))",
        cdk="cognito.CfnIdentityPool(self, 'Pool', allow_unauthenticated_identities=False)",
        source="AWS Security Hub User Guide, Cognito.2",
        claims=("touchpoints.identity",),
        controls={**_IDENTITY, "AWS FSBP": ("Cognito.2",)},
    ),
    property_rule(
        rule_id="access.cognito-mfa",
        title="Users of a user pool can have a second factor",
        why="A password that leaks from another site opens the account as well, unless something else is asked for.",
        requirements=(
            Requirement(
                type=POOL,
                path=("MfaConfiguration",),
                accepts=one_of("ON", "OPTIONAL"),
                expected="'ON' or 'OPTIONAL'",
                absent="Cognito takes OFF",
                source="Amazon Cognito Developer Guide, Adding MFA to a user pool",
                as_of=AS_OF,
                example="ON",
            ),
        ),
        fix="set MfaConfiguration to ON and EnabledMfas to SOFTWARE_TOKEN_MFA (CDK: UserPool(mfa=Mfa.REQUIRED))",
        cdk="cognito.UserPool(self, 'Users', mfa=cognito.Mfa.REQUIRED,\n"
        "    mfa_second_factor=cognito.MfaSecondFactor(sms=False, otp=True))",
        source="Amazon Cognito Developer Guide, Adding MFA to a user pool",
        claims=("touchpoints.identity",),
        controls={"SOC 2": ("CC6.1",), "NIST 800-53 r5": ("IA-2",)},
    ),
    property_rule(
        rule_id="access.elasticache-auth",
        title="Caches ask for a password or a user",
        why="Whoever reaches the port of a cache without authentication reads and empties it.",
        requirements=(
            Requirement(
                type=CACHE,
                path=("AuthToken",),
                accepts=None,
                expected="a token, or UserGroupIds with users",
                absent="no UserGroupIds stands for it, so the cache asks nobody who they are",
                source="Amazon ElastiCache User Guide, Authenticating with the AUTH command",
                as_of=AS_OF,
                example="{{resolve:secretsmanager:cache:SecretString:token}}",
                when=lambda group: _token_is_known(group) and _no_user_groups(group) and _is_primary(group),
            ),
        ),
        fix="set UserGroupIds, or AuthToken from a secret, with TransitEncryptionEnabled (CDK: "
        "CfnReplicationGroup(user_group_ids=[...]))",
        cdk="elasticache.CfnReplicationGroup(self, 'Cache', replication_group_description='cache',\n"
        "    transit_encryption_enabled=True, user_group_ids=[users.ref])",
        source="AWS Security Hub User Guide, ElastiCache.6; Amazon ElastiCache User Guide, Role-Based Access Control",
        claims=("touchpoints.identity",),
        controls={**_IDENTITY, "AWS FSBP": ("ElastiCache.6",)},
    ),
    property_rule(
        rule_id="access.memorydb-acl",
        title="MemoryDB clusters ask for a user",
        why="The list open-access lets in whoever reaches the port.",
        requirements=(
            Requirement(
                type="AWS::MemoryDB::Cluster",
                path=("ACLName",),
                accepts=lambda text: text != "open-access",
                expected="an access control list with users",
                absent="",
                source="Amazon MemoryDB Developer Guide, Authenticating users with Access Control Lists",
                as_of=AS_OF,
                example="app-users",
                when=lambda cluster: not isinstance(cluster.peek("ACLName"), Reference),
            ),
        ),
        fix="set ACLName to a list of your own (CDK: CfnCluster(acl_name=acl.ref))",
        cdk="memorydb.CfnCluster(self, 'Cluster', acl_name=users.ref, cluster_name='c', node_type='db.r7g.large')",
        source="Amazon MemoryDB Developer Guide, Authenticating users with Access Control Lists",
        claims=("touchpoints.identity",),
        controls=_IDENTITY,
    ),
    property_rule(
        rule_id="access.msk-authentication",
        title="Kafka clusters ask their clients who they are",
        why="Whoever reaches a broker without authentication reads and writes every topic.",
        requirements=(
            Requirement(
                type=MSK,
                path=("ClientAuthentication",),
                accepts=None,
                expected="Sasl or Tls in it",
                absent="MSK takes clients without authentication",
                source="Amazon MSK Developer Guide, Authentication and authorization for Apache Kafka APIs",
                as_of=AS_OF,
                example={"Sasl": {"Iam": {"Enabled": True}}},
            ),
            Requirement(
                type=MSK,
                path=("ClientAuthentication", "Unauthenticated", "Enabled"),
                accepts=is_false,
                expected="false",
                absent="",
                source="Amazon MSK Developer Guide, Authentication and authorization for Apache Kafka APIs",
                as_of=AS_OF,
                when=_is_kafka,
            ),
        ),
        fix="set ClientAuthentication with Sasl.Iam.Enabled true, and leave Unauthenticated out (CDK: "
        "CfnCluster(client_authentication=...))",
        cdk="iam_only = msk.CfnCluster.ClientAuthenticationProperty(\n"
        "    sasl=msk.CfnCluster.SaslProperty(iam=msk.CfnCluster.IamProperty(enabled=True)))",
        source="AWS Security Hub User Guide, MSK.6",
        claims=("touchpoints.identity",),
        controls={**_IDENTITY, "AWS FSBP": ("MSK.6",)},
    ),
    property_rule(
        rule_id="access.neptune-iam-auth",
        title="Neptune clusters ask for IAM credentials",
        why="Neptune has no passwords: without IAM authentication, whoever reaches the port has the graph.",
        requirements=(
            Requirement(
                type="AWS::Neptune::DBCluster",
                path=("IamAuthEnabled",),
                accepts=is_true,
                expected="true",
                absent="Neptune takes false",
                source="Neptune User Guide, Authenticating your Amazon Neptune database with IAM",
                as_of=AS_OF,
                example=True,
                when=_is_own,
            ),
        ),
        fix="set IamAuthEnabled to true (CDK: DatabaseCluster(iam_authentication=True))",
        cdk="neptune.CfnDBCluster(self, 'Graph', iam_auth_enabled=True)",
        source="AWS Security Hub User Guide, Neptune.7",
        claims=("touchpoints.identity",),
        controls={**_IDENTITY, "AWS FSBP": ("Neptune.7",)},
    ),
    property_rule(
        rule_id="access.opensearch-fine-grained",
        title="OpenSearch domains whose policy names nobody ask for a user",
        why="Where neither the policy nor the domain asks who comes, whoever reaches it reads and deletes every index.",
        requirements=(
            Requirement(
                type=SEARCH,
                path=("AdvancedSecurityOptions", "Enabled"),
                accepts=is_true,
                expected="true",
                absent="OpenSearch Service takes false",
                source="Amazon OpenSearch Service Developer Guide, Fine-grained access control",
                as_of=AS_OF,
                example=True,
                when=_users_matter,
            ),
            Requirement(
                type=SEARCH,
                path=("AdvancedSecurityOptions", "AnonymousAuthEnabled"),
                accepts=is_false,
                expected="false",
                absent="",
                source="Amazon OpenSearch Service Developer Guide, Fine-grained access control on existing domains",
                as_of=AS_OF,
                when=_users_matter,
            ),
        ),
        fix="set AdvancedSecurityOptions.Enabled to true, with encryption at rest, node-to-node encryption and HTTPS "
        "(CDK: Domain(fine_grained_access_control=AdvancedSecurityOptions(...)))",
        cdk="opensearch.Domain(self, 'Search', version=opensearch.EngineVersion.OPENSEARCH_2_19,\n"
        "    fine_grained_access_control=opensearch.AdvancedSecurityOptions(master_user_arn=admin.role_arn))",
        source="AWS Security Hub User Guide, Opensearch.7",
        claims=("touchpoints.identity",),
        controls={**_IDENTITY, "AWS FSBP": ("Opensearch.7",)},
    ),
    property_rule(
        rule_id="access.qldb-permissions",
        title="Ledgers use permissions for tables and commands",
        why="ALLOW_ALL lets whoever may send commands read and change every table.",
        requirements=(
            Requirement(
                type="AWS::QLDB::Ledger",
                path=("PermissionsMode",),
                accepts=one_of("STANDARD"),
                expected="'STANDARD'",
                absent="CloudFormation refuses it",
                source="AWS CloudFormation Template Reference, AWS::QLDB::Ledger PermissionsMode",
                as_of=AS_OF,
                example="STANDARD",
            ),
        ),
        fix="set PermissionsMode to STANDARD (CDK: CfnLedger(permissions_mode='STANDARD'))",
        cdk="qldb.CfnLedger(self, 'Ledger', permissions_mode='STANDARD')",
        source="AWS CloudFormation Template Reference, AWS::QLDB::Ledger PermissionsMode",
        claims=("touchpoints.identity",),
        controls=_IDENTITY,
    ),
    property_rule(
        rule_id="access.sagemaker-no-root",
        title="Users of a notebook are not its root",
        why="Root of the notebook's host can read what other users and the host's own agents keep there.",
        requirements=(
            Requirement(
                type="AWS::SageMaker::NotebookInstance",
                path=("RootAccess",),
                accepts=one_of("Disabled"),
                expected="'Disabled'",
                absent="SageMaker takes Enabled",
                source="Amazon SageMaker AI Developer Guide, Control root access to a notebook instance",
                as_of=AS_OF,
                example="Disabled",
            ),
        ),
        fix="set RootAccess to Disabled (CDK: CfnNotebookInstance(root_access='Disabled'))",
        cdk="sagemaker.CfnNotebookInstance(self, 'Notebook', instance_type='ml.t3.medium', role_arn=role.role_arn,\n"
        "    root_access='Disabled')",
        source="AWS Security Hub User Guide, SageMaker.3",
        claims=("touchpoints.identity",),
        controls={"SOC 2": ("CC6.1", "CC6.3"), "AWS FSBP": ("SageMaker.3",), "NIST 800-53 r5": ("AC-6",)},
    ),
    property_rule(
        rule_id="access.efs-access-point-user",
        title="Access points of file systems say as which user files are used",
        why="Without a user of its own, an access point believes whatever user id its client claims.",
        requirements=(
            Requirement(
                type=ACCESS_POINT,
                path=("PosixUser",),
                accepts=None,
                expected="Uid and Gid",
                absent="EFS takes the user id that the client claims",
                source="Amazon EFS User Guide, Working with access points: Enforcing a user identity",
                as_of=AS_OF,
                example={"Uid": "1000", "Gid": "1000"},
            ),
        ),
        fix="set PosixUser with Uid and Gid (CDK: file_system.add_access_point(posix_user=PosixUser(...)))",
        cdk="file_system.add_access_point('App', posix_user=efs.PosixUser(uid='1000', gid='1000'))",
        source="AWS Security Hub User Guide, EFS.4",
        claims=("touchpoints.identity",),
        controls={"SOC 2": ("CC6.1", "CC6.3"), "AWS FSBP": ("EFS.4",), "NIST 800-53 r5": ("AC-6",)},
    ),
    property_rule(
        rule_id="access.efs-access-point-root",
        title="Access points of file systems open one directory",
        why="An access point at the root shows its clients the files of all the others.",
        requirements=(
            Requirement(
                type=ACCESS_POINT,
                path=("RootDirectory", "Path"),
                accepts=lambda text: text.strip("/") != "",
                expected="a directory such as '/app'",
                absent="EFS takes '/', the whole file system",
                source="Amazon EFS User Guide, Working with access points: Enforcing a root directory",
                as_of=AS_OF,
                example="/app",
            ),
        ),
        fix="set RootDirectory.Path (CDK: file_system.add_access_point(path='/app'))",
        cdk="file_system.add_access_point('App', path='/app')",
        source="AWS Security Hub User Guide, EFS.3",
        claims=("touchpoints.identity",),
        controls={"SOC 2": ("CC6.1", "CC6.3"), "AWS FSBP": ("EFS.3",), "NIST 800-53 r5": ("AC-6",)},
    ),
    property_rule(
        rule_id="access.codebuild-private",
        title="Builds are not published",
        why="A public project shows its logs and artifacts, and what slipped into them, to everyone.",
        requirements=(
            Requirement(
                type="AWS::CodeBuild::Project",
                path=("Visibility",),
                accepts=one_of("PRIVATE"),
                expected="'PRIVATE'",
                absent="",  # CodeBuild takes PRIVATE
                source="AWS CodeBuild User Guide, Get public build project URLs",
                as_of=AS_OF,
                example="PRIVATE",
            ),
        ),
        fix="set Visibility to PRIVATE or leave it out (CDK: Project(visibility=ProjectVisibility.PRIVATE))",
        cdk="codebuild.Project(self, 'Build', source=source, visibility=codebuild.ProjectVisibility.PRIVATE)",
        source="AWS CodeBuild User Guide, Get public build project URLs",
        claims=("touchpoints.identity",),
        controls={"SOC 2": ("CC6.1", "CC6.6"), "NIST 800-53 r5": ("AC-3", "AC-21")},
    ),
)
