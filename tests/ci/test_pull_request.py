"""The pull-request check, played through: a repository with a base and a change, and the very shell of the workflow."""

from __future__ import annotations

import copy
import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.support.actions import KEPT, ROOT, Run, Step, asked_by_a_caller, play_action
from tests.support.checkouts import git

pytestmark = pytest.mark.real

TLS = "ELBSecurityPolicy-TLS13-1-2-2021-06"
GROUP: dict[str, Any] = {
    "GroupDescription": "the service",
    "VpcId": "vpc-0123456789abcdef0",
    "SecurityGroupEgress": [{"CidrIp": "10.0.0.0/16", "IpProtocol": "tcp", "FromPort": 443, "ToPort": 443}],
    "SecurityGroupIngress": [{"CidrIp": "10.0.0.0/16", "IpProtocol": "tcp", "FromPort": 443, "ToPort": 443}],
}
LISTENER: dict[str, Any] = {
    "LoadBalancerArn": "arn:aws:elasticloadbalancing:eu-central-1:111111111111:loadbalancer/app/in/0123456789abcdef",
    "Port": 443,
    "Protocol": "HTTPS",
    "SslPolicy": TLS,
    "Certificates": [{"CertificateArn": "arn:aws:acm:eu-central-1:111111111111:certificate/0000"}],
    "DefaultActions": [{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}],
}
SOUND: dict[str, Any] = {
    "Description": "the service",
    "Resources": {
        "Group": {"Type": "AWS::EC2::SecurityGroup", "Properties": GROUP},
        "Listener": {"Type": "AWS::ElasticLoadBalancingV2::Listener", "Properties": LISTENER},
    },
}
WORLD = {"CidrIp": "0.0.0.0/0", "IpProtocol": "tcp", "FromPort": 22, "ToPort": 22}
TEMPLATE = "templates/the service.json"  # a space in every path that is played


def opened(document: dict[str, Any] = SOUND, *more: dict[str, Any]) -> dict[str, Any]:
    made = copy.deepcopy(document)
    made["Resources"]["Group"]["Properties"]["SecurityGroupIngress"] += more or [WORLD]
    return made


def with_tls(policy: str) -> dict[str, Any]:
    made = copy.deepcopy(SOUND)
    made["Resources"]["Listener"]["Properties"]["SslPolicy"] = policy
    return made


def renamed() -> dict[str, Any]:
    """The same under other names: a parameter, a condition, an output, a description, and the order of everything."""
    resources = {
        "Group": {
            **SOUND["Resources"]["Group"],
            "Properties": {**GROUP, "Tags": [{"Key": "Name", "Value": "front door"}]},
            "Metadata": {"note": "renamed"},
        },
        "Listener": SOUND["Resources"]["Listener"],
    }
    return {"Resources": dict(reversed(resources.items())), "Description": "the front door"}


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository on this machine, as its owner has it."""

    folder: Path

    def git(self, *words: str) -> str:
        return git(self.folder, *words)

    def write(self, files: dict[str, Any]) -> None:
        for name, content in files.items():
            file = self.folder / name
            if content is None:
                file.unlink()
                continue
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(content if isinstance(content, str) else json.dumps(content, indent=1), encoding="utf-8")

    def commit(self, files: dict[str, Any]) -> str:
        self.write(files)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", "a change")
        return self.git("rev-parse", "HEAD")


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Step:
    """The action's own installation, once: into an environment of its own, from its own checkout."""
    scratch = tmp_path_factory.mktemp("runner")
    run = play_action(given={"path": "none"}, github={}, workspace=scratch, scratch=scratch)
    assert run.steps["install"].code == 0, run.steps["install"].log
    assert run.code == 2  # there is nothing to judge in an empty folder
    return run.steps["install"]


