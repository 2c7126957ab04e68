from __future__ import annotations

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

STAGE = "AWS::ApiGateway::Stage"
DEPLOYMENT = "AWS::ApiGateway::Deployment"
CACHED = {"HttpMethod": "*", "ResourcePath": "/*", "CachingEnabled": True}
ENCRYPTED = {**CACHED, "CacheDataEncrypted": True}
FIRST = ("Properties.MethodSettings.0.CacheDataEncrypted",)


def stage(*settings: Any, **properties: Any) -> dict[str, Any]:
    return resource(STAGE, MethodSettings=list(settings), **properties)


def deployment(**description: Any) -> dict[str, Any]:
    return resource(DEPLOYMENT, StageDescription=description)


CASES = RuleCases(
    "storage.api-cache-encrypted",
    (
        good("encrypted", resources(It=stage(ENCRYPTED, CacheClusterEnabled=True))),
        good("methods that are not cached", resources(It=stage({"HttpMethod": "GET", "ThrottlingRateLimit": 5}))),
        good("caching off", resources(It=stage({**CACHED, "CachingEnabled": "false"}, CacheClusterEnabled=True))),
        good("a deployment", resources(It=deployment(CachingEnabled=True, CacheDataEncrypted="true"))),
        good("SAM", resources(It=resource("AWS::Serverless::Api", MethodSettings=[ENCRYPTED]))),
        bad("absent", resources(It=stage(CACHED)), at=FIRST),
        bad("false", resources(It=stage({**CACHED, "CacheDataEncrypted": False})), at=FIRST),
        bad(
            "the second method",
            resources(It=stage(ENCRYPTED, CACHED)),
            at=("Properties.MethodSettings.1.CacheDataEncrypted",),
        ),
        bad(
            "a cache that caches GET by itself",
            resources(It=resource(STAGE, CacheClusterEnabled=True)),
            at=("Properties.MethodSettings",),
        ),
        bad(
            "a deployment",
            resources(It=deployment(CachingEnabled=True)),
            at=("Properties.StageDescription.CacheDataEncrypted",),
        ),
        bad(
            "a deployment's method",
            resources(It=deployment(MethodSettings=[CACHED])),
            at=("Properties.StageDescription.MethodSettings.0.CacheDataEncrypted",),
        ),
        bad("a default of true", defaulted("true", It=stage({**CACHED, "CachingEnabled": OPEN})), at=FIRST),
        not_applicable("a stage without a cache", resources(It=resource(STAGE))),
        not_applicable("a cache that is off", resources(It=stage(CACHED, CacheClusterEnabled=False))),
        not_applicable("HTTP APIs have no cache", resources(It=resource("AWS::ApiGatewayV2::Stage"))),
        unknown("a parameter", opened(It=stage({**CACHED, "CacheDataEncrypted": OPEN})), at=FIRST),
    ),
)


@each(CASES)
def test_api_caches(case: Case) -> None:
    hold(CASES, case)
