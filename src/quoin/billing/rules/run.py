"""The billing run as a plan: which charges go onto which drafts, what stays behind and why, and the proof.

Preview shows the plan and the real run writes it. The plan depends on nothing but its arguments, and not on
the order of the charges.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from quoin.billing.rules.caps import Fitted, Limit, fit
from quoin.billing.rules.checks import draft_checks
from quoin.billing.rules.increments import Worked, step_all
from quoin.billing.rules.lines import group_lines
from quoin.billing.types import (
    BilledCharge,
    Charge,
    ChargeKind,
    ContractState,
    Draft,
    DraftLine,
    HeldCharge,
    HoldReason,
    LeftOut,
    RunPlan,
    RunProof,
    RunScope,
)
from quoin.kernel.money import EXACT, Money, total, zero
from quoin.sales.types import IncrementScope

_MINUTES_PER_HOUR = 60


@dataclass(frozen=True, slots=True)
class _Sorted:
    """Charges that may be billed, per contract, and all others with their reason."""

    eligible: dict[UUID, list[Charge]]
    held: list[HeldCharge]


def plan_run(charges: Iterable[Charge], *, contracts: Mapping[UUID, ContractState], scope: RunScope) -> RunPlan:
    """Drafts by client, currency and purchase order for everything that may be billed.

    Work of a contract is billed oldest first, up to its cap and its order. The proof holds for any input;
    a plan whose proof fails must not be issued.
    """
    everything = sorted(charges, key=lambda charge: (charge.work_on, charge.id.int))
    found = _sort_out(everything, contracts, scope)
    fitted: dict[UUID, Fitted] = {}
    for contract_id in sorted(found.eligible):
        state = contracts[contract_id]
        billed = apply_increments(found.eligible[contract_id], state=state)
        fitted[contract_id] = fit(billed, limits=limits_of(state))
    drafts = _drafts(fitted, contracts, scope)
    held = (*found.held, *(item for contract_id in sorted(fitted) for item in fitted[contract_id].held))
    stopped = tuple(item for item in held if item.reason is not HoldReason.NOT_APPROVED)
    waiting = tuple(item for item in held if item.reason is HoldReason.NOT_APPROVED)
    return RunPlan(
        drafts=drafts,
        held=stopped,
        waiting=waiting,
        left_out=_left_out(held),
        proofs=_proofs(everything, drafts=drafts, held=stopped, waiting=waiting),
    )


def apply_increments(charges: Sequence[Charge], *, state: ContractState) -> tuple[BilledCharge, ...]:
    """Each charge with its billed minutes and money.

    With increments per day or per invoice, time is first brought to whole increments and then priced once per
    day or invoice and rate; the charges share that price by largest remainder.
    """
    terms = state.terms
    plain = [charge for charge in charges if not _is_stepped_here(charge, terms.increment.scope)]
    billed = [BilledCharge(c, c.billable_minutes, c.amount, zero(c.amount.currency)) for c in plain]
    timed = [charge for charge in charges if _is_stepped_here(charge, terms.increment.scope)]
    worked = [Worked(charge.billable_minutes, charge.person_id, charge.work_on) for charge in timed]
    minutes = step_all(worked, terms.increment)
    groups: dict[tuple[object, ...], list[int]] = {}
    for i, charge in enumerate(timed):
        groups.setdefault(_price_group(charge, terms.increment.scope), []).append(i)
    for members in groups.values():
        billed += _priced_together([timed[i] for i in members], [minutes[i] for i in members], state)
    return tuple(billed)


def limits_of(state: ContractState) -> tuple[Limit, ...]:
    """What a hard cap and an order with an amount still leave. A soft cap only warns."""
    limits = []
    cap, order = state.terms.cap, state.terms.purchase_order
    if cap is not None and cap.is_hard:
        words = f"The cap of {cap.amount} is reached."
        limits.append(Limit(HoldReason.CAP_REACHED, cap.amount - state.billed, words))
    if order is not None and order.amount is not None:
        words = f"Purchase order {order.number} over {order.amount} is used up."
        limits.append(Limit(HoldReason.ORDER_USED_UP, order.amount - state.ordered, words))
    return tuple(limits)


def _sort_out(charges: Iterable[Charge], contracts: Mapping[UUID, ContractState], scope: RunScope) -> _Sorted:
    eligible: dict[UUID, list[Charge]] = {}
    held = []
    for charge in charges:
        stop = _stop(charge, contracts.get(charge.contract_id), scope)
        if stop is None:
            eligible.setdefault(charge.contract_id, []).append(charge)
        else:
            nothing = zero(charge.amount.currency)
            held.append(HeldCharge(charge, charge.billable_minutes, charge.amount, nothing, *stop))
    return _Sorted(eligible, held)


def _stop(charge: Charge, state: ContractState | None, scope: RunScope) -> tuple[HoldReason, str] | None:
    """The first thing that keeps a charge off every draft, with its sentence."""
    if not charge.is_approved and not scope.includes_unapproved:
        return HoldReason.NOT_APPROVED, "The work waits for approval."
    if state is None:
        return HoldReason.NO_CONTRACT, "The work has no contract to bill it on."
    for reason, is_stopped, words in _STOPS:
        if is_stopped(charge, state, scope):
            return reason, words(charge, state, scope)
    return None


_Test = Callable[[Charge, ContractState, RunScope], bool]


def _is_order_expired(_: Charge, state: ContractState, scope: RunScope) -> bool:
    order = state.terms.purchase_order
    return order is not None and order.valid_until is not None and order.valid_until < scope.on


def _order_words(_: Charge, state: ContractState, __: RunScope) -> str:
    order = state.terms.purchase_order
    return f"Purchase order {order.number} expired on {order.valid_until}." if order else ""


_STOPS: tuple[tuple[HoldReason, _Test, Callable[[Charge, ContractState, RunScope], str]], ...] = (
    (
        HoldReason.AFTER_SCOPE,
        lambda charge, _, scope: charge.work_on > scope.work_until,
        lambda charge, _, scope: f"The work of {charge.work_on} lies after {scope.work_until}.",
    ),
    (
        HoldReason.NOT_IN_SCOPE,
        lambda charge, _, scope: scope.contract_ids is not None and charge.contract_id not in scope.contract_ids,
        lambda *_: "The contract is not part of this run.",
    ),
    (
        HoldReason.ON_HOLD,
        lambda charge, _, scope: charge.held_until is not None and charge.held_until > scope.on,
        lambda charge, *_: f"On hold until {charge.held_until}: {charge.hold_note or 'no reason given'}.",
    ),
    (
        HoldReason.CLIENT_BLOCKED,
        lambda _, state, __: bool(state.blocked_because),
        lambda _, state, __: state.blocked_because,
    ),
    (
        HoldReason.CURRENCY_MISMATCH,
        lambda charge, state, _: charge.amount.currency != state.terms.currency,
        lambda charge, state, _: f"Priced in {charge.amount.currency}; the contract is in {state.terms.currency}.",
    ),
    (HoldReason.ORDER_EXPIRED, _is_order_expired, _order_words),
)


def _is_stepped_here(charge: Charge, scope: IncrementScope) -> bool:
    is_priced_time = charge.kind is ChargeKind.TIME and charge.rate_per_hour is not None
    return scope is not IncrementScope.ENTRY and is_priced_time and not charge.is_stepped


def _price_group(charge: Charge, scope: IncrementScope) -> tuple[object, ...]:
    rate = charge.rate_per_hour.amount if charge.rate_per_hour else None
    return (rate, charge.person_id, charge.work_on) if scope is IncrementScope.DAY_PERSON else (rate,)


def _priced_together(charges: list[Charge], minutes: list[int], state: ContractState) -> list[BilledCharge]:
    rate = charges[0].rate_per_hour
    assert rate is not None  # only priced time is stepped together
    exact = EXACT.divide(EXACT.multiply(Decimal(sum(minutes)), rate.amount), Decimal(_MINUTES_PER_HOUR))
    price = Money(exact, rate.currency).round(state.terms.rounding)
    if sum(minutes) and min(minutes) >= 0:
        shares = price.allocate(minutes)
    else:
        # Corrections of both signs cannot share by weight; what they change is priced entry by entry.
        shares = tuple(charge.amount for charge in charges)
        minutes = [charge.billable_minutes for charge in charges]
    return [
        BilledCharge(charge, count, amount, amount - charge.amount)
        for charge, count, amount in zip(charges, minutes, shares, strict=True)
    ]


def _drafts(
    fitted: Mapping[UUID, Fitted], contracts: Mapping[UUID, ContractState], scope: RunScope
) -> tuple[Draft, ...]:
    groups: dict[tuple[UUID, str, str], list[UUID]] = {}
    for contract_id, result in fitted.items():
        terms = contracts[contract_id].terms
        order = terms.purchase_order.number if terms.purchase_order else ""
        if any(item.amount or item.minutes for item in result.billed):
            groups.setdefault((terms.client_id, terms.currency, order), []).append(contract_id)
    return tuple(
        _draft(key, [(contracts[i], fitted[i]) for i in groups[key]], scope)
        for key in sorted(groups, key=lambda key: (_name(contracts, groups[key][0]), key))
    )


def _draft(key: tuple[UUID, str, str], parts: Sequence[tuple[ContractState, Fitted]], scope: RunScope) -> Draft:
    client_id, currency, order = key
    lines: list[DraftLine] = []
    for state, result in parts:
        worth = [item for item in result.billed if item.amount or item.minutes]
        grouping = scope.grouping or state.terms.grouping
        lines += group_lines(worth, grouping=grouping, names=state.names or {}, currency=currency)
    net = total((line.net for line in lines), currency)
    last = [state.last_net for state, _ in parts if state.last_net is not None]
    last_net = total(last, currency) if last else None
    return Draft(
        client_id=client_id,
        contract_ids=tuple(state.terms.contract_id for state, _ in parts),
        currency=currency,
        order_number=order,
        lines=tuple(lines),
        net=net,
        last_net=last_net,
        checks=draft_checks(lines, parts=parts, net=net, last_net=last_net),
    )


def _name(contracts: Mapping[UUID, ContractState], contract_id: UUID) -> str:
    return contracts[contract_id].client_name.casefold()


def _left_out(held: Sequence[HeldCharge]) -> tuple[LeftOut, ...]:
    sums: dict[tuple[HoldReason, str], list[Money]] = {}
    for item in held:
        sums.setdefault((item.reason, item.amount.currency), []).append(item.amount)
    return tuple(
        LeftOut(reason, len(amounts), total(amounts, currency)) for (reason, currency), amounts in sorted(sums.items())
    )


def _proofs(
    charges: Sequence[Charge], *, drafts: Sequence[Draft], held: Sequence[HeldCharge], waiting: Sequence[HeldCharge]
) -> tuple[RunProof, ...]:
    currencies = sorted({charge.amount.currency for charge in charges})
    return tuple(_proof(currency, charges, drafts=drafts, held=held, waiting=waiting) for currency in currencies)


def _proof(
    currency: str,
    charges: Sequence[Charge],
    *,
    drafts: Sequence[Draft],
    held: Sequence[HeldCharge],
    waiting: Sequence[HeldCharge],
) -> RunProof:
    billed = [item for draft in drafts if draft.currency == currency for line in draft.lines for item in line.charges]
    stopped = [item for item in held if item.amount.currency == currency]
    return RunProof(
        currency=currency,
        wip=total((c.amount for c in charges if c.amount.currency == currency), currency),
        increments=total((item.increment for item in billed), currency)
        + total((item.increment for item in stopped), currency),
        drafts=total((line.net for d in drafts if d.currency == currency for line in d.lines), currency),
        held=total((item.amount for item in stopped), currency),
        waiting=total((item.amount for item in waiting if item.amount.currency == currency), currency),
    )
