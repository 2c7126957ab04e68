"""What watches an account is switched on where a template sets it up: Config, GuardDuty, Macie.

Source: CloudFormation resource reference of each type, read 2026-11-23.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from nexis.rules.model import Problem, Rule, parts
from nexis.rules.requirements import Requirement, is_true, one_of, property_rule
from nexis.templates.views import Absent, place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.templates.views import View

AS_OF: Final = "2026-11-23"
LOGS: Final = ("touchpoints.logs",)
RECORDER: Final = "AWS::Config::ConfigurationRecorder"
DETECTOR: Final = "AWS::GuardDuty::Detector"
GROUP: Final = "RecordingGroup"

#: Strategies that leave nothing out but what is named. Source: AWS Config API reference, RecordingStrategy.
WIDE_STRATEGIES: Final = ("ALL_SUPPORTED_RESOURCE_TYPES", "EXCLUSION_BY_RESOURCE_TYPES")

#: Protection plans that are asked for. Source: AWS Security Hub User Guide, GuardDuty.5, .6, .8, .9 and .10.
PLANS: Final = (
    "EBS_MALWARE_PROTECTION",
    "EKS_AUDIT_LOGS",
    "LAMBDA_NETWORK_LOGS",
    "RDS_LOGIN_EVENTS",
    "S3_DATA_EVENTS",
)


def _check_recorder(recorder: View) -> Iterator[Problem]:
    if isinstance(recorder.get(GROUP), Absent) or recorder.flag(GROUP, "AllSupported", default=False):
        return  # without a group every supported type is recorded
    strategy = recorder.literal(GROUP, "RecordingStrategy", "UseOnly")
    if strategy not in WIDE_STRATEGIES:
        yield Problem(
            place(GROUP, "AllSupported"),
            "is not true, and only the resource types that are named are recorded then; expected true",
        )


CONFIG = Rule(
    id="logging.config-recorder-all",
    severity="error",
    title="AWS Config records every resource type it supports",
    why="An intruder changes what is not recorded: the history of everything else does not show it.",
    fix="set RecordingGroup.AllSupported: true, or leave RecordingGroup out",
    types=(RECORDER,),
    check=_check_recorder,
    claims=LOGS,
    controls={"SOC 2": ("CC7.1", "CC7.2"), "AWS FSBP": ("Config.1",), "NIST 800-53 r5": ("CM-8",)},
    source="AWS Config Developer Guide, Recording AWS resources with AWS Config",
    cdk="""
config.CfnConfigurationRecorder(
    self, "Recorder", role_arn=role.role_arn,
    recording_group={"allSupported": True, "includeGlobalResourceTypes": True},
)
""",
    example={"Recorder": {"Type": RECORDER, "Properties": {GROUP: {"AllSupported": True}}}},
)

AGGREGATOR = property_rule(
    rule_id="logging.config-aggregator-all-regions",
    title="Config aggregators collect from every region",
    why="An intruder works in the region that nobody collects.",
    requirements=(
        Requirement(
            type="AWS::Config::ConfigurationAggregator",
            path=("AccountAggregationSources", "*", "AllAwsRegions"),
            accepts=is_true,
            expected="true",
            absent="only the regions that are named are collected then",
            source="CloudFormation resource reference, AWS::Config::ConfigurationAggregator AccountAggregationSource",
            as_of=AS_OF,
            example=True,
        ),
        Requirement(
            type="AWS::Config::ConfigurationAggregator",
            path=("OrganizationAggregationSource", "AllAwsRegions"),
            accepts=is_true,
            expected="true",
            absent="only the regions that are named are collected then",
            source="CloudFormation resource reference, ConfigurationAggregator OrganizationAggregationSource",
            as_of=AS_OF,
            when=lambda aggregator: not isinstance(aggregator.get("OrganizationAggregationSource"), Absent),
        ),
    ),
    fix="set AllAwsRegions: true",
    cdk="""