@dataclass(frozen=True, slots=True)
class Player:
    """Plays a pull request from a base to a change."""

    scratch: Path
    installed: Step

    def repository(self, base: dict[str, Any] | None) -> Repository:
        made = Repository(self.scratch / "repository of somebody")
        made.folder.mkdir()
        made.git("init", "--quiet", "--initial-branch=main")
        if base is not None:
            made.commit(base)
        return made

    def pull_request(
        self,
        base: dict[str, Any],
        head: dict[str, Any],
        given: dict[str, Any] | None = None,
        *,
        depth: int = 0,
        meanwhile: Any = None,
    ) -> Run:
        """Check out the merge that GitHub makes of a pull request, and run the steps there."""
        made = self.repository(base)
        first = made.git("rev-parse", "HEAD")
        made.git("switch", "--quiet", "--create", "change")
        made.commit(head)
        made.git("switch", "--quiet", "main")
        if meanwhile is not None:
            made.commit(meanwhile)
        made.git("switch", "--quiet", "--detach")
        made.git("merge", "--quiet", "--no-ff", "--message", "merge", "change")
        made.git("update-ref", "refs/pull/7/merge", "HEAD")
        made.git("config", "uploadpack.allowAnySHA1InWant", "true")
        return self.play(made, depth=depth, ref="refs/pull/7/merge", base=first, given=given)

    def play(
        self, made: Repository, *, ref: str, base: str, depth: int = 0, given: dict[str, Any] | None = None
    ) -> Run:
        workspace = self.scratch / f"check out {len(list(self.scratch.iterdir()))}"
        workspace.mkdir()
        there = Repository(workspace)
        there.git("init", "--quiet")
        there.git("remote", "add", "origin", made.folder.as_uri())
        there.git("fetch", "--quiet", *([f"--depth={depth}"] if depth else []), "origin", ref)
        there.git("checkout", "--quiet", "--detach", "FETCH_HEAD")
        event = {"pull_request": {"base": {"sha": base}}} if ref.startswith("refs/pull/") else {"before": base}
        github = {"event": event, "ref": ref, "sha": there.git("rev-parse", "HEAD"), "repository": "example-org/app"}
        inputs = asked_by_a_caller({"path": "templates", **(given or {})}, github)
        temporary = self.scratch / f"temporary {len(list(self.scratch.iterdir()))}"
        temporary.mkdir()
        reports = temporary / "reports"
        install = Step(0, "", {**self.installed.outputs, "reports": str(reports)}, "")
        run = play_action(
            given=inputs,
            github=github,
            workspace=workspace,
            scratch=temporary,
            done={"install": install},
            more={"TMPDIR": str(temporary)},
        )
        assert there.git("worktree", "list").count("\n") == 0, "the checkout of the base was left behind"
        assert [path.name for path in temporary.iterdir() if path.name.startswith("tmp.")] == []
        assert run.outputs["result"] == {0: "passed", 1: "failed", 2: "not-judged"}[run.code], run.log
        assert run.steps["check"].summary == (reports / "comment.md").read_text(encoding="utf-8")
        return run


@pytest.fixture
def player(tmp_path: Path, installed: Step) -> Player:
    return Player(tmp_path, installed)


def findings(run: Run) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = json.loads((run.reports / "findings.json").read_text(encoding="utf-8"))["findings"]
    return listed


def comment(run: Run) -> str:
    return (run.reports / "comment.md").read_text(encoding="utf-8")


def test_a_change_that_opens_a_port_fails_and_says_who_can_reach_what(player: Player) -> None:
    run = player.pull_request({TEMPLATE: SOUND}, {TEMPLATE: opened()})
    assert run.code == 1, run.log
    (finding,) = findings(run)
    assert (finding["rule"], finding["resource"]) == ("network.no-ingress-from-anywhere", "Group")
    assert "::error " in run.log  # an annotation at the line
    assert "makes something weaker" in run.log
    assert "something fails" in comment(run)
    assert "22" in (run.reports / "changes.md").read_text(encoding="utf-8")
    sarif = json.loads((run.reports / "findings.sarif").read_text(encoding="utf-8"))
    assert [result["ruleId"] for result in sarif["runs"][0]["results"]] == ["network.no-ingress-from-anywhere"]
    assert (run.reports / "findings.xml").is_file()
    assert json.loads((run.reports / "codequality.json").read_text(encoding="utf-8"))


def test_a_port_that_no_rule_minds_is_still_told(player: Player) -> None:
    more = {"CidrIp": "10.9.0.0/16", "IpProtocol": "tcp", "FromPort": 8443, "ToPort": 8443}
    run = player.pull_request({TEMPLATE: SOUND}, {TEMPLATE: opened(SOUND, more)})
    assert (run.code, findings(run)) == (1, []), run.log
    assert "8443" in comment(run)


