"""The books over the API: journals, trial balance, periods and exchange rates."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse

from quoin.base.http.api import ApiIn, ApiRequest, PublicId, Router, list_response, operation, respond_json
from quoin.kernel.ids import public_id
from quoin.kernel.money import Money
from quoin.ledger import queries
from quoin.ledger.actions import periods as actions
from quoin.ledger.queries.journals import journal_for, journal_lines, journals, lines, trial_balance
from quoin.ledger.queries.lists import JOURNALS, LINES
from quoin.ledger.queries.periods import periods
from quoin.ledger.queries.rates import quotes_of
from quoin.ledger.queries.revaluation import Difference, MonthEnd, revaluation

router = Router(tags=["ledger"])
JournalId = Annotated[UUID, PublicId("jou")]
EntityId = Annotated[UUID, PublicId("ent")]
_DIMENSIONS = (("client_id", "cli"), ("contract_id", "ctr"), ("project_id", "prj"), ("person_id", "per"))


class ReopenIn(ApiIn):
    """Why a month is opened again, and for how many days."""

    reason: str
    days: int = 3


@router.get("/ledger/journals", summary="List journals")
@operation(queries.VIEW)
def list_journals(request: ApiRequest) -> HttpResponse:
    return list_response(request, JOURNALS, journals(request.actor), journal_out)


@router.get("/ledger/journals/{journal_id}", summary="Read a journal with its lines")
@operation(queries.VIEW)
def read_journal(request: ApiRequest, journal_id: JournalId) -> HttpResponse:
    row = journal_for(request.actor, journal_id)
    found = journal_lines(request.actor, journal_id)
    return respond_json(journal_out(row) | {"lines": [line_out(line) for line in found]})


@router.get("/ledger/lines", summary="List journal lines")
@operation(queries.VIEW)
def list_lines(request: ApiRequest) -> HttpResponse:
    return list_response(request, LINES, lines(request.actor), line_out)


@router.get("/ledger/trial-balance", summary="Read the trial balance")
@operation(queries.VIEW)
def read_trial_balance(
    request: ApiRequest, entity: EntityId, until: date | None = None, since: date | None = None
) -> HttpResponse:
    rows = trial_balance(request.actor, entity_id=entity, until=until or request.actor.today, since=since)
    return respond_json(
        {
            "data": [
                {
                    "account": row.account.code,
                    "role": row.account.role,
                    "name": row.account.name,
                    "debit": row.debit,
                    "credit": row.credit,
                    "balance": row.balance,
                }
                for row in rows
            ]
        }
    )


@router.get("/ledger/periods", summary="List months of the books")
@operation(queries.VIEW)
def list_periods(request: ApiRequest, entity: EntityId | None = None) -> HttpResponse:
    found = periods(request.actor, entity_id=entity)
    return respond_json({"data": [period_out(status.row, status.is_closed) for status in found]})


@router.post("/ledger/periods/{entity}/{month}/open", summary="Open a month")
@operation("ledger.period.open")
def open_period(request: ApiRequest, entity: EntityId, month: str) -> HttpResponse:
    row = actions.open_period(request.actor, entity_id=entity, month=month)
    return respond_json(period_out(row, row.closed_at is not None))


@router.post("/ledger/periods/{entity}/{month}/close", summary="Close a month")
@operation("ledger.period.close")
def close_period(request: ApiRequest, entity: EntityId, month: str) -> HttpResponse:
    return respond_json(period_out(actions.close_period(request.actor, entity_id=entity, month=month), True))


@router.post("/ledger/periods/{entity}/{month}/reopen", summary="Open a closed month again for some days")
@operation("ledger.period.reopen")
def reopen_period(request: ApiRequest, entity: EntityId, month: str, body: ReopenIn) -> HttpResponse:
    row = actions.reopen_period(request.actor, entity_id=entity, month=month, reason=body.reason, days=body.days)
    return respond_json(period_out(row, False))


@router.get("/ledger/periods/{entity}/{month}/revaluation", summary="Read the exchange differences of a month")
@operation(queries.VIEW)
def read_revaluation(request: ApiRequest, entity: EntityId, month: str) -> HttpResponse:
    found = revaluation(request.actor, entity_id=entity, start=actions.month_start(month))
    return respond_json(month_end_out(found))


@router.post("/ledger/periods/{entity}/{month}/revaluation", summary="Post the exchange differences of a month")
@operation("ledger.period.revalue")
def post_revaluation(request: ApiRequest, entity: EntityId, month: str) -> HttpResponse:
    posted = actions.revalue_period(request.actor, entity_id=entity, month=month)
    return respond_json({"month": month, "journal_ids": [public_id("jou", one) for one in posted]})


@router.get("/exchange-rates", summary="Read the exchange rates of a day")
@operation(None)
def list_rates(request: ApiRequest, on: date | None = None) -> HttpResponse:
    quotes = quotes_of(on or request.actor.today)
    return respond_json(
        {
            "data": [
                {"currency": q.currency, "per_euro": f"{q.per_euro.normalize():f}", "on": q.on, "source": q.source}
                for q in quotes
            ]
        }
    )


def journal_out(row: Any) -> dict[str, Any]:
    """A journal on the wire."""
    return {
        "id": row.public_id,
        "entity_id": public_id("ent", row.entity_id),
        "posting_on": row.posting_on,
        "source": {"kind": row.source_kind, "id": str(row.source_id), "version": row.source_version},
        "memo": row.memo,
        "amount": Money(row.debit_amount, row.entity.currency),
        "posted_at": row.posted_at,
    }


def line_out(row: Any) -> dict[str, Any]:
    """A journal line on the wire; debit is positive."""
    dimensions = {
        name: None if getattr(row, name) is None else public_id(prefix, getattr(row, name))
        for name, prefix in _DIMENSIONS
    }
    return {
        "id": row.public_id,
        "journal_id": public_id("jou", row.journal_id),
        "position": row.position,
        "account": row.account.code,
        "amount": Money(row.amount, row.currency),
        "base": Money(row.base_amount, row.journal.entity.currency),
        **dimensions,
    }


def period_out(row: Any, is_closed: bool) -> dict[str, Any]:
    """A month on the wire."""
    return {
        "id": row.public_id,
        "entity_id": public_id("ent", row.entity_id),
        "month": f"{row.starts_on:%Y-%m}",
        "state": "closed" if is_closed else "open",
        "closed_at": row.closed_at,
        "open_again_until": row.open_again_until,
    }


def month_end_out(found: MonthEnd) -> dict[str, Any]:
    """The exchange differences of a month on the wire."""
    return {
        "entity_id": found.entity.public_id,
        "month": found.month,
        "on": found.on,
        "reversed_on": found.back_on,
        "hindrance": found.hindrance,
        "gain": found.gain,
        "loss": found.loss,
        "to_post": found.to_post,
        "items": [difference_out(row) for row in found.rows],
        "to_look_at": [difference_out(row) for row in found.stuck],
        "journal_ids": [row.public_id for row in found.journals],
    }


def difference_out(row: Difference) -> dict[str, Any]:
    """An open item at the rate of the last day on the wire."""
    about = row.standing.dimensions
    return {
        "account": row.account.code,
        "client_id": public_id("cli", about.client_id) if about.client_id else None,
        "contract_id": public_id("ctr", about.contract_id) if about.contract_id else None,
        "amount": row.standing.amount,
        "carried": row.standing.carried,
        "rate": f"{row.rate.shown:f}",
        "rate_on": row.rate.on,
        "base": row.base,
        "difference": row.difference,
        "posted": row.standing.posted,
        "to_post": row.to_post,
    }
