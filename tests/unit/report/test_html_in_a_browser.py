"""The HTML report in a real Chromium: what a template says never runs, and everybody can read and filter the page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from nexis.report.html_report import render_html
from tests.support.browser import Browser
from tests.support.reports import NASTY, finding, report, sound_report

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.real

SHOWN = "Array.from(document.querySelectorAll('.finding')).filter(e => e.checkVisibility()).map(e => e.dataset.kind)"
STATUS = "document.getElementById('shown').textContent"
# Every text with the contrast between it and what lies behind it. Source: W3C, WCAG 2.2, relative luminance.
CONTRAST = """
(() => {
  const parse = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((c) => c / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = (e) => {
    for (; e; e = e.parentElement) {
      const colour = parse(getComputedStyle(e).backgroundColor);
      if (colour[3] !== 0) return colour;
    }
    return null;
  };
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !element.checkVisibility()) continue;
    const [a, b] = [light(parse(getComputedStyle(element).color)), light(behind(element))];
    found.push([walker.currentNode.data.trim().slice(0, 40), (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)]);
  }
  return found;
})()
"""


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with Browser(tmp_path_factory.mktemp("browser")) as running:
        yield running


@pytest.fixture
def page(tmp_path: Path) -> Path:
    file = tmp_path / "findings.html"
    file.write_text(render_html(sound_report()), encoding="utf-8")
    return file


def test_what_a_template_says_is_text_and_runs_nothing(browser: Browser, tmp_path: Path) -> None:
    odd = [
        finding(message=text, fix=text, resource=text, construct=text, rule=text, tool=text or "x") for text in NASTY
    ]
    file = tmp_path / "odd.html"
    file.write_text(render_html(report(*odd, errors=NASTY)), encoding="utf-8")
    browser.open(file)
    assert browser.ask("window.hit") is None
    assert browser.ask("document.querySelectorAll('.finding').length") == len(NASTY)
    assert browser.ask("document.querySelectorAll('script, img, iframe, link').length") == 1
    assert browser.ask("Array.from(document.links).every(a => a.getAttribute('href').startsWith('#'))")
    assert browser.requests() == [file.as_uri()]
    assert browser.complaints() == []


def test_the_policy_of_the_page_refuses_any_other_script_and_any_request(browser: Browser, page: Path) -> None:
    browser.open(page)
    browser.ask(
        "for (const [tag, change] of [['script', {textContent: 'window.hit = 1'}], ['img', {src: 'x.png'}]])"
        "  document.body.append(Object.assign(document.createElement(tag), change));"
        "new Promise(done => setTimeout(done, 200))"
    )
    assert browser.ask("window.hit") is None
    said = " ".join(browser.complaints())
    assert "script-src" in said
    assert "default-src 'none'" in said  # what images fall back to


def test_findings_are_filtered_by_severity_theme_and_text(browser: Browser, page: Path) -> None:
    browser.open(page)
    everything = ["fatal", "error", "error", "warning", "known", "waived"]
    assert browser.ask(SHOWN) == everything
    assert browser.ask(STATUS) == "6 of 6 shown"
    browser.ask("document.querySelector('input[value=error]').click()")
    assert browser.ask(SHOWN) == ["fatal", "warning", "known", "waived"]
    browser.ask("document.querySelector('input[value=error]').click()")
    browser.ask("document.querySelector('select').focus(); document.querySelector('select').value = 'storage'")
    browser.ask("document.querySelector('select').dispatchEvent(new Event('input', {bubbles: true}))")
    assert browser.ask(SHOWN) == ["waived"]
    browser.ask("document.querySelector('select').value = ''")
    browser.ask("document.querySelector('input[type=search]').focus()")
    browser.call("Input.insertText", text="SECOND thing")
    assert browser.ask(SHOWN) == ["error"]
    assert browser.ask(STATUS) == "1 of 6 shown"
    assert browser.ask("document.querySelectorAll('.group:not([hidden])').length") == 1


def test_the_filter_works_from_the_keyboard(browser: Browser, page: Path) -> None:
    browser.open(page)
    browser.press("Tab")
    assert browser.ask("document.activeElement.value") == "fatal"
    assert browser.ask("getComputedStyle(document.activeElement).outlineStyle") != "none"
    browser.press(" ")
    assert browser.ask(SHOWN) == ["error", "error", "warning", "known", "waived"]
    for _ in range(5):
        browser.press("Tab")
    assert browser.ask("document.activeElement.name") == "theme"


def test_without_scripts_everything_is_shown(browser: Browser, page: Path) -> None:
    browser.call("Emulation.setScriptExecutionDisabled", value=True)
    try:
        browser.open(page)
    finally:
        browser.call("Emulation.setScriptExecutionDisabled", value=False)
    assert len(browser.ask(SHOWN)) == 6
    assert browser.ask("document.getElementById('filter').checkVisibility()") is False


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_stands_out_from_its_background(browser: Browser, page: Path, scheme: str) -> None:
    browser.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
    browser.open(page)
    ratios = browser.ask(CONTRAST)
    assert len(ratios) > 40
    assert [(text, ratio) for text, ratio in ratios if ratio < 4.5] == []
    dark = browser.ask("getComputedStyle(document.body).backgroundColor") == "rgb(13, 17, 23)"
    assert dark == (scheme == "dark")


def test_on_paper_there_is_no_form(browser: Browser, page: Path) -> None:
    browser.open(page)
    browser.call("Emulation.setEmulatedMedia", media="print")
    try:
        assert browser.ask("document.getElementById('filter').checkVisibility()") is False
        assert len(browser.ask(SHOWN)) == 6
    finally:
        browser.call("Emulation.setEmulatedMedia", media="")


def test_a_narrow_screen_scrolls_in_one_direction_only(browser: Browser, page: Path) -> None:
    browser.call("Emulation.setDeviceMetricsOverride", width=360, height=740, deviceScaleFactor=1, mobile=False)
    try:
        browser.open(page)
        assert browser.ask("document.documentElement.scrollWidth") <= 360
    finally:
        browser.call("Emulation.clearDeviceMetricsOverride")
