"""What Halden works on: invented clients and the projects under their contracts, as values."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from quoin.kernel.period import add_months
from quoin.site.demo import names
from quoin.site.demo.chance import Chance

_COUNTRIES = {
    "digital": "DE DE DE DE DE NO NO NO NO NL NL FR FR SE DK AT BE CH FI GB US",
    "installations": "DE DE DE DE AT FR NL PL IT US US SE",
    "managed": "GB GB GB GB GB GB GB GB GB GB GB GB GB GB GB GB GB NL NL FR DE DE BE NO FI US",
}  # fmt: skip
_CURRENCIES = {
    "digital": {"NO": "NOK"}, "installations": {"US": "USD"}, "managed": {"GB": "GBP", "US": "GBP"},
}  # fmt: skip
_PROJECTS = {"digital": 26, "installations": 14, "managed": 37}


@dataclass(frozen=True, slots=True, kw_only=True)
class Buyer:
    """A client as planned."""

    key: str
    name: str
    legal_name: str
    unit: str
    country: str
    currency: str
    discount_percent: int = 0
    """What the client pays less than the card."""
    payment_days: int = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Engagement:
    """A project and its contract. `demand` is how many people it wants at a time.

    `price_ratio` is the agreed price over the value of the work at the rates, for fixed prices and retainers;
    `usage_ratio` is what is used of the included hours; `budget_ratio` is the budget over the hours worked.
    """

    key: str
    name: str
    buyer: str
    unit: str
    kind: str
    template: str
    starts_on: date
    ends_on: date
    demand: int
    price_ratio: int = 95
    usage_ratio: int = 90
    budget_ratio: int = 108
    story: str = ""
    has_cap: bool = False
    has_order: bool = False
    lists_hours: bool = True
    """Whether the client wants the hours in the PDF."""


_LISTED = 3
"""Every third client wants the hours in the PDF; the others look at them through their link."""
_LEAST_BUDGET = 105
"""What is well planned ends below its budget; only stories go beyond it."""
FJORD, VEGA, ODDA = "fjord", "vega", "odda"
_STORIES = {
    FJORD: ("Fjord ERP", "Fjord Seafood", "digital"),
    VEGA: ("Vega press line", "Vega Presswerk", "installations"),
    ODDA: ("Odda managed service", "Odda MSP", "managed"),
}
_SHAPES = {
    # (kind, template, how many of ten, months least and most, people least and most)
    "digital": (
        ("time_and_materials", "rollout", 4, (7, 13), (9, 15)), ("fixed_price", "rollout", 2, (6, 10), (8, 13)),
        ("retainer", "support", 2, (15, 18), (3, 6)), ("time_and_materials", "advice", 2, (2, 5), (3, 5)),
    ),
    "installations": (("fixed_price", "installation", 10, (5, 9), (7, 12)),),
    "managed": (
        ("retainer", "service", 7, (15, 20), (2, 5)), ("fixed_price", "onboarding", 2, (2, 3), (5, 7)),
        ("time_and_materials", "support", 1, (9, 18), (1, 3)),
    ),
}  # fmt: skip
_NAMES = {
    "rollout": ("ERP roll-out", "Warehouse system", "CRM migration", "Finance platform", "Cloud move"),
    "advice": ("Licence audit", "Security review", "IT strategy"),
    "support": ("Application support", "Change service"),
    "installation": ("press line", "packing line", "machining centre", "welding cell", "paint shop"),
    "onboarding": ("Onboarding",),
    "service": ("Managed service", "Managed workplace", "Managed servers"),
}


def buyers(chance: Chance, *, scale: float) -> list[Buyer]:
    """All clients, those of the stories first."""
    found = []
    for unit, listed in _COUNTRIES.items():
        countries = listed.split()
        kept = countries[: max(3, round(len(countries) * scale))]
        story = next(key for key, (_, _, of) in _STORIES.items() if of == unit)
        for number, country in enumerate(["NO" if story != VEGA else "DE", *kept]):
            found.append(_buyer(chance, unit, country, story if number == 0 else ""))
    firms = names.firms(chance, [buyer.country for buyer in found])
    return [
        buyer if buyer.name else replace(buyer, key=f"{buyer.unit}-{number}", name=firm[0], legal_name=firm[1])
        for number, (buyer, firm) in enumerate(zip(found, firms, strict=True))
    ]


def engagements(chance: Chance, clients: list[Buyer], *, begun_on: date, today: date, scale: float) -> list[Engagement]:
    """All projects: the three stories, and the others spread over the clients of their unit."""
    found = [_story(key, begun_on=begun_on, today=today) for key in _STORIES]
    for unit, count in _PROJECTS.items():
        theirs = [buyer for buyer in clients if buyer.unit == unit and buyer.key not in _STORIES]
        for number in range(max(4, round(count * scale)) - 1):
            buyer = theirs[number % len(theirs)]
            found.append(_engagement(chance, unit, buyer, number, begun_on=begun_on, today=today))
    return found


def _buyer(chance: Chance, unit: str, country: str, story: str) -> Buyer:
    name = _STORIES[story][1] if story else ""
    forms = {FJORD: " AS", VEGA: " GmbH", ODDA: " AS"}
    # A story is told in euro, or in the currency of its books.
    currency = "EUR" if story else _CURRENCIES[unit].get(country, "EUR")
    discount = chance.weighted((0, 5, 8, 12), (70, 12, 10, 8))
    return Buyer(
        key=story, name=name, legal_name=name + forms.get(story, ""), unit=unit, country=country, currency=currency,
        discount_percent=0 if story else discount, payment_days=chance.one_of((14, 30, 30, 30, 45)),
    )  # fmt: skip


def _story(key: str, *, begun_on: date, today: date) -> Engagement:
    name, _, unit = _STORIES[key]
    common: dict[str, Any] = {"key": key, "name": name, "buyer": key, "unit": unit, "story": key}
    match key:
        case "fjord":
            return Engagement(
                **common, kind="time_and_materials", template="rollout", starts_on=add_months(begun_on, 3),
                ends_on=add_months(today, 3), demand=13, budget_ratio=72, has_cap=True, has_order=True,
            )  # fmt: skip
        case "vega":
            return Engagement(
                **common, kind="fixed_price", template="installation", starts_on=add_months(today, -5),
                ends_on=add_months(today, 2), demand=12, price_ratio=92, budget_ratio=98,
            )  # fmt: skip
        case _:
            return Engagement(
                **common, kind="retainer", template="service", starts_on=begun_on, ends_on=add_months(today, 10),
                demand=4, price_ratio=56, usage_ratio=118, budget_ratio=50,
            )  # fmt: skip


def _engagement(chance: Chance, unit: str, buyer: Buyer, number: int, *, begun_on: date, today: date) -> Engagement:
    shapes = _SHAPES[unit]
    kind, template, _, months, demand = chance.weighted(shapes, [shape[2] for shape in shapes])
    length = chance.between(*months)
    starts_on = begun_on if kind == "retainer" else begun_on + timedelta(days=chance.between(-60, 330))
    ends_on = min(add_months(starts_on, length), add_months(today, 5))
    label = chance.one_of(_NAMES[template])
    price_ratio, usage_ratio = chance.between(86, 104), chance.between(72, 104)
    if kind == "retainer":
        # Hours that are paid and not used are all margin: most clients use what they pay for.
        price_ratio, usage_ratio = price_ratio - 6, 92 + (usage_ratio - 72) // 2
    return Engagement(
        key=f"{unit}-{number}", name=f"{buyer.name.split()[0]} {label}", buyer=buyer.key, unit=unit, kind=kind,
        template=template, starts_on=max(starts_on, begun_on), ends_on=ends_on, demand=chance.between(*demand),
        price_ratio=price_ratio, usage_ratio=usage_ratio, budget_ratio=max(_LEAST_BUDGET, chance.between(98, 120)),
        has_cap=chance.is_so(30), has_order=chance.is_so(45), lists_hours=number % _LISTED == 0,
    )  # fmt: skip
