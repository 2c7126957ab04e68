"""Permissions that grew, of identities and of resources."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.changes import compared, resource, told

BUCKET = {"B": resource("S3::Bucket")}
TRUST = {"Statement": {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}}


def allow(actions: Any, resources: Any = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": actions, "Resource": resources, **more}


def inline(*statements: Any) -> dict[str, Any]:
    policies = [{"PolicyName": "p", "PolicyDocument": {"Statement": list(statements)}}]
    return {"R": resource("IAM::Role", AssumeRolePolicyDocument=TRUST, Policies=policies)}


def grew(before: Any, after: Any, direction: str = "weaker", **more: Any) -> list[str]:
    return told({**BUCKET, **before}, {**BUCKET, **after}, "access", direction, **more)


def attached(kind: str, *statements: Any) -> dict[str, Any]:
    """Statements in a policy of its own, which names the role."""
    return {
        "R": resource("IAM::Role", AssumeRolePolicyDocument=TRUST),
        "P": resource(
            f"IAM::{kind}", PolicyName="p", Roles=[{"Ref": "R"}], PolicyDocument={"Statement": list(statements)}
        ),
    }


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ([allow(["s3:GetObject", "s3:PutObject"])], [allow("s3:PutObject"), allow("S3:getobject", Sid="Read")]),
        ([allow("s3:GetObject", ["a", "b"])], [allow("s3:GetObject", "b"), allow("s3:GetObject", "a")]),
        ([allow("s3:*")], [allow("s3:*"), allow("s3:Get*")]),
        (
            [allow("s3:GetObject", "arn:aws:s3:::x")],
            [allow("s3:GetObject", {"Fn::Sub": "arn:${AWS::Partition}:s3:::x"})],
        ),
        (
            [allow("s3:GetObject", Condition={"StringEquals": {"aws:PrincipalOrgID": "o-1"}})],
            [allow("s3:GetObject", Condition={"StringEquals": {"AWS:PrincipalOrgId": ["o-1"]}})],
        ),
    ],
)
def test_the_same_permissions_said_differently_are_no_change(before: list[Any], after: list[Any]) -> None:
    for one, other in ((before, after), (after, before)):
        assert grew(inline(*one), inline(*other)) == []


@pytest.mark.parametrize("kind", ["Policy", "ManagedPolicy"])
def test_a_statement_that_moves_to_another_policy_changes_nothing(kind: str) -> None:
    statement = allow("s3:GetObject", {"Fn::GetAtt": ["B", "Arn"]})
    assert grew(inline(statement), attached(kind, statement)) == []
    assert grew(attached(kind, statement), inline(statement)) == []
    assert grew(inline(), attached(kind, statement)) == ["R may newly do s3:GetObject on B"]


def test_a_policy_linked_from_the_role_counts_as_one_that_names_it() -> None:
    statement = allow("s3:GetObject")
    linked = {
        "R": resource("IAM::Role", AssumeRolePolicyDocument=TRUST, ManagedPolicyArns=[{"Ref": "P"}]),
        "P": resource("IAM::ManagedPolicy", PolicyDocument={"Statement": [statement]}),
    }
    assert grew(attached("ManagedPolicy", statement), linked) == []


def test_more_actions_more_resources_and_fewer_conditions() -> None:
    asked = {"StringEquals": {"kms:ViaService": "s3.eu-central-1.amazonaws.com"}}
    before = inline(allow("s3:GetObject", "arn:aws:s3:::a/*"), allow("kms:Decrypt", Condition=asked))
    after = inline(
        allow(["s3:GetObject", "s3:DeleteObject"], "arn:aws:s3:::a/*"),
        allow("s3:GetObject", "arn:aws:s3:::*"),
        allow("kms:Decrypt"),
    )
    assert grew(before, after) == [
        "R may newly do kms:Decrypt on everything; a condition is dropped or wider",
        "R may newly do s3:DeleteObject on arn:aws:s3:::a/*",
        "R may newly do s3:GetObject on arn:aws:s3:::*; on more resources",
    ]
    assert grew(after, before) == []


def test_shrinking_is_stronger() -> None:
    before, after = inline(allow("s3:*")), inline(allow("s3:GetObject"))
    assert grew(before, after) == []
    assert grew(before, after, "stronger") == ["R may no longer do s3:* on everything"] or grew(
        before, after, "stronger"
    )


def test_what_is_denied_anyway_is_no_growth_and_a_lost_denial_is_one() -> None:
    deny = {**allow("iam:*"), "Effect": "Deny"}
    assert grew(inline(deny), inline(deny, allow("iam:PassRole"))) == []
    assert grew(inline(deny, allow("*")), inline(allow("*"))) == ["R no longer denies iam:* on everything"]


def test_administrators_and_policies_known_by_name_only() -> None:
    def with_policy(*arns: str) -> dict[str, Any]:
        return {"R": resource("IAM::Role", AssumeRolePolicyDocument=TRUST, ManagedPolicyArns=list(arns))}

    assert grew(with_policy(), with_policy("arn:aws:iam::aws:policy/AdministratorAccess")) == [
        "R may newly do everything on everything"
    ]
    assert grew(with_policy(), with_policy("arn:aws:iam::aws:policy/ReadOnlyAccess")) == [
        "R may newly do (managed policy ReadOnlyAccess) on everything"
    ]


def test_who_may_take_on_a_role() -> None:
    def trusting(*principals: dict[str, Any], **more: Any) -> dict[str, Any]:
        statements = [{"Effect": "Allow", "Principal": p, "Action": "sts:AssumeRole", **more} for p in principals]
        return {"R": resource("IAM::Role", AssumeRolePolicyDocument={"Statement": statements})}

    service, account = {"Service": "ec2.amazonaws.com"}, {"AWS": "222222222222"}
    assert grew(trusting(service), trusting(service, account)) == ["arn:aws:iam::222222222222:root may newly assume R"]
    assert grew(trusting(account), trusting({"AWS": "arn:aws:iam::222222222222:root"})) == []
    assert grew(trusting(service), trusting({"AWS": "*"})) == ["everyone may newly assume R"]
    asked = {"Condition": {"StringEquals": {"sts:ExternalId": "x"}}}
    assert grew(trusting(account, **asked), trusting(account)) == [
        "arn:aws:iam::222222222222:root may newly assume R; a condition is dropped or wider"
    ]


def test_a_permissions_boundary_that_goes() -> None:
    def bounded(**boundary: Any) -> dict[str, Any]:
        return {"R": resource("IAM::Role", AssumeRolePolicyDocument=TRUST, **boundary)}

    kept = bounded(PermissionsBoundary="arn:aws:iam::111111111111:policy/limits")
    assert grew(kept, bounded()) == ["R loses the permissions boundary arn:aws:iam::111111111111:policy/limits"]
    assert grew(bounded(), kept) == []
    assert grew(kept, bounded(PermissionsBoundary="arn:aws:iam::111111111111:policy/other")) != []


def bucket_policy(*statements: Any, name: str = "Guard") -> dict[str, Any]:
    return {name: resource("S3::BucketPolicy", Bucket={"Ref": "B"}, PolicyDocument={"Statement": list(statements)})}


ANYONE = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": {"Fn::Sub": "${B.Arn}/*"}}
TLS_ONLY = {
    "Effect": "Deny",
    "Principal": {"AWS": "*"},
    "Action": "s3:*",
    "Resource": {"Fn::GetAtt": ["B", "Arn"]},
    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
}


def test_a_bucket_that_everyone_may_read() -> None:
    assert grew({}, bucket_policy(ANYONE)) == ["everyone may newly do s3:GetObject on B (B/*)"]


def test_a_denial_that_goes_with_its_policy_and_one_that_is_only_renamed() -> None:
    assert grew(bucket_policy(TLS_ONLY), {}) == [
        "B no longer denies s3:* on B to everyone, when bool aws:securetransport false"
    ]
    assert grew(bucket_policy(TLS_ONLY), bucket_policy({**TLS_ONLY, "Sid": "Tls"}, name="Other")) == []
    assert told({**BUCKET, **bucket_policy(TLS_ONLY)}, {}, "access") == []  # nothing is left to be guarded


def function(**more: Any) -> dict[str, Any]:
    made = {"F": resource("Lambda::Function", Handler="x")}
    return {**made, **{name: resource(kind, **fields) for name, (kind, fields) in more.items()}}


def test_functions_that_more_may_call() -> None:
    def permission(**fields: Any) -> dict[str, Any]:
        call = {"FunctionName": {"Ref": "F"}, "Action": "lambda:InvokeFunction", "Principal": "s3.amazonaws.com"}
        return function(P=("Lambda::Permission", {**call, **fields}))

    assert grew(permission(SourceAccount="1"), permission()) == [
        "s3.amazonaws.com may newly do lambda:InvokeFunction on F; a condition is dropped or wider"
    ]
    assert grew(permission(SourceAccount="1"), permission(SourceAccount="1", Principal="222222222222")) != []
    url = {"TargetFunctionArn": {"Fn::GetAtt": ["F", "Arn"]}}
    signed, open_to_all = (function(U=("Lambda::Url", {**url, "AuthType": kind})) for kind in ("AWS_IAM", "NONE"))
    assert grew(signed, open_to_all) == ["everyone may newly do lambda:InvokeFunctionUrl on F"]


@pytest.mark.parametrize(
    ("kind", "guarded", "link"),
    [("SQS::QueuePolicy", "SQS::Queue", "Queues"), ("SNS::TopicPolicy", "SNS::Topic", "Topics")],
)
def test_queues_and_topics_that_everyone_may_use(kind: str, guarded: str, link: str) -> None:
    thing = {"Q": resource(guarded)}
    statement = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}
    policy = {"P": resource(kind, **{link: [{"Ref": "Q"}]}, PolicyDocument={"Statement": [statement]})}
    assert grew(thing, {**thing, **policy}) == ["everyone may newly do everything on Q"]


def test_a_key_policy_and_an_endpoint_without_one() -> None:
    def key(*principals: str) -> dict[str, Any]:
        statements = [
            {"Effect": "Allow", "Principal": {"AWS": p}, "Action": "kms:*", "Resource": "*"} for p in principals
        ]
        return {"K": resource("KMS::Key", KeyPolicy={"Statement": statements})}

    own, other = "arn:aws:iam::111111111111:root", "arn:aws:iam::222222222222:root"
    assert grew(key(own), key(own, other)) == [f"{other} may newly do kms:* on K"]
    narrow = {"PolicyDocument": {"Statement": [{**allow("s3:GetObject"), "Principal": "*"}]}}
    before, after = ({"E": resource("EC2::VPCEndpoint", ServiceName="s3", **policy)} for policy in (narrow, {}))
    assert grew(before, after) == ["everyone may newly do everything on everything through E"]


def test_a_new_resource_that_lets_in_its_own_account_is_nothing_to_tell_and_one_for_others_is() -> None:
    def key(principal: Any) -> dict[str, Any]:
        statement = {"Effect": "Allow", "Principal": {"AWS": principal}, "Action": "kms:*", "Resource": "*"}
        return {"K": resource("KMS::Key", KeyPolicy={"Statement": [statement]})}

    assert grew({}, key({"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:root"})) == []
    assert grew({}, key("arn:aws:iam::222222222222:root")) != []


OPEN: Any = {"Parameters": {"What": {"Type": "String"}}}


def test_what_cannot_be_known_counts_and_hangs_on_the_same_thing_when_nobody_touched_it() -> None:
    opened = inline(allow("s3:GetObject", {"Ref": "What"}))
    assert grew(opened, opened, **OPEN) == []
    (said,) = grew(inline(allow("s3:GetObject", "a")), opened, **OPEN)
    assert "something that cannot be known (parameter What has no default" in said
    whole = {"R": resource("IAM::Role", AssumeRolePolicyDocument={"Ref": "What"})}
    (said,) = grew({"R": resource("IAM::Role", AssumeRolePolicyDocument=TRUST)}, whole, **OPEN)
    assert "cannot be known" in said
    assert compared(whole, whole, **OPEN).changes == ()
