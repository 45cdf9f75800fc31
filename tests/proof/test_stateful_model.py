"""The product beside a bookkeeper's own copy: any order of record, approve, reopen, hold, write down, bill, credit, pay.

After each step the books must close: every invariant of the database holds, the trial balance is zero, unbilled work
and receivables are what the copy says to the cent, and each approved minute has one fate.
"""

from __future__ import annotations

import os
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from quoin.billing.actions.charges import hold_charges, release_charges, write_down_charges
from quoin.billing.actions.invoices import credit_invoice, issue_invoices
from quoin.billing.actions.payments import record_payment, take_back_payment
from quoin.billing.actions.runs import build_run
from quoin.billing.models import Charge
from quoin.billing.types import Share
from quoin.compliance.queries.checks import run_checks
from quoin.kernel.money import Money
from quoin.ledger.queries.journals import trial_balance
from quoin.projects.models import ProjectMember
from quoin.timesheets.actions.approvals import approve_time, reopen_time
from quoin.timesheets.actions.entries import log_entry
from quoin.timesheets.actions.weeks import submit_week
from tests.make import billing, new_world
from tests.make.time import as_person
from tests.proof.model import Books

NIGHTLY = os.environ.get("HYPOTHESIS_PROFILE") == "nightly"
UNTIL = date(2026, 4, 30)
FIRST_MONDAY = date(2024, 1, 1)
MINUTES = st.sampled_from([1, 7, 20, 50, 61, 90, 100, 440, 480])
_HUNDRED = 100


