"""Which line of an engineer's program made a resource: watched while it is made, or read from the CDK's traces."""

from __future__ import annotations

import inspect
import json
import time
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, CfnResource, Environment, Stack, Stage
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sqs as sqs
from constructs import Construct
from hypothesis import given
from hypothesis import strategies as st

from nexis import cdk
from nexis.sources import Place, from_traces, innermost, nearest, relative
from nexis.synthesis import forget_record, read_sources, write_record

HERE = "tests/unit/test_sources.py"
ROOT = Path(__file__).resolve().parents[2]


def line() -> int:
    """The line that calls this."""
    frame = inspect.currentframe()
    assert frame is not None
    assert frame.f_back is not None
    return frame.f_back.f_lineno


@pytest.fixture
def app() -> App:
    return App(builtin_cloud_formation_validation=False, analytics_reporting=False)


def sources(app: App) -> dict[str, str]:
    return cdk.WATCH.of(app, str(ROOT))


class Holder(Construct):
    """A construct that makes a resource."""

    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id)
        self.queue, self.line = sqs.CfnQueue(self, "Queue"), line()


class Hardened(s3.Bucket):
    """A high-level construct with properties of its own."""

    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id, versioned=True)
        self.line = line() - 1


class Base(Stack):
    """What all stacks have in common."""

    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id, env=Environment(account="000000000000", region="eu-central-1"))


class Derived(Base):
    """A stack."""

    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id)


def test_a_resource_is_made_at_the_line_that_names_it(app: App) -> None:
    stack = Stack(app, "Only")
    holder, made_at = Holder(stack, "Holder"), line()
    found = sources(app)
    assert found["Only/Holder/Queue"] == f"{HERE}:{holder.line}"
    assert found["Only/Holder"] == f"{HERE}:{made_at}"  # what only holds others: where it was asked for


def test_a_stack_is_made_where_it_was_asked_for_and_not_in_its_class(app: App) -> None:
    _, made_at = Derived(Stage(app, "Later"), "Inside"), line()
    found = sources(app)
    assert found == {"Later": f"{HERE}:{made_at}", "Later/Inside": f"{HERE}:{made_at}"}


def test_what_javascript_makes_was_made_by_the_nearest_construct_above(app: App) -> None:
    stack = Stack(app, "Only")
    bucket = Hardened(stack, "Bucket")
    path = bucket.node.default_child.node.path  # type: ignore[union-attr]
    assert path == "Only/Bucket/Resource"
    assert path not in sources(app)
    assert nearest(sources(app), path) == f"{HERE}:{bucket.line}"  # where its properties stand


def test_constructs_below_what_javascript_made(app: App) -> None:
    stack = Stack(app, "Only")
    bucket = s3.Bucket(stack, "Bucket")
    inner = bucket.node.default_child
    assert isinstance(inner, Construct)
    _, made_at = CfnResource(inner, "More", type="A::B::C"), line()
    assert sources(app)["Only/Bucket/Resource/More"] == f"{HERE}:{made_at}"


def test_paths_are_the_cdks_own_and_apps_are_kept_apart(app: App) -> None:
    other = App(builtin_cloud_formation_validation=False, analytics_reporting=False)
    Stack(other, "A")
    Stack(app)  # which the CDK calls Default
    stack = Stack(app, "A")
    made = [Construct(Construct(stack, name), "x") for name in ("with/slash", "Default")]
    assert set(sources(other)) == {"A"}
    assert set(sources(app)) == {"Default", "A", "A/with--slash", "A/with--slash/x", "A/Default", "A/Default/x"}
    assert {construct.node.path for construct in made} < set(sources(app))


INSTALLED = """
from aws_cdk import aws_sqs as sqs
def make(scope):
    return sqs.CfnQueue(scope, "Queue")
"""


def test_what_is_installed_is_not_the_engineers_line(app: App, tmp_path: Path) -> None:
    """Our library in somebody's environment, and a file of theirs outside the project."""
    stack = Stack(app, "Only")
    made_at = 0
    for number, folder in enumerate((tmp_path / "site-packages", tmp_path / "shared")):
        names: dict[str, Any] = {}
        exec(compile(INSTALLED, str(folder / "library.py"), "exec"), names)
        _, made_at = names["make"](Construct(stack, f"In{number}")), line()
        assert sources(app)[f"Only/In{number}/Queue"] == f"{HERE}:{made_at}"
    assert made_at


