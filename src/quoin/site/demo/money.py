"""From worked hours to cash: milestones, monthly and quarterly billing runs, payments, credit notes, closed months."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from quoin.base.actions import action, running_action_id, touch
from quoin.base.actor import Actor
from quoin.base.db.statistics import refresh_statistics
from quoin.base.events import emit_many
from quoin.billing.actions.charges import hold_charges, write_down_charges
from quoin.billing.actions.invoices import correct_invoice, issue_invoices, issue_run
from quoin.billing.actions.pricing import settle_months
from quoin.billing.actions.runs import build_run
from quoin.billing.models import Charge, Invoice
from quoin.billing.services.paying import Receipt, record_all
from quoin.billing.types import Share
from quoin.kernel.money import Money
from quoin.kernel.period import add_months, iso_week
from quoin.ledger.actions.periods import close_period
from quoin.ledger.models import FiscalPeriod
from quoin.revenue.actions.runs import recognise_revenue
from quoin.sales.models import Milestone
from quoin.sales.services import mark_all_reached
from quoin.site.demo.chance import Chance
from quoin.site.demo.engagements import FJORD, VEGA, Engagement
from quoin.site.demo.people import Staff
from quoin.site.demo.work import Portfolio

_BILLING_DAY = 12
_QUARTER = 3
_CENT = Decimal("0.01")
_WAITING_DAYS = 62
_WAITING_AMOUNT = Decimal(38_900)
_OPEN_MONTHS = 3
_CORRECTED_MONTHS_AGO = 5
_GROWING = (
    "billing_invoice", "billing_invoiceline", "billing_invoiceitem", "billing_charge", "ledger_journal",
    "ledger_journalline",
)  # fmt: skip


@dataclass(slots=True)
class Till:
    """The billing of the past months, one after the other."""

    staff: Staff
    portfolio: Portfolio
    engagements: list[Engagement]
    chance: Chance
    now: datetime
    begun_on: date
    issued: list[Invoice] = field(default_factory=list)

    @property
    def today(self) -> date:
        return self.now.date()

    @property
    def finance(self) -> Actor:
        return self.staff.actor(self.staff.with_job("finance")[0])

    def bill(self, told: Callable[[date], None]) -> None:
        """Every month but the last two is billed; of those the work waits for the next run."""
        month = self.begun_on
        last = add_months(self.today.replace(day=1), -1)
        while month <= last:
            told(month)
            billed_on = add_months(month, 1).replace(day=_BILLING_DAY)
            actor = self.finance.at(min(self.now, _moment(billed_on)))
            self._settle(actor, add_months(month, 1) - timedelta(days=1))
            if month < last:
                self._run(actor, month)
            if month == add_months(last, -_CORRECTED_MONTHS_AGO):
                self._correct()
            if month == self.begun_on:
                refresh_statistics(*_GROWING)
            month = add_months(month, 1)
        self._pay()
        self._close()

    def _settle(self, actor: Actor, month_end: date) -> None:
        """Milestones that were reached, retainers' months, and the revenue of work by progress."""
        slow = self.portfolio.contracts[VEGA].id
        # The crane is late, and so is all that comes after the delivery.
        due = Milestone.objects.filter(reached_on=None, due_on__lte=month_end).exclude(contract_id=slow, position__gt=1)
        reach_milestones(actor, milestone_ids=list(due.order_by("due_on", "id").values_list("id", flat=True)))
        settle_months(actor, on=month_end)
        recognise_revenue(actor, up_to=month_end)

    def _run(self, actor: Actor, month: date) -> None:
        """Retainers are billed by the quarter, all else by the month."""
        month_end = add_months(month, 1) - timedelta(days=1)
        self._hold(actor, month, month_end)
        self._write_down(actor, month, month_end)
        is_quarter = month.month % _QUARTER == 0
        ids = [self.portfolio.contracts[one.key].id for one in self.engagements if one.kind != "retainer" or is_quarter]
        built = build_run(actor, work_until=month_end, contract_ids=ids)
        if built.drafts:
            issued = issue_run(actor, run_id=built.run.id, count=len(built.drafts), issue_on=actor.today)
            self.issued += issued.invoices

    def _hold(self, actor: Actor, month: date, month_end: date) -> None:
        """Fjord's extra work waits for a signature: so much of it, up to two months ago."""
        waiting_on = self.today - timedelta(days=_WAITING_DAYS)
        if waiting_on.replace(day=1) != month:
            return
        project = self.portfolio.projects[FJORD]
        rows = Charge.objects.filter(project=project, status="unbilled", work_on__lte=min(waiting_on, month_end))
        found = list(rows.order_by("-work_on", "-amount", "id").values_list("id", "amount"))
        chosen = _worth(found, _WAITING_AMOUNT)
        if chosen:
            until = add_months(self.today, 2)
            hold_charges(actor, charge_ids=chosen, until=until, reason="Change order 4 is not signed.")

    def _write_down(self, actor: Actor, month: date, month_end: date) -> None:
        rows = Charge.objects.filter(
            status="unbilled", kind="time", work_on__gte=month, work_on__lte=month_end, amount__gt=0, held_until=None
        ).order_by("work_on", "id")
        found = list(rows.values_list("id", flat=True)[:400])
        chosen = self.chance.some_of(found, 2)
        if chosen:
            write_down_charges(actor, charge_ids=chosen, reason="Training time of our own, not for the client.")

    def _correct(self) -> None:
        """One invoice went to the wrong cost centre: credited, and issued again the week after."""
        wrong = self.issued[-1]
        assert wrong.issue_on is not None
        corrected_on = wrong.issue_on + timedelta(days=6)
        actor = self.finance.at(_moment(corrected_on))
        _, draft = correct_invoice(actor, invoice_id=wrong.id, reason="Billed to the wrong cost centre.")
        again = issue_invoices(actor, invoice_ids=[draft.id], issue_on=actor.today)
        self.issued = [one for one in self.issued if one.id != wrong.id] + list(again.invoices)

    def _pay(self) -> None:
        """Most pay around the due day, a few in part, and some have not paid yet; written down once a week."""
        weeks: defaultdict[str, list[tuple[date, Invoice, Decimal]]] = defaultdict(list)
        for invoice in self.issued:
            assert invoice.due_on is not None
            paid_on = invoice.due_on + timedelta(days=self.chance.weighted((-6, -2, 0, 3, 9, 24), (2, 4, 6, 5, 3, 2)))
            share = self.chance.weighted((100, 60, 0), (93, 3, 4))
            if paid_on > self.today or not share or invoice.gross_amount <= 0:
                continue
            amount = (invoice.gross_amount * share / 100).quantize(_CENT, ROUND_HALF_UP)
            weeks[iso_week(paid_on)].append((paid_on, invoice, amount))
        for came in weeks.values():
            came.sort(key=lambda one: one[0])
        for week in sorted(weeks):
            record_payments(self.finance.at(_moment(weeks[week][-1][0])), came=weeks[week])

    def _close(self) -> None:
        """All months but the last ones are closed."""
        open_since = add_months(self.today.replace(day=1), -_OPEN_MONTHS)
        actor = self.finance.at(self.now)
        for entity in self.staff.entities.values():
            periods = FiscalPeriod.objects.filter(entity=entity, starts_on__lt=open_since, closed_at=None)
            for starts_on in periods.order_by("starts_on").values_list("starts_on", flat=True):
                close_period(actor, entity_id=entity.id, month=f"{starts_on:%Y-%m}")


