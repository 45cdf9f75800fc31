"""Places for people that a template brings: drafts of requests, one per role that nobody has yet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from quoin.base.actor import Actor
from quoin.base.numbering import next_number
from quoin.resourcing.models import Demand
from quoin.resourcing.types import DemandStatus


def on_project_begun(actor: Actor, payload: Mapping[str, Any]) -> None:
    """Placeholders in the plan; nobody is asked to fill them until somebody opens them."""
    for told in payload["roles"]:
        Demand.objects.create(
            number=next_number("request"), project_id=payload["project_id"], title=told["title"],
            starts_on=told["starts_on"], ends_on=told["ends_on"], percent=told["percent"],
            job_role_id=told["job_role_id"], asked_by_id=actor.person_id, asked_at=actor.now,
            status=DemandStatus.DRAFT,
        )  # fmt: skip
