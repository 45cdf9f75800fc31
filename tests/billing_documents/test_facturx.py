"""The printed document: PDF/A-3 with the e-invoice inside, same bytes each time, and nothing typed becomes markup."""

from __future__ import annotations

import io
import shutil
import subprocess
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import facturx
import pikepdf
import pytest
import segno

from quoin.billing.adapters.cii_reader import read_cii
from quoin.billing.adapters.facturx import embed, extract, render_documents
from quoin.billing.adapters.labels import LABELS, UNITS, language_of
from quoin.billing.adapters.markup import UnreadableInvoice
from quoin.billing.adapters.payment_qr import payment_qr_svg, payment_qr_text
from quoin.billing.adapters.pdf import MAX_ENTRIES, PdfFailed, render_pdf
from quoin.billing.adapters.pdf_content import HoursEntry, LineGroup, Presentation, pdf_content
from quoin.billing.adapters.ubl_reader import read_ubl
from quoin.billing.rules.einvoice import Identifier, Payment, Price
from quoin.billing.rules.einvoice_check import InvoiceRefused
from quoin.billing.rules.einvoice_totals import with_totals
from quoin.billing.rules.tax import VatCategory
from quoin.kernel.errors import Invalid
from tests.billing_documents.samples import PAYMENT, credit_note, direct_debit, full, in_category, samples, simple

ENTRIES = (
    HoursEntry(worked_on=date(2026, 5, 5), person="Jonas Weber", task="API", note="Stock levels", minutes=395),
    HoursEntry(worked_on=date(2026, 5, 4), person="Ana Pereira", task="Design", note="Checkout", minutes=440),
)
needs_pdftotext = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext (poppler-utils) is missing")


def text_of(pdf: bytes, tmp_path: Path) -> str:
    file = tmp_path / "document.pdf"
    file.write_bytes(pdf)
    read = subprocess.run(["pdftotext", "-layout", str(file), "-"], capture_output=True, check=True, timeout=30)
    return " ".join(read.stdout.decode().split())


@pytest.mark.parametrize("name", sorted(samples()))
def test_pdf_xml_and_document_say_the_same(name):
    document = samples()[name]

    rendered = render_documents(document)

    assert extract(rendered.pdf) == rendered.cii
    assert facturx.get_facturx_xml_from_pdf(rendered.pdf) == ("factur-x.xml", rendered.cii)
    assert read_cii(rendered.cii).totals == read_ubl(rendered.ubl).totals == document.totals
    assert render_documents(document) == rendered


def test_digests_are_those_of_the_bytes():
    rendered = render_documents(simple())

    assert len({rendered.pdf_sha256, rendered.ubl_sha256, rendered.cii_sha256}) == 3
    assert render_documents(replace(simple(), notes=("Other",))).pdf_sha256 != rendered.pdf_sha256


def test_pdf_has_the_marks_of_pdf_a_3_and_factur_x():
    rendered = render_documents(full())

    with pikepdf.open(io.BytesIO(rendered.pdf)) as file:
        root = file.Root
        assert [str(each.AFRelationship) for each in root.AF] == ["/Alternative"]
        assert str(root.AF[0].EF.F.Subtype) == "/text/xml"
        assert bool(root.MarkInfo.Marked)
        assert {"/OutputIntents", "/StructTreeRoot", "/Lang"} <= set(root.keys())
        metadata = file.open_metadata()
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "A")
        facts = "{urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#}"
        assert metadata[facts + "ConformanceLevel"] == "EN 16931"
        assert metadata[facts + "DocumentFileName"] == "factur-x.xml"
        assert "Factur-X PDFA Extension Schema" in root.Metadata.read_bytes().decode()


def test_a_document_with_findings_is_not_rendered():
    with pytest.raises(InvoiceRefused):
        render_documents(replace(simple(), number=""))


def test_a_file_that_says_something_else_is_never_handed_out(monkeypatch):
    monkeypatch.setattr("quoin.billing.adapters.facturx.read_ubl", lambda _: simple())

    with pytest.raises(PdfFailed):
        render_documents(replace(simple(), number="2026-0392"))


