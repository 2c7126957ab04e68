"""The rules at deployment: a CloudFormation hook that stops what does not comply."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from aws_cdk import Stack
from aws_cdk import aws_cloudformation as cloudformation
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3_assets as s3_assets
from constructs import Construct

from nexis_constructs._checks import check_between, check_log_retention, check_matches, refusal
from nexis_constructs._functions import RUNTIME
from nexis_constructs._hook_bundle import HANDLER, bundle_files, fingerprint, write_bundle
from nexis_constructs._log_groups import encrypted_log_group, path_name
from nexis_constructs._queues import failures_queue
from nexis_constructs._roles import allow, service_role
from nexis_constructs.customer_key import CustomerKey

if TYPE_CHECKING:
    from collections.abc import Sequence

TARGETS: Final = ("RESOURCE", "STACK", "CHANGE_SET")
"""What the hook is asked about: the whole template, and each resource once its values are known."""

ACTIONS: Final = ("CREATE", "UPDATE")
"""When it is asked. What is deleted is not judged, so that a broken hook never keeps anybody from deleting."""

SCOPES: Final = ("everywhere", "baseline")
SECONDS: Final = 28
"""CloudFormation waits 30 seconds. Source: AWS CloudFormation Hooks User Guide, Timeout and retry limits."""

MEMORY_MIB: Final = 1769
"""Lambda gives one whole processor from here. Source: AWS Lambda Developer Guide, Configure Lambda function memory."""

MOST_STACKS: Final = 50
"""Names in one filter. Source: AWS CloudFormation Hooks User Guide, Stack level filters."""

_STACK_NAMES = r"[a-zA-Z*?][-a-zA-Z0-9*?]{0,127}"
_ALIAS = r"(?!(?i:aws))[A-Za-z0-9]{2,64}(::[A-Za-z0-9]{2,64}){2}"


class PolicyHook(Construct):
    """A Lambda hook that judges every stack, change set and resource of the account and region before it is made.

    The function contains the installed rules, unchanged. What fails, and what cannot be judged, is stopped; deletions
    are not asked about. The stack that contains the hook is left out, so that a broken hook can be repaired.

    Args:
        scope: the construct it belongs to.
        construct_id: its id there.
        rules: `everywhere` asks what every template owes; `baseline` also what only our own baseline must keep.
        stacks: names of the stacks that are judged, with `*` and `?`; by default all of the account and region.
        exclude: names of stacks that are not judged, with `*` and `?`, besides the stack of the hook itself; in an app
            that keeps to the baseline each of them is a finding (access.policy-hook-fails-closed).
        strict_parameters: whether a parameter is open on the stack even if it has a default. The hook is not told what
            is given. A rule about one resource sees it at the resource; one about several fails on what is open, or,
            without this, is judged by the default and never learns of a weaker value.
        waivers: the project's `waivers.toml`, whose waivers of our rules then count at deployment too. Once one of
            them expires nothing is deployed until the hook is.
        alias: name of the hook, unique in the account and region.
        concurrency: how many invocations may run at once; these are reserved from the account's quota.
        log_retention_days: days the function's log is kept.
        retain_logs: whether the log and its key outlive the stack.

    Raises:
        ValueError: if an argument is not as described.

    Source: AWS CloudFormation Hooks User Guide, Lambda Hooks.

    Example:
        ```python
        from aws_cdk import App, Stack
        from nexis_constructs import PolicyHook

        app = App()
        stack = Stack(app, "Policies")
        PolicyHook(stack, "Hook", stacks=["billing-*"])
        app.synth()
        ```
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        rules: str = "everywhere",
        stacks: Sequence[str] | None = None,
        exclude: Sequence[str] = (),
        strict_parameters: bool = True,
        waivers: Path | None = None,
        alias: str = "Nexis::Baseline::Policy",
        concurrency: int = 10,
        log_retention_days: int = 365,
        retain_logs: bool = True,
    ) -> None:
        if rules not in SCOPES:
            raise refusal("rules", got=rules, expected=f"one of {', '.join(SCOPES)}", do="Use 'everywhere'.")
        check_matches(
            "alias",
            alias,
            _ALIAS,
            expected="three names joined by ::, which do not begin with AWS",
            do="Write one such as 'Nexis::Baseline::Policy'.",
        )
        check_between("concurrency", concurrency, least=1, most=1000, unit="invocations")
        check_log_retention("log_retention_days", log_retention_days)
        if stacks is not None:
            _check_stacks("stacks", stacks, least=1, most=MOST_STACKS)
        _check_stacks("exclude", exclude, least=0, most=MOST_STACKS - 1)  # one is the stack of the hook
        super().__init__(scope, construct_id)
        self.alias = alias
        self.logs_key = CustomerKey(self, "LogsKey", purpose="policy hook logs", retain=retain_logs)
        self.log_group = encrypted_log_group(
            self,
            "LogGroup",
            name=path_name(self, "policy-hook"),
            key=self.logs_key,
            retention_days=log_retention_days,
            retain=retain_logs,
        )
        self.bundle = self._make_bundle(waivers)
        self.function = self._make_function(rules, concurrency, strict=strict_parameters)
        self.hook = self._make_hook(stacks, exclude)

    def _make_bundle(self, waivers: Path | None) -> s3_assets.Asset:
        found = bundle_files(waivers)
        with tempfile.TemporaryDirectory() as folder:
            write_bundle(found, Path(folder))
            return s3_assets.Asset(self, "Bundle", path=folder, asset_hash=fingerprint(found))

    def _make_function(self, rules: str, concurrency: int, *, strict: bool) -> lambda_.CfnFunction:
        # CloudFormation hears of every failure itself; the queue keeps those of whoever else invokes the function.
        failures = failures_queue(self, "Failures")
        role = service_role(
            self,
            "FunctionRole",
            service="lambda.amazonaws.com",
            description="Judges templates and resources for CloudFormation",
            statements=[
                allow(["cloudformation:ListExports"], ["*"]),  # the action knows no resource
                allow(["logs:CreateLogStream", "logs:PutLogEvents"], [self.log_group.attr_arn]),
                allow(["sqs:SendMessage"], [failures.attr_arn]),
            ],
        )
        return lambda_.CfnFunction(
            self,
            "Function",
            description="Judges templates and resources for CloudFormation",
            runtime=RUNTIME,
            architectures=["arm64"],
            handler=HANDLER,
            code=lambda_.CfnFunction.CodeProperty(
                s3_bucket=self.bundle.s3_bucket_name, s3_key=self.bundle.s3_object_key
            ),
            role=role.attr_arn,
            timeout=SECONDS,
            memory_size=MEMORY_MIB,
            reserved_concurrent_executions=concurrency,
            dead_letter_config=lambda_.CfnFunction.DeadLetterConfigProperty(target_arn=failures.attr_arn),
            logging_config=lambda_.CfnFunction.LoggingConfigProperty(log_group=self.log_group.ref),
            environment=lambda_.CfnFunction.EnvironmentProperty(
                variables={"SCOPE": rules, "PARAMETERS": "strict" if strict else "default"}
            ),
        )

    def _make_hook(self, stacks: Sequence[str] | None, exclude: Sequence[str]) -> cloudformation.CfnLambdaHook:
        stack = Stack.of(self)
        arn = f"arn:{stack.partition}:cloudformation:{stack.region}:{stack.account}:type/hook/"
        arn += self.alias.replace("::", "-")
        role = service_role(
            self,
            "HookRole",
            service="hooks.cloudformation.amazonaws.com",
            description="Invokes the policy hook's function",
            statements=[allow(["lambda:InvokeFunction"], [self.function.attr_arn])],
            # Source: AWS CloudFormation User Guide, Use third-party public extensions: trust policy of a hook.
            trust_conditions={
                "StringEquals": {"aws:SourceAccount": stack.account},
                "ArnLike": {"aws:SourceArn": [arn, f"{arn}/*"]},
            },
        )
        names = cloudformation.CfnLambdaHook.StackNamesProperty(
            include=None if stacks is None else list(stacks), exclude=[stack.stack_name, *exclude]
        )
        hook = cloudformation.CfnLambdaHook(
            self,
            "Hook",
            alias=self.alias,
            lambda_function=self.function.attr_arn,
            execution_role=role.attr_arn,
            failure_mode="FAIL",
            hook_status="ENABLED",
            target_operations=list(TARGETS),
            stack_filters=cloudformation.CfnLambdaHook.StackFiltersProperty(
                filtering_criteria="ALL", stack_names=names
            ),
        )
        # The class of this property knows only one of the two forms that CloudFormation takes.
        hook.add_property_override("TargetFilters", {"Actions": list(ACTIONS)})
        return hook


def _check_stacks(argument: str, names: Sequence[str], *, least: int, most: int) -> None:
    if isinstance(names, str) or not least <= len(names) <= most:
        raise refusal(
            argument,
            got=names,
            expected=f"a list of {least} to {most} names of stacks",
            do="Use patterns, such as ['billing-*'].",
        )
    for name in names:
        check_matches(
            argument,
            name,
            _STACK_NAMES,
            expected="the name of a stack, with * and ? for what may vary",
            do="Write it as CloudFormation lists it.",
        )