def test_what_gets_weaker_is_only_reported_where_somebody_agreed(player: Player) -> None:
    more = {"CidrIp": "10.9.0.0/16", "IpProtocol": "tcp", "FromPort": 8443, "ToPort": 8443}
    run = player.pull_request({TEMPLATE: SOUND}, {TEMPLATE: opened(SOUND, more)}, {"fail-on": "findings"})
    assert run.code == 0, run.log
    assert "8443" in comment(run)


def test_a_change_that_weakens_tls_fails(player: Player) -> None:
    run = player.pull_request({TEMPLATE: SOUND}, {TEMPLATE: with_tls("ELBSecurityPolicy-2016-08")})
    assert run.code == 1, run.log
    assert [finding["rule"] for finding in findings(run)] == ["tls.listener-policy"]
    assert "makes something weaker" in run.log
    assert "tls.listener-policy" in comment(run)


def test_a_change_that_only_renames_passes(player: Player) -> None:
    run = player.pull_request({TEMPLATE: SOUND}, {TEMPLATE: None, "templates/front door.json": renamed()})
    assert (run.code, findings(run)) == (0, []), run.log
    assert "makes something weaker" not in run.log
    assert "nothing fails" in comment(run)


def test_a_template_that_cannot_be_read_is_no_pass_and_the_others_are_judged(player: Player) -> None:
    run = player.pull_request({TEMPLATE: SOUND}, {"templates/broken.json": "{", TEMPLATE: opened()})
    assert run.code == 2, run.log
    assert "broken.json" in run.log
    assert "::error title=nexis could not judge::" in run.log
    assert [finding["resource"] for finding in findings(run)] == ["Group"]
    assert "could not be judged" in comment(run)


def recorded(document: dict[str, Any], installed: Step, scratch: Path) -> str:
    """A baseline file of a template, as an adopter writes it."""
    folder = scratch / f"adopter {len(list(scratch.iterdir()))}"
    file = folder / TEMPLATE
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps(document), encoding="utf-8")
    subprocess.run([installed.outputs["nexis"], "baseline", "templates"], cwd=folder, check=True, capture_output=True)
    return (folder / "nexis-baseline.json").read_text(encoding="utf-8")


MORE = {**WORLD, "FromPort": 5432, "ToPort": 5432}
KNOWN = {"baseline": "nexis-baseline.json"}


def test_an_old_repository_fails_only_on_what_is_new(player: Player, tmp_path: Path) -> None:
    base = {TEMPLATE: opened(), "nexis-baseline.json": recorded(opened(), player.installed, tmp_path)}
    run = player.pull_request(base, {"readme.txt": "hello"}, KNOWN)
    assert run.code == 0, run.log
    assert [finding["known"] for finding in findings(run)] == [True]


def test_a_change_that_adds_to_the_baseline_file_fails(player: Player, tmp_path: Path) -> None:
    worse = opened(opened(), MORE)
    base = {TEMPLATE: opened(), "nexis-baseline.json": recorded(opened(), player.installed, tmp_path)}
    head = {TEMPLATE: worse, "nexis-baseline.json": recorded(worse, player.installed, tmp_path)}
    run = player.pull_request(base, head, {**KNOWN, "fail-on": "findings"})
    assert run.code == 1, run.log
    assert "port 5432 (PostgreSQL)" in run.log
    assert "'nexis-baseline.json' has more entries than before; it may only shrink" in comment(run)
    assert all(finding["known"] for finding in findings(run))  # the file alone hides it


def test_somebody_may_agree_to_a_baseline_file_that_grows_but_never_to_what_is_fatal(
    player: Player, tmp_path: Path
) -> None:
    worse = opened(opened(), MORE)
    base = {TEMPLATE: opened(), "nexis-baseline.json": recorded(opened(), player.installed, tmp_path)}
    head = {TEMPLATE: worse, "nexis-baseline.json": recorded(worse, player.installed, tmp_path)}
    run = player.pull_request(base, head, {**KNOWN, "fail-on": "findings", "baseline-may-grow": True})
    assert run.code == 1, run.log
    assert "some of that is fatal, and nobody can agree to it" in comment(run)


