"""Contracts and prices of an import: time and materials per client, at the prices that the file tells."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from uuid import UUID

from quoin.catalog.models import Rate, RateCard
from quoin.catalog.services import add_card, add_version
from quoin.catalog.types import RateKey
from quoin.clients.models import Client
from quoin.imports.rules.planned import Kind, Outcome
from quoin.imports.rules.prices import PriceKey, PriceStep, implied_prices
from quoin.imports.services.load import CARD, CONTRACT, RATE, Load, Made, snapshot
from quoin.imports.types import ImportedProject
from quoin.kernel.errors import invalid
from quoin.kernel.money import Money
from quoin.kernel.words import say
from quoin.projects.models import Project
from quoin.sales.models import Contract
from quoin.sales.services import add_contract, change_contract

EVER = date(2000, 1, 1)
"""From when the first price of anything holds: a file tells no start."""
Wanted = dict[RateKey, tuple[PriceStep, ...]]


def card_name(currency: str) -> str:
    """Name of the card that takes the prices of files."""
    return f"Imported prices ({currency})"


def currency_of_client(load: Load, client_key: str) -> str:
    """The currency that most of the client's rows are in."""
    projects = {project.key for project in load.export.records.projects if project.client_key == client_key}
    return _most(load, projects) or load.answers.load.currency or load.entity.currency


def currency_of_project(load: Load, project: ImportedProject) -> str:
    """The project's own currency, that of its rows, or the one that was asked for."""
    told = project.currency or _most(load, {project.key})
    if told:
        return told
    client_id = load.ids.get((Kind.CLIENT, project.client_key))
    if load.answers.load.currency or client_id is None:
        return load.answers.load.currency or load.entity.currency
    currency: str = Client.objects.get(id=client_id).currency
    return currency


def _most(load: Load, project_keys: set[str]) -> str:
    told = Counter(project.currency for project in load.export.records.projects if project.key in project_keys)
    for key in project_keys:
        told.update(load.told.currencies.get(key, {}))
    told.pop("", None)
    return told.most_common(1)[0][0] if told else ""


def is_billed(load: Load, project: ImportedProject) -> bool:
    """Whether the project is billed: it says so, its time does, or nothing says otherwise."""
    flags = load.told.flags.get(project.key, set())
    return bool(project.is_billable) or True in flags or (project.is_billable is None and not flags)


def contract_for(load: Load, client_id: UUID, currency: str) -> Contract:
    """The client's only running contract by time in the currency, or a new one."""
    found = Contract.objects.filter(
        client_id=client_id, currency=currency, kind="time_and_materials", status="active"
    ).order_by("starts_on", "id")
    rows = list(found[:2])
    first = (load.told.first or load.actor.today).replace(day=1)
    if len(rows) == 1:
        return _from_earlier(load, rows[0], first)
    row = add_contract(
        load.actor, client_id=client_id, entity_id=load.entity.id, name="Time and materials", kind="time_and_materials",
        currency=currency, rate_card_id=_card(load, currency).id, starts_on=first, recognition="right_to_invoice",
    )  # fmt: skip
    load.add(CONTRACT, row, row.name)
    return row


def _from_earlier(load: Load, row: Contract, first: date) -> Contract:
    """A contract that an import made begins with the first work that is imported for it."""
    if row.starts_on <= first or row.rate_card is None or row.rate_card.name != card_name(row.currency):
        return row
    before = snapshot(row)
    load.made.append(Made(CONTRACT, change_contract(load.actor, row, {"starts_on": first}), row.name, before=before))
    return row


def _card(load: Load, currency: str) -> RateCard:
    asked = load.answers.load.card
    if asked:
        found = [
            row for row in RateCard.objects.all() if asked.casefold() in {row.name.casefold(), row.public_id.casefold()}
        ]
        if not found:
            raise invalid("/card", say("There is no rate card %(asked)s.", asked=repr(asked)), code="unknown")
        if found[0].currency != currency:
            raise invalid(
                "/card",
                say(
                    "%(found)s is in %(currency)s, but there is work in %(other)s.",
                    found=found[0].name,
                    currency=found[0].currency,
                    other=currency,
                ),
            )
        return found[0]
    name = card_name(currency)
    card = RateCard.objects.filter(name=name).first()
    if card is None:
        card = add_card(name=name, currency=currency)
        load.add(CARD, card, name)
    return card


