"""Calendar feeds as iCalendar text (RFC 5545, RFC 7986), written by the icalendar library."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from icalendar import Calendar, Event

from quoin.resourcing.types import Entry

_DAY = timedelta(days=1)


def feed_text(name: str, entries: Iterable[Entry]) -> bytes:
    """The feed; calendars are asked to come back every hour."""
    calendar = Calendar()
    calendar.add("prodid", "-//Quoin//Calendar feed//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", timedelta(hours=1), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    for entry in entries:
        calendar.add_component(_event(entry))
    return bytes(calendar.to_ical())


def _event(entry: Entry) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("summary", entry.title)
    event.add("dtstart", entry.begins_at or entry.starts_on)
    event.add("dtend", entry.ends_at or entry.ends_on + _DAY)
    event.add("dtstamp", entry.stamped_at)
    event.add("sequence", entry.sequence)
    event.add("status", "TENTATIVE" if entry.is_tentative else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if entry.is_tentative or not entry.is_busy else "OPAQUE")
    if entry.description:
        event.add("description", entry.description)
    if entry.place:
        event.add("location", entry.place)
    if entry.url:
        event.add("url", entry.url)
    return event
