"""Writing journals: balanced values become rows, all lines of all journals in two statements."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Max

from quoin.base.actor import Actor
from quoin.base.db.bulk import execute_arrays
from quoin.base.db.faults import explain
from quoin.kernel.ids import uuid7s
from quoin.ledger.models import Journal as JournalRow
from quoin.ledger.queries.journals import journal_value
from quoin.ledger.rules.posting import checked, reversal
from quoin.ledger.services.chart import ensure_chart
from quoin.ledger.services.periods import PostingCalendar
from quoin.ledger.types import Journal, SourceRef

_JOURNALS = (
    "INSERT INTO ledger_journal (tenant_id, id, entity_id, posting_on, source_kind, source_id, source_version, memo,"
    " reverses_id, posted_at) SELECT %b, u.id, u.entity_id, u.posting_on, u.source_kind, u.source_id,"
    " u.source_version, u.memo, u.reverses_id, %b FROM unnest(%b::uuid[], %b::uuid[], %b::date[], %b::text[],"
    " %b::uuid[], %b::int[], %b::text[], %b::uuid[])"
    " AS u (id, entity_id, posting_on, source_kind, source_id, source_version, memo, reverses_id)"
)
_LINES = (
    "INSERT INTO ledger_journalline (tenant_id, id, journal_id, position, account_id, currency, amount, base_amount,"
    " client_id, contract_id, project_id, person_id, obligation_id) SELECT %b, u.* FROM unnest(%b::uuid[], %b::uuid[],"
    " %b::int[], %b::uuid[], %b::text[], %b::numeric[], %b::numeric[], %b::uuid[], %b::uuid[], %b::uuid[], %b::uuid[],"
    " %b::uuid[]) AS u"
)

explain("journal_reversed_once", "The journal is reversed already.")
explain("journal_source", "This was posted already.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """A journal of a legal entity and what caused it. The source is unique per entity: nothing is posted twice."""

    entity_id: UUID
    source: SourceRef
    journal: Journal
    reverses_id: UUID | None = None


def post(
    actor: Actor, *, entity_id: UUID, source: SourceRef, journal: Journal, reverses_id: UUID | None = None
) -> UUID:
    """Post one journal; returns its id."""
    (posted,) = post_many(
        actor, [Posting(entity_id=entity_id, source=source, journal=journal, reverses_id=reverses_id)]
    )
    return posted


def post_many(actor: Actor, postings: Iterable[Posting]) -> tuple[UUID, ...]:
    """Post journals together; returns their ids in order. The database checks each once more (I-01, I-35)."""
    batch = tuple(postings)
    if not batch:
        return ()
    accounts = ensure_chart()
    ids = tuple(uuid7s(len(batch)))
    headers = [
        (
            journal_id, p.entity_id, p.journal.posting_on, p.source.type, p.source.id, p.source.version,
            checked(p.journal).text, p.reverses_id,
        )
        for journal_id, p in zip(ids, batch, strict=True)
    ]  # fmt: skip
    lines = [
        (
            journal_id, position, accounts[line.account.value], line.amount.currency, line.amount.amount,
            line.base.amount, line.dimensions.client_id, line.dimensions.contract_id, line.dimensions.project_id,
            line.dimensions.person_id, line.dimensions.obligation_id,
        )
        for journal_id, p in zip(ids, batch, strict=True)
        for position, line in enumerate(p.journal.lines, 1)
    ]  # fmt: skip
    execute_arrays(_JOURNALS, [actor.tenant_id, actor.now, *map(list, zip(*headers, strict=True))])
    execute_arrays(_LINES, [actor.tenant_id, uuid7s(len(lines)), *map(list, zip(*lines, strict=True))])
    return ids


def reverse(actor: Actor, *, journal_id: UUID, source: SourceRef, text: str) -> UUID:
    """Post the mirror of a journal, on its day or the first open one; a journal is reversed once."""
    row = JournalRow.objects.get(id=journal_id)
    on = PostingCalendar(actor, entity_id=row.entity_id).day(row.posting_on)
    mirror = reversal(journal_value(journal_id), posting_on=on, text=text)
    return post(actor, entity_id=row.entity_id, source=source, journal=mirror, reverses_id=row.id)


def next_version(*, kind: str, source_id: UUID) -> int:
    """The version that the next journal of the source gets."""
    found = JournalRow.objects.filter(source_kind=kind, source_id=source_id).aggregate(last=Max("source_version"))
    return int(found["last"] or 0) + 1
