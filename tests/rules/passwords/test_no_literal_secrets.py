from __future__ import annotations

import base64
import gzip
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
from tests.support.rule_templates import OPEN, defaulted, opened

SECRET = "AWS::SecretsManager::Secret"
INSTANCE = "AWS::RDS::DBInstance"
FUNCTION = "AWS::Lambda::Function"
TEMPLATE = "AWS::EC2::LaunchTemplate"
PASSWORD = ("Properties.MasterUserPassword",)
TEXT = ("Properties.SecretString",)
DATA = ("Properties.LaunchTemplateData.UserData",)
SCRIPT = "#!/bin/bash\nexport DB_PASSWORD=correct-horse\n"


def machine(data: Any) -> dict[str, Any]:
    return resource(TEMPLATE, LaunchTemplateData={"UserData": data})


def script(text: Any) -> dict[str, Any]:
    return machine({"Fn::Base64": text})


def encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()


def function(**variables: Any) -> dict[str, Any]:
    return resource(FUNCTION, Environment={"Variables": variables})


def initialised(file: str, content: Any) -> dict[str, Any]:
    steps = {"config": {"files": {file: {"content": content}}}}
    return {**resource("AWS::EC2::Instance"), "Metadata": {"AWS::CloudFormation::Init": steps}}


