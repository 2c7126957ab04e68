"""What the package shows to other teams: its names, an example in each docstring, and safety without arguments."""

from __future__ import annotations

import inspect
import re
import textwrap
from typing import Any

import pytest
from constructs import Construct

import nexis_constructs
from nexis.templates.load import with_stack
from nexis.templates.model import Assembly, read_document
from nexis.templates.resolver import ParameterSource
from tests.support.synthesis import new_stack, template_of

CONSTRUCTS = [
    getattr(nexis_constructs, name)
    for name in nexis_constructs.__all__
    if inspect.isclass(getattr(nexis_constructs, name)) and issubclass(getattr(nexis_constructs, name), Construct)
]
PROMISED = {
    "AuditTrail",
    "CustomerKey",
    "DatabaseCluster",
    "DatabaseHost",
    "HardenedNetwork",
    "ManagedDatabase",
    "RolePassword",
    "TlsOnlyParameterGroup",
}


#: What a construct alone cannot keep; docs/decisions/rotation-follows-the-hosts.md says why.
AGREED = {"RolePassword": ("passwords.secret-rotation",)}


def test_the_promised_constructs_are_public() -> None:
    assert {construct.__name__ for construct in CONSTRUCTS} >= PROMISED


@pytest.mark.parametrize("construct", CONSTRUCTS, ids=lambda construct: construct.__name__)
def test_the_example_in_the_docstring_runs(construct: type[Construct]) -> None:
    found = re.search(r"Example:\s+```python\n(.*?)```", construct.__doc__ or "", re.DOTALL)
    assert found, f"{construct.__name__} has no example in its docstring"
    source = textwrap.dedent("        " + found.group(1).lstrip())
    # The slow built-in validation is not what the example shows.
    exec(compile(source.replace("App()", "App(builtin_cloud_formation_validation=False)"), "example", "exec"), {})


@pytest.mark.parametrize("construct", CONSTRUCTS, ids=lambda construct: construct.__name__)
def test_arguments_after_scope_and_id_are_keyword_only(construct: type[Construct]) -> None:
    parameters = list(inspect.signature(construct.__init__).parameters.values())[3:]
    assert [p.name for p in parameters if p.kind is not inspect.Parameter.KEYWORD_ONLY] == []
    needed = {p.name for p in parameters if p.default is inspect.Parameter.empty}
    # What nobody can guess: the network to be in, a client's port, and whose changes are let in.
    assert needed - {"network", "port", "repository", "environment"} == set(), "safe without arguments"


@pytest.mark.parametrize("construct", [c for c in CONSTRUCTS if c.__name__ in PROMISED], ids=lambda c: c.__name__)
def test_without_arguments_it_keeps_every_rule(construct: Any) -> None:
    from nexis.run import report_on

    stack = new_stack()
    construct(stack, "It")
    template = read_document(
        template_of(stack), key="t", file="t", stack="t", region="eu-central-1", account="000000000000"
    )
    assembly = Assembly(templates={"t": with_stack(template, construct="Stack")})
    report = report_on([assembly], parameters=ParameterSource(strict=True))
    left = [
        (f.construct, f.rule, f.message) for f in report.failing if f.rule not in AGREED.get(construct.__name__, ())
    ]
    assert left == []
