"""Status reports: drafted from facts, worded by people, sent or kept; what was told stays."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from quoin.base.actions import action, running_action_id, touch, undo_with
from quoin.base.actor import Actor
from quoin.base.events import emit
from quoin.base.mail.send import queue_mail
from quoin.base.ui import formats
from quoin.governance import services
from quoin.governance.models import StatusReport
from quoin.governance.queries import report_for
from quoin.governance.queries.drafting import draft_of
from quoin.governance.rules.shown import digest_of
from quoin.governance.types import MoneyBlock, ReportStatus, WrongState
from quoin.kernel.errors import invalid
from quoin.kernel.words import say
from quoin.projects.services import change_project
from quoin.projects.services.own import own_project
from quoin.projects.types import Health

_DRAFT, _EDIT, _REFRESH = "governance.report.draft", "governance.report.edit", "governance.report.refresh"
_SEND, _KEEP, _DROP = "governance.report.send", "governance.report.keep", "governance.report.drop"
_EDITABLE = frozenset({"health", "health_reason", "summary", "done", "upcoming", "asks"})


@action(_DRAFT, label=_("Draft a status report"))
def draft_report(
    actor: Actor, *, project_id: UUID | str, as_of: date | str | None = None, money: str = "hours"
) -> StatusReport:
    """The report as the facts of the day tell it; asks are taken over from the last one."""
    project = own_project(actor, _DRAFT, project_id, "client", "contract")
    made = StatusReport(project=project, as_of=services.day(as_of) or actor.today, written_by=actor.name)
    if made.as_of > actor.today:
        raise invalid("/as_of", "A report tells of today or an earlier day.")
    last = StatusReport.objects.filter(project=project).exclude(status=ReportStatus.DRAFT).order_by("-as_of").first()
    made.asks = last.asks if last else ""
    _write(actor, made, _block(money))
    made.number = services.next_in_project(StatusReport, project)
    made.save(force_insert=True)
    touch(made.public_id)
    undo_with(_DROP, report_id=made.id)
    return made


@action(_REFRESH, label=_("Draft a status report anew"))
def refresh_report(actor: Actor, *, report_id: UUID | str, money: str | None = None) -> StatusReport:
    """Facts and proposed texts as of the report's day, as they are now."""
    found = _draft(actor, _REFRESH, report_id)
    _write(actor, found, _block(found.money if money is None else money))
    found.save()
    touch(found.public_id)
    return found


@action(_EDIT, label=_("Edit a status report"))
def edit_report(actor: Actor, /, *, report_id: UUID | str, **fields: str) -> StatusReport:
    """The texts and the colour; the figures stay as they were drafted."""
    found = _draft(actor, _EDIT, report_id)
    undo_with(_EDIT, report_id=found.id, **{name: getattr(found, name, "") for name in fields})
    for name, value in fields.items():
        if name not in _EDITABLE:
            raise invalid(
                f"/{name}", say("There is no field %(name)s that can be set.", name=name), code="unknown_field"
            )
        setattr(found, name, _health(value) if name == "health" else str(value).strip())
    found.save(update_fields=list(fields))
    touch(found.public_id)
    return found


@action(_SEND, label=_("Send a status report"))
def send_report(actor: Actor, *, report_id: UUID | str, to: Iterable[str]) -> StatusReport:
    """By mail to the named addresses; it stays as it is from now on."""
    found = _draft(actor, _SEND, report_id)
    addresses = sorted({one.strip() for one in to if one.strip()})
    wrong = next((one for one in addresses if "@" not in one), "")
    if wrong or not addresses:
        raise invalid(
            "/to",
            say("%(wrong)s is no mail address.", wrong=repr(wrong)) if wrong else "Say to whom it goes.",
            code="required",
        )
    _tell(actor, found, ReportStatus.SENT, addresses)
    with translation.override(found.project.client.language):
        subject = _t("%(project)s: status of %(day)s") % {
            "project": found.project.name,
            "day": formats.day(found.as_of, found.project.client.language),
        }
        text = _text(found)
    for address in addresses:
        queue_mail(actor, to=address, subject=subject, text=text, about=found.public_id)
    emit(actor, "governance.report.sent", running_action_id(), report_id=found.id, project_id=found.project_id)
    return found


@action(_KEEP, label=_("Keep a status report"))
def keep_report(actor: Actor, *, report_id: UUID | str) -> StatusReport:
    """Nobody is told by mail; it stays as it is from now on."""
    found = _draft(actor, _KEEP, report_id)
    _tell(actor, found, ReportStatus.KEPT, [])
    return found


@action(_DROP, label=_("Drop a draft of a status report"))
def drop_report(actor: Actor, *, report_id: UUID | str) -> None:
    found = _draft(actor, _DROP, report_id)
    touch(found.public_id)
    found.delete()


def _write(actor: Actor, report: StatusReport, money: MoneyBlock) -> None:
    draft = draft_of(actor, report.project, report.as_of, money)
    report.money, report.facts, report.written_at = money, draft.facts, actor.now
    report.health, report.health_reason = draft.proposal.health, draft.reason
    report.summary, report.done, report.upcoming = draft.summary, draft.done, draft.upcoming


def _tell(actor: Actor, report: StatusReport, status: ReportStatus, addresses: list[str]) -> None:
    """The report is final; the project shows its colour and reason."""
    if not report.summary:
        raise invalid("/summary", "Say in a sentence how the project stands.", code="required")
    report.status, report.told_at, report.sent_to = status, actor.now, addresses
    report.digest = digest_of(
        {name: getattr(report, name) for name in (*sorted(_EDITABLE), "as_of", "facts", "number")}
    )
    report.save()
    change_project(report.project_id, health=report.health, health_note=report.health_reason)
    touch(report.public_id)


def _text(report: StatusReport) -> str:
    blocks = (
        (_t("Summary"), report.summary),
        (_t("Health"), f"{report.health.replace('_', ' ')}: {report.health_reason}"),
        (_t("Done"), report.done),
        (_t("Next two weeks"), report.upcoming),
        (_t("We need from you"), report.asks),
    )
    return "\n\n".join(f"{title}\n{text}" for title, text in blocks if text)


def _draft(actor: Actor, right: str, report_id: UUID | str) -> StatusReport:
    seen = report_for(actor, UUID(str(report_id)))
    project = own_project(actor, right, seen.project_id, "client", "contract")
    found = StatusReport.objects.select_for_update(of=("self",)).get(id=seen.id)
    found.project = project
    if found.status != ReportStatus.DRAFT:
        raise WrongState(
            say(
                "Report %(number)s was told on %(told_at)s and stays. Draft a new one.",
                number=found.number,
                told_at=f"{found.told_at:%Y-%m-%d}",
            )
        )
    return found


def _block(value: str) -> MoneyBlock:
    try:
        return MoneyBlock(value)
    except ValueError:
        raise invalid(
            "/money",
            say("%(value)s is not one of %(blocks)s.", value=repr(value), blocks=", ".join(MoneyBlock)),
            code="not_a_choice",
        ) from None


def _health(value: Any) -> str:
    try:
        return Health(value)
    except ValueError:
        raise invalid(
            "/health",
            say("%(value)s is not one of %(choices)s.", value=repr(value), choices=", ".join(Health)),
            code="not_a_choice",
        ) from None
