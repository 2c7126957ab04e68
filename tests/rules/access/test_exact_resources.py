from __future__ import annotations

import json
from typing import Any

from tests.support.rule_cases import (
    Case,
    RuleCases,
    bad,
    each,
    good,
    hold,
    not_applicable,
    resource,
    resources,
    unknown,
)
from tests.support.rule_templates import NO_VALUE, OPEN, conditional, defaulted, either, opened

ACTION, RESOURCE = "Properties.PolicyDocument.Statement.0.Action", "Properties.PolicyDocument.Statement.0.Resource"
ATTACHED = ("Properties.ManagedPolicyArns.0",)
TABLE = "arn:aws:dynamodb:eu-central-1:111111111111:table/t"


def allow(action: Any = "dynamodb:GetItem", on: Any = TABLE, **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": on, **more}


def policy(*statements: Any, kind: str = "ManagedPolicy") -> dict[str, Any]:
    return resource(f"AWS::IAM::{kind}", PolicyDocument={"Version": "2012-10-17", "Statement": list(statements)})


def role(*statements: Any, **properties: Any) -> dict[str, Any]:
    inline = [{"PolicyName": "p", "PolicyDocument": {"Statement": list(statements)}}] if statements else []
    return resource("AWS::IAM::Role", Policies=inline, **properties)


CASES = RuleCases(
    "access.exact-resources",
    (
        good("one action on one resource", resources(It=policy(allow()))),
        *(
            bad(f"every action of a service as {action}", resources(It=policy(allow(action))), at=(ACTION,))
            for action in ("dynamodb:?*", "dynamodb:*?", "dynamodb:**")
        ),
        *(
            bad(f"every resource as {wide}", resources(It=policy(allow(on=wide))), at=(RESOURCE,))
            for wide in ("?*", "arn:aws:s3:::?*", "arn:aws:s3:::*/*")
        ),
        good("actions by pattern on things in a bucket", resources(It=policy(allow("s3:Get*", "arn:aws:s3:::b/*")))),
        good(
            "a reference",
            resources(It=policy(allow(on={"Fn::GetAtt": ["T", "Arn"]})), T=resource("AWS::DynamoDB::Table")),
        ),
        good(
            "everything below a reference",
            resources(It=policy(allow("s3:GetObject", {"Fn::Sub": "${B.Arn}/*"})), B=resource("AWS::S3::Bucket")),
        ),
        good("a deny of everything", resources(It=policy({"Effect": "Deny", "Action": "*", "Resource": "*"}))),
        good(
            "hosts of the account",
            resources(
                It=policy(
                    allow(
                        "ssm:UpdateInstanceInformation",
                        {"Fn::Sub": "arn:aws:ec2:${AWS::Region}:${AWS::AccountId}:instance/*"},
                    )
                )
            ),
        ),
        good(
            "actions that know no resource",
            resources(
                It=policy(
                    allow(
                        [
                            "ssmmessages:CreateDataChannel",
                            "ec2:DescribeInstances",
                            "ec2:Describe*",
                            "CloudWatch:PutMetricData",
                        ],
                        "*",
                    )
                )
            ),
        ),
        good("a service that knows no resource", resources(It=policy(allow("ssmmessages:*", "*")))),
        good(
            "a condition on the resource's tag",
            resources(
                It=policy(allow("ec2:StopInstances", "*", Condition={"StringEquals": {"aws:ResourceTag/team": "db"}}))
            ),
        ),
        bad("every action", resources(It=policy(allow("*"))), at=(ACTION,)),
        bad("every action, the long way", resources(It=policy(allow("*:*"))), at=(ACTION,)),
        bad("every action of a service", resources(It=policy(allow(["dynamodb:GetItem", "s3:*"]))), at=(ACTION,)),
        bad("every resource", resources(It=policy(allow(on="*"))), at=(RESOURCE,)),
        bad(
            "every resource, for one action of several",
            resources(It=policy(allow(["ec2:DescribeInstances", "ec2:StopInstances"], ["*"]))),
            at=(RESOURCE,),
        ),
        bad("every bucket", resources(It=policy(allow("s3:GetObject", "arn:aws:s3:::*"))), at=(RESOURCE,)),
        bad(
            "every object of every bucket",
            resources(It=policy(allow("s3:GetObject", "arn:aws:s3:::*/*"))),
            at=(RESOURCE,),
        ),
        bad("every ARN", resources(It=policy(allow(on="arn:*"))), at=(RESOURCE,)),
        bad(
            "everything of a service in every region and account",
            resources(It=policy(allow("sqs:SendMessage", "arn:aws:sqs:*:*:*"))),
            at=(RESOURCE,),
        ),
        bad(
            "everything of a service in every account",
            resources(It=policy(allow("sqs:SendMessage", {"Fn::Sub": "arn:aws:sqs:${AWS::Region}:*:*"}))),
            at=(RESOURCE,),
        ),
        good(
            "everything of a service in one place, whose region is not known",
            resources(
                It=policy(allow("logs:GetLogEvents", {"Fn::Sub": "arn:aws:logs:${AWS::Region}:${AWS::AccountId}:*"}))
            ),
            region=None,
        ),
        good("a resource that a parameter names", opened(It=policy(allow(on=OPEN)))),
        good("resources that are imported", resources(It=policy(allow(on=[TABLE, {"Fn::ImportValue": "table"}])))),
        unknown(
            "a resource that a macro makes",
            resources(It=policy(allow(on={"Fn::Transform": {"Name": "Names", "Parameters": {}}}))),
            at=(RESOURCE,),
        ),
        *(
            good(
                f"everything, narrowed by {next(iter(keys))}",
                resources(It=policy(allow(action, "*", Condition={"StringEquals": keys}))),
            )
            for action, keys in (
                ("ec2:CreateTags", {"ec2:CreateAction": "RunInstances"}),
                ("kms:Decrypt", {"kms:ViaService": "s3.eu-central-1.amazonaws.com"}),
                ("dynamodb:GetItem", {"dynamodb:LeadingKeys": ["${aws:userid}"]}),
                ("cloudformation:DeleteStack", {"aws:CalledVia": "servicecatalog.amazonaws.com"}),
            )
        ),
        *(
            bad(
                f"everything, asked for with {next(iter(keys))}",
                resources(It=policy(allow(action, "*", Condition={"StringEquals": keys}))),
                at=(RESOURCE,),
            )
            for action, keys in (
                ("s3:PutObject", {"s3:x-amz-acl": "private"}),
                ("s3:PutObject", {"kms:ViaService": "s3.eu-central-1.amazonaws.com"}),
                ("kms:Decrypt", {"kms:CallerAccount": "111111111111"}),
                ("sqs:SendMessage", {"aws:RequestedRegion": "eu-central-1"}),
            )
        ),
        good(
            "actions whose resources are figures or optional helpers",
            resources(It=policy(allow(["cloudwatch:Get*", "polly:SynthesizeSpeech", "translate:TranslateText"], "*"))),
        ),
        bad(
            "a managed policy for a whole service",
            resources(It=role(ManagedPolicyArns=["arn:aws:iam::aws:policy/AmazonS3FullAccess"])),
            at=ATTACHED,
        ),
        good(
            "managed policies for a task",
            resources(
                It=role(
                    ManagedPolicyArns=[
                        "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore",
                        "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess",
                    ]
                )
            ),
        ),
        bad(
            "a tag condition that also holds without the tag",
            resources(
                It=policy(
                    allow("ec2:StopInstances", "*", Condition={"StringEqualsIfExists": {"aws:ResourceTag/team": "db"}})
                )
            ),
            at=(RESOURCE,),
        ),
        bad(
            "all but a list of actions",
            resources(It=policy({"Effect": "Allow", "NotAction": "iam:*", "Resource": TABLE})),
            at=("Properties.PolicyDocument.Statement.0.NotAction",),
        ),
        bad(
            "all but a list of resources",
            resources(It=policy({"Effect": "Allow", "Action": "s3:GetObject", "NotResource": TABLE})),
            at=("Properties.PolicyDocument.Statement.0.NotResource",),
        ),
        bad(
            "the second statement",
            resources(It=policy(allow(), allow("*", "*"))),
            at=("Properties.PolicyDocument.Statement.1.Action", "Properties.PolicyDocument.Statement.1.Resource"),
        ),
        bad(
            "one statement, not in a list",
            resources(It=resource("AWS::IAM::ManagedPolicy", PolicyDocument={"Statement": allow("*")})),
            at=(ACTION,),
        ),
        bad(
            "JSON text",
            resources(It=resource("AWS::IAM::ManagedPolicy", PolicyDocument=json.dumps({"Statement": [allow("*")]}))),
            at=(ACTION,),
        ),
        *(
            bad(kind, resources(It=policy(allow("s3:*"), kind=kind)), at=(ACTION,))
            for kind in ("Policy", "RolePolicy", "UserPolicy", "GroupPolicy")
        ),
        bad(
            "a role's inline policy",
            resources(It=role(allow("s3:*"))),
            at=("Properties.Policies.0.PolicyDocument.Statement.0.Action",),
        ),
        bad(
            "a user's inline policy",
            resources(It=resource("AWS::IAM::User", Policies=[{"PolicyDocument": {"Statement": [allow("s3:*")]}}])),
            at=("Properties.Policies.0.PolicyDocument.Statement.0.Action",),
        ),
        bad(
            "AdministratorAccess",
            resources(
                It=role(ManagedPolicyArns=[{"Fn::Sub": "arn:${AWS::Partition}:iam::aws:policy/AdministratorAccess"}])
            ),
            at=("Properties.ManagedPolicyArns.0",),
        ),
        good("another managed policy", resources(It=role(ManagedPolicyArns=["arn:aws:iam::111111111111:policy/ours"]))),
        bad("a parameter's default", defaulted("s3:*", It=policy(allow(OPEN))), at=(ACTION,)),
        unknown("an open action", opened(It=policy(allow(["s3:GetObject", OPEN]))), at=(ACTION,)),
        unknown("an open resource", opened(It=policy(allow(on=OPEN))), at=(RESOURCE,), strict=True),
        unknown(
            "a statement only sometimes",
            conditional(It=policy(allow(), either(allow("*"), NO_VALUE))),
            at=("Properties.PolicyDocument.Statement.1.Action",),
        ),
        unknown(
            "no document",
            resources(It=resource("AWS::IAM::ManagedPolicy", PolicyDocument=["x"])),
            at=("Properties.PolicyDocument",),
        ),
        unknown(
            "text that is no JSON",
            resources(It=resource("AWS::IAM::ManagedPolicy", PolicyDocument="allow it")),
            at=("Properties.PolicyDocument",),
        ),
        unknown(
            "a statement that is none", resources(It=policy("allow it")), at=("Properties.PolicyDocument.Statement.0",)
        ),
        not_applicable("a bucket policy", resources(It=resource("AWS::S3::BucketPolicy"))),
        good("listing and describing", resources(It=policy(allow(["rds:Describe*", "iam:ListRoles"], "*")))),
        good(
            "a function's own logs and network interfaces",
            resources(
                It=policy(
                    allow(["logs:CreateLogGroup", "logs:PutLogEvents"], "arn:aws:logs:*:*:*"),
                    allow(["ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces"], "*"),
                )
            ),
        ),
        bad("the names of all objects", resources(It=policy(allow("s3:ListBucket", "*"))), at=(RESOURCE,)),
        bad("reading by pattern", resources(It=policy(allow("s3:Get*", "*"))), at=(RESOURCE,)),
        good("passing roles, which another rule names", resources(It=policy(allow("iam:PassRole", "*")))),
        good(
            "a service's own role",
            resources(
                It=policy(
                    allow(
                        "iam:CreateServiceLinkedRole",
                        "*",
                        Condition={"StringEquals": {"iam:AWSServiceName": "ecs.amazonaws.com"}},
                    )
                )
            ),
        ),
        good(
            "a bucket that is chosen later",
            opened(It=policy(allow("s3:GetObject", {"Fn::Sub": "arn:aws:s3:::${Open}/*"}))),
        ),
        unknown(
            "a bucket that may be anything",
            opened(It=policy(allow("s3:GetObject", {"Fn::Sub": "arn:aws:s3:::${Open}/*"}))),
            at=(RESOURCE,),
            strict=True,
        ),
        good(
            "everything of an account that is chosen later",
            opened(It=policy(allow("sqs:SendMessage", {"Fn::Sub": "arn:aws:sqs:eu-central-1:${Open}:*"}))),
        ),
        *(
            bad(name, resources(It=role(ManagedPolicyArns=[f"arn:aws:iam::aws:policy/{name}"])), at=ATTACHED)
            for name in ("PowerUserAccess", "IAMFullAccess")
        ),
        bad(
            "a permission set",
            resources(
                It=resource(
                    "AWS::SSO::PermissionSet",
                    InlinePolicy={"Statement": [allow("s3:*")]},
                    ManagedPolicies=["arn:aws:iam::aws:policy/AdministratorAccess"],
                )
            ),
            at=("Properties.InlinePolicy.Statement.0.Action", "Properties.ManagedPolicies.0"),
        ),
        bad(
            "a function of AWS SAM",
            resources(
                It=resource(
                    "AWS::Serverless::Function",
                    Policies=[{"S3ReadPolicy": {"BucketName": "b"}}, {"Statement": [allow("s3:*")]}, "PowerUserAccess"],
                )
            ),
            at=("Properties.Policies.1.Statement.0.Action", "Properties.Policies.2"),
        ),
        bad(
            "a thing that may do everything",
            resources(It=resource("AWS::IoT::Policy", PolicyDocument={"Statement": [allow("iot:*", "*")]})),
            at=(ACTION, RESOURCE),
        ),
        bad(
            "a condition on something else",
            resources(
                It=policy(
                    allow("ec2:StopInstances", "*", Condition={"StringEquals": {"aws:RequestedRegion": "eu-central-1"}})
                )
            ),
            at=(RESOURCE,),
        ),
        bad(
            "all but a list of actions, on every resource",
            resources(It=policy({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"})),
            at=("Properties.PolicyDocument.Statement.0.NotAction", RESOURCE),
        ),
    ),
)


@each(CASES)
def test_exact_resources(case: Case) -> None:
    hold(CASES, case)