def test_a_pdf_that_takes_too_long_lets_the_caller_go(monkeypatch):
    monkeypatch.setattr("quoin.billing.adapters.pdf.TIME_CAP_SECONDS", 0.0)

    with pytest.raises(PdfFailed, match="not ready"):
        render_pdf(full())


def test_a_broken_logo_is_told_apart_from_missing_characters():
    with pytest.raises(PdfFailed):
        render_pdf(simple(), Presentation(logo=b"no picture", logo_kind="png"))


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"no pdf"])
def test_extract_refuses_what_is_no_pdf(content):
    with pytest.raises(UnreadableInvoice):
        extract(content)


@pytest.mark.parametrize("harm", [(b"startxref", b"startxxxx"), (b"/Metadata", b"/Metabata"), (b"/Lang", b"/AF")])
def test_an_invoice_is_added_only_to_a_pdf_of_the_known_shape(harm):
    printed = render_pdf(simple())

    with pytest.raises(PdfFailed, match="shape"):
        embed(printed.replace(*harm), b"<xml/>", simple())


def test_what_was_printed_stays_as_it_is_when_the_invoice_is_added():
    printed = render_pdf(simple())

    assert embed(printed, b"<xml/>", simple()).startswith(printed)


def test_extract_refuses_a_pdf_without_invoice():
    with pytest.raises(UnreadableInvoice):
        extract(render_pdf(simple()))


def test_spaces_and_order_of_identifiers_do_not_matter():
    document = simple()
    seller = replace(document.seller, ids=(Identifier("4012345000009", "0088"), Identifier("4711")))

    rendered = render_documents(replace(document, seller=seller, notes=("  spaced \x07 ",)))

    assert read_ubl(rendered.ubl).notes == ("spaced",)


@needs_pdftotext
def test_printed_text_shows_number_totals_and_bank_account(tmp_path):
    text = text_of(render_pdf(full(), Presentation(entries=ENTRIES)), tmp_path)

    for part in ("2026-0391", "€3,453.10", "3,359.50", "567.53", "DE75 5121 0800 1245 1261 99", "7:20 h", "13:55"):
        assert part in text


@needs_pdftotext
@pytest.mark.parametrize("language", sorted(LABELS))
def test_printed_text_is_in_the_clients_language(language, tmp_path):
    text = text_of(render_pdf(simple(), Presentation(language=language, is_demo=True)), tmp_path)

    words = LABELS[language]
    assert [word for word in (words["invoice"], words["payable"], words["description"]) if word not in text] == []
    assert "DE75 5121" in text


@needs_pdftotext
def test_typed_markup_is_printed_as_it_was_typed(tmp_path):
    typed = '#panic("x") *a* $b$ [c] \\ `d` <e> @f #read("/etc/passwd")'
    document = simple()

    text = text_of(render_pdf(replace(document, notes=(typed,))), tmp_path)

    assert typed in text


@needs_pdftotext
def test_characters_no_font_has_are_printed_as_question_marks(tmp_path):
    document = simple()
    buyer = replace(document.buyer, name="Kranich \U00013000\ue000\x07 Ω")

    text = text_of(render_pdf(replace(document, buyer=buyer)), tmp_path)

    assert "Kranich ? Ω" in text


def test_hundreds_of_lines_and_entries_fit_in_the_time_cap():
    line = simple().lines[0]
    lines = tuple(replace(line, id=str(number)) for number in range(400))

    pdf = render_pdf(replace(simple(), lines=lines), Presentation(entries=ENTRIES * 1000))

    with pikepdf.open(io.BytesIO(pdf)) as file:
        assert len(file.pages) > 30


@pytest.mark.parametrize(
    "presentation",
    [
        Presentation(accent="red"),
        Presentation(logo=b"x", logo_kind="exe"),
        Presentation(logo=b"x" * 2_000_001),
        Presentation(entries=ENTRIES[:1] * (MAX_ENTRIES + 1)),
    ],
    ids=["accent", "kind", "size", "entries"],
)
def test_a_presentation_that_cannot_be_printed_is_refused(presentation):
    with pytest.raises(Invalid):
        render_pdf(simple(), presentation)


