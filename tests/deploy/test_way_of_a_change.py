"""The way of a change, for real: bootstrap, GitHub's token, the roles of the CLI, a deployment; IAM enforced all along.

The account itself (the administrator who bootstraps) is known by its access key. Everybody else has what their
policies, boundaries and trust policies give. What CloudFormation does inside a stack is not judged: no emulator does.
"""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from local_aws.launcher import LocalAws, running_local_aws
from local_aws.settings import ENFORCED, IAM_VARIABLE
from nexis.config import load_configuration
from nexis.deployment.aws import Target, reach
from nexis.deployment.bootstrap import bootstrap, refuse_without_boundary, variant
from nexis.deployment.errors import DeploymentError
from nexis.facts.deployment import BOOTSTRAP_VARIANT, boundary_name, cli_role_name, deployment_role_name
from nexis.facts.github_oidc import AUDIENCE, HOST

pytestmark = pytest.mark.real

ROOT = Path(__file__).resolve().parents[2]
ACCOUNT, REGION = "000000000000", "eu-central-1"
CDK = ROOT / "node_modules" / ".bin" / "cdk"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/{deployment_role_name('dev')}"
BOUNDARY = f"arn:aws:iam::{ACCOUNT}:policy/{boundary_name()}"
CLAIMS = {
    "aud": AUDIENCE,
    "sub": "repo:example-org/example-repo:environment:dev",
    "repository": "example-org/example-repo",
    "ref": "refs/heads/main",
    "environment": "dev",
}


@dataclass(frozen=True)
class Place:
    """A local AWS that enforces IAM, as the account itself meets it, and a home of our own."""

    aws: LocalAws
    target: Target
    home: Path

    def cdk(self, *words: str, key: dict[str, Any] | None = None) -> subprocess.CompletedProcess[str]:
        """Run the CDK CLI, as the account itself or with somebody's credentials."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        environment = inherited | self.aws.environment(ACCOUNT) | {"HOME": str(self.home)}
        if key is not None:
            environment |= {
                "AWS_ACCESS_KEY_ID": key["AccessKeyId"],
                "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"],
                "AWS_SESSION_TOKEN": key["SessionToken"],
            }
        return subprocess.run(
            [CDK, "--no-notices", *words],
            cwd=ROOT,
            env={**environment, "CDK_DISABLE_VERSION_CHECK": "1", "CDK_DISABLE_CLI_TELEMETRY": "true"},
            # Where CI is set the CLI speaks on its standard output, elsewhere on its standard error.
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=300,
        )

    def client(self, service: str, key: dict[str, Any]) -> Any:
        """A client with somebody's credentials."""
        return boto3.client(  # type: ignore[call-overload]
            service,
            endpoint_url=self.aws.endpoint_url,
            region_name=REGION,
            aws_access_key_id=key["AccessKeyId"],
            aws_secret_access_key=key["SecretAccessKey"],
            aws_session_token=key["SessionToken"],
        )

    def take_on(self, **other: str) -> dict[str, Any]:
        """Take on the deployment role with a token of GitHub's; AWS checks its signature, which nobody does here."""
        claims = {"iss": f"https://{HOST}", "exp": int(time.time()) + 600, **CLAIMS, **other}
        token = ".".join((_encoded({"alg": "RS256"}), _encoded(claims), "signature"))
        answer = self.aws.client("sts", account=ACCOUNT).assume_role_with_web_identity(
            RoleArn=ROLE, RoleSessionName="job-1", WebIdentityToken=token
        )
        credentials: dict[str, Any] = answer["Credentials"]
        return credentials


