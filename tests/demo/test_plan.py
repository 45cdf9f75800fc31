"""The demo company as values: the same seed makes the same firm, and its numbers are believable."""

from __future__ import annotations

from collections import Counter
from datetime import date
from functools import lru_cache

import pytest
from stdnum import iban

from quoin.clients.adapters.tax_ids import checked_vat_id
from quoin.kernel.period import add_months
from quoin.site.demo import engagements as plan
from quoin.site.demo import people
from quoin.site.demo.chance import Chance
from quoin.site.demo.days import easter, holidays
from quoin.site.demo.hours import Worked, worked
from quoin.site.demo.identities import bank_account, vat_id
from quoin.site.demo.people import Somebody
from quoin.site.demo.receipts import receipt

TODAY = date(2026, 5, 20)
BEGUN = add_months(TODAY.replace(day=1), -14)


@lru_cache(maxsize=2)
def _firm(seed: int) -> tuple[list[Somebody], list[plan.Engagement], list[Worked]]:
    chance = Chance(seed, "halden")
    everybody = people.planned(chance.part("people"), today=TODAY, scale=1.0)
    buyers = plan.buyers(chance.part("clients"), scale=1.0)
    engagements = plan.engagements(chance.part("work"), buyers, begun_on=BEGUN, today=TODAY, scale=1.0)
    return everybody, engagements, worked(chance.part("hours"), everybody, engagements, begun_on=BEGUN, today=TODAY)


def test_people_full_scale_are_as_many_as_the_firm_has() -> None:
    everybody, _, _ = _firm(7)

    found = Counter(one.job.key for one in everybody)

    assert found["principal"] + found["senior"] + found["consultant"] == 48
    assert found["lead_technician"] + found["technician"] == 31
    assert found["senior_engineer"] + found["engineer"] == 22
    assert (found["project_manager"], found["site_manager"], found["resource_manager"]) == (4, 5, 1)
    assert len({one.email for one in everybody}) == len({one.name for one in everybody}) == len(everybody)


def test_people_full_scale_have_two_part_timers_and_one_leaver() -> None:
    everybody, _, _ = _firm(7)

    assert sum(one.pattern != people.FULL for one in everybody) == 2
    assert sum(one.left_on is not None for one in everybody) == 1


def test_engagements_full_scale_are_seventy_seven_in_three_units() -> None:
    _, engagements, _ = _firm(7)

    assert Counter(one.unit for one in engagements) == {"digital": 26, "installations": 14, "managed": 37}
    assert {one.story for one in engagements if one.story} == {plan.FJORD, plan.VEGA, plan.ODDA}


def test_worked_each_job_is_utilised_between_62_and_84_percent() -> None:
    everybody, _, rows = _firm(7)
    total: Counter[str] = Counter()
    billable: Counter[str] = Counter()

    for row in rows:
        job = everybody[row.person].job.key
        total[job] += row.minutes
        billable[job] += row.minutes if isinstance(row.work, str) and row.is_billable is None else 0

    assert {job: share for job in total if not 62 <= (share := 100 * billable[job] / total[job]) <= 84} == {}


def test_worked_full_scale_is_large_late_at_times_and_dips_in_december() -> None:
    _, _, rows = _firm(7)
    months = Counter(row.day.replace(day=1) for row in rows)
    late_percent = 100 * sum(row.is_late for row in rows) / len(rows)

    assert 50_000 <= len(rows) <= 70_000
    assert 3 <= late_percent <= 6
    assert months[date(2025, 12, 1)] < months[date(2025, 11, 1)]


def test_worked_nobody_works_on_holidays_weekends_or_after_leaving() -> None:
    everybody, _, rows = _firm(7)

    wrong = [
        row
        for row in rows
        if row.day.weekday() > 4
        or row.day in holidays("GB" if everybody[row.person].unit == "managed" else "DE", row.day.year)
        or ((left := everybody[row.person].left_on) is not None and row.day >= left)
    ]

    assert wrong == []


def test_worked_same_seed_is_the_same_and_another_differs() -> None:
    first = _firm(7)[2]
    _firm.cache_clear()

    assert _firm(7)[2] == first
    assert _firm(8)[2] != first


def test_easter_known_years_is_on_the_published_days() -> None:
    # Dates of the Astronomical Society of South Australia's table.
    assert [easter(year) for year in (2024, 2025, 2026, 2027)] == [
        date(2024, 3, 31), date(2025, 4, 20), date(2026, 4, 5), date(2027, 3, 28),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "country", ["AT", "BE", "CH", "DE", "DK", "ES", "FI", "FR", "GB", "IT", "NL", "NO", "PL", "SE", "US"]
)
def test_vat_id_any_country_passes_the_check_of_entry(country: str) -> None:
    drawn = [vat_id(country, Chance(seed, "test")) for seed in range(5)]

    # Entry keeps British and Norwegian ids without their prefix.
    assert [checked_vat_id(text, country=country) for text in drawn] == [
        text.removeprefix(country) if country in {"GB", "NO"} else text for text in drawn
    ]


@pytest.mark.parametrize("country", ["DE", "FR", "GB", "NL", "NO"])
def test_bank_account_any_country_is_a_valid_iban(country: str) -> None:
    assert iban.is_valid(bank_account(country, Chance(7, "test")))


def test_receipt_odd_supplier_is_a_pdf_whose_table_points_at_its_objects() -> None:
    content = receipt("Küste (Nord) \\ Söhne")
    start = int(content.rsplit(b"startxref\n", 1)[1].split()[0])
    places = [int(line[:10]) for line in content[start:].split(b"\n")[3:8]]

    assert content.startswith(b"%PDF-")
    assert content[start:].startswith(b"xref")
    assert [content[place:].startswith(b"%d 0 obj" % number) for number, place in enumerate(places, 1)] == [True] * 5
