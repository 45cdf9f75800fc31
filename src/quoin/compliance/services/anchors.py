"""Writing the heads of the chain outside the database."""

from __future__ import annotations

import json
from uuid import UUID

from quoin.base.audit.models import AuditSeal
from quoin.compliance.queries.anchors import anchor_file, read_anchors


def write_anchors(tenant_id: UUID, links: list[AuditSeal]) -> None:
    """Append the links that are not in the file yet; runs after commit, and again with the next link."""
    known = {anchor["number"] for anchor in read_anchors(tenant_id)}
    path = anchor_file(tenant_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        for link in links:
            if link.number not in known:
                line = {"number": link.number, "sealed_at": link.sealed_at.isoformat(), "hash": link.hash}
                file.write(json.dumps(line) + "\n")