def _encoded(part: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()


def error_of(refusal: pytest.ExceptionInfo[ClientError]) -> str:
    return str(refusal.value.response["Error"]["Code"])


@pytest.fixture(scope="module")
def assembly(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("assembly") / "cdk.out"
    environment = {**os.environ, "CDK_OUTDIR": str(folder)}
    subprocess.run([sys.executable, "app.py"], cwd=ROOT, env=environment, check=True, capture_output=True, timeout=180)
    return folder


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv(IAM_VARIABLE, ENFORCED)
        home = tmp_path_factory.mktemp("home")
        environment.setenv("HOME", str(home))
        environment.chdir(ROOT)
        with running_local_aws(region=REGION) as aws:
            for name, value in aws.environment(ACCOUNT).items():
                environment.setenv(name, value)
            target = reach(load_configuration(ROOT / "config" / "dev.toml"))
            yield Place(aws, target, home)


@pytest.fixture(scope="module")
def place(empty: Place, assembly: Path) -> Place:
    """The account as an administrator prepares it: the bootstrap, and the role that deploys from then on."""
    refused = empty.cdk("bootstrap", f"aws://{ACCOUNT}/{REGION}", "--app", "")
    assert refused.returncode == 0, refused.stdout
    with pytest.raises(DeploymentError, match="bootstrap of another kind"):
        bootstrap(empty.target)
    with pytest.raises(DeploymentError, match="no permissions boundary"):
        refuse_without_boundary(empty.target)
    empty.aws.reset()
    bootstrap(empty.target)
    # Nobody speaks TLS on this machine, and the bucket takes nothing else.
    bucket = f"cdk-hnb659fds-assets-{ACCOUNT}-{REGION}"
    policy = json.loads(empty.aws.client("s3", account=ACCOUNT).get_bucket_policy(Bucket=bucket)["Policy"])
    assert {statement["Sid"] for statement in policy["Statement"]} == {"AllowSSLRequestsOnly", "RefuseOldTls"}
    empty.aws.client("s3", account=ACCOUNT).delete_bucket_policy(Bucket=bucket)
    deployed = empty.cdk("deploy", "DeploymentAccess", "--app", str(assembly), "--require-approval", "never")
    assert deployed.returncode == 0, deployed.stdout
    # The roles of the CLI let in one role, and not whoever is administrator.
    assert "could not be used to assume" in deployed.stdout
    return empty


def test_the_bootstrap_is_ours_and_stands_a_second_time(place: Place) -> None:
    assert variant(place.target) == BOOTSTRAP_VARIANT
    refuse_without_boundary(place.target)
    bootstrap(place.target)
    stack = place.aws.client("cloudformation", account=ACCOUNT).describe_stacks(StackName="CDKToolkit")["Stacks"][0]
    assert stack["EnableTerminationProtection"] is True
    iam = place.aws.client("iam", account=ACCOUNT)
    for kind in ("cfn-exec", "deploy", "file-publishing", "lookup"):
        role = iam.get_role(RoleName=cli_role_name(kind, account=ACCOUNT, region=REGION))["Role"]
        assert role["PermissionsBoundary"]["PermissionsBoundaryArn"] == BOUNDARY
        attached = iam.list_attached_role_policies(RoleName=role["RoleName"])["AttachedPolicies"]
        assert attached
        assert [policy for policy in attached if policy["PolicyArn"].startswith("arn:aws:iam::aws:")] == []


@pytest.mark.parametrize(
    "other",
    [
        {"ref": "refs/heads/feature"},
        {"ref": "refs/pull/7/merge", "sub": "repo:example-org/example-repo:pull_request"},
        {"environment": "staging", "sub": "repo:example-org/example-repo:environment:staging"},
        {"repository": "stranger/repo", "sub": "repo:stranger/repo:environment:dev"},
        {"aud": "somebody-else"},
    ],
    ids=str,
)
def test_no_other_job_takes_on_the_role(place: Place, other: dict[str, str]) -> None:
    with pytest.raises(ClientError) as refusal:
        place.take_on(**other)
    assert error_of(refusal) == "AccessDenied"


def test_the_job_deploys_everything_with_the_roles_of_the_cli(place: Place, assembly: Path) -> None:
    key = place.take_on()
    arguments = ("deploy", "--all", "--app", str(assembly), "--require-approval", "never", "--concurrency", "4")
    deployed = place.cdk(*arguments, key=key)
    assert deployed.returncode == 0, deployed.stdout
    assert "could not be used to assume" not in deployed.stdout
    stacks = place.aws.client("cloudformation", account=ACCOUNT).describe_stacks()["Stacks"]
    made = {stack["StackName"] for stack in stacks if stack["StackStatus"] == "CREATE_COMPLETE"}
    assert {"nexis-dev-network", "nexis-dev-trail", "nexis-dev-database"} <= made


@pytest.mark.parametrize(
    ("service", "call", "arguments"),
    [
        ("iam", "create_user", {"UserName": "deployer"}),
        ("s3", "list_buckets", {}),
        ("cloudformation", "describe_stacks", {}),
        ("cloudformation", "delete_stack", {"StackName": "nexis-dev-network"}),
        ("iam", "attach_role_policy", {"RoleName": ROLE.rpartition("/")[2], "PolicyArn": BOUNDARY}),
    ],
)
def test_the_job_itself_may_do_nothing_else(place: Place, service: str, call: str, arguments: dict[str, str]) -> None:
    client = place.client(service, place.take_on())
    with pytest.raises(ClientError) as refusal:
        getattr(client, call)(**arguments)
    assert error_of(refusal) in ("AccessDenied", "AccessDeniedException")


@pytest.mark.parametrize("kind", ["deploy", "file-publishing", "lookup", "cfn-exec"])
def test_another_role_of_the_account_cannot_take_on_those_of_the_cli(place: Place, kind: str) -> None:
    iam = place.aws.client("iam", account=ACCOUNT)
    key = administrator(place, f"other-{kind}", boundary=None)
    with pytest.raises(ClientError) as refusal:
        place.client("sts", key).assume_role(
            RoleArn=f"arn:aws:iam::{ACCOUNT}:role/{cli_role_name(kind, account=ACCOUNT, region=REGION)}",
            RoleSessionName="other",
        )
    assert error_of(refusal) == "AccessDenied"
    iam.detach_role_policy(RoleName=f"other-{kind}", PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")


def administrator(place: Place, name: str, *, boundary: str | None) -> dict[str, Any]:
    """A role that may do everything, in bounds or not; gives credentials."""
    iam = place.aws.client("iam", account=ACCOUNT)
    trust = {"Statement": [{"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "sts:AssumeRole"}]}
    bounds = {} if boundary is None else {"PermissionsBoundary": boundary}
    arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust), **bounds)["Role"]["Arn"]
    iam.attach_role_policy(RoleName=name, PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")
    credentials: dict[str, Any] = place.aws.client("sts", account=ACCOUNT).assume_role(
        RoleArn=arn, RoleSessionName="administrator"
    )["Credentials"]
    return credentials


def test_even_an_administrator_in_bounds_stays_in_bounds(place: Place) -> None:
    iam = place.client("iam", administrator(place, "bounded", boundary=BOUNDARY))
    trust = json.dumps({"Statement": [{"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "sts:AssumeRole"}]})
    # That it may make roles in bounds is asked of an evaluator: the emulator does not tell the condition key here.
    tries: list[tuple[str, dict[str, Any]]] = [
        ("create_role", {"RoleName": "free", "AssumeRolePolicyDocument": trust}),
        ("delete_role_permissions_boundary", {"RoleName": "bounded"}),
        ("create_user", {"UserName": "lasting"}),
        (
            "create_policy_version",
            {
                "PolicyArn": BOUNDARY,
                "PolicyDocument": json.dumps({"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}),
                "SetAsDefault": True,
            },
        ),
        (
            "update_assume_role_policy",
            {"RoleName": cli_role_name("deploy", account=ACCOUNT, region=REGION), "PolicyDocument": trust},
        ),
    ]
    for call, arguments in tries:
        with pytest.raises(ClientError) as refusal:
            getattr(iam, call)(**arguments)
        assert error_of(refusal) == "AccessDenied", call
