"""The people of Halden Group: who they are, what they cost, when they work, and who may sign in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from quoin.accounts.actions import create_legal_entity, new_users
from quoin.accounts.actions.joining import add_member
from quoin.accounts.models import LegalEntity
from quoin.accounts.queries.members import roles
from quoin.base.actions import action, touch
from quoin.base.actor import Actor
from quoin.kernel.period import add_months
from quoin.people.actions import create_person
from quoin.people.actions.organisation import create_job_role, create_team
from quoin.people.models import CostRate, WorkPattern
from quoin.people.services import add_terms
from quoin.site.demo import names
from quoin.site.demo.accounts import PASSWORD, Account, accounts
from quoin.site.demo.chance import Chance
from quoin.site.demo.firm import BY_JOB, BY_UNIT, JOBS, UNITS, Job
from quoin.site.demo.identities import bank_account, vat_id

FULL = (480, 480, 480, 480, 480, 0, 0)
_FOUR_DAYS = (480, 480, 480, 480, 0, 0, 0)
_SHORT_DAYS = (360, 360, 360, 360, 360, 0, 0)
_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True, kw_only=True)
class Somebody:
    """A person as planned. `id` is known once they are written."""

    name: str
    email: str
    job: Job
    hired_on: date
    left_on: date | None = None
    pattern: tuple[int, ...] = FULL
    cost: Decimal
    raise_percent: Decimal
    account: Account | None = None
    id: UUID | None = None
    user_id: UUID | None = None

    @property
    def unit(self) -> str:
        return self.job.unit

    @property
    def raised_cost(self) -> Decimal:
        """What an hour costs after the raise."""
        return (self.cost * (1 + self.raise_percent / 100)).quantize(_CENT, ROUND_HALF_UP)


@dataclass(slots=True)
class Staff:
    """Everybody who was written, with the entities, and the actors who stand for them."""

    system: Actor
    entities: dict[str, LegalEntity] = field(default_factory=dict)
    everybody: list[Somebody] = field(default_factory=list)
    role_ids: dict[str, UUID] = field(default_factory=dict)
    team_ids: dict[str, UUID] = field(default_factory=dict)
    job_ids: dict[str, UUID] = field(default_factory=dict)
    user_ids: dict[str, UUID] = field(default_factory=dict)
    """Who can sign in, by the keys of the accounts."""

    def of(self, unit: str) -> list[Somebody]:
        return [one for one in self.everybody if one.unit == unit]

    def with_job(self, *keys: str) -> list[Somebody]:
        return [one for one in self.everybody if one.job.key in keys]

    def id_of(self, number: int) -> UUID:
        """Id of a person who was written, by their place."""
        found = self.everybody[number].id
        assert found is not None
        return found

    def actor(self, somebody: Somebody) -> Actor:
        """The person as an actor who may do everything: the demo decides who would do what."""
        return replace(self.system, name=somebody.name, person_id=somebody.id, user_id=somebody.user_id)


def planned(chance: Chance, *, today: date, scale: float) -> list[Somebody]:
    """All people. A small `scale` keeps at least one of every job, and the two part-timers and the leaver."""
    named = {account.job: account for account in accounts() if account.job}
    counts = [job if job.count == 1 else replace(job, count=max(2, round(job.count * scale))) for job in JOBS]
    fresh = iter(names.people(chance.part("names"), sum(job.count for job in counts), taken=_account_names()))
    found = []
    for job in counts:
        for number in range(job.count):
            account = named.get(job.key) if number == 0 else None
            found.append(_somebody(chance, job, account.name if account else next(fresh), account, today=today))
    return _with_exceptions(found, today=today)


def write(system: Actor, everybody: list[Somebody], chance: Chance, *, begun_on: date) -> Staff:
    """Entities, people with costs and hours, and the accounts."""
    staff = Staff(system=system)
    for unit in UNITS:
        staff.entities[unit.key] = create_legal_entity(
            system, name=unit.name, code=unit.code, country=unit.country, currency=unit.currency,
            vat_id=vat_id(unit.country, chance), registration_id=unit.registration_id, street=unit.street,
            city=unit.city, postal_code=unit.postal_code, email=f"billing.{unit.key}@halden.example", phone=unit.phone,
            contact_name=unit.contact, iban=bank_account(unit.country, chance), bic=unit.bic,
        )  # fmt: skip
    staff.role_ids = {role.standard: role.id for role in roles(system) if role.standard}
    staff.team_ids = {unit.key: create_team(system, name=unit.team).id for unit in UNITS}
    staff.job_ids = {job.key: create_job_role(system, name=job.name).id for job in JOBS}
    users = new_users([(account.email, account.name) for account in accounts()], PASSWORD)
    staff.user_ids = {account.key: user.id for account, user in zip(accounts(), users, strict=True)}
    managers: dict[str, UUID] = {}
    # Leads first: the others report to them.
    for somebody in sorted(everybody, key=lambda one: (one.job.key != "executive", not one.job.is_lead)):
        written = _write_person(staff, somebody, managers)
        assert written.id is not None
        staff.everybody.append(written)
        if written.job.is_lead:
            managers.setdefault("top" if written.job.key == "executive" else written.unit, written.id)
    write_terms(system, people=staff.everybody, begun_on=begun_on)
    for account in accounts():
        if not account.job:
            _join(staff, account)
    return staff


def _account_names() -> frozenset[str]:
    return frozenset(account.name for account in accounts())


def _somebody(chance: Chance, job: Job, name: str, account: Account | None, *, today: date) -> Somebody:
    words = name.lower().replace("'", "").split()
    spread = Decimal(chance.between(-9, 9)) / 100
    return Somebody(
        name=name,
        email=account.email if account else f"{words[0]}.{words[-1]}@halden.example",
        job=job,
        hired_on=today - timedelta(days=chance.between(460, 3600)),
        cost=(job.cost * (1 + spread)).quantize(Decimal("0.5"), ROUND_HALF_UP),
        raise_percent=Decimal(chance.between(20, 45)) / 10,
        account=account,
    )


def _with_exceptions(found: list[Somebody], *, today: date) -> list[Somebody]:
    """Two work part time, one left three months ago, and three joined within the year."""
    plain = [number for number, one in enumerate(found) if not one.job.is_lead and one.account is None]
    four_days, short_days, leaver = plain[1], plain[-1], plain[len(plain) // 2]
    found[four_days] = replace(found[four_days], pattern=_FOUR_DAYS)
    found[short_days] = replace(found[short_days], pattern=_SHORT_DAYS)
    found[leaver] = replace(found[leaver], left_on=add_months(today.replace(day=1), -3))
    for number, months in zip(plain[3::17], (9, 6, 4), strict=False):
        if number not in {four_days, short_days, leaver}:
            found[number] = replace(found[number], hired_on=add_months(today.replace(day=1), -months))
    return found


def _write_person(staff: Staff, somebody: Somebody, managers: dict[str, UUID]) -> Somebody:
    user_id = _join(staff, somebody.account) if somebody.account else None
    manager = managers.get("top") if somebody.job.is_lead else managers.get(somebody.unit, managers.get("top"))
    person = create_person(
        staff.system, name=somebody.name, entity_id=staff.entities[somebody.unit].id, email=somebody.email,
        user_id=user_id, team_id=staff.team_ids[somebody.unit], manager_id=manager,
        job_role_id=staff.job_ids[somebody.job.key],
        number=f"H{len(staff.everybody) + 1:03d}", hired_on=somebody.hired_on, left_on=somebody.left_on,
        billable_target_ratio=Decimal("0.74") if somebody.job.load else Decimal(0),
    )  # fmt: skip
    return replace(somebody, id=person.id, user_id=user_id)


@action("site.demo.terms", label=_("Give people of the demo company working hours and pay"))
def write_terms(
    actor: Actor,  # noqa: ARG001  every action is somebody's
    *,
    people: Sequence[Somebody],
    begun_on: date,
) -> None:
    """Working hours, and the cost of an hour with the raise at the turn of the year after the work began."""
    patterns: list[WorkPattern] = []
    rates: list[CostRate] = []
    raised_on = date(begun_on.year + 1, 1, 1)
    for one in people:
        assert one.id is not None
        since = max(begun_on, one.hired_on)
        patterns.append(WorkPattern(person_id=one.id, valid_from=since, weekday_minutes=list(one.pattern)))
        steps = [(since, one.cost), (raised_on, one.raised_cost)] if raised_on > since else [(since, one.cost)]
        currency = BY_UNIT[BY_JOB[one.job.key].unit].currency
        rates += [
            CostRate(person_id=one.id, valid_from=day, amount_per_hour=cost, currency=currency) for day, cost in steps
        ]
    add_terms(patterns, rates)
    touch("terms")


def _join(staff: Staff, account: Account) -> UUID:
    user_id = staff.user_ids[account.key]
    add_member(staff.system, user_id=user_id, role_ids=[staff.role_ids[account.key]])
    return user_id