def test_somebody_may_agree_to_start_over(player: Player, tmp_path: Path) -> None:
    worse = opened(opened(), MORE)  # it was there before, and newer rules find it
    base = {TEMPLATE: worse, "nexis-baseline.json": recorded(opened(), player.installed, tmp_path)}
    head = {"nexis-baseline.json": recorded(worse, player.installed, tmp_path)}
    run = player.pull_request(base, head, {**KNOWN, "fail-on": "findings", "baseline-may-grow": True})
    assert run.code == 0, run.log
    assert "this run allows it" in comment(run)


def test_the_first_baseline_file_is_said_aloud(player: Player, tmp_path: Path) -> None:
    head = {"nexis-baseline.json": recorded(opened(), player.installed, tmp_path)}
    run = player.pull_request({TEMPLATE: opened()}, head, KNOWN)
    assert run.code == 0, run.log
    assert "'nexis-baseline.json' is new" in comment(run)


def test_a_finding_that_was_repaired_and_stays_recorded_is_named(player: Player, tmp_path: Path) -> None:
    base = {TEMPLATE: opened(), "nexis-baseline.json": recorded(opened(), player.installed, tmp_path)}
    run = player.pull_request(base, {TEMPLATE: SOUND}, KNOWN)
    assert run.code == 2, run.log
    assert "is recorded, and is not found like this any more" in run.log


def test_a_deleted_template_is_compared(player: Player) -> None:
    base = {TEMPLATE: SOUND, "other.json": SOUND}
    run = player.pull_request(base, {"other.json": None}, {"path": "templates\nother.json\n"})
    assert run.code in (0, 1), run.log
    assert "'other.json' is deleted by this change" in run.log
    assert "cannot be compared" not in run.log


def test_paths_may_lie_in_each_other_and_parameters_belong_to_some_of_them(player: Player) -> None:
    asked = copy.deepcopy(SOUND)
    asked["Parameters"] = {"Policy": {"Type": "String"}}
    asked["Resources"]["Listener"]["Properties"]["SslPolicy"] = {"Ref": "Policy"}
    base = {TEMPLATE: SOUND, "other/deep/a.json": asked, "values.json": {"Policy": TLS}}
    given = {"path": f"./templates/\n{TEMPLATE}\nother//deep\nother", "parameters": "values.json"}
    run = player.pull_request(base, {"readme.txt": "hello"}, given)
    assert run.code == 0, run.log
    assert (run.reports / "changes.md").is_file()
    assert player.scratch.joinpath("repository of somebody", "templates").is_dir()


def test_a_whole_repository_may_be_named(player: Player) -> None:
    run = player.pull_request({TEMPLATE: SOUND}, {TEMPLATE: opened()}, {"path": "."})
    assert run.code == 1, run.log
    assert "makes something weaker" in run.log


def test_a_whole_repository_may_be_named_with_what_is_known_of_it(player: Player, tmp_path: Path) -> None:
    base = {TEMPLATE: opened(), "nexis-baseline.json": recorded(opened(), player.installed, tmp_path)}
    run = player.pull_request(base, {"readme.txt": "hello"}, {**KNOWN, "path": "."})
    assert run.code == 0, run.log
    assert (run.reports / "changes.md").is_file()


def test_a_path_that_never_was_is_no_pass(player: Player) -> None:
    run = player.pull_request({TEMPLATE: SOUND}, {"readme.txt": "hello"}, {"path": "templats"})
    assert run.code == 2, run.log
    assert "templats: does not exist" in run.log


def test_a_new_template_is_judged_and_compared_with_nothing(player: Player) -> None:
    run = player.pull_request({"readme.txt": "hello"}, {TEMPLATE: opened()})
    assert run.code == 1, run.log
    assert [finding["resource"] for finding in findings(run)] == ["Group"]


def test_the_first_commit_has_no_base(player: Player) -> None:
    made = player.repository({TEMPLATE: SOUND})
    run = player.play(made, ref="refs/heads/main", base="0" * 40)
    assert run.code == 0, run.log
    assert "there is no base to compare with" in comment(run)
    made.commit({TEMPLATE: opened()})
    assert player.play(made, ref="refs/heads/main", base="0" * 40).code == 1


def test_a_push_is_compared_with_what_was_there(player: Player) -> None:
    made = player.repository({TEMPLATE: SOUND})
    before = made.git("rev-parse", "HEAD")
    made.commit({TEMPLATE: with_tls("ELBSecurityPolicy-2016-08")})
    made.commit({"readme.txt": "hello"})
    run = player.play(made, ref="refs/heads/main", base=before)
    assert run.code == 1, run.log
    assert "makes something weaker" in run.log


