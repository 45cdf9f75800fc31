"""What a billing run decides on: unbilled charges, work that waits for approval, contracts. For actions: no permission.

Charges come as values by one statement, without model instances: a month of a large firm is tens of thousands.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection

from quoin.base.db.context import current_tenant
from quoin.billing.queries.pricing import desk
from quoin.billing.types import ApprovedEntry, Charge, ChargeKind
from quoin.kernel.ids import uuid7
from quoin.kernel.money import Money
from quoin.people.models import Person
from quoin.projects.models import ProjectMember

NO_CONTRACT = UUID(int=0)
_CHARGES = (
    "SELECT c.entity_id, c.id, c.kind, c.source_id, c.source_version, c.contract_id, c.client_id, c.project_id,"
    " c.task_id, c.person_id, c.work_on, c.minutes, c.billable_minutes - coalesce(w.minutes, 0), c.rate_per_hour,"
    " c.amount - coalesce(w.amount, 0), c.currency, c.note, c.is_stepped, c.held_until, c.hold_reason"
    " FROM billing_charge c LEFT JOIN (SELECT charge_id, sum(minutes) AS minutes, sum(amount) AS amount"
    " FROM billing_writedown WHERE tenant_id = %(tenant)s GROUP BY charge_id) w ON w.charge_id = c.id"
    " WHERE c.tenant_id = %(tenant)s AND c.work_on <= %(until)s AND (c.status = 'unbilled'"
    " OR (c.status = 'drafted' AND c.id = ANY(%(refreshed)s)))"
    " AND (%(contracts)s::uuid[] IS NULL OR c.contract_id = ANY(%(contracts)s)) ORDER BY c.id"
)
_LOCK = " FOR NO KEY UPDATE OF c"
_LATER = (
    "SELECT currency, sum(charges)::int, sum(amount) FROM billing_chargemonth WHERE tenant_id = %(tenant)s"
    " AND status = 'unbilled' AND month_on > %(until)s GROUP BY currency UNION ALL"
    " SELECT currency, count(*)::int, sum(amount) FROM billing_charge"
    " WHERE tenant_id = %(tenant)s AND status = 'unbilled'"
    " AND work_on > %(until)s AND work_on < (date_trunc('month', %(until)s::date) + interval '1 month')::date"
    " GROUP BY currency"
)
_WIP = (
    "SELECT currency, sum(amount) FROM (SELECT currency, amount FROM billing_chargemonth WHERE tenant_id = %(tenant)s"
    " AND status IN ('unbilled', 'drafted') UNION ALL SELECT c.currency, -w.amount FROM billing_writedown w"
    " JOIN billing_charge c ON c.tenant_id = w.tenant_id AND c.id = w.charge_id WHERE w.tenant_id = %(tenant)s"
    " AND c.status IN ('unbilled', 'drafted')) x GROUP BY currency"
)
_KEPT = (
    "SELECT c.currency, sum(c.amount - coalesce(w.amount, 0)) FROM billing_charge c LEFT JOIN (SELECT charge_id,"
    " sum(amount) AS amount FROM billing_writedown WHERE tenant_id = %(tenant)s GROUP BY charge_id) w"
    " ON w.charge_id = c.id WHERE c.tenant_id = %(tenant)s AND c.status = 'drafted'"
    " AND NOT c.id = ANY(%(refreshed)s) GROUP BY c.currency"
)
_LATER_DOWN = (
    "SELECT c.currency, -sum(w.amount) FROM billing_writedown w JOIN billing_charge c ON c.tenant_id = w.tenant_id"
    " AND c.id = w.charge_id WHERE w.tenant_id = %(tenant)s AND c.status = 'unbilled' AND c.work_on > %(until)s"
    " GROUP BY c.currency"
)
_OUTSIDE = (
    "SELECT currency, count(*)::int, sum(amount) FROM (SELECT c.currency, c.amount - coalesce(w.amount, 0) AS amount"
    " FROM billing_charge c LEFT JOIN (SELECT charge_id, sum(amount) AS amount FROM billing_writedown"
    " WHERE tenant_id = %(tenant)s GROUP BY charge_id) w ON w.charge_id = c.id WHERE c.tenant_id = %(tenant)s"
    " AND c.status = 'unbilled' AND c.work_on <= %(until)s"
    " AND (c.contract_id IS NULL OR NOT c.contract_id = ANY(%(contracts)s))) x GROUP BY currency"
)
# The rollup says where anything waits, so that the entries of all other projects are not read.
_WAITING = (
    "WITH open AS (SELECT project_id, min(month_on) AS since FROM timesheets_timemonth WHERE tenant_id = %(tenant)s"
    " AND status <> 'approved' AND minutes > 0 AND month_on <= %(until)s GROUP BY project_id)"
    " SELECT t.id, t.version, t.project_id, t.task_id, t.person_id, t.work_on, t.minutes, t.note"
    " FROM open o JOIN timesheets_timeentry t ON t.project_id = o.project_id AND t.work_on >= o.since"
    " JOIN projects_project p ON p.tenant_id = t.tenant_id AND p.id = t.project_id"
    " WHERE t.tenant_id = %(tenant)s AND t.status IN ('open', 'submitted', 'returned') AND t.is_billable"
    " AND t.minutes > 0"
    " AND t.work_on <= %(until)s AND p.contract_id IS NOT NULL"
    " AND (%(contracts)s::uuid[] IS NULL OR p.contract_id = ANY(%(contracts)s)) ORDER BY t.work_on, t.id"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which charges: work up to a day, of some contracts or of all, and those of drafts that are built anew."""

    until: date
    contract_ids: tuple[UUID, ...] | None = None
    refreshed: tuple[UUID, ...] = ()

    def parameters(self) -> dict[str, Any]:
        contracts = None if self.contract_ids is None else list(self.contract_ids)
        return {
            "tenant": current_tenant(), "until": self.until, "contracts": contracts, "refreshed": list(self.refreshed)
        }  # fmt: skip


