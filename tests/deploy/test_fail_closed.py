"""Every way in which the policies could fail open, tried through the real `cdk synth` and through `python app.py`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

pytestmark = pytest.mark.real

ROOT = Path(__file__).resolve().parents[2]
CDK = ROOT / "node_modules" / ".bin" / "cdk"

PRELUDE = """
from pathlib import Path

import jsii
from aws_cdk import (
    Acknowledgment, CfnResource, Environment, IPolicyValidationPlugin, NestedStack, PolicyValidationPluginReport,
    PolicyViolatingResource, PolicyViolation, Stack, Stage, Validations, aws_sqs as sqs,
)

import nexis.cdk
from nexis.cdk import baseline_app, synthesize
from nexis.rules.model import Rule

EUROPE = Environment(account="000000000000", region="eu-central-1")
app = baseline_app(builtin_cloud_formation_validation=False)


def new_stack(scope, name="Only", env=EUROPE):
    stack = Stack(scope, name, env=env)
    CfnResource(stack, "Harmless", type="AWS::CloudFormation::WaitConditionHandle")
    return stack


def add_unencrypted_database(stack):
    return CfnResource(stack, "Database", type="AWS::RDS::DBCluster", properties={"Engine": "aurora-postgresql"})


def plugin(named, validate):
    @jsii.implements(IPolicyValidationPlugin)
    class Foreign:
        @property
        def name(self):
            return named

        @property
        def version(self):
            return "1.0.0"

        @property
        def rule_ids(self):
            return ["one"]

        def validate(self, context):
            return validate(context)

    return lambda app: Foreign()


def violation(severity, rule):
    where = PolicyViolatingResource(construct_path="Only/Harmless", locations=["Properties"])
    found = PolicyViolation(
        rule_name=rule, description="is odd", fix="make it even", severity=severity, violating_resources=[where]
    )
    return PolicyValidationPluginReport(success=False, violations=[found])


def raise_(problem):
    raise problem
"""


@dataclass(frozen=True)
class App:
    """An app that must be refused: what it does after the prelude, and every text that the refusal must hold."""

    why: str
    body: str
    said: tuple[str, ...]
    files: dict[str, str] = field(default_factory=dict)
    copies_nexis: bool = False


OWNERS = {"config/owners.toml": '[roles]\nsecurity = "Decides."\n'}
RECORD = {"docs/decisions/one.md": "# One\n"}
WAIVED = "new_stack(app)\nsynthesize(app, packs=())\n"
SENTENCE = "This is a sentence that explains the waiver."


def waiver(rule: str, resource: str = "Only/Harmless", **changed: str) -> str:
    """One entry of a waivers file, in order but for what is changed."""
    entry = {
        "rule": f'"{rule}"',
        "resource": f'"{resource}"',
        "reason": f'"{SENTENCE}"',
        "owner": '"security"',
        "decision": '"docs/decisions/one.md"',
        "expires": "2026-12-31",
        **changed,
    }
    return "[[waiver]]\n" + "".join(f"{key} = {value}\n" for key, value in entry.items() if value)


def on_a_day(day: str) -> str:
    """An app whose waivers are judged on a given day."""
    return f"import datetime\nnew_stack(app)\nsynthesize(app, packs=(), today=datetime.date.fromisoformat('{day}'))\n"


REFUSED = (
    App(
        "rules that crash, one of them with the exit code of success",
        """
def broken(name, check):
    return Rule(id=name, severity="warning", title="t", why="w", fix="f", source="s",
                types=("AWS::CloudFormation::WaitConditionHandle",), check=check)
rules = (broken("engine.one", lambda view: 1 / 0), broken("engine.two", lambda view: raise_(SystemExit(0))))
nexis.cdk.all_rules = lambda: rules
new_stack(app)
synthesize(app, packs=())
""",
        (
            "Only/Harmless = Harmless (AWS::CloudFormation::WaitConditionHandle)",
            "FATAL engine.crash  Properties rule engine.one crashed: ZeroDivisionError",
            "FATAL engine.crash  Properties rule engine.two crashed: SystemExit: 0",
            "fix: report the crash",
        ),
    ),
    App(
        "a crash of our plugin itself",
        """
nexis.cdk.load_stacks = lambda stacks: raise_(RuntimeError("out of paper"))
new_stack(app)
synthesize(app, packs=())
""",
        ("plugin Nexis crashed: RuntimeError: out of paper",),
    ),
    App(
        "foreign plugins: one crashes, one makes up a severity, one takes our name",
        """
