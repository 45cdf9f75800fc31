"""Commands about candidates after they were proposed: say no to one, and take that back."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from quoin.base.actions import action, running_action_id, touch, undo_with
from quoin.base.actor import Actor
from quoin.base.events import emit
from quoin.kernel.errors import Conflict, NotFound, invalid
from quoin.kernel.words import say
from quoin.resourcing.models import Demand, Proposal
from quoin.resourcing.queries import within_reach

DECLINE, RESTORE = "resourcing.candidate.decline", "resourcing.candidate.restore"
_STANDING = frozenset({"proposed", "asked", "willing", "unwilling", "talk"})


@action(DECLINE, label=_("Decline a candidate"))
def decline_candidate(actor: Actor, *, demand_id: UUID | str, person_id: UUID | str, note: str = "") -> Proposal:
    """Somebody who was proposed or asked does not get the request; they are not proposed by mistake again."""
    proposal = _proposal(actor, DECLINE, demand_id, person_id)
    if proposal.status not in _STANDING:
        raise Conflict(
            say("%(person)s is not proposed any more: there is nothing to decline.", person=proposal.person.name)
        )
    undo_with(
        RESTORE, demand_id=proposal.demand_id, person_id=proposal.person_id, status=proposal.status, note=proposal.note
    )
    proposal.status, proposal.note = "withdrawn", note.strip()
    proposal.save(update_fields=["status", "note"])
    _demand_follows(proposal.demand)
    touch(proposal.demand.public_id, reason=note)
    emit(
        actor, "resourcing.candidate.declined", running_action_id(), demand_id=proposal.demand_id,
        person_id=proposal.person_id,
    )  # fmt: skip
    return proposal


@action(RESTORE, label=_("Take a decline back"))
def restore_candidate(
    actor: Actor, *, demand_id: UUID | str, person_id: UUID | str, status: str = "proposed", note: str = ""
) -> Proposal:
    """The candidate stands as before."""
    proposal = _proposal(actor, RESTORE, demand_id, person_id)
    if status not in _STANDING:
        raise invalid("/status", "A candidate is proposed, asked, willing, unwilling or talk.")
    if proposal.status != "withdrawn":
        raise Conflict(say("%(person)s was not declined.", person=proposal.person.name))
    undo_with(DECLINE, demand_id=proposal.demand_id, person_id=proposal.person_id, note=proposal.note)
    proposal.status, proposal.note = status, note.strip()
    proposal.save(update_fields=["status", "note"])
    _demand_follows(proposal.demand)
    touch(proposal.demand.public_id)
    return proposal


def _proposal(actor: Actor, right: str, demand_id: UUID | str, person_id: UUID | str) -> Proposal:
    demand = (
        Demand.objects.select_for_update(of=("self",))
        .filter(within_reach(actor, right, person="asked_by"), id=demand_id)
        .first()
    )
    if demand is None:
        raise NotFound("There is no such request, or it is not yours.")
    found = Proposal.objects.select_related("person", "demand").filter(demand=demand, person_id=person_id).first()
    if found is None:
        raise NotFound("This person was not proposed for the request.")
    return found


def _demand_follows(demand: Demand) -> None:
    """Open while nobody is proposed, proposed from the first candidate on; what is filled stays as it is."""
    if demand.status not in {"open", "proposed"}:
        return
    stands = Proposal.objects.filter(demand=demand, status__in=_STANDING - {"unwilling"}).exists()
    wanted = "proposed" if stands else "open"
    if demand.status != wanted:
        demand.status = wanted
        demand.version += 1
        demand.save(update_fields=["status", "version"])