@pytest.mark.parametrize("depth", [1, 2])
def test_a_shallow_clone_fetches_its_base(player: Player, depth: int) -> None:
    run = player.pull_request({TEMPLATE: SOUND}, {TEMPLATE: opened()}, depth=depth)
    assert run.code == 1, run.log
    assert "makes something weaker" in run.log


def test_a_base_that_cannot_be_found_is_no_pass(player: Player) -> None:
    made = player.repository({TEMPLATE: SOUND})
    run = player.play(made, ref="refs/heads/main", base="12" * 20)
    assert run.code == 2, run.log
    assert "is not in this clone; check out with fetch-depth: 0" in comment(run)
    assert findings(run) == []  # the findings are there all the same


def test_what_was_merged_meanwhile_is_no_part_of_the_change(player: Player) -> None:
    run = player.pull_request({TEMPLATE: opened()}, {"readme.txt": "hello"}, meanwhile={TEMPLATE: SOUND})
    assert run.code == 0, run.log
    assert "makes something weaker" not in run.log


SYNTH = "mkdir -p out && cp source.json out/app.json"


def test_an_app_is_synthesized_for_the_base_as_well(player: Player) -> None:
    run = player.pull_request({"source.json": SOUND}, {"source.json": opened()}, {"path": "out", "synth": SYNTH})
    assert run.code == 1, run.log
    assert "makes something weaker" in run.log


@pytest.mark.parametrize(
    ("base", "head", "said"),
    [
        ({"source.json": SOUND}, {"source.json": None}, "the synth command ended with 1, so there is nothing to judge"),
        ({"readme.txt": ""}, {"source.json": SOUND}, "the synth command ended with 1 for the base"),
    ],
)
def test_an_app_that_cannot_be_synthesized_is_no_pass(
    player: Player, base: dict[str, Any], head: dict[str, Any], said: str
) -> None:
    run = player.pull_request(base, head, {"path": "out", "synth": SYNTH})
    assert run.code == 2, run.log
    assert said in comment(run)


def test_an_app_that_writes_nothing_is_no_pass(player: Player) -> None:
    run = player.pull_request({"readme.txt": ""}, {"a.txt": ""}, {"path": "out", "synth": "true"})
    assert run.code == 2, run.log
    assert "out: does not exist" in run.log


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"fail-on": "nothing"}, "fail-on is 'nothing', expected weaker or findings"),
        ({"path": " \n"}, "no path is named"),
        ({"path": "../elsewhere"}, "leads out of the repository"),
        ({"path": "/etc"}, "leads out of the repository"),
        ({"baseline": "/tmp/b.json"}, "leads out of the repository"),
        ({"waivers": "absent.toml"}, "absent.toml: cannot be read, it is no file"),
        ({"parameters": "absent.json"}, "absent.json"),
        ({"scope": "nowhere"}, "invalid choice: 'nowhere'"),
    ],
)
def test_what_cannot_be_used_is_no_pass(player: Player, given: dict[str, str], said: str) -> None:
    run = player.pull_request({TEMPLATE: SOUND}, {"readme.txt": ""}, given)
    assert run.code == 2, run.log
    assert said in run.log


def test_nothing_in_a_change_becomes_a_command(player: Player, tmp_path: Path) -> None:
    odd = copy.deepcopy(SOUND)
    odd["Resources"]["::error::pwned"] = {"Type": "AWS::EC2::SecurityGroup", "Properties": {**GROUP}}
    odd["Resources"]["::error::pwned"]["Properties"]["SecurityGroupIngress"] = [WORLD]
    name = f"templates/$(touch '{tmp_path}'; touch pwned); `touch pwned`.json".replace(f"'{tmp_path}'", "pwned")
    run = player.pull_request(
        {TEMPLATE: SOUND},
        {
            name: odd,
            "json.py": "raise SystemExit('the change was imported')",
            "venv.py": "raise SystemExit('the change was imported')",
            "nexis/__init__.py": "raise SystemExit('the change was imported')",
            "pip/__init__.py": "raise SystemExit('the change was imported')",
        },
    )
    assert run.code == 1, run.log
    assert list(tmp_path.rglob("pwned")) == []
    assert "was imported" not in run.log
    quiet = False
    for line in run.log.splitlines():
        if line.startswith("::stop-commands::"):
            quiet, token = True, line.removeprefix("::stop-commands::")
        elif quiet and line == f"::{token}::":
            quiet = False
        elif not quiet:
            assert not line.startswith("::error::pwned"), line


