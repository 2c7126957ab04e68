"""The Markdown report: fit for a comment, and nothing in it is a template's doing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from markdown_it import MarkdownIt

from nexis.report.arrange import status
from nexis.report.markdown_report import LONGEST, MARK, code, prose, render_markdown
from tests.support.reports import NASTY, WAIVER, finding, nasty, odd_reports, report, some, sound_report

if TYPE_CHECKING:
    from markdown_it.token import Token

    from nexis.report.model import Report

# What a reader may meet; a link, an image, or HTML other than ours is somebody else's.
OUR_HTML = (MARK, "<details><summary>", "</details>")
KINDS = {
    *("heading", "paragraph", "bullet_list", "list_item", "table", "thead", "tbody", "tr", "th", "td", "strong"),
    *("inline", "html_block", "text", "code_inline"),
}


def tokens(text: str) -> Iterator[Token]:
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    for token in parser.parse(text):
        yield token
        yield from token.children or []


def kind(token: Token) -> str:
    return token.type.removesuffix("_open").removesuffix("_close")


def held(text: str) -> list[Token]:
    """A comment, parsed: it holds nothing but what we write, and reads aloud nobody's name."""
    assert text.startswith(f"{MARK}\n")
    assert len(text) <= 65_536
    assert len(text.encode()) <= 65_536
    found = list(tokens(text))
    assert {kind(token) for token in found} <= KINDS
    for token in found:
        if token.type == "html_block":
            assert token.content.startswith(OUR_HTML)
            assert token.content.count("<") <= 4
        if token.type == "text":
            harmless(token.content)
    return found


def harmless(text: str) -> None:
    """Nothing that GitHub or GitLab makes a link, a mention or a reference of, outside of code."""
    assert not set("@#`<>[]|*~!$&\\_^{}%") & set(text), text
    assert "://" not in text
    assert "www." not in text
    assert "GH-" not in text


def spans(text: str) -> list[str]:
    return [token.content for token in tokens(text) if token.type == "code_inline"]


def test_a_comment_says_the_verdict_then_the_worst() -> None:
    text = render_markdown(sound_report())
    held(text)
    assert text.startswith("<!-- nexis check -->\n## ⛔ nexis check: 1 could not be judged, 3 findings fail\n")
    assert "| 🔴 fatal | 🟠 error | 🟡 warning | ⚪ waived | ⚪ known |\n" in text
    assert "| 1 | 2 | 1 | 1 | 1 |\n" in text
    assert "- `broken.json: is empty`\n" in text
    order = ["### `A`", "### `S/B`", "### `S/F`", "### `C`", "1 waived: somebody", "1 known: recorded"]
    assert sorted(order, key=text.index) == order
    assert "`B` · `A::B::C` · `s/b.py:42` · `t.json:12`\n" in text
    assert "- 🔴 **fatal (unknown)** `tls.postgres-force-ssl` `Properties.A` first thing\n" in text
    assert "**Fix:** set it right\n" in text
    assert "until `2026-12-31` by security" in text or "until 2026-12-31 by security" in text


def test_good_news_is_short() -> None:
    text = render_markdown(report())
    held(text)
    assert (
        text == "<!-- nexis check -->\n## ✅ nexis check: nothing fails\n\n1 template, 2 resources, 3 judgements.\n\n"
    )
    waived = render_markdown(report(finding(waiver=WAIVER)))
    assert "## ✅ nexis check: nothing fails" in waived
    assert "The network of the workshop exists for an hour." in waived
    assert "## ❌ nexis check: 1 finding fails" in render_markdown(report(finding()))


def test_why_and_how_are_said_once_for_a_rule_of_a_construct() -> None:
    text = render_markdown(report(finding(), finding(message="a second thing")))
    assert text.count("Without `rds.force_ssl`") == 1
    assert text.count("**Fix:**") == 1


def test_a_comment_ends_where_github_does_and_counts_what_is_left_out() -> None:
    many = [finding(resource=f"R{n}", severity="error", message="é" * 200) for n in range(400)]
    fatal = finding(resource="Worst")
    text = render_markdown(report(*many, fatal, finding(waiver=WAIVER)))
    held(text)
    assert "### `Worst`" in text
    told = text.count("- 🟠 **error**")
    assert 0 < told < 400
    assert f"**{401 - told} findings more ({400 - told} error, 1 waived) found no room in this comment.**" in text
    errors = tuple(f"{n}.json: {'x' * 500}" for n in range(50))
    crowded = render_markdown(report(errors=errors))
    held(crowded)
    assert "- and 40 more\n" in crowded


def test_one_construct_with_very_many_findings_is_told_in_parts() -> None:
    text = render_markdown(report(*(finding(message=f"{n} {'🦉' * 290}") for n in range(200))))
    held(text)
    told = text.count("- 🔴 **fatal**")
    assert 0 < told < 200
    assert f"**{200 - told} findings more ({200 - told} fatal) found no room" in text


@pytest.mark.parametrize("text", NASTY)
def test_a_template_makes_no_markdown(text: str) -> None:
    held(render_markdown(report(finding(message=text, fix=text, file=text, resource=text, construct=text))))


@some
@given(text=nasty)
def test_a_code_span_says_what_was_to_be_said(text: str) -> None:
    written = code(text)
    if not written:
        return
    (said,) = spans(f"- x {written} y")
    assert "\n" not in written
    assert said.isprintable()
    if text.isprintable() and len(text) <= LONGEST:
        assert said.strip() == text.strip()


def test_a_sentence_keeps_its_words_and_quotes_only_what_is_no_word() -> None:
    assert prose("is absent; expected true (or a list)") == "is absent; expected true (or a list)"
    assert prose("found *, and @you, expected TLS") == "found `*`, and `@you`, expected TLS"
    assert prose("set A: {B: [true]} (CDK: a_b=c(d)), or not") == "set A: `{B: [true]}` (CDK: `a_b=c(d)`), or not"
    assert prose("see www.example.org or https://example.org.") == "see `www.example.org` or `https://example.org`."


@some
@given(odd=odd_reports)
def test_whatever_a_template_says_the_comment_is_ours(odd: Report) -> None:
    text = render_markdown(odd)
    assert text == render_markdown(odd)
    held(text)
    open_ones = sum(status(one) == "open" for one in odd.findings)
    assert sum(text.count(f"\n- {sign} **") for sign in "🔴🟠🟡") == open_ones
    assert text.count("\n- ") >= len(odd.findings) + sum(bool(error.strip()) for error in odd.errors)
    for word in ("waived", "known"):
        count = sum(status(one) == word for one in odd.findings)
        assert (f"<summary>{count} {word}: " in text) == (count > 0)