crashing = plugin("Foreign", lambda context: raise_(RuntimeError("out of ink")))
serious = plugin("Serious", lambda context: violation("serious", "one"))
masked = plugin("Nexis", lambda context: violation("error", "two"))
new_stack(app)
synthesize(app, packs=(crashing, serious, masked))
""",
        (
            "plugin Foreign crashed or did not conclude",
            "out of ink",
            "repair or remove it",
            "Only/Harmless = Harmless (AWS::CloudFormation::WaitConditionHandle) in ",
            "Only.template.json:3, made at app.py:20\n  ERROR one (Serious)  Properties is odd\n         fix: make it",
            "\n  ERROR two (Nexis)  Properties is odd\n         fix: make it even",
        ),
    ),
    App(
        "a rule module that cannot be imported",
        WAIVED,
        ("nothing was synthesized", "nexis.rules.tls.aaa cannot be read", "no module named 'nothing'", "repair"),
        {"nexis/rules/tls/aaa.py": "import nothing\n"},
        copies_nexis=True,
    ),
    App(
        "waivers that are no TOML",
        WAIVED,
        ("nothing was synthesized", "waivers.toml: is not valid TOML", "nothing was waived"),
        {"waivers.toml": "[[waiver]\n", **OWNERS},
    ),
    App(
        "waivers each out of order in its own way",
        on_a_day("2026-07-05"),
        (
            "nothing was synthesized",
            "waiver 1 (logging.vpc-flow-logs at Only/Harmless): expired on 2026-07-04",
            "waiver 2 (logging.* at Only/Harmless): rule 'logging.*' is too broad",
            "waiver 3 (logging.vpc-flow-logs at Only/*): resource 'Only/*' is too broad",
            "waiver 4 (storage.rds-encrypted at Only/Harmless): storage.rds-encrypted is fatal and cannot be waived",
            "waiver 5 (logging.nothing at Only/Harmless): there is no rule 'logging.nothing'",
            "waiver 6 (logging.vpc-flow-logs at Only/B): owner 'nobody' is not in config/owners.toml",
            "waiver 7 (logging.vpc-flow-logs at Only/C): decision docs/decisions/two.md does not exist",
            "waiver 8 (logging.vpc-flow-logs at Only/D): expires 2027-12-31, expected at most 180 days ahead",
            "waiver 9: `reason` is missing",
        ),
        {
            "waivers.toml": "\n".join(
                (
                    waiver("logging.vpc-flow-logs", expires="2026-07-04"),
                    waiver("logging.*"),
                    waiver("logging.vpc-flow-logs", "Only/*"),
                    waiver("storage.rds-encrypted"),
                    waiver("logging.nothing"),
                    waiver("logging.vpc-flow-logs", "Only/B", owner='"nobody"'),
                    waiver("logging.vpc-flow-logs", "Only/C", decision='"docs/decisions/two.md"'),
                    waiver("logging.vpc-flow-logs", "Only/D", expires="2027-12-31"),
                    waiver("logging.vpc-flow-logs", "Only/E", reason=""),
                )
            ),
            **OWNERS,
            **RECORD,
        },
    ),
    App(
        "waivers that nothing needs, of our rules and of cdk-nag's",
        "from cdk_nag import AwsSolutionsChecks\n"
        + on_a_day("2026-12-31").replace("packs=()", "packs=(AwsSolutionsChecks,)"),
        (
            "waiver 1: logging.vpc-flow-logs at Only/Harmless matches no finding; remove the waiver",
            "waiver 2: AwsSolutions-S1 at Only/Harmless matches no finding; remove the waiver",
            "'Only/Nowhere' is no CloudFormation resource of this app",
        ),
        {
            "waivers.toml": waiver("logging.vpc-flow-logs")
            + waiver("AwsSolutions-S1")
            + waiver("AwsSolutions-S1", "Only/Nowhere"),
            **OWNERS,
            **RECORD,
        },
    ),
    App(
        "findings acknowledged in code, by each spelling of the id and at each level",
        """
from cdk_nag import AwsSolutionsChecks
stack = new_stack(app)
queue = sqs.CfnQueue(stack, "Queue")
Validations.of(queue).acknowledge(Acknowledgment(id="AwsSolutions::AwsSolutions-SQS3", reason="no"))
Validations.of(queue).acknowledge(Acknowledgment(id="AwsSolutions-SQS4", reason="no"))
Validations.of(stack).acknowledge(Acknowledgment(id="AwsSolutions-SQS5", reason="no"))
Validations.of(app).acknowledge(Acknowledgment(id="Nexis::logging.vpc-flow-logs", reason="no"))
CfnResource(stack, "Network", type="AWS::EC2::VPC", properties={"CidrBlock": "10.0.0.0/16"})
synthesize(app, packs=(AwsSolutionsChecks,))
""",
        (
            "Only/Queue: AwsSolutions::AwsSolutions-SQS3 is acknowledged in code",
            "Only/Queue: Annotation::AwsSolutions-SQS4 is acknowledged in code",
            "Only: Annotation::AwsSolutions-SQS5 is acknowledged in code",
            "(app): Nexis::logging.vpc-flow-logs is acknowledged in code",
            "waivers.toml is the only place for that",
            "ERROR logging.vpc-flow-logs",  # and the finding itself stays
        ),
    ),
    App(
        "an app that was synthesized before",
        "new_stack(app)\napp.synth()\nsynthesize(app, packs=())\n",
        ("Only: the plugin Nexis was not called for this stack", "the app's only synthesis"),
    ),
    App("an app without a stack", "synthesize(app, packs=())\n", ("the app has no stack, so nothing was judged",)),
    App(
        "bad resources in a nested stack, which the CDK hands to no plugin, in a stage, and under odd names",
        """