@action("site.demo.reach_milestones", label=_("Reach milestones of the demo company"))
def reach_milestones(actor: Actor, *, milestone_ids: Sequence[UUID]) -> None:
    """Each on the day that it was due."""
    rows = Milestone.objects.select_for_update(of=("self",)).filter(id__in=milestone_ids, due_on__isnull=False)
    reached = [(row, row.due_on) for row in rows.order_by("due_on", "id") if row.due_on is not None]
    mark_all_reached(actor, reached)
    touch(f"{len(reached)} milestones")


@action("site.demo.record_payments", label=_("Record what clients of the demo company paid"))
def record_payments(actor: Actor, *, came: Sequence[tuple[date, Invoice, Decimal]]) -> None:
    """Day, invoice and money of each payment."""
    payments = record_all(actor, [
        (
            Receipt(
                entity=invoice.entity, client_id=invoice.client_id, received=Money(amount, invoice.currency),
                received_on=on, reference=f"{invoice.number}",
            ),
            [Share(invoice_id=invoice.id)],
        )
        for on, invoice, amount in came
    ])  # fmt: skip
    told = [{"payment_id": payment.id} for payment in payments]
    emit_many(actor, "billing.payment.recorded", running_action_id(), told)
    touch(f"{len(payments)} payments")


def _worth(rows: list[tuple[UUID, Decimal]], wanted: Decimal) -> list[UUID]:
    """The first of the rows that fit into the amount, with one of them changed for another that comes nearer to it."""
    chosen: list[tuple[UUID, Decimal]] = []
    left = wanted
    for row in rows:
        if 0 < row[1] <= left:
            chosen.append(row)
            left -= row[1]
    others = [row for row in rows if row not in chosen]
    # (what is left over, the one that goes, the one that comes)
    changes = [
        (rest, out[0], into[0]) for out in chosen for into in others if 0 <= (rest := left + out[1] - into[1]) < left
    ]
    if not changes:
        return [row[0] for row in chosen]
    _, gone, come = min(changes)
    return [come if row[0] == gone else row[0] for row in chosen]


def _moment(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
