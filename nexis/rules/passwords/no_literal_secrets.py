"""No secret stands in a template."""

from __future__ import annotations

import json
import re
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from nexis.rules.model import Problem, Rule, parts
from nexis.rules.passwords._secret_texts import secrets_in
from nexis.templates.values import Reference, Text, Unknown
from nexis.templates.views import Absent, Undetermined, is_deferred, place, walk

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from nexis.templates.views import View

Path = tuple[str | int, ...]

STORED: Final = "AWS::SecretsManager::Secret"

#: Where a generated secret keeps what is not generated.
TEMPLATE: Final = ("GenerateSecretString", "SecretStringTemplate")

#: Properties that hold a password; `*` stands for every item of a list.
#: Source: CloudFormation resource reference of each type, 2026-11-23.
PASSWORDS: Final[Mapping[str, tuple[tuple[str, ...], ...]]] = MappingProxyType(
    {
        "AWS::AmazonMQ::Broker": (("Users", "*", "Password"),),
        "AWS::DMS::Endpoint": (("Password",),),
        "AWS::DirectoryService::MicrosoftAD": (("Password",),),
        "AWS::DirectoryService::SimpleAD": (("Password",),),
        "AWS::DocDB::DBCluster": (("MasterUserPassword",),),
        "AWS::DocDBElastic::Cluster": (("AdminUserPassword",),),
        "AWS::ElastiCache::ReplicationGroup": (("AuthToken",),),
        "AWS::ElastiCache::User": (("Passwords", "*"), ("AuthenticationMode", "Passwords", "*")),
        "AWS::IAM::User": (("LoginProfile", "Password"),),
        "AWS::MemoryDB::User": (("AuthenticationMode", "Passwords", "*"),),
        "AWS::OpenSearchService::Domain": (("AdvancedSecurityOptions", "MasterUserOptions", "MasterUserPassword"),),
        "AWS::RDS::DBCluster": (("MasterUserPassword",),),
        "AWS::RDS::DBInstance": (("MasterUserPassword",), ("TdeCredentialPassword",)),
        "AWS::Redshift::Cluster": (("MasterUserPassword",),),
        "AWS::RedshiftServerless::Namespace": (("AdminUserPassword",),),
        STORED: (("SecretString",),),
    }
)

#: Resources whose attributes can be secrets.
GIVE_SECRETS: Final = (STORED, "AWS::CloudFormation::CustomResource", "AWS::IAM::AccessKey")

#: Where a machine's user data stands. EC2 gives it to everyone on the machine, and to everyone who may describe it.
USER_DATA: Final[Mapping[str, Path]] = MappingProxyType(
    {
        "AWS::AutoScaling::LaunchConfiguration": ("UserData",),
        "AWS::EC2::Instance": ("UserData",),
        "AWS::EC2::LaunchTemplate": ("LaunchTemplateData", "UserData"),
    }
)

#: Where programs get their environment: a map of names, or a list of items with Name and Value. Everyone who may
#: describe the function, task or project reads it.
ENVIRONMENTS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "AWS::CodeBuild::Project": ("Environment", "EnvironmentVariables"),
        "AWS::ECS::TaskDefinition": ("ContainerDefinitions", "*", "Environment"),
        "AWS::Lambda::Function": ("Environment", "Variables"),
    }
)
INIT: Final = "AWS::CloudFormation::Init"

_KEPT_SECRET: Final = re.compile(r"\{\{resolve:(?:secretsmanager|ssm-secure):")
_PLAIN_PARAMETER: Final = re.compile(r"\{\{resolve:ssm:")
_ANY_DYNAMIC: Final = re.compile(r"\{\{resolve:")


def check(resource: View) -> Iterator[Problem]:
    """Judge every password, the environment and the user data of a resource."""
    yield from parts(
        *(partial(_each, resource, (), path) for path in PASSWORDS.get(resource.type, ())),
        *((partial(_template, resource),) if resource.type == STORED else ()),
        *(partial(_environment, resource, (), path) for kind, path in ENVIRONMENTS.items() if kind == resource.type),
        *((partial(_init, resource),) if resource.type in USER_DATA else ()),
        *(partial(_user_data, resource, path) for kind, path in USER_DATA.items() if kind == resource.type),
    )


def _environment(resource: View, done: Path, left: tuple[str, ...]) -> Iterator[Problem]:
    if "*" in left:
        star = left.index("*")
        here = (*done, *left[:star])
        for position in range(len(resource.items(*here))):
            yield from parts(partial(_environment, resource, (*here, position), left[star + 1 :]))
        return
    path = (*done, *left)
    found = resource.get(*path)
    for name in found if isinstance(found, dict) else ():
        yield from parts(partial(_variable, resource, (*path, name), str(name)))
    for position in range(len(found) if isinstance(found, list) else 0):
        name = resource.peek(*path, position, "Name")
        if isinstance(name, str):
            yield from parts(partial(_variable, resource, (*path, position, "Value"), name))


def _variable(resource: View, path: Path, name: str) -> Iterator[Problem]:
    value = resource.peek(*path)
    if isinstance(value, Unknown) and _given_away(name, "a1b2c3d4"):
        raise Undetermined(place(*path), f"{value.reason}; a program fetches its secrets from Secrets Manager")
    for problem in () if is_deferred(value) or not isinstance(value, str) else _given_away(name, value):
        yield Problem(
            place(*path), f"{problem} in the environment; expected that the program fetches it from Secrets Manager"
        )


def _given_away(name: str, value: str) -> list[str]:
    """Say what a name with its value gives away, without the line, of which there is only one."""
    return [found.removeprefix("line 1 ") for found in secrets_in(json.dumps({name: value}, ensure_ascii=False))]


