"""Lists of journals and lines, for screens, API and exports."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from quoin.base.listing import Column, Kind, Listing
from quoin.base.ui.stored import retold, stores
from quoin.kernel.ids import public_id
from quoin.ledger.queries.memos import MEMOS

SOURCES = {
    "approval": _("Approved time"),
    "reopening": _("Approval taken back"),
    "expense": _("Expense"),
    "expense_approval": _("Expense to bill"),
    "expense_reopening": _("Expense taken back"),
    "reprice": _("Priced again"),
    "write_down": _("Write-down or write-up"),
    "recognition": _("Revenue recognised"),
    "retainer": _("Retainer settled"),
    "invoice": _("Invoice"),
    "credit_note": _("Credit note"),
    "payment": _("Payment"),
    "revaluation": _("Exchange differences"),
    "revaluation_reversal": _("Exchange differences taken back"),
}
"""What posted a journal, in words."""
stores(MEMOS)

JOURNALS = Listing(
    key="journals",
    columns=(
        Column(key="posting_on", label=_("Posted on"), kind=Kind.DAY),
        Column(
            key="source", label=_("Source"), source="source_kind",
            value=lambda row: SOURCES.get(row.source_kind, row.source_kind),
        ),
        Column(key="memo", label=_("Text"), value=lambda row: retold(row.memo)),
        Column(key="entity", label=_("Entity"), source="entity__code"),
        Column(key="lines", label=_("Lines"), kind=Kind.NUMBER, source="line_count"),
        Column(key="amount", label=_("Amount"), kind=Kind.MONEY, source="debit_amount", currency="entity__currency"),
    ),
    search=("memo__icontains", "source_kind__icontains"),
    sort="-posting_on",
)  # fmt: skip


def _about(name: str, prefix: str, row: Any) -> str:
    """What the line is about, by its id: the ledger knows no names."""
    found = getattr(row, name)
    return public_id(prefix, found) if found else ""


LINES = Listing(
    key="journal-lines",
    columns=(
        Column(key="posting_on", label=_("Posted on"), kind=Kind.DAY, source="journal__posting_on"),
        Column(key="account", label=_("Account"), source="account__code"),
        Column(key="name", label=_("Name"), source="account__name", value=lambda row: _(row.account.name)),
        Column(key="memo", label=_("Text"), source="journal__memo", value=lambda row: retold(row.journal.memo)),
        Column(key="entity", label=_("Entity"), source="journal__entity__code"),
        Column(key="amount", label=_("Amount"), kind=Kind.MONEY, currency="currency", is_totalled=True),
        Column(
            key="base", label=_("In the books"), kind=Kind.MONEY, source="base_amount",
            currency="journal__entity__currency", is_totalled=True,
        ),
        Column(key="currency", label=_("Currency"), is_default=False),
        *(
            Column(
                key=key, label=label, filter_source=f"{key}_id", value=partial(_about, f"{key}_id", prefix),
                ops=("eq", "isnull"), is_sortable=False, is_default=False,
            )
            for key, label, prefix in (
                ("client", _("Client"), "cli"), ("contract", _("Contract"), "ctr"), ("obligation", _("Pack"), "pck"),
            )
        ),
    ),
    search=("journal__memo__icontains", "account__name__icontains"),
    sort="-posting_on",
)  # fmt: skip
