"""Secrets: Ref is the ARN, generated values obey every option, resource policies, rotation schedules.

Source: CloudFormation Template Reference, AWS::SecretsManager::*; Secrets Manager API Reference, GetRandomPassword.
"""

from __future__ import annotations

import json
from typing import Any

from ministack.services import secretsmanager
from ministack.services.cloudformation import provisioners

from local_aws import api
from local_aws.faults import AwsError
from local_aws.mends import Attributes, NewType, Place, Properties, flag

KIND = "AWS::SecretsManager::Secret"
WRAPPED_TYPES = (KIND,)  # by `install`, as its values have to be made before the stock handler sees them


def secret_string(properties: Properties) -> str:
    """The value a template asks for: given, or generated as GetRandomPassword does.

    Args:
        properties: The secret's properties.

    Raises:
        AwsError: If the options admit no value, or the template around it is no JSON object.
    """
    asked = properties.get("GenerateSecretString")
    if asked is None:
        return str(properties.get("SecretString", ""))
    request: dict[str, Any] = {"PasswordLength": int(asked.get("PasswordLength", 32))}
    if asked.get("ExcludeCharacters"):
        request["ExcludeCharacters"] = asked["ExcludeCharacters"]
    for name in ("ExcludeLowercase", "ExcludeUppercase", "ExcludeNumbers", "ExcludePunctuation", "IncludeSpace"):
        request[name] = flag(asked.get(name, False))
    request["RequireEachIncludedType"] = flag(asked.get("RequireEachIncludedType", True))
    generated = str(api.call("secretsmanager", "GetRandomPassword", **request)["RandomPassword"])
    template, key = asked.get("SecretStringTemplate"), asked.get("GenerateStringKey")
    if template is None and key is None:
        return generated
    if template is None or key is None:
        raise AwsError(
            "InvalidRequestException", "You must specify both SecretStringTemplate and GenerateStringKey, or neither."
        )
    value = json.loads(template)
    if not isinstance(value, dict):
        raise AwsError("InvalidRequestException", "SecretStringTemplate must be a JSON object.")
    return json.dumps({**value, key: generated})


def _name(identity: str) -> str:
    return str(secretsmanager._resolve(identity)[0] or identity)


def install() -> None:
    """Ref of a secret is its ARN; the stock handlers answer with the name, and generate with less care."""
    handler = provisioners._RESOURCE_HANDLERS[KIND]
    stock = dict(handler)

    def plain(properties: Properties) -> dict[str, Any]:
        """The properties with the value made, so that the stock handler makes none."""
        made = {key: value for key, value in properties.items() if key != "GenerateSecretString"}
        return {**made, "SecretString": secret_string(properties)}

    def create(logical_id: str, properties: Properties, stack: str) -> tuple[str, Attributes]:
        name = properties.get("Name")
        if name and secretsmanager._secrets.get(name) is not None:
            raise AwsError("ResourceExistsException", f"The operation failed because the secret {name} already exists.")
        _, attributes = stock["create"](logical_id, plain(properties), stack)
        return attributes["Arn"], attributes

    def update(
        identity: str, old: Properties, new: Properties, stack: str, logical_id: str | None = None
    ) -> tuple[str, Attributes]:
        same = old.get("GenerateSecretString") == new.get("GenerateSecretString") and old.get(
            "SecretString"
        ) == new.get("SecretString")
        value = {"SecretString": "unchanged"} if same else {"SecretString": secret_string(new)}
        before = {**{k: v for k, v in old.items() if k != "GenerateSecretString"}, "SecretString": "unchanged"}
        after = {**{k: v for k, v in new.items() if k != "GenerateSecretString"}, **value}
        _, attributes = stock["update"](_name(identity), before, after, stack, logical_id)
        return attributes["Arn"], attributes

    def delete(identity: str, properties: Properties) -> None:
        stock["delete"](_name(identity), properties)

    handler.update(create=create, update=update, delete=delete)


def create_policy(properties: Properties, place: Place) -> tuple[str, Attributes]:
    """PutResourcePolicy."""
    del place
    policy = properties["ResourcePolicy"]
    text = policy if isinstance(policy, str) else json.dumps(policy)
    request = {"SecretId": properties["SecretId"], "ResourcePolicy": text}
    if "BlockPublicPolicy" in properties:
        request["BlockPublicPolicy"] = flag(properties["BlockPublicPolicy"])
    answer = api.call("secretsmanager", "PutResourcePolicy", **request)
    return answer["ARN"], {"Id": answer["ARN"]}


def delete_policy(identity: str, properties: Properties) -> None:
    """DeleteResourcePolicy."""
    del properties
    api.call_forgiving("secretsmanager", "DeleteResourcePolicy", SecretId=identity)


def create_schedule(properties: Properties, place: Place) -> tuple[str, Attributes]:
    """RotateSecret, without rotating now: MiniStack calls no rotation function."""
    del place
    rules = dict(properties.get("RotationRules") or {})
    if "AutomaticallyAfterDays" in rules:
        rules["AutomaticallyAfterDays"] = int(rules["AutomaticallyAfterDays"])
    request: dict[str, Any] = {"RotateImmediately": False}
    if properties.get("RotationLambdaARN"):
        request["RotationLambdaARN"] = properties["RotationLambdaARN"]
    if rules:
        request["RotationRules"] = rules
    answer = api.call("secretsmanager", "RotateSecret", SecretId=properties["SecretId"], **request)
    return answer["ARN"], {"Id": answer["ARN"]}


def delete_schedule(identity: str, properties: Properties) -> None:
    """CancelRotateSecret."""
    del properties
    record = secretsmanager._resolve(identity)[1]
    if record:
        record["RotationEnabled"] = False


NEW_TYPES = {
    "AWS::SecretsManager::ResourcePolicy": NewType(create_policy, delete_policy, replaces=("SecretId",)),
    "AWS::SecretsManager::RotationSchedule": NewType(create_schedule, delete_schedule, replaces=("SecretId",)),
}
