"""What is written passes the official schemas and rules of EN 16931, and reads back as it was."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quoin.billing.adapters.cii import cii_bytes
from quoin.billing.adapters.cii_reader import read_cii
from quoin.billing.adapters.markup import UnreadableInvoice
from quoin.billing.adapters.ubl import ubl_bytes
from quoin.billing.adapters.ubl_reader import read_ubl
from quoin.billing.rules.einvoice import PEPPOL, PEPPOL_PROCESS
from quoin.billing.rules.einvoice_check import findings
from tests.billing_documents.official import failed_rules, schema_errors
from tests.billing_documents.samples import full, samples, simple
from tests.billing_documents.strategies import documents

WRITERS = {"ubl": ubl_bytes, "cii": cii_bytes}
READERS = {"ubl": read_ubl, "cii": read_cii}
NAMES = sorted(samples())


@pytest.mark.parametrize("syntax", WRITERS)
@pytest.mark.parametrize("name", NAMES)
def test_written_document_passes_schema_and_rules(name, syntax):
    content = WRITERS[syntax](samples()[name])

    assert schema_errors(content) == []
    assert failed_rules(content, syntax) == []


@pytest.mark.parametrize("syntax", WRITERS)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(document=documents())
def test_any_issuable_document_passes_schema_and_rules_and_reads_back(syntax, document):
    content = WRITERS[syntax](document)

    assert findings(document) == ()
    assert schema_errors(content) == []
    assert failed_rules(content, syntax) == []
    assert READERS[syntax](content) == document
    assert WRITERS[syntax](document) == content


@pytest.mark.parametrize("syntax", WRITERS)
@pytest.mark.parametrize("name", NAMES)
def test_written_document_reads_back_whole(name, syntax):
    document = samples()[name]

    assert READERS[syntax](WRITERS[syntax](document)) == document


def test_a_document_without_service_day_draws_only_the_warning_about_the_group_the_schema_demands():
    document = replace(simple(), delivery=None)

    assert schema_errors(cii_bytes(document)) == []
    assert [text[:23] for text in failed_rules(cii_bytes(document), "cii")] == ["[PEPPOL-EN16931-R008]-D"]
    assert failed_rules(ubl_bytes(document), "ubl") == []
    assert read_cii(cii_bytes(document)) == read_ubl(ubl_bytes(document)) == document


@pytest.mark.parametrize("syntax", WRITERS)
def test_official_rules_can_fail(syntax):
    document = full()
    wrong = replace(document, totals=replace(document.totals, gross=Decimal("3953.12")))

    assert any("BR-CO-15" in text for text in failed_rules(WRITERS[syntax](wrong), syntax))


def test_official_rules_let_a_vat_pass_that_our_check_refuses():
    document = simple()
    wrong = replace(
        document,
        vat=(replace(document.vat[0], tax=Decimal("18.99")),),
        totals=replace(document.totals, tax=Decimal("18.99"), gross=Decimal("118.98"), payable=Decimal("118.98")),
    )

    assert failed_rules(ubl_bytes(wrong), "ubl") == []
    assert {problem.code for problem in findings(wrong)} == {"BR-CO-17", "BR-S-09"}


def test_specification_and_process_of_peppol_are_written():
    document = replace(simple(), specification=PEPPOL, process=PEPPOL_PROCESS)

    assert read_ubl(ubl_bytes(document)) == document
    assert failed_rules(ubl_bytes(document), "ubl") == []


@pytest.mark.parametrize("reader", READERS.values(), ids=READERS)
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no xml",
        b"<a/>",
        b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
        b"<a" * 1000,
    ],
)
def test_a_file_that_is_no_invoice_is_refused(reader, content):
    with pytest.raises(UnreadableInvoice):
        reader(content)


@pytest.mark.parametrize("syntax", WRITERS)
@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (b"99.99<", b"9x9<"),
        (b"99.99<", b"NaN<"),
        (b">S<", b">Q<"),
        (b"20260602<", b"20261302<"),
        (b"2026-06-02", b"2026-13-02"),
    ],
)
def test_a_malformed_value_is_refused(syntax, right, wrong):
    content = WRITERS[syntax](simple())
    if right not in content:
        right, wrong = b"33.33<", b"--<"

    with pytest.raises(UnreadableInvoice):
        READERS[syntax](content.replace(right, wrong))


@pytest.mark.parametrize("syntax", WRITERS)
@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_a_damaged_file_is_read_or_refused_but_never_crashes(syntax, data):
    content = bytearray(WRITERS[syntax](full()))
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))

    with contextlib.suppress(UnreadableInvoice):
        assert READERS[syntax](bytes(content)) is not None
