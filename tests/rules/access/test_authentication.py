from __future__ import annotations

from typing import Any

from tests.support.rule_cases import (
    Case,
    RuleCases,
    bad,
    each_of,
    good,
    hold,
    not_applicable,
    resource,
    resources,
    unknown,
)
from tests.support.rule_templates import OPEN, conditional, defaulted, either, opened

CACHE, MSK, SEARCH = "AWS::ElastiCache::ReplicationGroup", "AWS::MSK::Cluster", "AWS::OpenSearchService::Domain"
POINT, POOL, GUESTS = "AWS::EFS::AccessPoint", "AWS::Cognito::UserPool", "AWS::Cognito::IdentityPool"
NEPTUNE, MEMORY, LEDGER = "AWS::Neptune::DBCluster", "AWS::MemoryDB::Cluster", "AWS::QLDB::Ledger"
NOTEBOOK, BUILD = "AWS::SageMaker::NotebookInstance", "AWS::CodeBuild::Project"
ROLE = {"AWS": "arn:aws:iam::111111111111:role/app"}


def open_policy(principal: Any) -> dict[str, Any]:
    return {"Statement": [{"Effect": "Allow", "Principal": principal, "Action": "es:ESHttp*", "Resource": "*"}]}


CASES = (
    RuleCases(
        "access.cognito-no-guests",
        (
            good("no guests", resources(It=resource(GUESTS, AllowUnauthenticatedIdentities=False))),
            bad(
                "guests",
                resources(It=resource(GUESTS, AllowUnauthenticatedIdentities="true")),
                at=("Properties.AllowUnauthenticatedIdentities",),
            ),
            bad(
                "a parameter's default",
                defaulted("true", It=resource(GUESTS, AllowUnauthenticatedIdentities=OPEN)),
                at=("Properties.AllowUnauthenticatedIdentities",),
            ),
            unknown(
                "open",
                opened(It=resource(GUESTS, AllowUnauthenticatedIdentities=OPEN)),
                at=("Properties.AllowUnauthenticatedIdentities",),
            ),
            not_applicable("a user pool", resources(It=resource(POOL))),
        ),
    ),
    RuleCases(
        "access.cognito-mfa",
        (
            good("always", resources(It=resource(POOL, MfaConfiguration="ON"))),
            good("for who wants it", resources(It=resource(POOL, MfaConfiguration="OPTIONAL"))),
            bad("absent", resources(It=resource(POOL)), at=("Properties.MfaConfiguration",)),
            bad("off", resources(It=resource(POOL, MfaConfiguration="OFF")), at=("Properties.MfaConfiguration",)),
            unknown("open", opened(It=resource(POOL, MfaConfiguration=OPEN)), at=("Properties.MfaConfiguration",)),
            not_applicable("an identity pool", resources(It=resource(GUESTS))),
        ),
    ),
    RuleCases(
        "access.elasticache-auth",
        (
            good("a token", resources(It=resource(CACHE, AuthToken="{{resolve:secretsmanager:s:SecretString:token}}"))),
            not_applicable("a token from a parameter", opened(It=resource(CACHE, AuthToken=OPEN))),
            good(
                "a token of a secret",
                resources(It=resource(CACHE, AuthToken={"Ref": "S"}), S=resource("AWS::SecretsManager::Secret")),
            ),
            bad("neither", resources(It=resource(CACHE)), at=("Properties.AuthToken",)),
            bad("no groups", resources(It=resource(CACHE, UserGroupIds=[])), at=("Properties.AuthToken",)),
            unknown(
                "a token only sometimes",
                conditional(It=resource(CACHE, AuthToken=either("t", {"Ref": "AWS::NoValue"}))),
                at=("Properties.AuthToken",),
            ),
            not_applicable("users", resources(It=resource(CACHE, UserGroupIds=["app"]))),
            not_applicable("a secondary group", resources(It=resource(CACHE, GlobalReplicationGroupId="g"))),
        ),
    ),
    RuleCases(
        "access.memorydb-acl",
        (
            good("a list", resources(It=resource(MEMORY, ACLName="app-users"))),
            bad("open", resources(It=resource(MEMORY, ACLName="open-access")), at=("Properties.ACLName",)),
            bad(
                "a parameter's default",
                defaulted("open-access", It=resource(MEMORY, ACLName=OPEN)),
                at=("Properties.ACLName",),
            ),
            unknown("open", opened(It=resource(MEMORY, ACLName=OPEN)), at=("Properties.ACLName",)),
            not_applicable(
                "a list of the template",
                resources(It=resource(MEMORY, ACLName={"Ref": "A"}), A=resource("AWS::MemoryDB::ACL")),
            ),
        ),
    ),
    RuleCases(
        "access.msk-authentication",
        (
            good("IAM", resources(It=resource(MSK, ClientAuthentication={"Sasl": {"Iam": {"Enabled": True}}}))),
            good(
                "certificates alone",
                resources(
                    It=resource(
                        MSK, ClientAuthentication={"Tls": {"Enabled": True}, "Unauthenticated": {"Enabled": False}}
                    )
                ),
            ),
            bad("absent", resources(It=resource(MSK)), at=("Properties.ClientAuthentication",)),
            bad(
                "everyone as well",
                resources(
                    It=resource(
                        MSK,
                        ClientAuthentication={"Sasl": {"Iam": {"Enabled": True}}, "Unauthenticated": {"Enabled": True}},
                    )
                ),
                at=("Properties.ClientAuthentication.Unauthenticated.Enabled",),
            ),
            unknown(
                "open",
                opened(It=resource(MSK, ClientAuthentication={"Unauthenticated": {"Enabled": OPEN}})),
                at=("Properties.ClientAuthentication.Unauthenticated.Enabled",),
            ),
            not_applicable("a configuration", resources(It=resource("AWS::MSK::Configuration"))),
        ),
    ),
    RuleCases(
        "access.neptune-iam-auth",
        (
            good("on", resources(It=resource(NEPTUNE, IamAuthEnabled=True))),
            bad("absent", resources(It=resource(NEPTUNE)), at=("Properties.IamAuthEnabled",)),
            bad("off", resources(It=resource(NEPTUNE, IamAuthEnabled=False)), at=("Properties.IamAuthEnabled",)),
            unknown("open", opened(It=resource(NEPTUNE, IamAuthEnabled=OPEN)), at=("Properties.IamAuthEnabled",)),
            not_applicable("an instance", resources(It=resource("AWS::Neptune::DBInstance"))),
        ),
    ),
    RuleCases(
        "access.opensearch-fine-grained",
        (
            good("on", resources(It=resource(SEARCH, AdvancedSecurityOptions={"Enabled": True}))),
            good(
                "on, with a policy for everyone",
                resources(
                    It=resource(SEARCH, AdvancedSecurityOptions={"Enabled": True}, AccessPolicies=open_policy("*"))
                ),
            ),
            bad(
                "off",
                resources(It=resource(SEARCH, AdvancedSecurityOptions={"Enabled": False})),
                at=("Properties.AdvancedSecurityOptions.Enabled",),
            ),
            bad(
                "absent in a network, with a policy for everyone",
                resources(
                    It=resource(SEARCH, VPCOptions={"SubnetIds": ["s"]}, AccessPolicies=open_policy({"AWS": "*"}))
                ),
                at=("Properties.AdvancedSecurityOptions.Enabled",),
            ),
            bad(
                "strangers let through",
                resources(It=resource(SEARCH, AdvancedSecurityOptions={"Enabled": True, "AnonymousAuthEnabled": True})),
                at=("Properties.AdvancedSecurityOptions.AnonymousAuthEnabled",),
            ),
            unknown(
                "open",
                opened(It=resource(SEARCH, AdvancedSecurityOptions={"Enabled": OPEN})),
                at=("Properties.AdvancedSecurityOptions.Enabled",),
            ),
            not_applicable(
                "a policy that names a role", resources(It=resource(SEARCH, AccessPolicies=open_policy(ROLE)))
            ),
            not_applicable("no policy, which lets nobody in", resources(It=resource(SEARCH))),
        ),
    ),
    RuleCases(
        "access.qldb-permissions",
        (
            good("standard", resources(It=resource(LEDGER, PermissionsMode="STANDARD"))),
            bad(
                "everything",
                resources(It=resource(LEDGER, PermissionsMode="ALLOW_ALL")),
                at=("Properties.PermissionsMode",),
            ),
            unknown("open", opened(It=resource(LEDGER, PermissionsMode=OPEN)), at=("Properties.PermissionsMode",)),
            not_applicable("a stream", resources(It=resource("AWS::QLDB::Stream"))),
        ),
    ),
    RuleCases(
        "access.sagemaker-no-root",
        (
            good("no root", resources(It=resource(NOTEBOOK, RootAccess="Disabled"))),
            bad("absent", resources(It=resource(NOTEBOOK)), at=("Properties.RootAccess",)),
            bad("root", resources(It=resource(NOTEBOOK, RootAccess="Enabled")), at=("Properties.RootAccess",)),
            unknown("open", opened(It=resource(NOTEBOOK, RootAccess=OPEN)), at=("Properties.RootAccess",)),
            not_applicable("a model", resources(It=resource("AWS::SageMaker::Model"))),
        ),
    ),
    RuleCases(
        "access.efs-access-point-user",
        (
            good("a user", resources(It=resource(POINT, PosixUser={"Uid": "1000", "Gid": "1000"}))),
            bad("absent", resources(It=resource(POINT)), at=("Properties.PosixUser",)),
            unknown(
                "only sometimes",
                conditional(It=resource(POINT, PosixUser=either({"Uid": "1", "Gid": "1"}, {"Ref": "AWS::NoValue"}))),
                at=("Properties.PosixUser",),
            ),
            not_applicable("a file system", resources(It=resource("AWS::EFS::FileSystem"))),
        ),
    ),
    RuleCases(
        "access.efs-access-point-root",
        (
            good("a directory", resources(It=resource(POINT, RootDirectory={"Path": "/app"}))),
            bad("absent", resources(It=resource(POINT)), at=("Properties.RootDirectory.Path",)),
            bad(
                "the root",
                resources(It=resource(POINT, RootDirectory={"Path": "/"})),
                at=("Properties.RootDirectory.Path",),
            ),
            unknown(
                "open", opened(It=resource(POINT, RootDirectory={"Path": OPEN})), at=("Properties.RootDirectory.Path",)
            ),
            not_applicable("a file system", resources(It=resource("AWS::EFS::FileSystem"))),
        ),
    ),
    RuleCases(
        "access.codebuild-private",
        (
            good("private", resources(It=resource(BUILD, Visibility="PRIVATE"))),
            good("absent, which is private", resources(It=resource(BUILD))),
            bad("public", resources(It=resource(BUILD, Visibility="PUBLIC_READ")), at=("Properties.Visibility",)),
            unknown("open", opened(It=resource(BUILD, Visibility=OPEN)), at=("Properties.Visibility",)),
            not_applicable("a report group", resources(It=resource("AWS::CodeBuild::ReportGroup"))),
        ),
    ),
)


@each_of(CASES)
def test_authentication(cases: RuleCases, case: Case) -> None:
    hold(cases, case)