def unbilled_charges(asked: Asked, *, is_locked: bool) -> dict[UUID, list[Charge]]:
    """Charges by legal entity, what was written down taken off. Locked in id order for a run that writes."""
    found: defaultdict[UUID, list[Charge]] = defaultdict(list)
    monies: dict[tuple[Decimal | None, str], Money] = {}
    kinds = {kind.value: kind for kind in ChargeKind}
    with connection.cursor() as cursor:
        cursor.execute(_CHARGES + (_LOCK if is_locked else ""), asked.parameters())
        for row in cursor.fetchall():
            found[row[0]].append(_charge(row, monies, kinds))
    return dict(found)


def _charge(
    row: tuple[Any, ...], monies: dict[tuple[Decimal | None, str], Money], kinds: Mapping[str, ChargeKind]
) -> Charge:
    currency = row[15]
    rate = None if row[13] is None else monies.get((row[13], currency))
    if rate is None and row[13] is not None:
        rate = monies[row[13], currency] = Money(row[13], currency)
    return Charge(
        id=row[1], kind=kinds[row[2]], source_id=row[3], source_version=row[4], contract_id=row[5] or NO_CONTRACT,
        client_id=row[6], project_id=row[7], task_id=row[8], person_id=row[9], role_id=None, work_on=row[10],
        worked_minutes=row[11], billable_minutes=row[12], rate_per_hour=rate, amount=_rounded(row[14], currency),
        cost=None, note=row[16], is_stepped=row[17], held_until=row[18], hold_note=row[19],
    )  # fmt: skip


def _rounded(amount: Decimal, currency: str) -> Money:
    # Columns carry four places; amounts have the currency's own.
    return Money(amount, currency).round()


