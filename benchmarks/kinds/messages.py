"""Queues, topics, streams and interfaces."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import Duration
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_apigatewayv2 as apigatewayv2
from aws_cdk import aws_apigatewayv2_integrations as integrations
from aws_cdk import aws_kinesis as kinesis
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_event_sources as sources
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from aws_cdk import aws_sqs as sqs

from benchmarks.kinds.common import log_group, program, usually

if TYPE_CHECKING:
    from random import Random

    from constructs import Construct


def queue_worker(scope: Construct, choose: Random) -> None:
    """Queues with a function that empties them."""
    for place in range(choose.randint(1, 3)):
        dropped = sqs.Queue(
            scope, f"Dropped{place}", enforce_ssl=usually(choose), retention_period=Duration.days(choose.randint(4, 14))
        )
        queue = sqs.Queue(
            scope,
            f"Queue{place}",
            enforce_ssl=usually(choose),
            encryption=sqs.QueueEncryption.SQS_MANAGED if usually(choose) else sqs.QueueEncryption.UNENCRYPTED,
            visibility_timeout=Duration.minutes(6),
            dead_letter_queue=sqs.DeadLetterQueue(queue=dropped, max_receive_count=3),
        )
        worker = program(scope, choose, f"Worker{place}")
        worker.add_event_source(sources.SqsEventSource(queue, batch_size=10))


def fan_out(scope: Construct, choose: Random) -> None:
    """A topic that many queues listen to."""
    key = kms.Key(scope, "Key", enable_key_rotation=usually(choose), description="Messages")
    topic = sns.Topic(scope, "Topic", master_key=key, enforce_ssl=usually(choose))
    for place in range(choose.randint(3, 8)):
        queue = sqs.Queue(scope, f"Queue{place}", encryption_master_key=key, enforce_ssl=usually(choose))
        topic.add_subscription(
            subscriptions.SqsSubscription(
                queue,
                raw_message_delivery=True,
                filter_policy={"kind": sns.SubscriptionFilter.string_filter(allowlist=[f"kind-{place}"])},
            )
        )


def stream(scope: Construct, choose: Random) -> None:
    """Streams with their readers."""
    for place in range(choose.randint(2, 5)):
        encryption = kinesis.StreamEncryption.KMS if usually(choose) else kinesis.StreamEncryption.UNENCRYPTED
        made = kinesis.Stream(
            scope,
            f"Stream{place}",
            shard_count=choose.randint(1, 4),
            encryption=encryption,
            retention_period=Duration.hours(choose.choice((24, 48, 168))),
        )
        reader = program(scope, choose, f"Reader{place}", STREAM=made.stream_name)
        reader.add_event_source(
            sources.KinesisEventSource(made, starting_position=lambda_.StartingPosition.TRIM_HORIZON, batch_size=100)
        )


def rest_api(scope: Construct, choose: Random) -> None:
    """An interface over HTTP with resources and methods."""
    handler = program(scope, choose, "Handler")
    api = apigateway.RestApi(
        scope,
        "Api",
        cloud_watch_role=False,
        deploy_options=apigateway.StageOptions(
            tracing_enabled=usually(choose),
            access_log_destination=apigateway.LogGroupLogDestination(log_group(scope, choose)),
            logging_level=apigateway.MethodLoggingLevel.INFO,
        ),
    )
    authorization = apigateway.AuthorizationType.IAM if usually(choose) else apigateway.AuthorizationType.NONE
    for name in ("orders", "customers", "invoices", "returns")[: choose.randint(1, 4)]:
        resource = api.root.add_resource(name)
        for method in ("GET", "POST"):
            resource.add_method(method, apigateway.LambdaIntegration(handler), authorization_type=authorization)


def http_api(scope: Construct, choose: Random) -> None:
    """A lighter interface, with a function per route."""
    api = apigatewayv2.HttpApi(scope, "Api")
    for place in range(choose.randint(2, 4)):
        api.add_routes(
            path=f"/part-{place}",
            methods=[apigatewayv2.HttpMethod.GET],
            integration=integrations.HttpLambdaIntegration(f"To{place}", program(scope, choose, f"Handler{place}")),
        )