def test_a_file_that_cannot_be_read_gives_no_command_by_its_name(player: Player) -> None:
    for_the_runner = ("templates/##[stop-commands]pwned.json", "templates/a\n::stop-commands::pwned.json")
    run = player.pull_request({TEMPLATE: SOUND}, {name: {} for name in for_the_runner})
    assert run.code == 2, run.log
    quiet, told = "", ""
    for line in run.log.splitlines():
        if line.startswith("::stop-commands::") and not quiet:
            quiet = line.removeprefix("::stop-commands::")
        elif quiet and line == f"::{quiet}::":
            quiet = ""
        elif quiet:
            told += line
        else:  # what stands in a command is no command; elsewhere the older way counts anywhere in a line
            assert line.startswith("::") or "##[" not in line, line
            assert not line.lstrip().startswith("::stop-commands::"), line
    assert told.count("pwned.json: found no `Resources`") >= 2


def test_the_installation_takes_nothing_from_the_change(tmp_path: Path) -> None:
    for name in ("json.py", "venv.py", "ensurepip.py", "pip.py"):
        (tmp_path / name).write_text("raise SystemExit('the change was imported')", encoding="utf-8")
    scratch = tmp_path / "runner"
    scratch.mkdir()
    run = play_action(given={"path": "none"}, github={}, workspace=tmp_path, scratch=scratch)
    assert run.steps["install"].code == 0, run.steps["install"].log
    assert shutil.which(run.steps["install"].outputs["nexis"])


def test_a_comment_has_room_on_github(player: Player) -> None:
    many = copy.deepcopy(SOUND)
    for number in range(400):
        many["Resources"][f"Group{number}"] = {
            "Type": "AWS::EC2::SecurityGroup",
            "Properties": {**GROUP, "SecurityGroupIngress": [WORLD, MORE]},
        }
    run = player.pull_request({TEMPLATE: SOUND}, {TEMPLATE: many})
    assert run.code == 1
    assert len(comment(run)) < 65_536
    assert comment(run).endswith("\n\n*The rest is in the reports of this run.*\n")
    assert comment(run).count("<details>") == comment(run).count("</details>") > 10
    assert "something fails" in comment(run)


def test_a_comment_is_not_cut_within_what_is_folded(tmp_path: Path) -> None:
    script = (ROOT / "ci" / "check_change.sh").read_text(encoding="utf-8")
    fit = script[script.index("fit() {") : script.index("finish() {")]
    text = tmp_path / "whole.md"
    text.write_text("a\n<details><summary>b</summary>\n\n- c\n\n</details>\n\n- d\n", encoding="utf-8")
    for most, folds in ((1_000, 1), (40, 1), (33, 1), (3, 0), (53, 1)):
        command = f"LARGEST_COMMENT={most}; {fit} fit {text}"
        found = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True).stdout
        assert (found.count("<details>"), found.count("</details>")) == (folds, folds), most
        assert found.endswith("of this run.*\n") == (most < 1_000)


def test_the_reports_may_lie_in_what_is_judged(player: Player) -> None:
    made = player.repository({"a.json": SOUND, "readme.txt": ""})
    made.commit({"a.json": opened()})
    environment = {
        **{name: os.environ[name] for name in KEPT if name in os.environ},
        "NEXIS": player.installed.outputs["nexis"],
        "NEXIS_PATHS": ".",
        "NEXIS_BASE": "HEAD~1",
    }
    for _ in range(2):  # the second run finds the reports of the first
        done = subprocess.run(
            [ROOT / "ci" / "check_change.sh"],
            cwd=made.folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 1, done.stdout + done.stderr
        assert "makes something weaker" in done.stdout
        assert (made.folder / "nexis-reports" / "changes.md").is_file()
        assert (made.folder / "nexis-reports" / "codequality.json").is_file()


def test_the_script_is_what_every_example_runs() -> None:
    for file in ("action.yml", "ci/gitlab-ci.example.yml"):
        assert "ci/check_change.sh" in (ROOT / file).read_text(encoding="utf-8")
