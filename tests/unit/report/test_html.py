"""The HTML report is one sound page that asks the network for nothing and runs nothing but its own script."""

from __future__ import annotations

import base64
import hashlib
import itertools
import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import html5lib
import pytest
from hypothesis import given

from nexis.report.arrange import shown
from nexis.report.html_report import render_html
from nexis.rules.registry import all_rules
from tests.support.reports import NASTY, WAIVER, finding, odd_reports, report, some, sound_report

if TYPE_CHECKING:
    from nexis.report.model import Report

REACHING_OUT = {"src", "srcset", "action", "formaction", "background", "poster", "data", "ping", "style"}


def held(text: str) -> ET.Element:
    """A page, parsed as strictly as the standard is written."""
    assert text.isascii()
    page: ET.Element = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(text)
    assert page.get("lang") == "en"
    ids = [element.get("id") for element in page.iter() if element.get("id")]
    assert len(set(ids)) == len(ids)
    for element in page.iter():
        if not isinstance(element.tag, str):
            continue
        assert element.tag not in ("link", "img", "iframe", "object", "embed", "base", "svg")
        assert not [name for name in element.attrib if name in REACHING_OUT or name.startswith("on")]
        if element.tag == "a":
            assert element.get("href", "").removeprefix("#") in ids
        labelled = element.get("aria-labelledby")
        assert labelled is None or labelled in ids
    (script,) = page.iter("script")
    (style,) = page.iter("style")
    policy = next(m.get("content", "") for m in page.iter("meta") if m.get("http-equiv") == "Content-Security-Policy")
    assert policy.startswith("default-src 'none'; ")
    for name, element in (("script-src", script), ("style-src", style)):
        digest = base64.b64encode(hashlib.sha256((element.text or "").encode()).digest()).decode()
        assert f"{name} 'sha256-{digest}'" in policy
    assert not re.search(r"url\(|@import|https?:", (style.text or "") + (script.text or ""))
    levels = [int(element.tag[1]) for element in page.iter() if element.tag in ("h1", "h2", "h3", "h4")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    for control in page.iter():
        if control.tag in ("input", "select"):
            assert any(control in list(label.iter()) for label in page.iter("label"))
    return page


def words(element: ET.Element) -> str:
    return "".join(element.itertext())


def listed(page: ET.Element) -> list[ET.Element]:
    return [one for one in page.iter("li") if "finding" in one.get("class", "").split()]


def test_a_page_says_everything() -> None:
    page = held(render_html(sound_report()))
    (heading,) = page.iter("h1")
    assert words(heading) == "nexis check: 1 could not be judged, 3 findings fail"
    assert [one.get("data-kind") for one in listed(page)] == ["fatal", "error", "error", "warning", "known", "waived"]
    text = words(page)
    for said in ("broken.json: is empty", "made at s/b.py:42", "t.json:12", "AwsSolutions-IAM5[Resource::*]"):
        assert said in text
    assert "until 2026-12-31 by security" in text
    for rule in all_rules():
        if rule.id in ("tls.postgres-force-ssl", "storage.rds-encrypted"):
            assert all(part in text for part in (rule.title, rule.why, rule.fix, rule.source, rule.cdk.strip()))


def test_a_page_can_be_filtered_by_what_it_holds() -> None:
    page = held(render_html(sound_report()))
    kinds = [box.get("value") for box in page.iter("input") if box.get("type") == "checkbox"]
    assert kinds == ["fatal", "error", "warning", "waived", "known"]
    assert [option.get("value") for option in page.iter("option")] == ["", "AwsSolutions", "storage", "tls"]
    (form,) = page.iter("form")
    assert "hidden" in form.attrib  # the script shows it


def test_without_findings_the_page_says_so() -> None:
    page = held(render_html(report()))
    assert "nexis check: nothing fails" in words(page)
    assert not list(page.iter("form"))
    assert "nothing fails" in words(held(render_html(report(finding(waiver=WAIVER)))))


def test_every_rule_of_ours_can_stand_on_a_page() -> None:
    held(render_html(report(*(finding(rule=rule.id, severity=rule.severity) for rule in all_rules()))))


@pytest.mark.parametrize("text", NASTY)
def test_a_template_makes_no_html(text: str) -> None:
    odd = finding(message=text, fix=text, file=text, resource=text, construct=text, tool=text or "x", rule=text)
    page = held(render_html(report(odd, errors=(text,))))
    assert len(list(page.iter("script"))) == 1
    (one,) = listed(page)
    assert shown(text) in words(one)


@some
@given(odd=odd_reports)
def test_whatever_a_template_says_the_page_is_sound(odd: Report) -> None:
    text = render_html(odd)
    assert text == render_html(odd)
    page = held(text)
    assert len(listed(page)) == len(odd.findings)
    told = words(page)
    for one in odd.findings:
        assert shown(one.message) in told
    for error in odd.errors:
        assert shown(error) in told