def waiting_charges(asked: Asked) -> dict[UUID, list[Charge]]:
    """What work that is not approved yet would come to, by legal entity."""
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, asked.parameters())
        rows = cursor.fetchall()
    if not rows:
        return {}
    days = [row[5] for row in rows]
    prices = desk(
        project_ids={row[2] for row in rows}, person_ids={row[4] for row in rows}, first=min(days), last=max(days)
    )
    found: defaultdict[UUID, list[Charge]] = defaultdict(list)
    for entry_id, version, project_id, task_id, person_id, work_on, minutes, note in rows:
        place = prices.places[project_id]
        entry = ApprovedEntry(
            id=entry_id, version=version, charge_id=uuid7(), contract_id=place.terms.contract_id,
            client_id=place.client_id, project_id=project_id, task_id=task_id, person_id=person_id,
            role_id=prices.role(project_id, person_id), work_on=work_on, worked_minutes=minutes,
            is_billable=not place.is_internal, note=note,
        )  # fmt: skip
        charge = prices.pricers[place.terms.currency].charge(entry)
        if isinstance(charge, Charge) and charge.amount:
            found[prices.entity(place, person_id)].append(_unapproved(charge))
    return dict(found)


def _unapproved(charge: Charge) -> Charge:
    return Charge(
        id=charge.id, kind=charge.kind, source_id=charge.source_id, source_version=charge.source_version,
        contract_id=charge.contract_id, client_id=charge.client_id, project_id=charge.project_id,
        task_id=charge.task_id, person_id=charge.person_id, role_id=charge.role_id, work_on=charge.work_on,
        worked_minutes=charge.worked_minutes, billable_minutes=charge.billable_minutes,
        rate_per_hour=charge.rate_per_hour, amount=charge.amount, cost=None, note=charge.note, is_approved=False,
    )  # fmt: skip


def roles_of(charges: Iterable[Charge]) -> dict[tuple[UUID, UUID], UUID | None]:
    """What people are sold as on projects, for lines by role."""
    pairs = {(c.project_id, c.person_id) for c in charges if c.project_id and c.person_id}
    people = {person for _, person in pairs}
    members = {
        (project, person): role
        for project, person, role in ProjectMember.objects.filter(
            project_id__in={project for project, _ in pairs}, person_id__in=people, job_role__isnull=False
        ).values_list("project_id", "person_id", "job_role_id")
    }
    own = dict(Person.objects.filter(id__in=people).values_list("id", "job_role_id"))
    return {pair: members.get(pair) or own.get(pair[1]) for pair in pairs}


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """Sums per currency, asked of the rollups and not of the plan, so that the plan can be proven by them."""

    wip: Mapping[str, Decimal]
    kept: Mapping[str, Decimal]
    """On drafts that this run leaves alone."""
    later: Mapping[str, tuple[int, Decimal]]
    """Unbilled work after the run's last day."""
    outside: Mapping[str, tuple[int, Decimal]]
    """Unbilled work of contracts that the run does not cover."""


def around(asked: Asked) -> Around:
    """What stands beside the charges of the run."""
    parameters = asked.parameters()
    later: dict[str, tuple[int, Decimal]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_WIP, parameters)
        wip = dict(cursor.fetchall())
        cursor.execute(_KEPT, parameters)
        kept = dict(cursor.fetchall())
        cursor.execute(_LATER, parameters)
        for currency, count, amount in cursor.fetchall():
            known = later.get(currency, (0, Decimal(0)))
            later[currency] = (known[0] + count, known[1] + amount)
        cursor.execute(_LATER_DOWN, parameters)
        for currency, amount in cursor.fetchall():
            later[currency] = (later[currency][0], later[currency][1] + amount)
        outside = {}
        if asked.contract_ids is not None:
            cursor.execute(_OUTSIDE, parameters)
            outside = {currency: (count, amount) for currency, count, amount in cursor.fetchall()}
    return Around(wip=wip, kept=kept, later=later, outside=outside)
