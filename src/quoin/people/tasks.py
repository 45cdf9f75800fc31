"""Jobs of people: the public holidays of the years to come are in the calendars before anybody is booked on them."""

from __future__ import annotations

from quoin.base.actor import Actor
from quoin.base.jobs import every
from quoin.people.actions.calendars import fill_ahead


@every("10 2 1 1,7 *", "people.fill_holidays")
def fill_holidays_ahead(actor: Actor) -> None:
    """Every January, and again in July should January have been missed; a second run finds nothing to do."""
    fill_ahead(actor)
