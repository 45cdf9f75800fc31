"""Rate cards, their rates as a grid of versions, and expense categories, for screens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from quoin.base.actor import Actor
from quoin.catalog import queries
from quoin.catalog.models import ExpenseCategory, Rate, RateCard
from quoin.catalog.queries.books import card_rows
from quoin.catalog.rules.rates import place_rank, who_rank
from quoin.catalog.rules.versions import new_version
from quoin.catalog.types import PercentChange, PlannedRate, RateKey
from quoin.kernel.errors import NotFound
from quoin.kernel.money import Money
from quoin.kernel.words import say


@dataclass(frozen=True, slots=True)
class RateLine:
    """All versions of one rate: `versions[i]` starts on the card's i-th date, or None."""

    key: RateKey
    versions: tuple[Rate | None, ...]
    current: Rate | None


@dataclass(frozen=True, slots=True)
class CardGrid:
    """Rows by person, role or everybody; columns by the day a version starts."""

    card: RateCard
    dates: tuple[date, ...]
    lines: tuple[RateLine, ...]


def cards(actor: Actor) -> QuerySet[Any]:
    """All cards with `rate_count`, the number of their rates that are valid today."""
    actor.require(queries.VIEW)
    valid = Rate.objects.filter(card_id=OuterRef("id"), valid_from__lte=actor.today).filter(
        Q(valid_until=None) | Q(valid_until__gt=actor.today)
    )
    count = valid.order_by().values("card_id").annotate(n=Count("id")).values("n")
    return RateCard.objects.annotate(rate_count=Coalesce(Subquery(count), 0))


def card_for(actor: Actor, card_id: UUID) -> RateCard:
    """The card, if rates may be seen."""
    actor.require(queries.VIEW)
    card = RateCard.objects.filter(id=card_id).first()
    if card is None:
        raise NotFound("There is no such rate card.")
    return card


def card_grid(actor: Actor, card_id: UUID) -> CardGrid:
    """The rates of a card, the most special place first."""
    card = card_for(actor, card_id)
    rows = list(Rate.objects.filter(card=card).order_by("valid_from", "id"))
    dates = tuple(sorted({row.valid_from for row in rows}))
    lines: dict[RateKey, dict[date, Rate]] = {}
    for row in rows:
        key = RateKey(
            project_id=row.project_id, contract_id=row.contract_id, client_id=row.client_id,
            person_id=row.person_id, role_id=row.job_role_id,
        )  # fmt: skip
        lines.setdefault(key, {})[row.valid_from] = row
    ordered = sorted(lines.items(), key=lambda item: (-place_rank(item[0]), -who_rank(item[0]), str(item[0])))
    return CardGrid(card, dates, tuple(_line(key, versions, dates, actor.today) for key, versions in ordered))


def version_plan(
    actor: Actor, *, card_id: UUID, from_on: date, percent: PercentChange | None, rates: dict[RateKey, Money]
) -> tuple[PlannedRate, ...]:
    """What a version would write, for its preview."""
    card = card_for(actor, card_id)
    return new_version(card_rows(card.id), from_on=from_on, change=percent or rates)


@dataclass(frozen=True, slots=True)
class Version:
    """The rates of a card that start on one day."""

    from_on: date
    rate_ids: tuple[UUID, ...]


def card_named(actor: Actor, name: str) -> RateCard:
    """The card of this name."""
    actor.require(queries.VIEW)
    card = RateCard.objects.filter(name__iexact=name.strip()).first()
    if card is None:
        raise NotFound(say("There is no rate card %(name)s.", name=name))
    return card


def last_version(actor: Actor, card_id: UUID) -> Version:
    """The version of a card that starts last; NotFound on a card without rates."""
    card = card_for(actor, card_id)
    rows = list(Rate.objects.filter(card=card).order_by("-valid_from", "id").values_list("valid_from", "id"))
    if not rows:
        raise NotFound("The card has no rates yet.")
    last = rows[0][0]
    return Version(last, tuple(rate_id for starts_on, rate_id in rows if starts_on == last))


def category_for(actor: Actor, category_id: UUID) -> ExpenseCategory:
    """The kind of expense."""
    row = categories(actor).filter(id=category_id).first()
    if row is None:
        raise NotFound("There is no such category.")
    return row


def category_named(actor: Actor, name: str) -> ExpenseCategory:
    """The kind of expense of this name."""
    row = categories(actor).filter(name__iexact=name.strip()).first()
    if row is None:
        raise NotFound(say("There is no category %(name)s.", name=name))
    return row


def values_of(row: ExpenseCategory) -> dict[str, Any]:
    """What a category says, as it is saved."""
    names = ("name", "kind", "rate_per_unit", "currency", "is_vat_recoverable", "is_active")
    return {name: getattr(row, name) for name in names}


def categories(actor: Actor) -> QuerySet[ExpenseCategory]:  # noqa: ARG001  no secret, but asked by somebody
    """All kinds of expense."""
    return ExpenseCategory.objects.order_by("name")


def _line(key: RateKey, versions: dict[date, Rate], dates: tuple[date, ...], today: date) -> RateLine:
    current = [
        row
        for row in versions.values()
        if row.valid_from <= today and (row.valid_until is None or today < row.valid_until)
    ]
    return RateLine(key, tuple(versions.get(day) for day in dates), current[-1] if current else None)
