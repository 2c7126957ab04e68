"""What the policy hook costs: the size of its bundle, and its first answer in a fresh process, beside a bare handler's.

`python benchmarks/hook.py [ROUNDS]` unpacks the bundle as Lambda does, without compiled files, which Lambda cannot
keep, and starts a fresh, isolated Python for each first event, the bare handler and each target in turns. What Lambda
adds to that (fetching the bundle, starting the runtime, the network) shows only there.
"""

from __future__ import annotations

import io
import json
import os
import statistics
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "constructs")]

ROUNDS: Final = 9
EVENTS: Final = ROOT / "tests" / "unit" / "functions" / "hook_events"

BARE: Final = """
import json, sys, time
started = time.perf_counter()
def handler(event, context):
    return {"hookStatus": "SUCCESS", "message": "bare", "clientRequestToken": event.get("clientRequestToken", "")}
loaded = time.perf_counter()
with open(sys.argv[2]) as file:
    event, payload = json.load(file)
first = time.perf_counter()
handler(event, None)
second = time.perf_counter()
handler(event, None)
done = time.perf_counter()
print(json.dumps([loaded - started, second - first, done - second]))
"""
HOOK: Final = """
import json, sys, time
started = time.perf_counter()
sys.path.insert(0, sys.argv[1])
import datetime as dt
from functions.policy_hook import index
loaded = time.perf_counter()
with open(sys.argv[2]) as file:
    event, payload = json.load(file)
surroundings = index.Surroundings(
    environment={"SCOPE": "baseline"}, waivers=index.BUNDLE, today=dt.date(2026, 11, 23),
    fetch=lambda url: json.dumps(payload).encode(), exports=lambda region: {})
first = time.perf_counter()
answer = index.answer(event, surroundings)
second = time.perf_counter()
index.answer(event, surroundings)
done = time.perf_counter()
assert answer.get("errorCode") != "InternalFailure", answer["message"]
print(json.dumps([loaded - started, second - first, done - second]))
"""


def main() -> None:
    """Measure, and print a table."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    from nexis_constructs._hook_bundle import bundle_files

    files = bundle_files(ROOT / "waivers.toml")
    zipped = _zip(files)
    print(f"bundle: {len(zipped):,} bytes zipped, {sum(map(len, files.values())):,} unzipped, {len(files)} files")
    with tempfile.TemporaryDirectory() as scratch:
        task = Path(scratch) / "task"
        zipfile.ZipFile(io.BytesIO(zipped)).extractall(task)
        asked = _asked(Path(scratch))
        measured: dict[str, list[tuple[float, ...]]] = {}
        for number in range(rounds + 1):
            for name, (program, event) in asked.items():
                found = _run(program, task, event)
                if number:  # the first round only warms the disk's cache
                    measured.setdefault(name, []).append(found)
    _print(measured, rounds)


def _zip(files: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files.items():
            archive.writestr(path, content)
    return made.getvalue()


def _asked(folder: Path) -> dict[str, tuple[str, Path]]:
    """Give what is asked by name: a program, and a file with an event and what waits behind its URL."""
    resource, stack, change_set = (_event(name) for name in ("resource-update", "stack-update", "change-set"))
    large = json.dumps(_large())
    asked: dict[str, tuple[str, Any]] = {
        "bare handler": (BARE, [resource, None]),
        "resource": (HOOK, [resource, None]),
        "stack, documented": (HOOK, [stack, _event("stack-payload")]),
        "change set, documented (YAML)": (HOOK, [change_set, _event("change-set-payload")]),
        "stack, 500 resources (JSON)": (HOOK, [stack, {"template": large}]),
        "stack, 500 resources (YAML)": (HOOK, [stack, {"template": _as_yaml(_large())}]),
        "stack, 1 MB (YAML)": (HOOK, [stack, {"template": _as_yaml(_largest())}]),
    }
    files = {}
    for number, (name, (program, content)) in enumerate(asked.items()):
        file = folder / f"{number}.json"
        file.write_text(json.dumps(content), encoding="utf-8")
        files[name] = (program, file)
    return files


def _event(name: str) -> Any:
    return json.loads((EVENTS / f"{name}.json").read_text(encoding="utf-8"))


def _large() -> dict[str, Any]:
    """Make a template of as many resources as CloudFormation takes: the documented ones of both examples, again."""
    one = json.loads(_event("stack-payload")["template"])["Resources"]
    table = _event("resource-update")["requestData"]["targetModel"]["resourceProperties"]
    one["Table"] = {"Type": "AWS::DynamoDB::Table", "Properties": table}
    one["Group"] = {"Type": "AWS::EC2::SecurityGroup", "Properties": {"GroupDescription": "clients"}}
    return {"Resources": {f"{name}{number}": it for number in range(500 // len(one)) for name, it in one.items()}}


def _largest() -> dict[str, Any]:
    """Make a template of 1 MB, the most that CloudFormation takes: 500 resources with long metadata."""
    template = _large()
    for resource in template["Resources"].values():
        resource["Metadata"] = {"Notes": [{"Key": f"note-{n}", "Value": f"value of note {n}"} for n in range(34)]}
    return template


def _as_yaml(template: dict[str, Any]) -> str:
    import yaml

    return str(yaml.safe_dump(json.loads(json.dumps(template)), default_flow_style=False))


def _run(program: str, task: Path, event: Path) -> tuple[float, ...]:
    """Give the seconds to load, for the first and for the second answer, and the process's seconds of CPU."""
    process = subprocess.Popen(
        [sys.executable, "-I", "-S", "-B", "-c", program, str(task), str(event)], stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    out = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"the measured process ended with {process.returncode}")
    return (*json.loads(out.splitlines()[-1]), usage.ru_utime + usage.ru_stime)


def _print(measured: dict[str, list[tuple[float, ...]]], rounds: int) -> None:
    floor = _medians(measured["bare handler"])[3]
    print(f"median of {rounds} fresh processes each, in turns; Python {sys.version.split()[0]}, no compiled files")
    print(f"{'':32}{'load ms':>9}{'first ms':>10}{'second ms':>11}{'CPU ms':>9}{'ratio':>8}")
    for name, runs in measured.items():
        load, first, second, cpu = _medians(runs)
        print(
            f"{name:32}{load * 1000:9.0f}{first * 1000:10.0f}{second * 1000:11.1f}{cpu * 1000:9.0f}{cpu / floor:8.1f}"
        )


def _medians(runs: list[tuple[float, ...]]) -> list[float]:
    return [statistics.median(values) for values in zip(*runs, strict=True)]


if __name__ == "__main__":
    main()
