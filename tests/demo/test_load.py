"""A small demo company, loaded for real: its books hold, its people get in, its figures are believable."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.conf import settings
from django.db import connection
from django.db.models import Count, Sum
from django.test import Client as Browser

from quoin.accounts.models import User
from quoin.accounts.queries.standing import actor_of_user
from quoin.base.db.context import tenant_transaction
from quoin.billing.models import Charge, Invoice, RetainerPeriod
from quoin.compliance.queries.checks import run_checks
from quoin.kernel.ids import uuid7
from quoin.ledger.models import FiscalPeriod
from quoin.site.demo import Loaded, accounts
from quoin.site.demo.money import _worth
from quoin.timesheets.models import TimeEntry
from tests.make.demo import DEMO_NOW

pytestmark = pytest.mark.slow


def test_load_afterwards_no_rule_of_the_books_is_broken(demo: Loaded) -> None:
    with tenant_transaction(demo.actor, read_only=True):
        checks = run_checks(demo.actor)

    assert len(checks) > 10
    assert [(check.number, check.rows) for check in checks if not check.holds] == []


@pytest.mark.parametrize("account", accounts(), ids=lambda account: account.key)
def test_load_each_account_signs_in_and_sees_its_page(demo: Loaded, account) -> None:
    browser = Browser()

    answer = browser.post("/login/", {"login": account.email, "password": account.password}, follow=True)

    assert answer.status_code == 200
    assert User.objects.get(email=account.email).check_password(account.password)
    assert str(answer.wsgi_request.user.email) == account.email


def test_load_each_account_holds_the_standard_role(demo: Loaded) -> None:
    found = {account.key: actor_of_user(User.objects.get(email=account.email).id) for account in accounts()}

    assert {key for key, actor in found.items() if actor is None or not actor.grants} == set()
    assert found["finance"].may("billing.invoice.issue")
    assert not found["consultant"].may("billing.invoice.issue")


def test_load_leaves_time_in_every_state_and_unbilled_work(demo: Loaded) -> None:
    with tenant_transaction(demo.actor, read_only=True):
        states = set(TimeEntry.objects.values_list("status", flat=True).distinct())
        unbilled = Charge.objects.filter(status="unbilled", held_until=None, amount__gt=0).exists()
        held = Charge.objects.filter(status="unbilled", held_until__gt=DEMO_NOW.date()).exists()
        closed = FiscalPeriod.objects.filter(closed_at__isnull=False).count()

    assert states == {"open", "submitted", "approved", "returned"}
    assert unbilled
    assert held
    assert closed >= 3


def test_load_issues_invoices_of_which_one_is_credited_and_issued_again(demo: Loaded) -> None:
    with tenant_transaction(demo.actor, read_only=True):
        kinds = list(Invoice.objects.filter(status="issued").values_list("kind", flat=True))

    assert kinds.count("credit_note") == 1
    assert kinds.count("invoice") >= 30


def test_load_utilisation_of_client_staff_is_between_62_and_84_percent(demo: Loaded) -> None:
    with tenant_transaction(demo.actor, read_only=True):
        total = TimeEntry.objects.aggregate(minutes=Sum("minutes"))["minutes"]
        billable = TimeEntry.objects.filter(is_billable=True).aggregate(minutes=Sum("minutes"))["minutes"]

    assert 62 <= 100 * billable / total <= 84


def test_load_odda_used_118_percent_of_its_included_hours(demo: Loaded) -> None:
    with tenant_transaction(demo.actor, read_only=True):
        months = RetainerPeriod.objects.filter(contract__name="Odda managed service", settled_at__isnull=False)
        told = months.aggregate(
            included=Sum("included_minutes"), used=Sum("used_minutes"), over=Sum("overage_minutes"), count=Count("id")
        )

    assert told["count"] >= 13
    assert 116 <= 100 * (told["used"] + told["over"]) / told["included"] <= 120


def test_load_past_weeks_are_handed_in(demo: Loaded) -> None:
    with tenant_transaction(demo.actor, read_only=True), connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FILTER (WHERE s.submitted_at IS NULL), count(*)"
            " FROM (SELECT DISTINCT person_id, date_trunc('week', work_on)::date AS week_on"
            "   FROM timesheets_timeentry WHERE tenant_id = %s AND status = 'approved') w"
            " LEFT JOIN timesheets_timesheet s ON s.tenant_id = %s AND s.person_id = w.person_id"
            "   AND s.week_on = w.week_on",
            [demo.actor.tenant_id, demo.actor.tenant_id],
        )
        open_weeks, weeks = cursor.fetchone()

    assert weeks > 300
    assert open_weeks == 0


def test_worth_of_rows_comes_as_near_as_one_change_can() -> None:
    rows = [(uuid7(), Decimal(amount)) for amount in (40, 35, 30, 21)]

    chosen = _worth(rows, Decimal(100))

    # 40 and 35 and 21 fit; 30 for 35 would leave more, nothing comes nearer.
    assert chosen == [rows[0][0], rows[1][0], rows[3][0]]
    assert _worth([(rows[0][0], Decimal(60)), (rows[1][0], Decimal(64))], Decimal(64)) == [rows[1][0]]


def test_demo_account_page_of_settings_is_this_one() -> None:
    assert settings.QUOIN_DEMO_ACCOUNTS == "quoin.site.demo.accounts"
