"""Which step follows which, for goods and for visits."""

from __future__ import annotations

from typing import Final

from quoin.field.types import DeliveryStatus, VisitStatus

_D, _V = DeliveryStatus, VisitStatus
_ORDER: Final = (_D.ORDERED, _D.SHIPPED, _D.ON_SITE, _D.CHECKED, _D.INSTALLED, _D.ACCEPTED)
DAY_FIELDS: Final = {
    _D.SHIPPED: "shipped_on",
    _D.ON_SITE: "arrived_on",
    _D.CHECKED: "checked_on",
    _D.INSTALLED: "installed_on",
    _D.ACCEPTED: "accepted_on",
}
"""The day that a status stands for."""
_VISIT_STEPS: Final = {
    _V.DRAFT: (_V.PUBLISHED, _V.CANCELLED),
    _V.PUBLISHED: (_V.TRAVELLING, _V.ON_SITE, _V.DRAFT, _V.CANCELLED),
    _V.TRAVELLING: (_V.ON_SITE, _V.PUBLISHED),
    _V.ON_SITE: (_V.DONE,),
    _V.DONE: (),
    _V.CANCELLED: (_V.DRAFT,),
}


def next_delivery_statuses(status: DeliveryStatus) -> tuple[DeliveryStatus, ...]:
    """Where goods may go from here: the next steps, one back, or cancelled before they arrive."""
    if status is _D.CANCELLED:
        return (_D.ORDERED,)
    index = _ORDER.index(status)
    # A supplier who says nothing is common: goods may arrive that were never said to be shipped.
    forward = _ORDER[index + 1 : index + 3] if index < _ORDER.index(_D.ON_SITE) else _ORDER[index + 1 : index + 2]
    back = _ORDER[max(index - 1, 0) : index]
    cancel = (_D.CANCELLED,) if index < _ORDER.index(_D.ON_SITE) else ()
    return (*forward, *back, *cancel)


def is_step_back(was: DeliveryStatus, now: DeliveryStatus) -> bool:
    return _D.CANCELLED not in {was, now} and _ORDER.index(now) < _ORDER.index(was)


def days_taken_back(was: DeliveryStatus, now: DeliveryStatus) -> tuple[str, ...]:
    """The fields of days that no longer hold after a step back."""
    if not is_step_back(was, now):
        return ()
    return tuple(DAY_FIELDS[status] for status in _ORDER[_ORDER.index(now) + 1 :] if status in DAY_FIELDS)


def next_visit_statuses(status: VisitStatus) -> tuple[VisitStatus, ...]:
    return _VISIT_STEPS[status]
