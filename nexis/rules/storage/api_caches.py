"""Caches of API Gateway.

Sources: API Gateway Developer Guide, "Cache settings for REST APIs" (caching a stage caches its GET methods, and cached
data is not encrypted unless it is asked for); CloudFormation reference, MethodSetting. As of 2026-11-23.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from nexis.rules.model import Problem, Rule, parts
from nexis.rules.storage._at_rest import CLAIMS, controls, is_absent
from nexis.templates.views import place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.templates.views import View

Path = tuple[str | int, ...]

#: Where each type keeps the settings of a stage.
STAGES: Final[dict[str, Path]] = {
    "AWS::ApiGateway::Stage": (),
    "AWS::ApiGateway::Deployment": ("StageDescription",),
    "AWS::Serverless::Api": (),
}


def applies(resource: View) -> bool:
    """Judge whatever caches, or may: a stage that says nothing of it, or says no, has no cache."""
    stage = STAGES[resource.type]
    if resource.peek(*stage, "CacheClusterEnabled") in (False, "false"):
        return False
    names = ("CacheClusterEnabled", "CachingEnabled", "MethodSettings")
    return any(not is_absent(resource, *stage, name) for name in names)


def check(resource: View) -> Iterator[Problem]:
    """Ask for encryption wherever caching is on."""
    stage = STAGES[resource.type]
    settings = [(*stage, "MethodSettings", n) for n in range(len(resource.items(*stage, "MethodSettings")))]
    yield from parts(
        partial(_cached, resource, stage),
        *(partial(_cached, resource, path) for path in settings),
        partial(_cluster, resource, stage, settings),
    )


def _cached(resource: View, path: Path) -> Iterator[Problem]:
    if resource.flag(*path, "CachingEnabled", default=False):
        yield from _encrypted(resource, path)


def _encrypted(resource: View, path: Path) -> Iterator[Problem]:
    if not resource.flag(*path, "CacheDataEncrypted", default=False):
        yield Problem(
            place(*path, "CacheDataEncrypted"), "is not true, so cached answers are stored unencrypted; expected true"
        )


def _cluster(resource: View, stage: Path, settings: list[Path]) -> Iterator[Problem]:
    """A stage with a cache whose settings leave caching to API Gateway: it then caches GET."""
    if not resource.flag(*stage, "CacheClusterEnabled", default=False):
        return
    if all(is_absent(resource, *path, "CachingEnabled") for path in (stage, *settings)) and not any(
        resource.flag(*path, "CacheDataEncrypted", default=False) for path in (stage, *settings)
    ):
        yield Problem(
            place(*stage, "MethodSettings"),
            "encrypts no cache, and the stage has one; expected an entry for all methods with CacheDataEncrypted: true",
        )


RULE = Rule(
    id="storage.api-cache-encrypted",
    severity="error",
    title="API Gateway encrypts the answers it caches",
    why="A cache holds answers to callers who were allowed to see them; unencrypted, they lie readable on AWS's disks.",
    fix="set CacheDataEncrypted: true wherever CachingEnabled is true (CDK: cache_data_encrypted=True)",
    types=tuple(STAGES),
    check=check,
    applies=applies,
    claims=CLAIMS,
    controls=controls("APIGateway.5"),
    source="API Gateway Developer Guide, Cache settings for REST APIs in API Gateway",
    cdk='apigateway.RestApi(self, "Api", deploy_options=apigateway.StageOptions(\n'
    "    cache_cluster_enabled=True, caching_enabled=True, cache_data_encrypted=True))",
    example={
        "Stage": {
            "Type": "AWS::ApiGateway::Stage",
            "Properties": {
                "CacheClusterEnabled": True,
                "MethodSettings": [
                    {"HttpMethod": "*", "ResourcePath": "/*", "CachingEnabled": True, "CacheDataEncrypted": True}
                ],
            },
        }
    },
)
