"""Heads of the hash chain, kept outside the database: one line per link, in a file per tenant."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings

from quoin.base.actor import Actor
from quoin.base.audit.models import AuditSeal
from quoin.base.audit.seal import faults
from quoin.compliance.queries.trail import SEE_TRAIL


def anchor_file(tenant_id: UUID) -> Path:
    """Where the heads of the tenant stand; copy it to a place that cannot be rewritten."""
    return Path(settings.QUOIN_ANCHORS) / f"{tenant_id}.jsonl"


def chain_faults(actor: Actor) -> Iterator[str]:
    """What does not fit inside the chain, and between the chain and the anchors outside."""
    actor.require(SEE_TRAIL)
    yield from faults()
    hashes = dict(AuditSeal.objects.values_list("number", "hash"))
    for anchor in read_anchors(actor.tenant_id):
        if hashes.get(anchor["number"]) != anchor["hash"]:
            yield f"link {anchor['number']} is not the one that was anchored outside the database"


def read_anchors(tenant_id: UUID) -> list[dict[str, Any]]:
    """All anchored links."""
    path = anchor_file(tenant_id)
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
