"""What to look at before a draft goes out, in words, with the charges behind each finding."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal

from quoin.billing.rules.caps import Fitted
from quoin.billing.types import Charge, ChargeKind, Check, CheckCode, ContractState, DraftLine, HeldCharge, HoldReason
from quoin.kernel.money import EXACT, Money, total
from quoin.kernel.quantity import clock
from quoin.sales.types import ContractKind

_CHANGE_LIMIT = Decimal(30)
_ORDER_ALERT = Decimal("0.8")
_HUNDRED = Decimal(100)
_SATURDAY = 5
_READABLE = 1000
"""Per cent from which a change is told as a factor: nobody reads +133719.1 %."""


def draft_checks(
    lines: Sequence[DraftLine],
    *,
    parts: Sequence[tuple[ContractState, Fitted]],
    net: Money,
    last_net: Money | None,
) -> tuple[Check, ...]:
    """All findings of a draft: those of its contracts first, then those of the whole. None means clean."""
    checks: list[Check] = []
    for state, result in parts:
        checks += _cap_checks(state, result)
        checks += _order_checks(state, result)
        checks += _charge_checks(state, [item.charge for item in result.billed])
    checks += _overage(lines)
    checks += _change(net, last_net)
    checks += _negative(lines)
    return tuple(checks)


def change_percent(net: Money, last_net: Money) -> Decimal | None:
    """By how many per cent an amount differs from the last one, to one decimal; None after a zero."""
    if not last_net:
        return None
    ratio = EXACT.divide(EXACT.subtract(net.amount, last_net.amount), abs(last_net.amount))
    return EXACT.multiply(ratio, _HUNDRED).quantize(Decimal("0.1"))


def change_words(net: Money, last_net: Money) -> str:
    """The change against the last amount as people say it: `+12.0 %`, `×14`; empty after a zero."""
    percent = change_percent(net, last_net)
    if percent is None:
        return ""
    if abs(percent) < _READABLE:
        return f"{percent:+} %"
    factor = EXACT.divide(net.amount, last_net.amount)
    return f"×{factor:.0f}" if factor > 0 else f"{'> +' if percent > 0 else '< -'}{_READABLE} %"


def _cap_checks(state: ContractState, result: Fitted) -> Iterator[Check]:
    cap = state.terms.cap
    if cap is None:
        return
    held = [item for item in result.held if item.reason is HoldReason.CAP_REACHED]
    left = cap.amount - state.billed - _billed(state, result)
    if held:
        yield _held(CheckCode.CAP_REACHED, f"Cap of {cap.amount} reached", held, state.terms.currency)
    elif left.amount < 0:
        words = f"Cap: {-left} over the cap of {cap.amount}, which only warns."
        yield Check(CheckCode.CAP_EXCEEDED, words, values=(("over", str(-left)),))
    elif _is_near(left, cap.amount, cap.alert_ratio):
        yield Check(CheckCode.CAP_LEFT, f"Cap: {left} left after this invoice.", values=(("left", str(left)),))


def _order_checks(state: ContractState, result: Fitted) -> Iterator[Check]:
    order = state.terms.purchase_order
    if order is None or order.amount is None:
        return
    held = [item for item in result.held if item.reason is HoldReason.ORDER_USED_UP]
    left = order.amount - state.ordered - _billed(state, result)
    if held:
        yield _held(CheckCode.ORDER_USED_UP, f"Purchase order {order.number} used up", held, state.terms.currency)
    elif _is_near(left, order.amount, _ORDER_ALERT):
        words = f"Purchase order {order.number}: {left} left after this invoice."
        yield Check(CheckCode.ORDER_LEFT, words, values=(("left", str(left)), ("number", order.number)))


def _billed(state: ContractState, result: Fitted) -> Money:
    return total((item.amount for item in result.billed), state.terms.currency)


def _held(code: CheckCode, what: str, held: Sequence[HeldCharge], currency: str) -> Check:
    amount = total((item.amount for item in held), currency)
    ids = tuple(item.charge.id for item in held)
    return Check(code, f"{what}: {amount} is held back.", ids, (("held", str(amount)),))


def _is_near(left: Money, whole: Money, alert_ratio: Decimal) -> bool:
    return EXACT.subtract(whole.amount, left.amount) >= EXACT.multiply(whole.amount, alert_ratio)


def _charge_checks(state: ContractState, charges: Iterable[Charge]) -> Iterator[Check]:
    known = tuple(charges)
    for code, is_found, words in _CHARGE_CHECKS:
        ids = tuple(charge.id for charge in known if is_found(charge, state))
        if ids:
            yield Check(code, words.format(count=len(ids)), ids, (("count", str(len(ids))),))


def _is_rate_zero(charge: Charge, state: ContractState) -> bool:
    is_priced = charge.kind is ChargeKind.TIME and state.terms.kind is ContractKind.TIME_AND_MATERIALS
    return is_priced and charge.billable_minutes > 0 and not charge.rate_per_hour


def _is_note_missing(charge: Charge, state: ContractState) -> bool:
    is_billed_time = charge.kind is ChargeKind.TIME and charge.billable_minutes > 0
    return state.terms.needs_note and is_billed_time and not charge.note.strip()


def _is_weekend(charge: Charge, _: ContractState) -> bool:
    return charge.kind is ChargeKind.TIME and charge.billable_minutes > 0 and charge.work_on.weekday() >= _SATURDAY


_CHARGE_CHECKS: tuple[tuple[CheckCode, Callable[[Charge, ContractState], bool], str], ...] = (
    (CheckCode.RATE_ZERO, _is_rate_zero, "{count} entries have a rate of zero."),
    (CheckCode.NOTE_MISSING, _is_note_missing, "{count} entries have no note, which this client asks for."),
    (
        CheckCode.MILESTONE_UNSIGNED,
        lambda charge, _: charge.kind is ChargeKind.MILESTONE and not charge.is_signed,
        "{count} milestones are not signed by the client.",
    ),
    (CheckCode.WEEKEND, _is_weekend, "{count} entries are on a weekend."),
)


def _overage(lines: Sequence[DraftLine]) -> Iterator[Check]:
    for line in lines:
        if line.kind is ChargeKind.OVERAGE:
            words = f"{clock(line.billed_minutes)} over included: overage {line.net}."
            ids = tuple(item.charge.id for item in line.charges)
            yield Check(CheckCode.OVERAGE, words, ids, (("overage", str(line.net)),))


def _change(net: Money, last_net: Money | None) -> Iterator[Check]:
    if last_net is None:
        return
    percent = change_percent(net, last_net)
    if percent is not None and abs(percent) > _CHANGE_LIMIT:
        words = f"{change_words(net, last_net)} against the last invoice of {last_net}."
        yield Check(CheckCode.CHANGE_VS_LAST, words, values=(("percent", str(percent)),))


def _negative(lines: Sequence[DraftLine]) -> Iterator[Check]:
    negative = [line for line in lines if line.net.amount < 0]
    if negative:
        ids = tuple(item.charge.id for line in negative for item in line.charges)
        yield Check(CheckCode.NEGATIVE, f"{len(negative)} lines are negative.", ids)
