"""Every component in every state on one page, for those who build screens and for the accessibility check."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django import forms
from django.utils.html import format_html

from quoin.base.listing import Status
from quoin.base.ui import respond
from quoin.base.ui.cells import Cell
from quoin.base.ui.icons import Meaning
from quoin.base.ui.tabs import TabLink
from quoin.kernel.money import Money

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

# The gallery shows parts to developers in the language of the code; nothing of it reaches a user.
_STATUSES = (
    Status("neutral", "Draft"),
    Status("info", "Submitted"),
    Status("success", "Paid"),
    Status("warning", "At risk"),
    Status("danger", "Overdue"),
)


class SampleForm(forms.Form):
    name = forms.CharField(label="Project name", help_text="As it stands on documents of the client.")
    hours = forms.CharField(label="Budget", required=False)
    client = forms.ChoiceField(label="Client", choices=(("fjord", "Fjord AS"), ("nordkraft", "Nordkraft")))
    starts_on = forms.DateField(label="Start", widget=forms.DateInput(attrs={"type": "date"}), required=False)
    note = forms.CharField(label="Note", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    is_billable = forms.BooleanField(label="Billable", required=False)


def gallery(request: HttpRequest) -> HttpResponse:
    """The page; with `?peek` content it also answers as a drawer."""
    figures = (
        respond.KeyFigure("Progress", "46 %", "plan 51 %"),
        respond.KeyFigure("Actual cost", format_html('<a class="figure" href="#">{}</a>', "€142K"), "of €290K"),
        respond.KeyFigure("Forecast cost", "€312K", "over by €21.8K", "danger"),
        respond.KeyFigure("Margin at end", "28.6%", "−2.4 pp", "warning"),
        respond.KeyFigure("Unbilled", "€38.9K", "oldest 62 days"),
    )
    context = {
        "title": "Gallery",
        "area": "Developers",
        "status": _STATUSES[3],
        "number_text": "1042",
        "figures": figures,
        "tabs": tuple(
            TabLink(label.lower(), label, "#", label == "Overview", count)
            for label, count in (("Overview", None), ("Plan", None), ("Tasks", 24), ("Team", 6), ("Money", None))
        ),
        "statuses": _STATUSES,
        "meanings": tuple(Meaning),
        "heats": range(7),
        "rows": _rows(),
        "form": SampleForm(),
        "bad_form": _bad_form(),
        "total": _euro("48310.00"),
        "minus": _euro("-1204.50"),
        "on": date(2026, 5, 6),
        "trend": (12, 14, 13, 17, 19, 18, 22, 24, 23, 28),
        "ratio": Decimal("0.286"),
        "cells": (
            Cell("/gallery/cell", "left", "6:30", "6:30", "Left", '"1"', "duration"),
            Cell(
                "/gallery/cell",
                "phase",
                "build",
                "Build",
                "Phase",
                '"1"',
                "select",
                (("plan", "Plan"), ("build", "Build")),
            ),
        ),
    }
    return respond.page(request, "ui/gallery.html", context)


def _euro(amount: str) -> Money:
    return Money(Decimal(amount), "EUR")


def _bad_form() -> SampleForm:
    form = SampleForm({"name": "", "hours": "25h", "client": "fjord"})
    form.add_error("hours", "25 h is more than a day. Type 25m for minutes.")
    return form


def _rows() -> tuple[dict[str, object], ...]:
    names = (
        ("2026-0391", "Fjord AS", "48310.00", 4),
        ("2026-0392", "Nordkraft", "18000.00", 2),
        ("2026-0393", "Vega Marine", "90000.00", 1),
        ("2026-0394", "Odda Kommune", "-9240.00", 0),
        ("2026-0395", "Halden Digital", "0.00", 3),
    )
    return tuple(
        {
            "number": number,
            "client": client,
            "net": _euro(amount),
            "status": _STATUSES[status],
            "minutes": 450 + 97 * position,
            "due": date(2026, 5, 6 + position),
        }
        for position, (number, client, amount, status) in enumerate(names)
    )
