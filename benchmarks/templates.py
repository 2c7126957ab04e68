"""The templates that are measured: synthesized once with aws-cdk-lib, and kept while what makes them is unchanged.

`python benchmarks/templates.py` makes them and says what they are. Everything is drawn from seeded generators, so the
same code and the same aws-cdk-lib give the same bytes on every machine.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
import tempfile
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aws_cdk import App

HERE: Final = Path(__file__).resolve().parent
KEPT: Final = HERE / ".templates"
SETS: Final = (1, 100, 1000)
ONE_OF: Final = 500  # the most resources that CloudFormation takes in one template
GROWING: Final = (1, 3, 6, 12, 24)  # blocks in one template, about 80 to 2,000 resources
REGIONS: Final = ("eu-central-1", "eu-west-1", "us-east-1")
ACCOUNT: Final = "000000000000"
BLOCK_SEED: Final = "block"


def prepared() -> Path:
    """Give the folder of templates, made now unless the same code has made it before.

    Returns:
        A folder with `templates-N` for each of `SETS`, `resources-500`, and `blocks-N` for each of `GROWING`; each of
        them holds templates and nothing else.
    """
    folder = KEPT / digest()
    if not folder.is_dir():
        print("making the templates, once …", file=sys.stderr, flush=True)
        KEPT.mkdir(exist_ok=True)
        for old in KEPT.iterdir():  # of other code
            shutil.rmtree(old)
        with tempfile.TemporaryDirectory(dir=KEPT) as made:
            _make(Path(made) / "all")
            (Path(made) / "all").rename(folder)  # at once: half a folder is never taken for a whole one
    return folder


def digest() -> str:
    """Sum up what the templates are made from: this script, the kinds, and the version of aws-cdk-lib."""
    total = hashlib.sha256(version("aws-cdk-lib").encode())
    for file in sorted([Path(__file__), *HERE.glob("kinds/*.py")]):
        total.update(file.read_bytes())
    return total.hexdigest()[:16]


def many(folder: Path, count: int) -> list[Path]:
    """Synthesize separate templates of all kinds.

    Args:
        folder: where to write them; made if it is not there.
        count: how many; the first ones are the same for every number.

    Returns:
        Their files, in order.
    """
    from aws_cdk import Environment, Stack
    from constructs import Construct

    from benchmarks.kinds import KINDS
    from benchmarks.kinds.common import tagged

    names = list(KINDS)
    with _app(reporting=True) as (app, assembly):
        ids = []
        for place in range(count):
            choose = Random(f"template {place}")
            kind = names[place % len(names)]
            region = choose.choice(REGIONS)
            fixed = choose.random() < 0.7  # the others can be deployed anywhere
            stack = Stack(
                app, f"T{place:04}-{kind}", env=Environment(account=ACCOUNT, region=region) if fixed else None
            )
            KINDS[kind](Construct(stack, "Main"), choose)
            if choose.random() < 0.1:  # some stacks are of two kinds
                KINDS[choose.choice(names)](Construct(stack, "More"), choose)
            tagged(stack, choose)
            ids.append(stack.artifact_id)
        app.synth()
        return _taken(assembly, ids, folder)


def one(folder: Path, *, blocks: int, resources: int | None = None) -> Path:
    """Synthesize one large template of equal blocks.

    Args:
        folder: where to write it; made if it is not there.
        blocks: how many blocks; each has the same resources.
        resources: how many resources it shall have; filled up with parameters of the Systems Manager.

    Raises:
        ValueError: the blocks alone have more resources.
    """
    from aws_cdk import CfnResource, Environment, Stack
    from aws_cdk import aws_ssm as ssm
    from constructs import Construct

    from benchmarks.kinds import BLOCK, KINDS

    with _app(reporting=False) as (app, assembly):
        stack = Stack(app, "Large", env=Environment(account=ACCOUNT, region=REGIONS[0]))
        for place in range(blocks):
            block = Construct(stack, f"Block{place}")
            for kind in BLOCK:
                KINDS[kind](Construct(block, kind), Random(f"{BLOCK_SEED} {kind}"))
        if resources is not None:
            there = sum(CfnResource.is_cfn_resource(construct) for construct in stack.node.find_all())
            if there > resources:
                raise ValueError(f"{blocks} blocks have {there} resources, expected at most {resources}")
            for place in range(resources - there):
                ssm.CfnParameter(stack, f"Setting{place}", type="String", value=str(place))
        app.synth()
        return _taken(assembly, [stack.artifact_id], folder)[0]


def count_resources(files: Sequence[Path]) -> int:
    """Count the resources of templates.

    Args:
        files: the templates.
    """
    return sum(len(json.loads(file.read_bytes())["Resources"]) for file in files)


@contextmanager
def _app(*, reporting: bool) -> Iterator[tuple[App, Path]]:
    """Give an App, and the folder it writes into, which goes away with it."""
    from aws_cdk import App

    with tempfile.TemporaryDirectory() as folder:
        yield (
            App(
                outdir=folder,
                analytics_reporting=reporting,  # the resource AWS::CDK::Metadata, which most deployed templates have
                builtin_cloud_formation_validation=False,
                context={
                    "aws:cdk:enable-path-metadata": True,  # as the CDK CLI asks for it
                    "@aws-cdk/core:stackResourceLimit": 0,  # to see how time grows beyond what CloudFormation takes
                },
            ),
            Path(folder),
        )


def _taken(assembly: Path, ids: Sequence[str], folder: Path) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    return [Path(shutil.copy(assembly / f"{name}.template.json", folder / f"{name}.template.json")) for name in ids]


def _make(folder: Path) -> None:
    largest = max(SETS)
    files = many(folder / f"templates-{largest}", largest)
    for count in SETS:
        if count == largest:
            continue
        # A set of one is the template in the middle, neither small nor large.
        chosen = files[:count] if count > 1 else [sorted(files[:100], key=lambda file: file.stat().st_size)[50]]
        (folder / f"templates-{count}").mkdir()
        for file in chosen:
            shutil.copy(file, folder / f"templates-{count}")
    for blocks in GROWING:
        one(folder / f"blocks-{blocks}", blocks=blocks)
    one(folder / f"resources-{ONE_OF}", blocks=6, resources=ONE_OF)


def told(folder: Path) -> Iterator[str]:
    """Say what the sets in a folder of templates are.

    Args:
        folder: as `prepared` gives it.
    """
    for part in sorted(folder.iterdir(), key=lambda part: (part.name.partition("-")[0], len(part.name), part.name)):
        files = sorted(part.iterdir())
        size = sum(file.stat().st_size for file in files)
        yield f"{part.name:15} {len(files):5,} files {count_resources(files):7,} resources {size / 1e6:7.2f} MB"


if __name__ == "__main__":
    where = prepared()
    print(where, *told(where), sep="\n")
