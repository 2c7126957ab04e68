from __future__ import annotations

import base64
import gzip
from typing import Any

from nexis.check import judge
from nexis.rules.passwords.no_literal_secrets import RULE
from nexis.templates.model import Assembly, read_document
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
from tests.support.rule_templates import (
    IMPORTED,
    LOOKED_UP,
    OPEN,
    allowed,
    conditional,
    defaulted,
    either,
    mapped,
    opened,
)

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


PASSWORD_GIVEN = {"Ref": "Password"}


def secret_parameter(**named: dict[str, Any]) -> dict[str, Any]:
    return {"Parameters": {"Password": {"Type": "String", "NoEcho": True}}, **resources(**named)}


CASES = RuleCases(
    "passwords.no-literal-secrets",
    (
        bad(
            "the variable's name is made by a function",
            resources(
                It=resource(
                    "AWS::Batch::JobDefinition",
                    ContainerProperties={
                        "Environment": [{"Name": {"Fn::Sub": "DB_PASSWORD"}, "Value": "correct-horse"}]
                    },
                )
            ),
            at=("Properties.ContainerProperties.Environment.0.Value",),
        ),
        bad(
            "a parameter that is shown, in user data",
            opened(It=script({"Fn::Sub": "export DB_PASSWORD=${Open}\n"})),
            at=DATA,
        ),
        good(
            "the name of a stored secret, in user data",
            {
                "Parameters": {"SecretName": {"Type": "String"}},
                **resources(
                    It=script(
                        {"Fn::Sub": "PASSWORD=$(aws secretsmanager get-secret-value --secret-id ${SecretName})\n"}
                    )
                ),
            },
        ),
        bad(
            "a parameter that is shown, and named like a secret",
            {
                "Parameters": {"ApiKey": {"Type": "String"}},
                **resources(It=resource(FUNCTION, Environment={"Variables": {"API_KEY": {"Ref": "ApiKey"}}})),
            },
            at=("Properties.Environment.Variables.API_KEY",),
        ),
        bad(
            "a plain parameter of the store, in a variable",
            resources(It=resource(FUNCTION, Environment={"Variables": {"DB_PASSWORD": "{{resolve:ssm:/app:1}}"}})),
            at=("Properties.Environment.Variables.DB_PASSWORD",),
        ),
        bad(
            "a command of a document",
            resources(
                It=resource(
                    "AWS::SSM::Document",
                    Content={"mainSteps": [{"inputs": {"runCommand": ["ls", "export DB_PASSWORD=correct-horse"]}}]},
                )
            ),
            at=("Properties.Content.mainSteps.0.inputs.runCommand.1",),
        ),
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
        good("a function without an environment", resources(It=resource(FUNCTION, Handler="index.handler"))),
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
        bad(
            "a password as a parameter that the console shows",
            opened(It=function(DB_PASSWORD=OPEN)),
            at=("Properties.Environment.Variables.DB_PASSWORD",),
        ),
        good("a password as a parameter with NoEcho", secret_parameter(It=function(DB_PASSWORD=PASSWORD_GIVEN))),
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
        good("no user data", resources(It=resource("AWS::EC2::Instance", ImageId="ami-1"))),
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
        good(
            "a parameter with NoEcho and without a default",
            secret_parameter(It=resource(INSTANCE, MasterUserPassword=PASSWORD_GIVEN)),
        ),
        bad(
            "a parameter without NoEcho",
            opened(It=resource(INSTANCE, MasterUserPassword=OPEN)),
            at=PASSWORD,
        ),
        bad(
            "NoEcho turned off",
            {
                "Parameters": {"Password": {"Type": "String", "NoEcho": "false"}},
                **resources(It=resource(INSTANCE, MasterUserPassword={"Ref": "Password"})),
            },
            at=PASSWORD,
        ),
        good(
            "an empty default stands for none",
            {
                "Parameters": {"Password": {"Type": "String", "NoEcho": True, "Default": ""}},
                **resources(It=resource(INSTANCE, MasterUserPassword={"Ref": "Password"})),
            },
        ),
        bad(
            "a parameter that is read from the plain store",
            {
                "Parameters": {"Password": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/db/pw"}},
                **resources(It=resource(INSTANCE, MasterUserPassword={"Ref": "Password"})),
            },
            at=PASSWORD,
        ),
        good(
            "a secret named by a parameter",
            opened(
                It=resource(INSTANCE, MasterUserPassword={"Fn::Sub": "{{resolve:secretsmanager:${Open}::password}}"})
            ),
        ),
        good(
            "Secrets Manager in one case, NoEcho in the other",
            {
                "Parameters": {"Open": {"Type": "String"}, "Password": {"Type": "String", "NoEcho": True}},
                "Conditions": {"Chosen": {"Fn::Equals": [OPEN, ""]}},
                **resources(
                    It=resource(
                        INSTANCE,
                        MasterUserPassword=either("{{resolve:secretsmanager:db}}", PASSWORD_GIVEN),
                    )
                ),
            },
        ),
        bad(
            "a literal in one of two cases",
            conditional(
                It=resource(INSTANCE, MasterUserPassword=either("{{resolve:secretsmanager:db}}", "correct-horse"))
            ),
            at=PASSWORD,
        ),
        bad(
            "a literal in a mapping",
            mapped("eu-central-1", "correct-horse", It=resource(INSTANCE, MasterUserPassword=LOOKED_UP)),
            at=PASSWORD,
        ),
        unknown(
            "an import from elsewhere",
            resources(It=resource(INSTANCE, MasterUserPassword=IMPORTED)),
            at=PASSWORD,
        ),
        unknown(
            "a map that is imported",
            resources(It=resource("AWS::IAM::User", LoginProfile=IMPORTED)),
            at=("Properties.LoginProfile",),
        ),
        bad(
            "a login profile",
            resources(It=resource("AWS::IAM::User", LoginProfile={"Password": "correct-horse"})),
            at=("Properties.LoginProfile.Password",),
        ),
        bad(
            "a token of an app",
            resources(It=resource("AWS::Amplify::App", OauthToken="correct-horse", Name="site")),
            at=("Properties.OauthToken",),
        ),
        bad(
            "an endpoint within its settings",
            resources(It=resource("AWS::DMS::Endpoint", MongoDbSettings={"Password": "correct-horse"})),
            at=("Properties.MongoDbSettings.Password",),
        ),
        bad(
            "the second password of a cache's user",
            resources(
                It=resource("AWS::ElastiCache::User", Passwords=["{{resolve:secretsmanager:a}}", "correct-horse1"])
            ),
            at=("Properties.Passwords.1",),
        ),
        bad(
            "an identity provider's client secret",
            resources(
                It=resource(
                    "AWS::Cognito::UserPoolIdentityProvider",
                    ProviderDetails={"client_id": "abc", "client_secret": "correct-horse"},
                )
            ),
            at=("Properties.ProviderDetails.client_secret",),
        ),
        bad(
            "a custom resource",
            resources(It=resource("Custom::User", ServiceToken="arn:aws:lambda:x", Password="correct-horse")),
            at=("Properties.Password",),
        ),
        bad(
            "a parameter of a nested stack",
            resources(
                It=resource(
                    "AWS::CloudFormation::Stack", TemplateURL="https://x", Parameters={"DbPassword": "correct-horse"}
                )
            ),
            at=("Properties.Parameters.DbPassword",),
        ),
        bad(
            "an option of Elastic Beanstalk",
            resources(
                It=resource(
                    "AWS::ElasticBeanstalk::Environment",
                    OptionSettings=[
                        {
                            "Namespace": "aws:elasticbeanstalk:application:environment",
                            "OptionName": "DB_PASSWORD",
                            "Value": "correct-horse",
                        }
                    ],
                )
            ),
            at=("Properties.OptionSettings.0.Value",),
        ),
        bad(
            "an argument of a job",
            resources(It=resource("AWS::Glue::Job", DefaultArguments={"--db_password": "correct-horse"})),
            at=("Properties.DefaultArguments.--db_password",),
        ),
        bad(
            "a stored parameter by its name",
            resources(
                It=resource("AWS::SSM::Parameter", Type="String", Name="/app/db/password", Value="correct-horse")
            ),
            at=("Properties.Value",),
        ),
        bad(
            "a stored parameter by its logical id",
            {
                "Resources": {
                    "DatabasePasswordParameter": resource("AWS::SSM::Parameter", Type="String", Value="correct-horse")
                }
            },
            "DatabasePasswordParameter",
            at=("Properties.Value",),
        ),
        good(
            "a stored parameter that is none",
            resources(It=resource("AWS::SSM::Parameter", Type="String", Name="/app/db/password-length", Value="32")),
        ),
        bad(
            "a token in any property",
            resources(It=resource("AWS::Events::Rule", Description="calls with ghp_" + "a1" * 18)),
            at=("Properties.Description",),
        ),
        bad(
            "a connection string in any property",
            resources(
                It=resource(
                    "AWS::Lambda::Function", Environment={"Variables": {"DSN": "Server=db;Uid=app;Pwd=correct-horse;"}}
                )
            ),
            at=("Properties.Environment.Variables.DSN",),
        ),
        bad(
            "a connection string that is joined",
            resources(
                It=resource(
                    "AWS::ECS::TaskDefinition",
                    ContainerDefinitions=[
                        {
                            "Environment": [
                                {
                                    "Name": "URL",
                                    "Value": {"Fn::Join": ["", ["mongodb+srv://app:", "horse1", "@", {"Ref": "Db"}]]},
                                }
                            ]
                        }
                    ],
                ),
                Db=resource("AWS::DocDB::DBCluster"),
            ),
            at=("Properties.ContainerDefinitions.0.Environment.0.Value",),
        ),
        bad(
            "a container's command",
            resources(
                It=resource(
                    "AWS::ECS::TaskDefinition",
                    ContainerDefinitions=[{"Command": ["app", "--password", "correct-horse"]}],
                )
            ),
            at=("Properties.ContainerDefinitions.0.Command",),
        ),
        bad(
            "a literal in a program",
            resources(It=resource(FUNCTION, Code={"ZipFile": "import db\npassword = 'correct-horse'\n"})),
            at=("Properties.Code.ZipFile",),
        ),
        good(
            "variables in a program",
            resources(
                It=resource(
                    FUNCTION,
                    Code={"ZipFile": "password = event.password\nconnect(password=password)\nkey = {'password': pw}\n"},
                )
            ),
        ),
        good(
            "a build that fetches its secret",
            resources(
                It=resource(
                    "AWS::CodeBuild::Project",
                    Environment={
                        "EnvironmentVariables": [
                            {"Name": "DB_PASSWORD", "Type": "SECRETS_MANAGER", "Value": "prod/db:password"},
                            {"Name": "API_KEY", "Type": "PARAMETER_STORE", "Value": "api-key"},
                        ]
                    },
                )
            ),
        ),
        good(
            "names that are no secrets' names",
            resources(
                It=resource(
                    FUNCTION,
                    Environment={
                        "Variables": {
                            "PASSWORD_SECRET_ARN": "arn:aws:secretsmanager:x",
                            "DB_PASSWORD_PARAMETER": "/app/db/password",
                            "DB_SECRET": "prod-db-secret",
                            "DB_PASSWORD": "/app/db/password",
                            "TOKEN": "",
                            "SECRET_NAME": "app",
                            "PASSWORD_LENGTH": "32",
                        }
                    },
                )
            ),
        ),
        good(
            "the policy of a user pool and how long its tokens hold",
            resources(
                It=resource(
                    "AWS::Cognito::UserPoolClient",
                    TokenValidityUnits={"AccessToken": "hours", "RefreshToken": "days"},
                    GenerateSecret=True,
                )
            ),
        ),
        good(
            "actions in a policy",
            resources(
                It=resource(
                    "AWS::IAM::ManagedPolicy",
                    PolicyDocument={
                        "Statement": [
                            {"Effect": "Allow", "Action": "secretsmanager:GetRandomPassword", "Resource": "*"}
                        ]
                    },
                )
            ),
        ),
        bad(
            "a NoEcho parameter's default, wherever it goes",
            {
                "Parameters": {"Passphrase": {"Type": "String", "NoEcho": True, "Default": "correct-horse"}},
                **resources(It=resource("Custom::Thing", Setting={"Ref": "Passphrase"})),
            },
            at=("Properties.Setting",),
        ),
        bad(
            "a literal beside a parameter in a secret's JSON",
            secret_parameter(
                It=resource(SECRET, SecretString={"Fn::Sub": '{"a": "${Password}", "apiKey": "correct-horse"}'})
            ),
            at=TEXT,
        ),
        good(
            "a secret's JSON of a parameter with NoEcho",
            secret_parameter(
                It=resource(SECRET, SecretString={"Fn::Sub": '{"username": "app", "password": "${Password}"}'})
            ),
        ),
        bad(
            "a literal beside one that is fetched",
            resources(
                It=resource(SECRET, SecretString='{"a": "{{resolve:secretsmanager:x}}", "password": "correct-horse"}')
            ),
            at=TEXT,
        ),
        good(
            "JSON made by a function, of a parameter with NoEcho",
            secret_parameter(
                It=resource(SECRET, SecretString={"Fn::ToJsonString": {"username": "app", "password": PASSWORD_GIVEN}})
            ),
        ),
        bad(
            "JSON made by a function, with a literal",
            resources(
                It=resource(SECRET, SecretString={"Fn::ToJsonString": {"username": "a", "password": 'cor"rect'}})
            ),
            at=TEXT,
        ),
        good(
            "a list of passwords as a parameter with NoEcho",
            secret_parameter(It=resource("AWS::ElastiCache::User", Passwords=PASSWORD_GIVEN)),
        ),
        bad(
            "a list of passwords as a parameter without",
            opened(It=resource("AWS::ElastiCache::User", Passwords=OPEN)),
            at=("Properties.Passwords",),
        ),
        good(
            "a part of a parameter with NoEcho",
            secret_parameter(
                It=resource(INSTANCE, MasterUserPassword={"Fn::Select": [1, {"Fn::Split": [":", PASSWORD_GIVEN]}]})
            ),
        ),
        bad(
            "a password that is one of two",
            allowed("", "correct-horse", It=resource(INSTANCE, MasterUserPassword=OPEN)),
            at=PASSWORD,
        ),
        bad(
            "an empty default of a parameter without NoEcho",
            defaulted("", It=resource(INSTANCE, MasterUserPassword=OPEN)),
            at=PASSWORD,
        ),
        bad(
            "a manifest",
            resources(
                It=resource(
                    "Custom::AWSCDK-EKS-KubernetesResource",
                    Manifest='[{"kind":"Secret","stringData":{"password":"x9"}}]',
                )
            ),
            at=("Properties.Manifest",),
        ),
        bad(
            "a secret's JSON of a parameter without",
            opened(It=resource(SECRET, SecretString={"Fn::Sub": '{"username": "app", "password": "${Open}"}'})),
            at=TEXT,
        ),
        good("a secret's JSON without a secret", resources(It=resource(SECRET, SecretString='{"username": "app"}'))),
        bad(
            "credentials for cfn-init",
            resources(
                It={
                    **resource("AWS::EC2::Instance"),
                    "Metadata": {
                        "AWS::CloudFormation::Authentication": {"get": {"type": "basic", "password": "correct"}}
                    },
                }
            ),
            at=("Metadata.AWS::CloudFormation::Authentication.get.password",),
        ),
        good(
            "cfn-init with the machine's role",
            resources(
                It={
                    **resource("AWS::EC2::Instance"),
                    "Metadata": {"AWS::CloudFormation::Authentication": {"get": {"type": "S3", "roleName": "app"}}},
                }
            ),
        ),
        unknown(
            "an output of a stack elsewhere",
            resources(
                It=resource(INSTANCE, MasterUserPassword={"Fn::GetAtt": ["Nested", "Outputs.Password"]}),
                Nested=resource("AWS::CloudFormation::Stack"),
            ),
            at=PASSWORD,
        ),
        good(
            "a parameter in user data that is no secret",
            opened(It=machine({"Fn::Base64": {"Fn::Sub": "HOST=${Open}\n"}})),
        ),
        good("user data that is a list", resources(It=machine(["echo hello"]))),
    ),
)


@each(CASES)
def test_no_literal_secrets(case: Case) -> None:
    hold(CASES, case)


def test_a_literal_that_was_innocent_in_one_place_is_read_again_in_another() -> None:
    given = resources(
        Innocent=function(GREETING="correct-horse"),
        Guilty=function(DB_PASSWORD="correct-horse"),
        Again=function(DB_PASSWORD="correct-horse"),
        Switch=function(DB_PASSWORD=True),
        Number=function(DB_PASSWORD=1),
        Written=function(DB_PASSWORD="0001"),
    )
    assembly = Assembly(templates={"case": read_document(given, key="case", file="case.json")})
    for _ in range(2):  # the second time, what is innocent is known
        judged = {it.resource.logical_id: it.outcome for it in judge(assembly, rules=[RULE])}
        assert judged == {
            "Innocent": "pass",
            "Guilty": "fail",
            "Again": "fail",
            "Switch": "pass",
            "Number": "pass",
            "Written": "fail",
        }
