"""The printed status report, in the language that is active: the same words and frozen figures as on the screen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from quoin.base.files.typeset import Sheet, typeset
from quoin.base.ui import formats
from quoin.kernel.money import Money

_TEMPLATE = Path(__file__).parent / "templates" / "status_report.typ"
_COLOURS = {"on_track": "#1a7f4b", "at_risk": "#9a6700", "off_track": "#b42318"}


def report_pdf(report: Any) -> bytes:
    """The report as PDF/A-3a; a draft says that it is one. The same report makes the same bytes."""
    return typeset(Sheet(_TEMPLATE.read_bytes(), report_content(report), report.as_of))


def report_content(report: Any) -> dict[str, Any]:
    """Every text of the report, as it is printed."""
    language = (get_language() or "en")[:2]
    facts: Mapping[str, Any] = report.facts
    healths = {"on_track": _("On track"), "at_risk": _("At risk"), "off_track": _("Off track")}
    progress = formats.percent(Decimal(facts["progress"]), language, places=0)
    used = formats.percent(Decimal(facts["used"]), language, places=0) if facts.get("used") else ""
    head = [
        (_("Client"), report.project.client.name),
        (_("Project"), f"{report.project.number} · {report.project.name}"),
        (_("As of"), _day(report.as_of.isoformat(), language)),
        (_("Work done"), progress),
        (_("Hours used"), used),
        (_("End"), _day(facts.get("ends_on"), language)),
        (_("Written by"), report.written_by),
    ]
    return {
        "language": language,
        "title": _("Status report"),
        "number": f"{report.project.number}/{report.number}",
        "firm": report.project.client.name,
        "draft": _("Draft: not sent yet") if report.status == "draft" else "",
        "issued": [report.as_of.year, report.as_of.month, report.as_of.day],
        "health": {"label": healths[report.health], "colour": _COLOURS[report.health], "why": report.health_reason},
        "facts": [list(one) for one in head if one[1]],
        "texts": [
            [heading, text]
            for heading, text in (
                (_("Summary"), report.summary), (_("Done"), report.done), (_("Next two weeks"), report.upcoming),
                (_("We need from you"), report.asks),
            )
            if text
        ],
        "tables": [one for one in _tables(facts, language) if one["rows"]],
        "labels": {"page": _("Page"), "of": _("of"), "digest": _("Fingerprint")},
        "digest": report.digest,
    }  # fmt: skip


def _tables(facts: Mapping[str, Any], language: str) -> list[dict[str, Any]]:
    return [
        {
            "title": _("Figures"), "columns": [_("Figure"), _("Value")], "right": [1],
            "rows": [[one["label"], _sums(one, language)] for one in facts["figures"]],
        },
        {
            "title": _("Milestones"), "columns": [_("Milestone"), _("Planned"), _("Now"), _("State")], "right": [],
            "rows": [_milestone(one, language) for one in facts["milestones"]],
        },
        {
            "title": _("Dates that slipped"), "columns": [_("Task"), _("Planned"), _("Now"), _("Days")], "right": [3],
            "rows": [
                [one["name"], _day(one["was_due_on"], language), _day(one["due_on"], language), str(one["delay_days"])]
                for one in facts["slipped"]
            ],
        },
        {
            "title": _("Risks"), "columns": [_("Risk"), _("Score"), _("Expected"), _("What we do about it")],
            "right": [1, 2],
            "rows": [
                [one["title"], str(one["score"] or "–"), _money(one["expected"], one["currency"], language),
                 one["response"] or "–"]
                for one in facts["raid"]
            ],
        },
        {
            "title": _("Change orders"), "columns": [_("#"), _("Change order"), _("Status"), _("Price")],
            "right": [0, 3],
            "rows": [
                [str(one["number"]), one["title"], _change(one["status"]),
                 _money(one["price"], one["currency"], language)]
                for one in facts["changes"]
            ],
        },
    ]  # fmt: skip


def _milestone(one: Mapping[str, Any], language: str) -> list[str]:
    state = _("reached") if one["is_done"] else _("as planned")
    if not one["is_done"] and one["delay_days"] > 0:
        days = one["delay_days"]
        state = ngettext("%(days)s day later", "%(days)s days later", days) % {"days": days}
    return [one["name"], _day(one["was_due_on"], language), _day(one["due_on"], language), state]


def _change(status: str) -> str:
    words = {"sent": _("Sent"), "accepted": _("Accepted"), "declined": _("Declined")}
    return words.get(status, status)


def _sums(one: Mapping[str, Any], language: str) -> str:
    if one["unit"] == "money":
        return " + ".join(_money(amount, currency, language) for currency, amount in one["sums"].items()) or "–"
    total = Decimal(one["sums"].get("", "0"))
    return formats.duration(int(total), language) if one["unit"] == "minutes" else formats.number(total, language)


def _money(amount: str | None, currency: str, language: str) -> str:
    return formats.money(Money(Decimal(amount), currency).round(), language) if amount else "–"


def _day(text: str | None, language: str) -> str:
    return formats.day(date.fromisoformat(text), language) if text else "–"