def test_logo_is_printed():
    logo = b'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="10"><path d="M0 0h40v10H0z"/></svg>'

    assert render_pdf(simple(), Presentation(logo=logo, logo_kind="svg")) != render_pdf(simple())


def test_lines_are_grouped_with_subtotals():
    groups = (LineGroup("Website", ("1", "2")), LineGroup("Nothing", ("99",)))

    content = pdf_content(full(), Presentation(groups=groups))

    assert [(group["title"], group["subtotal"], len(group["lines"])) for group in content["groups"]] == [
        ("Website", "3,017.17", 2),
        ("", "", 1),
    ]


def test_reverse_charge_sentence_is_printed():
    content = pdf_content(in_category(VatCategory.REVERSE_CHARGE), Presentation(language="fr"))

    assert content["exemptions"] == ["AE: Reverse charge"]
    assert content["recipient"][-1] == "FRANCE"


def test_credit_note_names_its_invoice_and_asks_for_no_payment():
    content = pdf_content(credit_note(), Presentation(language="de"))

    assert ["Korrigiert Rechnung", "INV-1, 5. April 2026"] in content["facts"]
    assert content["payment"] == {"rows": [], "sentence": ""}
    assert payment_qr_svg(credit_note()) == b""


def test_direct_debit_is_announced():
    payment = Payment(means_code="59", mandate="M-1", creditor_id="DE98ZZZ", debited_account="DE75512108001245126199")

    content = pdf_content(replace(simple(), payment=payment), Presentation())

    assert content["payment"]["sentence"] == (
        "The amount will be debited from account DE75 5121 0800 1245 1261 99, mandate M-1."
    )


def test_second_currency_of_the_vat_is_printed():
    assert ["VAT (NOK)", "NOK\xa0221.35"] in pdf_content(direct_debit(), Presentation())["sums"]


def test_yen_is_printed_without_decimals():
    line = replace(simple().lines[0], net=Decimal(3300), price=Price(net=Decimal(3300)))
    document = with_totals(replace(simple(), currency="JPY", lines=(line,)))

    content = pdf_content(document, Presentation())

    assert content["due"] == ["Amount due", "JP¥3,927"]
    assert content["groups"][0]["lines"][0]["price"] == "3,300"


def test_price_per_hundred_says_so():
    price = Price(net=Decimal("0.0125"), base_quantity=Decimal(100), base_unit="C62")
    line = replace(simple().lines[0], price=price)

    content = pdf_content(replace(simple(), lines=(line,)), Presentation())

    assert content["groups"][0]["lines"][0]["price"] == "0.0125 per 100"


def test_payment_code_holds_the_transfer_of_epc069():
    text = payment_qr_text(simple())

    assert text.split("\n") == [
        "BCD", "002", "1", "SCT", "SOLADEST600", "Halden Digital GmbH", "DE75512108001245126199", "EUR118.99",
        "", "", "2026-0391",
    ]  # fmt: skip
    assert payment_qr_svg(simple()).startswith(b"<svg")
    assert int(segno.make_qr(text, error="m", boost_error=False).version) <= 13


@pytest.mark.parametrize(
    "changes",
    [
        {"currency": "USD"},
        {"payment": None},
        {"payment": replace(PAYMENT, accounts=())},
        {"payment": replace(PAYMENT, accounts=(replace(PAYMENT.accounts[0], iban="8601"),))},
        {"totals": replace(simple().totals, payable=Decimal(0))},
        {"totals": replace(simple().totals, payable=None)},
    ],
    ids=["currency", "no payment", "no account", "no iban", "nothing due", "no total"],
)
def test_payment_code_is_left_out_where_the_standard_has_none(changes):
    assert payment_qr_text(replace(simple(), **changes)) == ""


def test_every_language_has_every_word_and_unit():
    assert {language: set(words) for language, words in LABELS.items()} == {key: set(LABELS["en"]) for key in LABELS}
    assert {language: set(units) for language, units in UNITS.items()} == {key: set(UNITS["en"]) for key in LABELS}
    assert [language_of(code) for code in ("de-AT", "no", "NB", "fi", "")] == ["de", "nb", "nb", "en", "en"]
