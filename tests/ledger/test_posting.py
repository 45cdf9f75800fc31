"""Journals in the database: whole, balanced, unchangeable, and only in open months."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection

from quoin.kernel.errors import Conflict
from quoin.kernel.ids import uuid7
from quoin.kernel.money import Money
from quoin.ledger import services
from quoin.ledger.models import Journal as JournalRow
from quoin.ledger.models import JournalLine as LineRow
from quoin.ledger.queries.journals import journal_value, trial_balance
from quoin.ledger.types import AccountRole, Journal, JournalInvalid, JournalLine, SourceRef
from tests.make import World

ON = date(2026, 3, 31)


def euros(amount: str) -> Money:
    return Money(Decimal(amount), "EUR")


def line(role: AccountRole, amount: str) -> JournalLine:
    return JournalLine(role, euros(amount), euros(amount))


def approval(amount: str = "2400.00", *, on: date = ON) -> Journal:
    lines = (line(AccountRole.CONTRACT_ASSET, amount), line(AccountRole.REVENUE_TIME, f"-{amount}"))
    return Journal(kind="approval", posting_on=on, text="approval", lines=lines)


def post(world: World, journal: Journal, source: SourceRef | None = None):
    def run():
        services.PostingCalendar(world.actor, entity_id=world.entity.id).day(journal.posting_on)
        return services.post(
            world.actor, entity_id=world.entity.id, source=source or SourceRef("approval", uuid7()), journal=journal
        )

    return world.do(run)


def test_posted_journal_reads_back_as_the_same_value(world: World) -> None:
    journal_id = post(world, approval())

    with world.inside():
        assert journal_value(journal_id) == approval()
        balances = trial_balance(world.actor, entity_id=world.entity.id, until=ON)
    assert [(b.account.role, b.balance) for b in balances] == [
        ("1150", euros("2400")), ("4000", euros("-2400")),
    ]  # fmt: skip


def test_trial_balance_counts_only_up_to_the_day(world: World) -> None:
    post(world, approval("100.00", on=date(2026, 2, 28)))
    post(world, approval("50.00", on=ON))

    with world.inside():
        february = trial_balance(world.actor, entity_id=world.entity.id, until=date(2026, 3, 30))
        march = trial_balance(world.actor, entity_id=world.entity.id, since=date(2026, 3, 1), until=ON)
    assert [b.balance for b in february] == [euros("100"), euros("-100")]
    assert [(b.debit, b.credit, b.balance) for b in march] == [
        (euros("50"), euros("0"), euros("150")),
        (euros("0"), euros("50"), euros("-150")),
    ]


def test_same_source_twice_is_refused(world: World) -> None:
    source = SourceRef("invoice", uuid7())
    post(world, approval(), source)

    with pytest.raises(Conflict, match="posted already"):
        post(world, approval(), source)


def test_unbalanced_journal_is_refused_before_the_database(world: World) -> None:
    lines = (line(AccountRole.CONTRACT_ASSET, "10"), line(AccountRole.REVENUE_TIME, "-9.99"))

    with pytest.raises(JournalInvalid):
        post(world, Journal(kind="approval", posting_on=ON, text="", lines=lines))


def raw_lines(journal_id, *amounts: str, start: int = 1) -> None:
    accounts = services.ensure_chart()
    LineRow.objects.bulk_create(
        LineRow(
            journal_id=journal_id, position=start + i, account_id=accounts["1150"], currency="EUR",
            amount=Decimal(amount), base_amount=Decimal(amount),
        )
        for i, amount in enumerate(amounts)
    )  # fmt: skip


def raw_journal(world: World) -> JournalRow:
    services.PostingCalendar(world.actor, entity_id=world.entity.id).day(ON)
    return JournalRow.objects.create(
        entity=world.entity, posting_on=ON, source_kind="approval", source_id=uuid7(), posted_at=world.actor.now
    )


@pytest.mark.parametrize(
    ("amounts", "words"), [(("10", "-9"), "does not balance"), (("0",), "has 1 lines"), ((), "has no lines")]
)
def test_database_refuses_a_journal_that_is_not_whole(world: World, amounts: tuple[str, ...], words: str) -> None:
    with pytest.raises(Conflict, match=words):
        world.do(lambda: raw_lines(raw_journal(world).id, *amounts))


def test_database_refuses_lines_added_later(world: World) -> None:
    journal_id = post(world, approval())

    with pytest.raises(Conflict, match="takes no more lines"):
        world.do(lambda: raw_lines(journal_id, "5", "-5", start=3))

    def in_two_steps() -> None:
        journal = raw_journal(world)
        raw_lines(journal.id, "5", "-5")
        raw_lines(journal.id, "7", "-7", start=3)

    with pytest.raises(Conflict, match="takes no more lines"):
        world.do(in_two_steps)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_journalline SET amount = 1",
        "DELETE FROM ledger_journalline",
        "UPDATE ledger_journal SET memo = 'x'",
        "DELETE FROM ledger_journal",
        "DELETE FROM ledger_fiscalperiod",
        "UPDATE ledger_fiscalperiod SET starts_on = '2020-01-01'",
    ],
)
def test_posted_rows_are_never_changed(world: World, statement: str) -> None:
    post(world, approval())

    def run() -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement)

    with pytest.raises(Conflict):
        world.do(run)


def test_reversal_mirrors_once(world: World) -> None:
    journal_id = post(world, approval())

    def reverse():
        return services.reverse(
            world.actor, journal_id=journal_id, source=SourceRef("approval_reversal", uuid7()), text="wrong client"
        )

    world.do(reverse)

    with world.inside():
        balances = trial_balance(world.actor, entity_id=world.entity.id, until=ON)
    assert [b.balance for b in balances] == [euros("0"), euros("0")]
    with pytest.raises(Conflict, match="reversed already"):
        world.do(reverse)


def test_posting_without_a_period_is_refused_by_the_database(world: World) -> None:
    def run():
        services.post(world.actor, entity_id=world.entity.id, source=SourceRef("approval", uuid7()), journal=approval())

    with pytest.raises(Conflict, match="no fiscal period"):
        world.do(run)


def test_thousands_of_journals_are_posted_in_two_statements(world: World) -> None:
    def run() -> int:
        services.PostingCalendar(world.actor, entity_id=world.entity.id).day(ON)
        postings = [
            services.Posting(
                entity_id=world.entity.id, source=SourceRef("approval", uuid7()), journal=approval(f"{i}.01")
            )
            for i in range(2000)
        ]
        services.ensure_chart()
        with connection.execute_wrapper(counting):
            return len(services.post_many(world.actor, postings))

    statements: list[str] = []

    def counting(execute, sql, params, many, context):
        statements.append(sql)
        return execute(sql, params, many, context)

    assert world.do(run) == 2000
    assert [s.split()[0] for s in statements] == ["SELECT", "INSERT", "INSERT"]
    with world.inside():
        assert JournalRow.objects.count() == 2000