def write_prices(load: Load) -> None:
    """Put the prices that the file tells, and the one that was asked for, on the cards of imports."""
    if load.answers.load.card:
        return
    ids = {load.ids[Kind.PROJECT, key] for key in _project_keys(load)}
    rows = Project.objects.filter(id__in=ids, contract__rate_card__isnull=False).select_related("contract__rate_card")
    cards: dict[UUID, RateCard] = {}
    by_card: dict[UUID, list[UUID]] = defaultdict(list)
    for row in rows:
        card = row.contract.rate_card if row.contract else None
        if card is not None and card.name == card_name(card.currency):
            cards[card.id] = card
            by_card[card.id].append(row.id)
    prices = _told_prices(load, {row.id: row.contract.currency for row in rows if row.contract})
    for card_id, project_ids in by_card.items():
        wanted: Wanted = {key: steps for key, steps in prices.items() if key.project_id in set(project_ids)}
        if load.answers.load.rate_per_hour is not None:
            wanted[RateKey()] = (PriceStep(None, load.answers.load.rate_per_hour),)
        _write(load, cards[card_id], wanted)


def _project_keys(load: Load) -> list[str]:
    return [project.key for project in load.export.records.projects if (Kind.PROJECT, project.key) in load.ids]


def _told_prices(load: Load, currencies: Mapping[UUID, str]) -> Wanted:
    """Prices by the ids of projects and people; a project's own price is for those whom no amount prices.

    A price in another currency than the project's contract prices nothing.
    """
    by_key = {key: currencies.get(load.ids[Kind.PROJECT, key], "") for key in _project_keys(load)}
    told = [planned.entry for planned in load.plan.entries if planned.outcome not in {Outcome.ERROR, Outcome.SKIP}]
    entries = [entry for entry in told if entry.currency in {"", by_key.get(entry.project_key, "")}]
    foreign = sorted({entry.currency for entry in told if by_key.get(entry.project_key)} - {"", *by_key.values()})
    if foreign:
        load.notes.append(
            say(
                "Prices in %(currencies)s are left out: the contracts are in another currency.",
                currencies=", ".join(foreign),
            )
        )
    prices: dict[PriceKey, tuple[PriceStep, ...]] = {}
    for project in load.export.records.projects:
        if project.rate_per_hour and project.currency in {"", by_key.get(project.key, "")}:
            prices[PriceKey(project.key)] = (PriceStep(None, project.rate_per_hour),)
    prices.update(implied_prices(entries))
    found: Wanted = {}
    for key, steps in prices.items():
        project_id = load.ids.get((Kind.PROJECT, key.project_key))
        person_id = load.ids.get((Kind.PERSON, key.person_key)) if key.person_key else None
        if project_id is not None:
            found[RateKey(project_id=project_id, person_id=person_id)] = steps
    return found


def _write(load: Load, card: RateCard, wanted: Wanted) -> None:
    """Add versions where the card does not price a key as wanted; a version that is there stays."""
    known: dict[RateKey, list[Rate]] = defaultdict(list)
    for row in Rate.objects.filter(card=card).order_by("valid_from"):
        known[RateKey(project_id=row.project_id, person_id=row.person_id)].append(row)
    first = load.told.first or load.actor.today
    changes: dict[date, dict[RateKey, Money]] = defaultdict(dict)
    for key, steps in wanted.items():
        for step in steps:
            day = step.from_on or (first if known[key] else EVER)
            if _price_on(known, key, day) != step.rate_per_hour and all(row.valid_from != day for row in known[key]):
                changes[day][key] = Money(step.rate_per_hour, card.currency)
    for day in sorted(changes):
        for row in add_version(card=card, from_on=day, change=changes[day]):
            load.add(RATE, row, f"{card.name}: {row.amount_per_hour:f}")


def _price_on(known: Mapping[RateKey, list[Rate]], key: RateKey, day: date) -> Decimal | None:
    """What the card says for exactly this key on the day."""
    rows = [
        row
        for row in known.get(key, ())
        if row.valid_from <= day and (row.valid_until is None or day < row.valid_until)
    ]
    return rows[-1].amount_per_hour if rows else None
