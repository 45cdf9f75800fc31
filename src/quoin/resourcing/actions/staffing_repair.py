"""The command that repairs a plan: bookings that cannot stay go to others or to later weeks, in one step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from quoin.base.actions import action, running_action_id, touch, undo_with
from quoin.base.actor import Actor
from quoin.base.events import emit
from quoin.base.mail.send import queue_mail
from quoin.base.ui import formats
from quoin.kernel.errors import Conflict, invalid
from quoin.kernel.words import say
from quoin.people.models import Person
from quoin.people.queries.languages import languages_of
from quoin.resourcing.actions.writing import BookingIn, make, snapshots, take_away, the_bookings
from quoin.resourcing.models import Booking
from quoin.resourcing.queries.staffing import working_parts
from quoin.resourcing.queries.staffing_repair import SLACK_WEEKS, Damage, Hurt, Trouble, damage
from quoin.resourcing.rules.staffing.options import cut
from quoin.resourcing.rules.staffing.values import WHOLE
from quoin.resourcing.services.bookings import days_of, lock_people, write_days

REPAIR = "resourcing.staffing.repair"


@action(REPAIR, label=_("Repair bookings after illness or delay"))
def repair_bookings(actor: Actor, *, trouble: Mapping[str, Any], moves: Sequence[Mapping[str, Any]]) -> list[Booking]:
    """Move the hurt days of each named booking to a person and some weeks later; others stay as they are.

    A move is booking_id, person_id and weeks (after the trouble's own). The people are told by mail.
    """
    found = damage(actor, Trouble.of(dict(trouble)))
    wanted = {UUID(str(one["booking_id"])): one for one in moves}
    hurts = {one.booking.id: (at, one) for at, one in enumerate(found.hurts)}
    if not wanted or not set(wanted) <= set(hurts):
        raise invalid("/moves", "A move is not of a booking that is hurt. Look at the repairs again.")
    people = {UUID(str(one["person_id"])) for one in wanted.values()}
    there = the_bookings(actor, REPAIR, list(wanted), beside=people)
    lock_people({one.person_id for one in there} | people)
    before = snapshots(there)
    new: list[Booking] = []
    for booking in there:
        new += _cut_out(booking, hurts[booking.id][1])
    for booking_id, one in wanted.items():
        new += _moved(actor, found, hurts[booking_id][0], one)
    undo_with("resourcing.booking.restore", bookings=before, remove_ids=[one.id for one in new])
    touch(there[0].public_id)
    emit(
        actor, "resourcing.plan.repaired", running_action_id(), booking_ids=[one.id for one in new],
        person_ids=sorted({one.person_id for one in there} | people, key=str),
    )  # fmt: skip
    _inform(actor, {one.person_id for one in there} | people, new)
    return new


def _cut_out(booking: Booking, hurt: Hurt) -> list[Booking]:
    """Take the hurt days out: what stands before them stays the booking, what stands after is one of its own."""
    days = days_of([booking.id])[booking.id]
    first, last = min(hurt.days), max(hurt.days)
    before = {day: minutes for day, minutes in days.items() if day < first}
    after = {day: minutes for day, minutes in days.items() if day > last}
    if not before and not after:
        take_away([booking])
        return []
    write_days(booking, {})
    kept = before or after
    later: list[Booking] = []
    if before and after:
        rest = Booking(
            **{
                name: getattr(booking, name)
                for name in (
                    "person_id", "project_id", "task_id", "demand_id", "job_role_id", "effort", "amount", "is_firm",
                    "note", "booked_by_id", "booked_at",
                )
            }
        )  # fmt: skip
        later.append(_sized(rest, after))
        rest.save(force_insert=True)
        write_days(rest, after)
    booking.version += 1
    _sized(booking, kept).save()
    write_days(booking, kept)
    return later


def _sized(booking: Booking, days: Mapping[date, int]) -> Booking:
    booking.starts_on, booking.ends_on = min(days), max(days)
    if booking.effort == "total":
        booking.amount = sum(days.values())
    return booking


def _moved(actor: Actor, found: Damage, at: int, move: Mapping[str, Any]) -> list[Booking]:
    former, person_id, weeks = found.hurts[at].booking, UUID(str(move["person_id"])), int(move.get("weeks") or 0)
    if not 0 <= weeks <= SLACK_WEEKS:
        raise invalid("/moves", say("Work moves by up to %(slack_weeks)s weeks.", slack_weeks=SLACK_WEEKS))
    parts = working_parts(person_id, cut(found.case.asks[at].need, weeks, WHOLE).bookings)
    if not parts:
        raise Conflict("The person does not work in these days. Look at the repairs again.")
    return [
        make(
            actor, REPAIR,
            BookingIn(
                person_id=person_id, project_id=former.project_id, task_id=former.task_id, demand_id=former.demand_id,
                job_role_id=former.job_role_id, starts_on=part.first, ends_on=part.last, effort=part.effort,
                amount=part.amount, is_firm=former.is_firm, note=former.note,
            ),
            reason="",
        )
        for part in parts
    ]  # fmt: skip


def _inform(actor: Actor, people: set[UUID], made: Sequence[Booking]) -> None:
    """Everybody in their own language, whoever made the change."""
    languages = languages_of(actor, people)
    for person in Person.objects.filter(id__in=people).exclude(email="").order_by("id"):
        mine = sorted((one for one in made if one.person_id == person.id), key=lambda one: one.starts_on)
        with translation.override(languages[person.id]):
            lines = [_line(one, languages[person.id]) for one in mine]
            text = "\n".join(lines) or _t("Somebody else has taken over, or the work comes later.")
            queue_mail(
                actor, to=person.email, subject=_t("Your bookings have changed"),
                text=_t("%(name)s changed the plan.") % {"name": actor.name} + f"\n\n{text}\n",
                about=person.public_id,
            )  # fmt: skip


def _line(one: Booking, language: str) -> str:
    days = {"first": formats.day(one.starts_on, language), "last": formats.day(one.ends_on, language)}
    return _t("%(first)s to %(last)s: %(project)s") % {**days, "project": one.project.name}