def test_a_line_costs_little(app: App) -> None:
    """Noting, alone: what jsii does to make an object is left out."""
    stack = Stack(app, "Only")
    watched = cdk.WATCH.watching(lambda kind, made, arguments: None)
    begun = time.process_time()
    for number in range(2_000):
        watched(CfnResource, stack, [app, f"Id{number}", None])
    each = (time.process_time() - begun) / 2_000
    assert each < 0.0005, f"{each * 1e6:.0f} µs"


def test_what_is_no_construct_is_left_alone(app: App) -> None:
    assert cdk.WATCH.watching(lambda kind, made, arguments: 5)(object, object(), None) == 5
    assert sources(app) == {}


# ---- traces ----

TRACE = [
    "...jsii runtime, node internals...",
    "(no user code in 10 frames, use --stack-trace-limit to capture more)",
    "__init__ (/x/app/.venv/lib/python3.11/site-packages/aws_cdk/aws_sqs/__init__.py:742)",
    "make (/usr/lib/python3.11/functools.py:10)",
    "make (/x/shared/queues.py:9)",
    "__init__ (/x/app/stacks/queues (old).py:17)",
    "main (/x/app/app.py:23)",
]


def traced(*lines: str, path: str = "/Only/Queue") -> dict[str, Any]:
    return {path: [{"type": "aws:cdk:logicalId", "data": "Q"}, {"type": "aws:cdk:creationStack", "data": [*lines]}]}


@pytest.mark.parametrize(
    ("lines", "source", "why"),
    [
        (TRACE[:5] + TRACE[6:], "app.py:23", "the innermost in the project"),
        (TRACE[:5], "/x/shared/queues.py:9", "the innermost of all, if none is in the project"),
        (TRACE[:4], None, "what is installed is nobody's own"),
        (
            ["new Queues (/x/app/lib/queues.ts:12:5)", "Object.<anonymous> (/x/app/bin/app.ts:3:1)"],
            "lib/queues.ts:12",
            "TS",
        ),
        (["new Q (/x/app/node_modules/lib/q.js:1:2)", "...node internals..."], None, "an installed package of Node"),
        (["<module> (<string>:1)", "(/x/app/a.py:x)", "/x/app/a.py:3", ""], None, "lines that name no file"),
        (["make (/x/application/a.py:3)"], "/x/application/a.py:3", "a folder whose name begins as the project's"),
        ([], None, "no trace"),
    ],
)
def test_the_frame_that_says_most(lines: list[str], source: str | None, why: str) -> None:
    assert from_traces(traced(*lines), "/x/app").get("Only/Queue") == source, why


@given(lines=st.lists(st.text() | st.sampled_from(TRACE)), more=st.none() | st.text() | st.lists(st.integers()))
def test_whatever_a_trace_says_it_is_read(lines: list[str], more: Any) -> None:
    metadata = traced(*lines)
    metadata["/Odd"] = [{"type": "aws:cdk:creationStack", "data": more}, {}]
    found = from_traces(metadata, "/x/app")
    assert set(found) <= {"Only/Queue", "Odd"}
    assert all(source.rpartition(":")[2].isdecimal() for source in found.values())


def test_the_nearest_above() -> None:
    known = {"A": "a.py:1", "A/B": "b.py:2"}
    assert nearest(known, "A/B/C/D") == "b.py:2"
    assert nearest(known, "A/BC") == "a.py:1"
    assert nearest(known, "AB") is nearest(known, "") is nearest(known, None) is None
    assert innermost([], "/x") is None
    assert relative(Place("/x/app/a.py", 3), "/x/app") == "a.py:3"
    assert relative(Place("/x/apple/a.py", 3), "/x/app") == "/x/apple/a.py:3"


def test_a_record_is_forgotten_before_the_next_synthesis(tmp_path: Path) -> None:
    write_record(tmp_path, files=(), sources={"A": "a.py:1"}, project=tmp_path)
    assert read_sources(tmp_path) == {"A": "a.py:1"}
    forget_record(tmp_path)
    forget_record(tmp_path / "absent")
    assert list(tmp_path.iterdir()) == []
    assert read_sources(tmp_path) == {}
    (tmp_path / "nexis-synthesis.json").write_text(json.dumps({"schema": "nexis-synthesis/1"}), encoding="utf-8")
    assert read_sources(tmp_path) == {}
