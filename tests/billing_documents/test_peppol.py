"""Documents for the Peppol network pass the rules of Peppol BIS Billing 3.0."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from quoin.billing.adapters.cii import cii_bytes
from quoin.billing.adapters.ubl import ubl_bytes
from quoin.billing.rules.einvoice import PEPPOL, PEPPOL_PROCESS, Identifier, InvoiceDocument
from tests.billing_documents.samples import samples
from tests.billing_documents.schematron import failures

RULES = Path(__file__).parents[3] / "shared" / "data" / "formats" / "einvoice" / "peppol-bis-3" / "rules"
pytestmark = pytest.mark.skipif(not RULES.is_dir(), reason="the shared Peppol rules are not beside the repository")

WRITERS = {"UBL": ubl_bytes, "CII": cii_bytes}


def for_peppol(document: InvoiceDocument) -> InvoiceDocument:
    """With what Peppol asks for on top: the process, and addresses of schemes its directory knows."""
    return replace(
        document,
        specification=PEPPOL,
        process=PEPPOL_PROCESS,
        seller=replace(document.seller, electronic_address=Identifier("DE136695976", "9930")),
        buyer=replace(document.buyer, electronic_address=Identifier("DE811569869", "9930")),
    )


@pytest.mark.parametrize("syntax", WRITERS)
@pytest.mark.parametrize("name", sorted(samples()))
def test_document_for_peppol_has_no_failure(name, syntax):
    content = WRITERS[syntax](for_peppol(samples()[name]))

    assert failures(content, RULES / "sch" / f"PEPPOL-EN16931-{syntax}.sch") == []


def test_peppol_rules_can_fail():
    content = ubl_bytes(samples()["simple"])

    assert "PEPPOL-EN16931-R001 fatal" in failures(content, RULES / "sch" / "PEPPOL-EN16931-UBL.sch")
