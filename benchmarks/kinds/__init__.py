"""Kinds of stacks as teams write them with aws-cdk-lib: what the benchmark's templates are synthesized from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from benchmarks.kinds import compute, data, identity, messages, network, operations

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from random import Random

    from constructs import Construct

# name: adds its resources to a scope; all that varies is drawn from the generator.
KINDS: Final[Mapping[str, Callable[[Construct, Random], None]]] = {
    "vpc": network.vpc,
    "security-groups": network.security_groups,
    "endpoints": network.endpoints,
    "load-balancer": network.load_balancer,
    "zone": network.zone,
    "web-host": compute.web_host,
    "scaling-group": compute.scaling_group,
    "container-service": compute.container_service,
    "function": compute.function,
    "scheduled-function": compute.scheduled_function,
    "workflow": compute.workflow,
    "bucket": data.bucket,
    "website": data.website,
    "table": data.table,
    "postgres": data.postgres,
    "aurora": data.aurora,
    "cache": data.cache,
    "file-system": data.file_system,
    "backup-plan": data.backup_plan,
    "queue-worker": messages.queue_worker,
    "fan-out": messages.fan_out,
    "stream": messages.stream,
    "rest-api": messages.rest_api,
    "http-api": messages.http_api,
    "roles": identity.roles,
    "deployment-role": identity.deployment_role,
    "key": identity.key,
    "secrets": identity.secrets,
    "user-pool": identity.user_pool,
    "alarms": operations.alarms,
    "trail": operations.trail,
    "pipeline": operations.pipeline,
    "settings": operations.settings,
}
# A service with its surroundings, repeated for one large template: what its parts are judged by stands beside them.
BLOCK: Final = ("security-groups", "queue-worker", "bucket", "postgres", "roles", "key")
