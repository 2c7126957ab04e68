from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexis.disclosure.security_txt import KNOWN, PATH, faults, in_code, looks_like, parse, read_date

NOW = dt.datetime(2026, 11, 23, tzinfo=dt.UTC)
GOOD = (
    "# How to tell us of a hole\n"
    "Contact: mailto:security@example.com\n"
    "Contact: https://example.com/report\n"
    "Expires: 2027-06-30T12:00:00+02:00\n"
    "Preferred-Languages: en, de-CH\n"
    "Canonical: https://example.com/.well-known/security.txt\n"
    "Encryption: openpgp4fpr:5f2de5521c63a801ab59ccb603d49de44b29100f\n"
    "X-Something-New: ignored\n"
)


def broken(text: str, retrieved_from: str | None = None) -> list[str]:
    """The messages of what the standard forbids."""
    return [fault.message for fault in faults(text, now=NOW, retrieved_from=retrieved_from) if fault.weight == "must"]


def test_a_good_file_has_no_fault() -> None:
    assert faults(GOOD, now=NOW, retrieved_from=f"https://example.com{PATH}") == ()
    assert faults(GOOD.replace("\n", "\r\n"), now=NOW) == ()
    assert broken(GOOD.rstrip("\n")) == []
    assert broken(GOOD.replace("Contact", "CONTACT")) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("Contact: mailto:security@example.com\nContact: https://example.com/report\n", "", "no Contact"),
        ("mailto:security@example.com", "security@example.com", "expected a URI"),
        ("https://example.com/report", "http://example.com/report", "begin with https"),
        ("Expires: 2027-06-30T12:00:00+02:00\n", "", "no Expires"),
        ("2027-06-30T12:00:00+02:00", "2026-11-22T23:59:59Z", "expired on 2026-11-22"),
        ("2027-06-30T12:00:00+02:00", "2026-11-23T00:00:00Z", "expired on 2026-11-23"),
        ("2027-06-30T12:00:00+02:00", "Wed, 30 Jun 2027 12:00:00 +0200", "RFC 3339"),
        ("2027-06-30T12:00:00+02:00", "2027-06-31T12:00:00Z", "RFC 3339"),
        ("2027-06-30T12:00:00+02:00", "2027-06-30", "RFC 3339"),
        ("Preferred", "Expires: 2027-01-01T00:00:00Z\nPreferred", "Expires stands there again"),
        ("Canonical", "Preferred-Languages: fr\nCanonical", "Preferred-Languages stands there again"),
        ("en, de-CH", "en; de", "no language tag"),
        ("openpgp4fpr:5f2de5521c63a801ab59ccb603d49de44b29100f", "-----BEGIN PGP PUBLIC KEY BLOCK-----", "a URI"),
        ("# How", "How", "is no field"),
        ("Contact: mailto", "Contact:mailto", "no space follows"),
        ("\nExpires", "\rExpires", "carriage return"),
        ("# How", "\ufeff# How", "byte order mark"),
    ],
)
def test_what_the_standard_forbids_is_named(old: str, new: str, said: str) -> None:
    assert old in GOOD
    messages = broken(GOOD.replace(old, new))
    assert any(said in message for message in messages), messages


def test_the_address_must_be_a_canonical_one() -> None:
    assert any("not among its Canonical" in m for m in broken(GOOD, "https://www.example.com/.well-known/security.txt"))


def test_advice_is_no_fault() -> None:
    far = GOOD.replace("2027-06-30", "2029-06-30")
    assert [fault.weight for fault in faults(far, now=NOW)] == ["should"]
    without = GOOD.replace("Canonical: https://example.com/.well-known/security.txt\n", "")
    assert [fault.weight for fault in faults(without, now=NOW)] == ["should"]
    odd = GOOD.replace("mailto:security@example.com", "ftp://example.com/report")
    assert [fault.weight for fault in faults(odd, now=NOW)] == ["should"]


def test_a_signed_file_is_read_between_header_and_signature() -> None:
    signed = (
        f"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n- {GOOD}"
        "-----BEGIN PGP SIGNATURE-----\n\nabc\n-----END PGP SIGNATURE-----\n"
    )
    document = parse(signed)
    assert document.signed
    assert document.faults == ()
    assert [field.name for field in document.fields] == [field.name for field in parse(GOOD).fields]


@pytest.mark.parametrize(
    "code",
    [
        "response.body = 'Contact: mailto:a@example.com\\nExpires: 2027-01-01T00:00:00Z\\n';",
        "const body = ['Contact: mailto:a@example.com', \"Expires: 2027-01-01T00:00:00Z\"].join('\\n');",
        "const body = `Contact: mailto:a@example.com\nExpires: 2027-01-01T00:00:00Z\n`;",
        'BODY = """Contact: mailto:a@example.com\nExpires: 2027-01-01T00:00:00Z\n"""',
    ],
)
def test_code_that_serves_one_is_read(code: str) -> None:
    assert in_code(code) == "Contact: mailto:a@example.com\nExpires: 2027-01-01T00:00:00Z\n"


@pytest.mark.parametrize("code", ["", "return 'Contact us: here'", "let s = 'Expires: ' + when;", "'Contact: x'"])
def test_code_that_serves_none_is_left_alone(code: str) -> None:
    assert in_code(code) is None


def test_dates_are_those_of_rfc_3339() -> None:
    assert read_date("2027-01-31T23:59:60Z") == dt.datetime(2027, 1, 31, 23, 59, 59, tzinfo=dt.UTC)
    assert read_date("2027-01-31t10:00:00.123z") == dt.datetime(2027, 1, 31, 10, tzinfo=dt.UTC)
    assert read_date("2027-01-31T10:00:00") is None
    assert read_date("0001-01-01T00:00:00+23:59") is None


@given(st.text())
def test_any_text_is_read_without_an_exception(text: str) -> None:
    parse(text)
    looks_like(text)
    in_code(text)
    faults(text, now=NOW)


@given(st.lists(st.sampled_from([line + "\n" for line in GOOD.splitlines()] + ["\n", "# x\n", "odd\n"])), st.booleans())
def test_a_file_without_fault_has_what_the_standard_asks(lines: list[str], crlf: bool) -> None:
    text = "".join(lines)
    names = [field.name for field in parse(text).fields]
    if not broken(text.replace("\n", "\r\n") if crlf else text):
        assert "contact" in names
        assert names.count("expires") == 1
        assert names.count("preferred-languages") <= 1
        assert "odd\n" not in lines


@given(st.datetimes(dt.datetime(1990, 1, 1), dt.datetime(2090, 1, 1)), st.sampled_from(["Z", "+00:00", "-05:30"]))
def test_it_has_expired_if_and_only_if_its_date_has_passed(moment: dt.datetime, zone: str) -> None:
    written = moment.replace(microsecond=0).isoformat() + zone
    read = read_date(written)
    assert read is not None
    text = GOOD.replace("2027-06-30T12:00:00+02:00", written)
    assert any("expired on" in message for message in broken(text)) == (read <= NOW)


def test_every_known_field_is_known() -> None:
    assert {"contact", "expires", "preferred-languages", "canonical", "encryption"} <= KNOWN
