"""The plan of a billing run, from the database: preview shows it, the real run writes the same."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Sum

from quoin.base.actor import Actor
from quoin.billing.models import ContractUse, InvoiceItem, InvoiceLine
from quoin.billing.queries.run_input import Around, Asked, around, roles_of, unbilled_charges, waiting_charges
from quoin.billing.rules.document_lines import PricedLine, price_line
from quoin.billing.rules.run import plan_run
from quoin.billing.types import Charge, ContractState, Draft, HeldCharge, HoldReason, RunPlan, RunScope
from quoin.clients.models import Client
from quoin.kernel.money import Money, Rounding
from quoin.people.models import JobRole, Person
from quoin.projects.models import Project, Task
from quoin.sales.queries.terms import terms_by_id
from quoin.sales.types import ContractTerms, LineGrouping

BUILD = "billing.run.build"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What the person asked for. `contract_ids` None means all contracts; `grouping` None each contract's own rule."""

    work_until: date
    contract_ids: tuple[UUID, ...] | None = None
    grouping: LineGrouping | None = None

    @property
    def key(self) -> str:
        """The same for the same scope: a repeated command finds its own run."""
        ids = None if self.contract_ids is None else sorted(map(str, self.contract_ids))
        said = hashlib.sha256(json.dumps([ids, self.grouping]).encode()).hexdigest()[:12]
        return f"{self.work_until}:{'all' if ids is None and self.grouping is None else said}"


@dataclass(frozen=True, slots=True)
class PlannedDraft:
    """An invoice to be: of which company, and what its lines say."""

    entity_id: UUID
    draft: Draft
    lines: tuple[PricedLine, ...]

    @property
    def net(self) -> Money:
        return Money(sum((line.net.amount for line in self.lines), Decimal(0)), self.draft.currency)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """In one currency: all unbilled work = what is on drafts + held + waiting. Increments and rounding add to it."""

    currency: str
    wip: Decimal
    increments: Decimal
    rounding: Decimal
    drafts: Decimal
    held: Decimal
    waiting: Decimal

    @property
    def is_equal(self) -> bool:
        return self.wip + self.increments + self.rounding == self.drafts + self.held + self.waiting


@dataclass(frozen=True, slots=True)
class LeftOutSum:
    """Work that one reason keeps off the drafts, in one currency."""

    reason: str
    count: int
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """All that a run would write."""

    scope: Scope
    drafts: tuple[PlannedDraft, ...]
    held: tuple[HeldCharge, ...]
    waiting: tuple[HeldCharge, ...]
    left_out: tuple[LeftOutSum, ...]
    proofs: tuple[Proof, ...]

    @property
    def is_proven(self) -> bool:
        return all(proof.is_equal for proof in self.proofs)


def preview_run(actor: Actor, scope: Scope) -> Planned:
    """What `build_run` would write now."""
    actor.require(BUILD)
    return plan(actor, scope, refreshed=(), is_locked=False)


def plan(actor: Actor, scope: Scope, *, refreshed: tuple[UUID, ...], is_locked: bool) -> Planned:
    """Plan of all companies together. `refreshed` are charges on drafts that are built anew."""
    asked = Asked(until=scope.work_until, contract_ids=scope.contract_ids, refreshed=refreshed)
    charges = unbilled_charges(asked, is_locked=is_locked)
    waiting = waiting_charges(asked)
    everything = [charge for part in (*charges.values(), *waiting.values()) for charge in part]
    terms = terms_by_id({charge.contract_id for charge in everything})
    states = _states(terms, refreshed=refreshed)
    rule = RunScope(work_until=scope.work_until, on=actor.today, grouping=scope.grouping)
    drafts: list[PlannedDraft] = []
    plans: list[RunPlan] = []
    names = contract_names(everything)
    if _needs_roles(terms.values(), scope):
        charges = _with_roles(charges)
    states = {key: replace(state, names=names) for key, state in states.items()}
    for entity_id in sorted(charges.keys() | waiting.keys()):
        found = plan_run([*charges.get(entity_id, ()), *waiting.get(entity_id, ())], contracts=states, scope=rule)
        plans.append(found)
        drafts += [_priced(entity_id, draft, terms) for draft in found.drafts]
    beside = around(asked)
    return Planned(
        scope=scope,
        drafts=tuple(drafts),
        held=tuple(item for found in plans for item in found.held),
        waiting=tuple(item for found in plans for item in found.waiting),
        left_out=_left_out(plans, beside),
        proofs=_proofs(plans, drafts, beside),
    )


def _priced(entity_id: UUID, draft: Draft, terms: Mapping[UUID, ContractTerms]) -> PlannedDraft:
    lines = []
    for line in draft.lines:
        own = terms[line.charges[0].charge.contract_id]
        is_limited = (own.cap is not None and own.cap.is_hard) or (
            own.purchase_order is not None and own.purchase_order.amount is not None
        )
        lines.append(price_line(line, mode=own.rounding, may_exceed=not is_limited))
    return PlannedDraft(entity_id, draft, tuple(lines))


