"""SNS topics and their policies.

Source: SNS API Reference, GetTopicAttributes; CloudFormation resource reference, AWS::SNS::*.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from nexis.audit.model import Live
from nexis.audit.shapes import policy, same, without_empty

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from nexis.audit.model import Aws, Wanted

TOPIC: Final = "AWS::SNS::Topic"
TOPIC_POLICY: Final = "AWS::SNS::TopicPolicy"
TYPES: Final = (TOPIC, TOPIC_POLICY)


def fetch(aws: Aws, wanted: Wanted) -> list[Live]:
    """Read topics by ARN, each with its policy.

    Args:
        aws: who is asked.
        wanted: resources by id.
    """
    arns = set(wanted.of(TOPIC, TOPIC_POLICY))
    if wanted.everything:
        arns |= {answer["TopicArn"] for answer in aws.pages("sns", "list_topics", "Topics")}

    def ask(arn: str) -> list[Live]:
        answer = aws.call("sns", "get_topic_attributes", TopicArn=arn, absent=("NotFound", "NotFoundException"))
        return [] if answer is None else list(topic(answer["Attributes"]))

    return [live for found in aws.each(ask, sorted(arns)) for live in found]


def topic(attributes: Mapping[str, Any]) -> Iterator[Live]:
    """Read a topic and its policy.

    Args:
        attributes: of GetTopicAttributes.
    """
    arn = attributes["TopicArn"]
    name = arn.rpartition(":")[2]
    properties = same(attributes, "DisplayName", "KmsMasterKeyId", "SignatureVersion", "TracingConfig")
    if str(attributes.get("FifoTopic", "false")).lower() == "true":
        properties["FifoTopic"] = True
    yield Live(
        type=TOPIC,
        identity=arn,
        name=name,
        properties={"TopicName": name, **without_empty(properties)},
        attributes={arn: ""},
    )
    if attributes.get("Policy"):
        yield Live(
            type=TOPIC_POLICY,
            identity=arn,
            name=f"{name}/policy",
            properties={"Topics": [arn], "PolicyDocument": policy(attributes["Policy"])},
        )