CASES = RuleCases(
    "passwords.no-literal-secrets",
    (
        good("a generated secret", resources(It=resource(SECRET, GenerateSecretString={}))),
        good(
            "a generated secret beside a user's name",
            resources(
                It=resource(
                    SECRET,
                    GenerateSecretString={
                        "SecretStringTemplate": {"Fn::Sub": '{"username": "app", "host": "${Db.Endpoint.Address}"}'},
                        "GenerateStringKey": "password",
                    },
                ),
                Db=resource(INSTANCE),
            ),
        ),
        bad(
            "a password written beside a generated one",
            resources(
                It=resource(
                    SECRET,
                    GenerateSecretString={
                        "SecretStringTemplate": '{"username": "app", "password": "correct-horse"}',
                        "GenerateStringKey": "unused",
                    },
                )
            ),
            at=("Properties.GenerateSecretString.SecretStringTemplate",),
        ),
        good(
            "an environment that names a secret",
            resources(
                It=function(
                    SECRET_ARN={"Ref": "Secret"}, DB_PASSWORD={"Ref": "Secret"}, API_KEY="arn:aws:x", LEVEL="info", N=5
                ),
                Secret=resource(SECRET),
            ),
        ),
        good("an open variable that is no secret", opened(It=function(LEVEL=OPEN))),
        good("a function without an environment", resources(It=resource(FUNCTION))),
        bad(
            "a password in a function's environment",
            resources(It=function(LEVEL="info", DB_PASSWORD="correct-horse")),
            at=("Properties.Environment.Variables.DB_PASSWORD",),
        ),
        bad(
            "a connection string in a function's environment",
            resources(It=function(DATABASE="postgresql://app:correct-horse@db/app")),
            at=("Properties.Environment.Variables.DATABASE",),
        ),
        bad(
            "a password as a parameter's default",
            defaulted("correct-horse", It=function(DB_PASSWORD=OPEN)),
            at=("Properties.Environment.Variables.DB_PASSWORD",),
        ),
        unknown(
            "a password as a parameter",
            opened(It=function(DB_PASSWORD=OPEN)),
            at=("Properties.Environment.Variables.DB_PASSWORD",),
        ),
        bad(
            "a password in the environment of a task's second container",
            resources(
                It=resource(
                    "AWS::ECS::TaskDefinition",
                    ContainerDefinitions=[
                        {"Environment": [{"Name": "LEVEL", "Value": "info"}]},
                        {"Environment": [{"Name": "PGPASSWORD", "Value": "correct-horse"}]},
                    ],
                )
            ),
            at=("Properties.ContainerDefinitions.1.Environment.0.Value",),
        ),
        good(
            "a container's secret",
            resources(
                It=resource(
                    "AWS::ECS::TaskDefinition",
                    ContainerDefinitions=[{"Secrets": [{"Name": "PGPASSWORD", "ValueFrom": "arn:aws:x"}]}],
                )
            ),
        ),
        bad(
            "a password in the environment of a build",
            resources(
                It=resource(
                    "AWS::CodeBuild::Project",
                    Environment={"EnvironmentVariables": [{"Name": "DB_PASSWORD", "Value": "correct-horse"}]},
                )
            ),
            at=("Properties.Environment.EnvironmentVariables.0.Value",),
        ),
        good("steps of cfn-init without a secret", resources(It=initialised("/etc/app.conf", "level = info"))),
        bad(
            "a file that cfn-init writes",
            resources(It=initialised("/etc/app.conf", "level = info\npassword = correct-horse\n")),
            at=("Metadata.AWS::CloudFormation::Init.config.files./etc/app.conf.content",),
        ),
        good("no password at all", resources(It=resource(INSTANCE, ManageMasterUserPassword=True))),
        good(
            "a password from Secrets Manager",
            resources(
                It=resource(INSTANCE, MasterUserPassword="{{resolve:secretsmanager:admin:SecretString:password}}")
            ),
        ),
        good(
            "the same, joined with a reference",
            resources(
                It=resource(INSTANCE, MasterUserPassword={"Fn::Sub": "{{resolve:secretsmanager:${Secret}::password}}"}),
                Secret=resource(SECRET),
            ),
        ),
        good(
            "a secure parameter",
            resources(It=resource("AWS::DirectoryService::MicrosoftAD", Password="{{resolve:ssm-secure:/ad:1}}")),
        ),
        good(
            "an access key's secret is put away",
            resources(
                It=resource(SECRET, SecretString={"Fn::GetAtt": ["Key", "SecretAccessKey"]}),
                Key=resource("AWS::IAM::AccessKey"),
            ),
        ),
        good(
            "JSON of references",
            resources(
                It=resource(SECRET, SecretString={"Fn::Sub": '{"user": "app", "password": "${Key.SecretAccessKey}"}'}),
                Key=resource("AWS::IAM::AccessKey"),
            ),
        ),
        good(
            "a custom resource gives it",
            resources(
                It=resource(INSTANCE, MasterUserPassword={"Fn::GetAtt": ["Made", "Password"]}),
                Made=resource("Custom::Password"),
            ),
        ),
        good("no user data", resources(It=resource("AWS::EC2::Instance"))),
        good(
            "a script that fetches its secrets",
            resources(
                It=script(
                    "#!/bin/bash\n"
                    "TOKEN=$(curl -X PUT http://169.254.169.254/latest/api/token)\n"
                    'curl -H "X-aws-ec2-metadata-token: $TOKEN" http://169.254.169.254/\n'
                    "PGPASSWORD=$(aws secretsmanager get-secret-value --secret-id nexis/app --query SecretString)\n"
                    'export DB_PASSWORD="${PGPASSWORD}"\n'
                    "PASSWORD_FILE=/run/secrets/db\n"
                    "sed -i 's/^PasswordAuthentication yes/PasswordAuthentication no/' /etc/ssh/sshd_config\n"
                    "echo password_encryption=scram-sha-256 >> postgresql.conf\n"
                )
            ),
        ),
        good(
            "cloud-init without secrets",
            resources(It=script("#cloud-config\nusers:\n  - name: app\n    lock_passwd: true\nssh_pwauth: false\n")),
        ),
        good(
            "the ARN of a secret",
            resources(It=script({"Fn::Sub": "SECRET_ARN=${Secret}\n"}), Secret=resource(SECRET)),
        ),
        bad("a literal password", resources(It=resource(INSTANCE, MasterUserPassword="hunter2")), at=PASSWORD),
        bad(
            "a literal of a cluster", resources(It=resource("AWS::RDS::DBCluster", MasterUserPassword="a")), at=PASSWORD
        ),
        bad("Redshift", resources(It=resource("AWS::Redshift::Cluster", MasterUserPassword="Hunter22")), at=PASSWORD),
        bad("DocumentDB", resources(It=resource("AWS::DocDB::DBCluster", MasterUserPassword="hunter22")), at=PASSWORD),
        bad(
            "the second of two brokers' users",
            resources(
                It=resource(
                    "AWS::AmazonMQ::Broker",
                    Users=[{"Password": "{{resolve:secretsmanager:mq}}"}, {"Password": "hunter22hunter22"}],
                )
            ),
            at=("Properties.Users.1.Password",),
        ),
        bad(
            "the default of a parameter",
            {
                "Parameters": {"Password": {"Type": "String", "NoEcho": True, "Default": "hunter2"}},
                **resources(It=resource(INSTANCE, MasterUserPassword={"Ref": "Password"})),
            },
            at=PASSWORD,
        ),
        bad(
            "a plain parameter of the parameter store",
            resources(It=resource(INSTANCE, MasterUserPassword="{{resolve:ssm:/db/password}}")),
            at=PASSWORD,
        ),
        bad(
            "the region's name is no password",
            resources(It=resource(INSTANCE, MasterUserPassword={"Fn::Sub": "pw-${AWS::Region}"})),
            at=PASSWORD,
        ),
        bad(
            "nor is a bucket's",
            resources(It=resource(INSTANCE, MasterUserPassword={"Ref": "Bucket"}), Bucket=resource("AWS::S3::Bucket")),
            at=PASSWORD,
        ),
        bad("a number", resources(It=resource(INSTANCE, MasterUserPassword=12345678)), at=PASSWORD),
        bad("a literal secret", resources(It=resource(SECRET, SecretString='{"password": "hunter2"}')), at=TEXT),
        bad(
            "a literal password between references",
            resources(
                It=resource(SECRET, SecretString={"Fn::Sub": '{"host": "${Db}", "password": "hunter2"}'}),
                Db=resource(INSTANCE),
            ),
            at=TEXT,
        ),
        bad("a script with a password", resources(It=script(SCRIPT)), at=DATA),
        bad("the same, already encoded", resources(It=machine(encoded(SCRIPT.encode()))), at=DATA),
        bad("the same, packed and encoded", resources(It=machine(encoded(gzip.compress(SCRIPT.encode())))), at=DATA),
        bad(
            "an instance",
            resources(It=resource("AWS::EC2::Instance", UserData={"Fn::Base64": SCRIPT})),
            at=("Properties.UserData",),
        ),
        bad(
            "a launch configuration",
            resources(It=resource("AWS::AutoScaling::LaunchConfiguration", UserData={"Fn::Base64": SCRIPT})),
            at=("Properties.UserData",),
        ),
        bad("a private key", resources(It=script("-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n")), at=DATA),
        bad(
            "an access key", resources(It=script("aws configure set aws_access_key_id AKIAIOSFODNN7EXAMPLE\n")), at=DATA
        ),
        bad("a connection string", resources(It=script("psql postgres://app:hunter2@db.internal/app\n")), at=DATA),
        bad("JSON", resources(It=script('{"db": {"password": "hunter2"}}')), at=DATA),
        bad("cloud-init", resources(It=script("#cloud-config\npassword: hunter2\n")), at=DATA),
        bad("SQL", resources(It=script("psql -c \"ALTER ROLE app PASSWORD 'hunter2'\"\n")), at=DATA),
        bad("chpasswd", resources(It=script("echo 'ubuntu:hunter2' | chpasswd\n")), at=DATA),
        bad(
            "a file within cloud-init",
            resources(
                It=script(f"#cloud-config\nwrite_files:\n- encoding: b64\n  content: {encoded(SCRIPT.encode())}\n")
            ),
            at=DATA,
        ),
        bad(
            "a secret that CloudFormation would write into it",
            resources(It=script("DB={{resolve:secretsmanager:app:SecretString:password}}\n")),
            at=DATA,
        ),
        bad(
            "a literal beside a parameter that is not known",
            {
                "Parameters": {"Host": {"Type": "String"}},
                **resources(It=machine({"Fn::Base64": {"Fn::Sub": SCRIPT + "HOST=${Host}\n"}})),
            },
            at=DATA,
        ),
        bad(
            "a parameter's default in user data",
            {
                "Parameters": {"Password": {"Type": "String", "Default": "hunter2"}},
                **resources(It=machine({"Fn::Base64": {"Fn::Sub": "DB_PASSWORD=${Password}\n"}})),
            },
            at=DATA,
        ),
        not_applicable("nothing that holds a password", resources(It=resource("AWS::EC2::VPC"))),
        unknown(
            "a parameter without default",
            {
                "Parameters": {"Password": {"Type": "String", "NoEcho": True}},
                **resources(It=resource(INSTANCE, MasterUserPassword={"Ref": "Password"})),
            },
            at=PASSWORD,
        ),
        unknown(
            "an output of a stack elsewhere",
            resources(
                It=resource(INSTANCE, MasterUserPassword={"Fn::GetAtt": ["Nested", "Outputs.Password"]}),
                Nested=resource("AWS::CloudFormation::Stack"),
            ),
            at=PASSWORD,
        ),
        unknown(
            "a parameter in user data",
            {
                "Parameters": {"Host": {"Type": "String"}},
                **resources(It=machine({"Fn::Base64": {"Fn::Sub": "HOST=${Host}\n"}})),
            },
            at=DATA,
        ),
        unknown("user data that is a list", resources(It=machine(["echo hello"])), at=DATA),
    ),
)


@each(CASES)
def test_no_literal_secrets(case: Case) -> None:
    hold(CASES, case)