def _states(terms: Mapping[UUID, ContractTerms], *, refreshed: tuple[UUID, ...]) -> dict[UUID, ContractState]:
    ids = list(terms)
    uses = {use.contract_id: use for use in ContractUse.objects.filter(contract_id__in=ids)}
    limited = [key for key, own in terms.items() if own.cap is not None or own.purchase_order is not None]
    drafted = (
        InvoiceItem.objects.filter(is_live=True, charge__contract_id__in=limited, charge__status="drafted")
        .exclude(charge_id__in=refreshed)
        .values("charge__contract_id")
        .annotate(amount=Sum("amount"))
        .order_by()
    )
    on_drafts = {row["charge__contract_id"]: row["amount"] for row in drafted} if limited else {}
    clients = {row.id: row for row in Client.objects.filter(id__in={own.client_id for own in terms.values()})}
    last = _last_nets(ids)
    states = {}
    for key, own in terms.items():
        use, client = uses.get(key), clients[own.client_id]
        waiting = on_drafts.get(key, Decimal(0))
        billed = (use.billed_amount if use else Decimal(0)) + waiting
        is_same_order = (
            use is not None and own.purchase_order is not None and use.order_number == own.purchase_order.number
        )
        ordered = (use.ordered_amount if use and is_same_order else Decimal(0)) + waiting
        states[key] = ContractState(
            terms=own, billed=Money(billed, own.currency).round(), ordered=Money(ordered, own.currency).round(),
            last_net=last.get(key), client_name=client.name, blocked_because=_blocked(client),
        )  # fmt: skip
    return states


def _blocked(client: Client) -> str:
    if client.is_internal:
        return "Internal work is not billed."
    return "" if client.is_active else f"{client.name} is inactive."


def _last_nets(contract_ids: Sequence[UUID]) -> dict[UUID, Money]:
    """Net of each contract's last issued invoice."""
    rows = (
        InvoiceLine.objects.filter(
            contract_id__in=contract_ids, invoice__status="issued", invoice__kind="invoice"
        )
        .values("contract_id", "invoice_id", "invoice__issue_on", "invoice__sequence", "invoice__currency")
        .annotate(net=Sum("net_amount"))
        .order_by("invoice__issue_on", "invoice__sequence")
    )  # fmt: skip
    return {row["contract_id"]: Money(row["net"], row["invoice__currency"]).round() for row in rows}


def contract_names(charges: Iterable[Charge]) -> dict[UUID, str]:
    """Words of tasks, projects, people and roles for the lines of a document."""
    # Numbers hash several times faster than UUIDs do.
    tasks, projects, people = set[int](), set[int](), set[int]()
    for charge in charges:
        if charge.task_id:
            tasks.add(charge.task_id.int)
        if charge.project_id:
            projects.add(charge.project_id.int)
        if charge.person_id:
            people.add(charge.person_id.int)
    names: dict[UUID, str] = {}
    for model, numbers in ((Project, projects), (Task, tasks), (Person, people)):
        ids = [UUID(int=number) for number in numbers]
        names.update(model.objects.filter(id__in=ids).values_list("id", "name"))
    names.update(JobRole.objects.values_list("id", "name"))
    return names


def _needs_roles(terms: Iterable[ContractTerms], scope: Scope) -> bool:
    return scope.grouping is LineGrouping.ROLE or any(own.grouping is LineGrouping.ROLE for own in terms)


def _with_roles(charges: Mapping[UUID, list[Charge]]) -> dict[UUID, list[Charge]]:
    roles = roles_of(charge for part in charges.values() for charge in part)
    return {
        entity_id: [
            replace(charge, role_id=roles.get((charge.project_id, charge.person_id)))
            if charge.project_id and charge.person_id
            else charge
            for charge in part
        ]
        for entity_id, part in charges.items()
    }


def _left_out(plans: Iterable[RunPlan], beside: Around) -> tuple[LeftOutSum, ...]:
    sums: defaultdict[tuple[str, str], tuple[int, Decimal]] = defaultdict(lambda: (0, Decimal(0)))
    found = [(item.reason.value, item.count, item.amount) for one in plans for item in one.left_out]
    for reason, others in ((HoldReason.AFTER_SCOPE, beside.later), (HoldReason.NOT_IN_SCOPE, beside.outside)):
        found += [
            (reason.value, count, Money(amount, code).round()) for code, (count, amount) in others.items() if count
        ]
    for reason_text, count, amount in found:
        known = sums[reason_text, amount.currency]
        sums[reason_text, amount.currency] = (known[0] + count, known[1] + amount.amount)
    return tuple(LeftOutSum(key[0], value[0], Money(value[1], key[1])) for key, value in sorted(sums.items()))


def _proofs(plans: Sequence[RunPlan], drafts: Sequence[PlannedDraft], beside: Around) -> tuple[Proof, ...]:
    currencies = {proof.currency for one in plans for proof in one.proofs} | set(beside.wip)
    return tuple(_proof(code, plans, drafts, beside) for code in sorted(currencies))


def _proof(code: str, plans: Sequence[RunPlan], drafts: Sequence[PlannedDraft], beside: Around) -> Proof:
    """The work in hand comes from the rollups, the other side from the plan."""
    own = [proof for one in plans for proof in one.proofs if proof.currency == code]
    nothing = Decimal(0)
    waiting = sum((proof.waiting.amount for proof in own), nothing)
    planned = sum((draft.net.amount for draft in drafts if draft.draft.currency == code), nothing)
    charged = sum((proof.drafts.amount for proof in own), nothing)
    beyond = beside.later.get(code, (0, nothing))[1] + beside.outside.get(code, (0, nothing))[1]
    return Proof(
        currency=code,
        wip=_plain(beside.wip.get(code, nothing) + waiting, code),
        increments=_plain(sum((proof.increments.amount for proof in own), nothing), code),
        rounding=_plain(planned - charged, code),
        drafts=_plain(planned + beside.kept.get(code, nothing), code),
        held=_plain(sum((proof.held.amount for proof in own), nothing) + beyond, code),
        waiting=_plain(waiting, code),
    )


def _plain(amount: Decimal, code: str) -> Decimal:
    exact = Money(amount, code)
    rounded = exact.round(Rounding.HALF_UP)
    # An amount finer than the currency must show in the proof, not vanish from it.
    return rounded.amount if rounded == exact else amount