config.CfnConfigurationAggregator(
    self, "All", account_aggregation_sources=[{"accountIds": accounts, "allAwsRegions": True}]
)
""",
    source="AWS Config Developer Guide, Multi-Account Multi-Region Data Aggregation",
    claims=LOGS,
    controls={"SOC 2": ("CC7.2",)},
)

GUARDDUTY = property_rule(
    rule_id="logging.guardduty-on",
    title="GuardDuty detectors are switched on",
    why="A detector that is switched off looks like detection in every list of resources, and finds nothing.",
    requirements=(
        Requirement(
            type=DETECTOR,
            path=("Enable",),
            accepts=is_true,
            expected="true",
            absent="the property is required",
            source="CloudFormation resource reference, AWS::GuardDuty::Detector Enable",
            as_of=AS_OF,
            example=True,
        ),
    ),
    fix="set Enable: true",
    cdk="guardduty.CfnDetector(self, 'Detector', enable=True)",
    source="Amazon GuardDuty User Guide, Getting started with GuardDuty",
    claims=LOGS,
    controls={"SOC 2": ("CC6.8", "CC7.2"), "AWS FSBP": ("GuardDuty.1",), "NIST 800-53 r5": ("SI-4",)},
)


def _check_plans(detector: View) -> Iterator[Problem]:
    count = len(detector.items("Features"))
    yield from parts(
        *(partial(_feature, detector, ("Features", position)) for position in range(count)),
        *(partial(_source, detector, path) for path in SOURCES),
    )


#: The older way of switching protection plans. Source: CloudFormation resource reference, CFNDataSourceConfigurations.
SOURCES: Final = (
    ("DataSources", "S3Logs", "Enable"),
    ("DataSources", "Kubernetes", "AuditLogs", "Enable"),
    ("DataSources", "MalwareProtection", "ScanEc2InstanceWithFindings", "EbsVolumes"),
)


def _feature(detector: View, path: tuple[str | int, ...]) -> Iterator[Problem]:
    if detector.literal(*path, "Status") == "DISABLED" and detector.literal(*path, "Name") in PLANS:
        yield Problem(place(*path, "Status"), f"{detector.literal(*path, 'Name')} is DISABLED, expected ENABLED")


def _source(detector: View, path: tuple[str, ...]) -> Iterator[Problem]:
    if not detector.flag(*path, default=True):
        yield Problem(place(*path), "found false, expected true")


PROTECTION_PLANS = Rule(
    id="logging.guardduty-plans",
    severity="error",
    title="GuardDuty's protection plans are not switched off",
    why="What a plan would have looked at (bucket access, database logins, cluster audit logs) is then seen by nobody.",
    fix="leave Features out, or set their Status to ENABLED",
    types=(DETECTOR,),
    check=_check_plans,
    claims=LOGS,
    controls={
        "SOC 2": ("CC6.8", "CC7.2"),
        "AWS FSBP": ("GuardDuty.5", "GuardDuty.6", "GuardDuty.8", "GuardDuty.9", "GuardDuty.10"),
    },
    source="Amazon GuardDuty User Guide, GuardDuty protection plans",
    cdk="""
guardduty.CfnDetector(self, "Detector", enable=True, features=[{"name": "S3_DATA_EVENTS", "status": "ENABLED"}])
""",
    example={
        "Detector": {
            "Type": DETECTOR,
            "Properties": {"Enable": True, "Features": [{"Name": "S3_DATA_EVENTS", "Status": "ENABLED"}]},
        }
    },
)

MACIE = property_rule(
    rule_id="logging.macie-on",
    title="Macie sessions are not paused",
    why="A paused session finds no personal data in any bucket.",
    requirements=(
        Requirement(
            type="AWS::Macie::Session",
            path=("Status",),
            accepts=one_of("ENABLED"),
            expected="ENABLED",
            absent="",  # ENABLED
            source="CloudFormation resource schema, AWS::Macie::Session Status",
            as_of=AS_OF,
            example="ENABLED",
        ),
    ),
    fix="set Status: ENABLED, or leave it out",
    cdk='macie.CfnSession(self, "Macie", status="ENABLED")',
    source="Amazon Macie User Guide, Suspending or disabling Macie",
    claims=LOGS,
    controls={"SOC 2": ("CC7.2",), "AWS FSBP": ("Macie.1",)},
)

RULES: tuple[Rule, ...] = (CONFIG, AGGREGATOR, GUARDDUTY, PROTECTION_PLANS, MACIE)
