"""Who may do what, and the keys and secrets they use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import Duration
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_secretsmanager as secretsmanager

from benchmarks.kinds.common import TEAMS, usually

if TYPE_CHECKING:
    from random import Random

    from constructs import Construct

ACTIONS = {
    "s3": ("GetObject", "PutObject", "ListBucket", "DeleteObject"),
    "dynamodb": ("GetItem", "PutItem", "Query", "UpdateItem"),
    "sqs": ("SendMessage", "ReceiveMessage", "DeleteMessage"),
    "logs": ("CreateLogStream", "PutLogEvents"),
    "ec2": ("DescribeInstances", "StartInstances", "StopInstances"),
}


def roles(scope: Construct, choose: Random) -> None:
    """Roles with policies of their own."""
    for place in range(choose.randint(4, 10)):
        service = choose.choice(("lambda", "ec2", "ecs-tasks", "states"))
        role = iam.Role(
            scope,
            f"Role{place}",
            assumed_by=iam.ServicePrincipal(f"{service}.amazonaws.com"),
            description=f"A part of {choose.choice(TEAMS)}",
            max_session_duration=Duration.hours(choose.randint(1, 4)),
        )
        policy = iam.ManagedPolicy(scope, f"Policy{place}", roles=[role])
        for kind in choose.sample(sorted(ACTIONS), choose.randint(2, 4)):
            policy.add_statements(
                iam.PolicyStatement(
                    sid=f"Use{kind.title()}",
                    actions=[f"{kind}:{name}" for name in ACTIONS[kind]] if usually(choose) else [f"{kind}:*"],
                    resources=[f"arn:aws:{kind}:*:000000000000:part-{place}/*"] if usually(choose) else ["*"],
                )
            )


def deployment_role(scope: Construct, choose: Random) -> None:
    """Roles that a pipeline elsewhere assumes."""
    provider = iam.CfnOIDCProvider(
        scope, "Provider", url="https://token.actions.githubusercontent.com", client_id_list=["sts.amazonaws.com"]
    )
    for place in range(choose.randint(5, 12)):
        subject = f"repo:example-org/part-{place}:" + ("ref:refs/heads/main" if usually(choose) else "*")
        role = iam.Role(
            scope,
            f"Deploy{place}",
            assumed_by=iam.WebIdentityPrincipal(
                provider.attr_arn,
                {
                    "StringEquals": {"token.actions.githubusercontent.com:aud": "sts.amazonaws.com"},
                    "StringLike": {"token.actions.githubusercontent.com:sub": subject},
                },
            ),
        )
        role.add_to_policy(
            iam.PolicyStatement(actions=["sts:AssumeRole"], resources=["arn:aws:iam::000000000000:role/cdk-*"])
        )


def key(scope: Construct, choose: Random) -> None:
    """Keys with their names and users."""
    for place in range(choose.randint(4, 8)):
        made = kms.Key(
            scope,
            f"Key{place}",
            alias=f"alias/part-{scope.node.addr[:12]}-{place}",
            enable_key_rotation=usually(choose),
            pending_window=Duration.days(choose.choice((7, 30))),
        )
        made.grant_encrypt_decrypt(
            iam.Role(scope, f"User{place}", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
        )


def secrets(scope: Construct, choose: Random) -> None:
    """Secrets and their readers."""
    encryption = kms.Key(scope, "Key", enable_key_rotation=usually(choose))
    for place in range(choose.randint(4, 9)):
        made = secretsmanager.Secret(
            scope,
            f"Secret{place}",
            encryption_key=encryption,
            generate_secret_string=secretsmanager.SecretStringGenerator(
                password_length=choose.choice((16, 32, 40)), exclude_punctuation=True
            ),
        )
        made.grant_read(iam.Role(scope, f"Reader{place}", assumed_by=iam.ServicePrincipal("ecs-tasks.amazonaws.com")))


def user_pool(scope: Construct, choose: Random) -> None:
    """People who log in."""
    for place in range(choose.randint(2, 4)):
        pool = cognito.UserPool(
            scope,
            f"People{place}",
            self_sign_up_enabled=False,
            mfa=cognito.Mfa.REQUIRED if usually(choose) else cognito.Mfa.OFF,
            mfa_second_factor=cognito.MfaSecondFactor(sms=False, otp=True),
            password_policy=cognito.PasswordPolicy(min_length=choose.choice((8, 12, 14))),
        )
        for client in range(choose.randint(2, 4)):
            pool.add_client(f"Client{client}", auth_flows=cognito.AuthFlow(user_srp=True))
        pool.add_domain(
            "Door", cognito_domain=cognito.CognitoDomainOptions(domain_prefix=f"part-{choose.randrange(10_000)}")
        )