def _init(machine: View) -> Iterator[Problem]:
    """Judge what cfn-init does on a machine; everyone who may describe the stack reads it."""
    steps = machine.scene.resolver.resolve(machine.template, machine.resource.metadata.get(INIT))
    for path, value in walk(steps, ("Metadata", INIT)):
        if isinstance(value, str) and not is_deferred(value):
            found = [*secrets_in(value), *_given_away(str(path[-1]), value.partition("\n")[0])]
            for problem in dict.fromkeys(found):
                yield Problem(
                    ".".join(map(str, path)),
                    f"{problem} in the metadata; expected that the machine fetches it from Secrets Manager",
                )


def _template(secret: View) -> Iterator[Problem]:
    """Judge the text that the generated password is put into: what else stands there is stored as it is written."""
    found = secret.peek(*TEMPLATE)
    for problem in secrets_in(found) if isinstance(found, str) else ():
        yield Problem(place(*TEMPLATE), f"{problem} in the template; expected only the generated key to be a secret")


def _each(resource: View, done: Path, left: tuple[str, ...]) -> Iterator[Problem]:
    if "*" not in left:
        yield from _password(resource, (*done, *left))
        return
    star = left.index("*")
    here = (*done, *left[:star])
    for position in range(len(resource.items(*here))):
        yield from parts(partial(_each, resource, (*here, position), left[star + 1 :]))


def _password(resource: View, path: Path) -> Iterator[Problem]:
    try:
        value = resource.get(*path)
    except Undetermined as opened:
        raise Undetermined(
            opened.path, f"{opened.reason}; a password comes from Secrets Manager, not from a parameter"
        ) from opened
    if isinstance(value, Absent):
        return
    where = place(*path)
    if not isinstance(value, str):
        yield Problem(where, f"found a {type(value).__name__}, expected a reference to a secret")
    elif _PLAIN_PARAMETER.search(value):
        yield Problem(
            where,
            "comes from a plain SSM parameter, readable to all who read parameters; expected "
            "{{resolve:secretsmanager:…}}",
        )
    elif _KEPT_SECRET.search(value):
        return
    elif _ANY_DYNAMIC.search(value):
        raise Undetermined(where, "the dynamic reference is not one this rule knows; expected resolve:secretsmanager")
    elif resource.type == STORED and _references(value):
        for found in secrets_in(value):
            yield Problem(where, f"{found} in the template; expected a reference to a secret, or GenerateSecretString")
    elif not _references(value):
        yield Problem(
            where,
            "is a literal, in the template or as a parameter's default; expected GenerateSecretString"
            if resource.type == STORED
            else "is a literal, in the template or as a parameter's default; expected {{resolve:secretsmanager:…}} or "
            "a password that the service manages",
        )
    else:
        yield from _made_of(resource, where, _references(value))


def _made_of(resource: View, where: str, references: tuple[Reference, ...]) -> Iterator[Problem]:
    """Judge a password that is made of other resources: some give secrets, most give names that anyone can read."""
    targets = [target for target in map(resource.named, references) if target is not None]
    if any(target.type in GIVE_SECRETS or target.type.startswith("Custom::") for target in targets):
        return
    names = ", ".join(map(str, references))
    if any(target.type == "AWS::CloudFormation::Stack" for target in targets):
        raise Undetermined(where, f"it is an output of a stack that is not judged here ({names})")
    yield Problem(where, f"is made of {names}, which is no secret; expected {{{{resolve:secretsmanager:…}}}}")


def _references(value: str) -> tuple[Reference, ...]:
    found = value.references if isinstance(value, Text) else (value,) if isinstance(value, Reference) else ()
    return tuple(reference for reference in found if reference.is_resource)


def _user_data(machine: View, path: Path) -> Iterator[Problem]:
    where = place(*path)
    value = machine.peek(*path)
    if isinstance(value, Absent):
        return
    if isinstance(value, Unknown):
        written = _written_literals(machine.resource.properties, path)
        found = [problem for text in written for problem in secrets_in(text)]
        if not found:
            raise Undetermined(where, f"{value.reason}, and user data is no place for a secret")
    elif isinstance(value, str):
        found = list(secrets_in(value))
        if _KEPT_SECRET.search(value):
            found.append("has a secret put in by CloudFormation ({{resolve:…}}), where it stands readable,")
    else:
        raise Undetermined(where, f"found a {type(value).__name__}, expected text")
    for problem in found:
        yield Problem(where, f"{problem} in user data; expected that the machine fetches it from Secrets Manager")


def _written_literals(properties: Any, path: Path) -> Iterator[str]:
    """Give the texts that stand in a value as it is written, whatever it resolves to."""
    for part in path:
        properties = properties.get(part) if isinstance(properties, dict) else None
    for _, item in walk(properties):
        if isinstance(item, str):
            yield item


RULE = Rule(
    id="passwords.no-literal-secrets",
    severity="fatal",
    title="No secret stands in a template",
    why="Templates are kept in version control, in buckets and in CloudFormation's history, for many to read; a "
    "password a person chose is seldom worth 60 bits.",
    fix="let the service make it (GenerateSecretString, ManageMasterUserPassword) or refer to it "
    "({{resolve:secretsmanager:…}}; CDK: SecretValue.secrets_manager); machines fetch secrets at boot by their role",
    types=(*PASSWORDS, *USER_DATA, *ENVIRONMENTS),
    check=check,
    claims=("passwords.60-bits",),
    controls={"SOC 2": ("CC6.1",)},
    source="CloudFormation User Guide, Security best practices: do not embed credentials; EC2 User Guide, Instance "
    "metadata and user data",
)