stack = new_stack(app)
add_unencrypted_database(NestedStack(stack, "Inner"))
CfnResource(stack, "Afar", type="AWS::CloudFormation::Stack", properties={"TemplateURL": "https://example.com/t"})
stage = Stage(app, "Later")
inside = new_stack(stage, "Inside", env=None)
CfnResource(inside, "Settings", type="AWS::RDS::DBParameterGroup", properties={
    "Family": "postgres17", "Description": "weak", "Parameters": {"rds.force_ssl": "0", "a.b/c[0] ü": "x"}})
synthesize(app, packs=())
""",
        (
            "Only/Inner/Database = Database (AWS::RDS::DBCluster)",
            "FATAL storage.rds-encrypted",
            "Only/Afar = Afar (AWS::CloudFormation::Stack)",
            "(unknown) engine.nested-template",
            "Later/Inside = (stack) (Nexis::Stack)",
            "(unknown) regions.approved",
            "Later/Inside/Settings = Settings (AWS::RDS::DBParameterGroup)",
            "FATAL tls.postgres-force-ssl  Properties.Parameters.rds.force_ssl found '0', expected '1'",
            "fix: ",
        ),
    ),
)


def written(folder: Path, app: App) -> Path:
    """The app in a folder of its own."""
    if app.copies_nexis:
        shutil.copytree(ROOT / "nexis", folder / "nexis", ignore=shutil.ignore_patterns("__pycache__"))
    for name, text in app.files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "app.py").write_text(PRELUDE + app.body, encoding="utf-8")
    return folder


def run(folder: Path, *command: str | Path) -> subprocess.CompletedProcess[str]:
    """A program in the app's folder, with a home and a folder for temporary files of its own."""
    for name in ("home", "temporary"):
        (folder / name).mkdir()
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    environment = {**kept, "HOME": str(folder / "home"), "TMPDIR": str(folder / "temporary")}
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300, check=False
    )


def synth(folder: Path) -> subprocess.CompletedProcess[str]:
    """`cdk synth` of the app."""
    return run(folder, CDK, "synth", "--no-notices", "--quiet", "--app", f"{sys.executable} app.py")


def assert_refused(result: subprocess.CompletedProcess[str], said: tuple[str, ...]) -> None:
    told = result.stdout + result.stderr
    assert result.returncode != 0, told
    missing = [text for text in said if text.lower() not in told.lower()]
    assert not missing, told


@pytest.mark.parametrize("app", REFUSED, ids=lambda app: app.why)
def test_synth_refuses(tmp_path: Path, app: App) -> None:
    assert_refused(synth(written(tmp_path, app)), app.said)


BAD = App("", "add_unencrypted_database(new_stack(app))\nsynthesize(app, packs=())\n", ("FATAL storage.rds-encrypted",))


@pytest.mark.parametrize("app", [BAD, *REFUSED[:3]], ids=lambda app: app.why or "bad resource")
def test_the_app_alone_refuses_and_leaves_no_temporary_file(tmp_path: Path, app: App) -> None:
    result = run(written(tmp_path, app), sys.executable, "app.py")
    assert_refused(result, app.said)
    assert "Traceback" not in result.stderr, result.stderr
    assert list((tmp_path / "temporary").iterdir()) == []


GOOD = App(
    "",
    """
from cdk_nag import AwsSolutionsChecks
import datetime
stack = new_stack(app)
NestedStack(stack, "Inner")
new_stack(Stage(app, "Later"), "Inside")
sqs.CfnQueue(stack, "Queue")
CfnResource(stack, "Network", type="AWS::EC2::VPC", properties={"CidrBlock": "10.0.0.0/16"})
Validations.of(stack).acknowledge(Acknowledgment(id="CloudFormation-Validate::W3010", reason="zones are chosen"))
synthesize(app, packs=(AwsSolutionsChecks,), today=datetime.date(2026, 12, 31))
""",
    (),
    {
        "waivers.toml": waiver("logging.vpc-flow-logs", "Only/Network")
        + waiver("network.default-security-group-closed", "Only/Network")
        + waiver("tls.queue-policy", "Only/Queue")
        + waiver("AwsSolutions-SQS3", "Only/Queue")
        + waiver("AwsSolutions-SQS4", "Only/Queue"),
        **OWNERS,
        **RECORD,
    },
)


@pytest.mark.parametrize("way", ["cdk synth", "python app.py"])
def test_an_app_in_order_with_waivers_is_synthesized(tmp_path: Path, way: str) -> None:
    folder = written(tmp_path, GOOD)
    result = synth(folder) if way == "cdk synth" else run(folder, sys.executable, "app.py")
    assert result.returncode == 0, result.stdout + result.stderr
    assert (folder / "cdk.out" / "Only.template.json").is_file()
    assert '"waived": 3' in (folder / "cdk.out" / "nexis-report.json").read_text(encoding="utf-8")
    if way == "python app.py":
        assert list((tmp_path / "temporary").iterdir()) == []