class Firm(RuleBasedStateMachine):
    """One client, one project, one person at 95.00 an hour; their days one after the other."""

    def __init__(self) -> None:
        super().__init__()
        self.books = Books()
        self.world = new_world()
        self.job = billing.job(self.world, rate="95")
        self.person = self.world.person(cost="0")
        self.world.do(lambda: ProjectMember.objects.create(project=self.job, person=self.person, minutes_per_day=480))
        self.worker = as_person(self.world, self.person)
        self.ids: dict[int, UUID] = {}
        self.charges: dict[int, UUID] = {}
        self.invoices: dict[int, UUID] = {}
        self.payments: dict[int, UUID] = {}
        self.next = 0

    def number(self) -> int:
        self.next += 1
        return self.next

    @rule(minutes=MINUTES)
    def work_and_approve(self, minutes: int) -> None:
        number = self.number()
        monday = FIRST_MONDAY + timedelta(days=7 * number)
        entry = log_entry(
            self.worker, person_id=self.person.id, project_id=self.job.id, work_on=monday, minutes=minutes, note="Work"
        )
        submit_week(self.worker, person_id=self.person.id, week_on=monday)
        approve_time(self.world.actor, entry_ids=[entry.id])
        self.ids[number] = entry.id
        with self.world.inside():
            self.charges[number] = Charge.objects.get(source_id=entry.id).id
        self.books.approve(number, minutes)

    def _free(self) -> list[int]:
        return [key for key, work in self.books.entries.items() if work.state == "unbilled" and not work.is_held]

    @precondition(lambda self: self._free())
    @rule(data=st.data())
    def reopen(self, data: Any) -> None:
        number = data.draw(st.sampled_from(self._free()))
        if any(number in bill.entries for bill in self.books.bills.values()):
            return
        reopen_time(self.world.actor, entry_ids=[self.ids[number]], note="Wrong day")
        self.books.reopen(number)

    @precondition(lambda self: self._free())
    @rule(data=st.data())
    def hold(self, data: Any) -> None:
        number = data.draw(st.sampled_from(self._free()))
        hold_charges(self.world.actor, charge_ids=[self.charges[number]], until=date(2099, 1, 1), reason="Asked")
        self.books.entries[number].is_held = True

    def _held(self) -> list[int]:
        return [key for key, work in self.books.entries.items() if work.is_held]

    @precondition(lambda self: self._held())
    @rule(data=st.data())
    def release(self, data: Any) -> None:
        number = data.draw(st.sampled_from(self._held()))
        release_charges(self.world.actor, charge_ids=[self.charges[number]])
        self.books.entries[number].is_held = False

    @precondition(lambda self: self._free())
    @rule(data=st.data())
    def write_down(self, data: Any) -> None:
        number = data.draw(st.sampled_from(self._free()))
        write_down_charges(self.world.actor, charge_ids=[self.charges[number]], reason="Goodwill")
        self.books.write_down(number)

    @rule()
    def bill(self) -> None:
        built = build_run(self.world.actor, work_until=UNTIL)
        key = self.number()
        expected = self.books.bill(key)
        if expected is None:
            assert built.drafts == ()
            return
        (draft,) = built.drafts
        found = issue_invoices(self.world.actor, invoice_ids=[draft.id])
        assert not found.refused, found.refused
        invoice = found.invoices[0]
        assert (_cents(invoice.net_amount), _cents(invoice.tax_amount)) == (expected.net, expected.tax)
        self.invoices[key] = invoice.id

    def _unpaid(self) -> list[int]:
        paid = {key for key, _amount in self.books.payments.values()}
        return [key for key, bill in self.books.bills.items() if bill.state == "issued" and key not in paid]

    @precondition(lambda self: self._unpaid())
    @rule(data=st.data())
    def credit(self, data: Any) -> None:
        key = data.draw(st.sampled_from(self._unpaid()))
        credit_invoice(self.world.actor, invoice_id=self.invoices[key], reason="Wrong project")
        self.books.credit(key)

    def _owed(self) -> list[int]:
        return [key for key, bill in self.books.bills.items() if bill.open > 0]

    @precondition(lambda self: self._owed())
    @rule(data=st.data())
    def pay(self, data: Any) -> None:
        key = data.draw(st.sampled_from(self._owed()))
        amount = data.draw(st.integers(1, self.books.bills[key].open) | st.just(self.books.bills[key].open))
        payment = self.number()
        made = record_payment(
            self.world.actor, client_id=self.job.client_id, amount=Money(Decimal(amount) / _HUNDRED, "EUR"),
            received_on=self.world.actor.today, shares=[Share(invoice_id=self.invoices[key])],
        )  # fmt: skip
        self.payments[payment] = made.id
        self.books.pay(payment, key, amount)

    @precondition(lambda self: self.books.payments)
    @rule(data=st.data())
    def bounce(self, data: Any) -> None:
        payment = data.draw(st.sampled_from(sorted(self.books.payments)))
        take_back_payment(self.world.actor, payment_id=self.payments[payment], reason="Bounced")
        self.books.take_back(payment)

    @invariant()
    def no_rule_is_broken(self) -> None:
        with self.world.inside(read_only=True):
            assert {check.number: check.rows for check in run_checks(self.world.actor) if not check.holds} == {}

    @invariant()
    def the_books_are_what_the_bookkeeper_says(self) -> None:
        with self.world.inside(read_only=True):
            found = trial_balance(self.world.actor, entity_id=self.world.entity.id, until=date(2026, 12, 31))
        by_role = {balance.account.role: _cents(balance.balance.amount) for balance in found}

        assert sum(by_role.values()) == 0
        assert by_role.get("1150", 0) == self.books.unbilled_cents()
        assert by_role.get("1100", 0) == self.books.receivable()

    @invariant()
    def each_approved_minute_has_one_fate(self) -> None:
        with self.world.inside(read_only=True):
            rows = Charge.objects.exclude(status="void").values_list("status", "billable_minutes")
            minutes: dict[str, int] = {}
            for status, length in rows:
                minutes[status] = minutes.get(status, 0) + length

        assert minutes.get("unbilled", 0) == self.books.unbilled_minutes()
        assert minutes.get("billed", 0) == self.books.billed_minutes()
        assert minutes.get("drafted", 0) == 0


def _cents(amount: Decimal) -> int:
    scaled = amount * _HUNDRED
    assert scaled == scaled.to_integral_value()
    return int(scaled)


TestFirm = Firm.TestCase
TestFirm.settings = settings(
    max_examples=2000 if NIGHTLY else 40, stateful_step_count=60 if NIGHTLY else 25, deadline=None,
    suppress_health_check=list(HealthCheck), print_blob=True,
)  # fmt: skip
