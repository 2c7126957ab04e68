"""The JUnit report holds to the schema that Jenkins' xUnit plugin publishes."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import xmlschema
from hypothesis import given

from nexis.report.arrange import shown
from nexis.report.junit_report import render_junit
from tests.support.reports import WAIVER, finding, odd_reports, report, some, sound_report

if TYPE_CHECKING:
    from nexis.report.model import Report

SCHEMA = Path(__file__).parent / "schemas" / "junit-10.xsd"


@cache
def schema() -> xmlschema.XMLSchema:
    return xmlschema.XMLSchema(SCHEMA)


def held(text: str) -> ET.Element:
    """A report, held against the schema and counted."""
    assert text.isascii()
    schema().validate(text)
    root = ET.fromstring(text)
    for element in (root, *root):
        cases = list(element.iter("testcase"))
        assert int(element.attrib["tests"]) == len(cases)
        for kind, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            if element is not root or kind != "skipped":  # the schema knows no `skipped` there
                assert int(element.attrib[kind]) == len(list(element.iter(tag)))
    return root


def case(root: ET.Element, classname: str) -> ET.Element:
    (found,) = [one for one in root.iter("testcase") if one.get("classname") == classname]
    return found


def test_the_schema_can_say_no() -> None:
    text = render_junit(sound_report())
    with pytest.raises(xmlschema.XMLSchemaValidationError, match="classnam"):
        schema().validate(text.replace(" classname=", " classnam="))
    with pytest.raises(xmlschema.XMLSchemaValidationError, match="failure"):
        schema().validate(text.replace("<failure ", "<failure severity='fatal' "))


def test_what_fails_fails_and_what_is_waived_or_known_is_skipped() -> None:
    root = held(render_junit(sound_report()))
    assert (root.get("tests"), root.get("failures"), root.get("errors")) == ("8", "3", "1")
    failure = case(root, "S/B").find("failure")
    assert failure is not None
    assert (failure.get("type"), failure.get("message")) == ("error", "Properties.A second thing")
    assert failure.text is not None
    assert failure.text.split("\n")[:3] == [
        "error tls.postgres-force-ssl",
        "S/B = B (A::B::C) in t.json:12, made at s/b.py:42",
        "Properties.A second thing",
    ]
    assert "why: Without rds.force_ssl" in failure.text
    assert "fix: set it right" in failure.text
    for classname, word in (("D", "waived until 2026-12-31 by security"), ("E", "known since the check was adopted")):
        skipped = case(root, classname).find("skipped")
        assert skipped is not None
        assert skipped.get("message", "").startswith(word)
    warning = case(root, "C")
    assert [child.tag for child in warning] == ["system-out"]
    error = case(root, "could not be judged").find("error")
    assert error is not None
    assert error.get("message") == "broken.json: is empty"


def test_without_findings_one_case_passes() -> None:
    (suite,) = held(render_junit(report()))
    (only,) = suite
    assert (only.get("name"), [child.tag for child in only]) == ("the run", ["system-out"])
    assert only[0].text == "1 template, 2 resources, 3 judgements: nothing to report"


def test_each_file_is_a_suite_and_no_case_has_the_name_of_another() -> None:
    root = held(render_junit(report(finding(), finding(message="b"), finding(file="u.json"), finding(waiver=WAIVER))))
    assert [suite.get("name") for suite in root] == ["nexis check", "t.json", "u.json"]
    names = [(one.get("classname"), one.get("name")) for one in root[1]]
    assert names == [
        ("It", "tls.postgres-force-ssl Properties.A"),
        ("It", "tls.postgres-force-ssl Properties.A (2)"),
        ("It", "tls.postgres-force-ssl Properties.A (3)"),
    ]


@some
@given(odd=odd_reports)
def test_whatever_a_template_says_the_report_holds_to_the_schema(odd: Report) -> None:
    text = render_junit(odd)
    assert text == render_junit(odd)
    root = held(text)
    assert int(root.attrib["failures"]) == len(odd.failing)
    assert int(root.attrib["errors"]) == len(odd.errors)
    assert len(list(root.iter("testcase"))) == len(odd.findings) + len(odd.errors) + 1
    told = "\n".join(str(value) for one in root.iter() for value in (*one.attrib.values(), one.text or ""))
    for one in odd.findings:
        assert shown(one.message) in told
    for error in odd.errors:
        assert shown(error) in told
