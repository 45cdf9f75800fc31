"""A file before it is imported: its columns with samples and meanings, and the names in it that nothing matches."""

from __future__ import annotations

from dataclasses import dataclass

from quoin.base.actor import Actor
from quoin.imports.models import ImportBatch
from quoin.imports.queries import answers as codec
from quoin.imports.queries.planning import Planned, plan_upload
from quoin.imports.rules.detect import candidates, choose, detect_bundle
from quoin.imports.rules.headers import lay_out
from quoin.imports.rules.loading import Answers
from quoin.imports.rules.planned import PlannedRecord
from quoin.imports.types import BadFile, Finding, Table, Upload

_SAMPLES = 3


@dataclass(frozen=True, slots=True)
class ColumnLook:
    """A header with some of its values; `meaning` is a field's name, or ''."""

    header: str
    samples: tuple[str, ...]
    meaning: str


@dataclass(frozen=True, slots=True)
class TableLook:
    """One file or sheet."""

    file: str
    rows: int
    columns: tuple[ColumnLook, ...]


@dataclass(frozen=True, slots=True)
class Look:
    """What is seen of an upload; `planned` is None and `refusal` says why where it cannot be read as it stands."""

    tables: tuple[TableLook, ...]
    is_bundle: bool
    planned: Planned | None
    refusal: Finding | None

    @property
    def unmatched(self) -> tuple[PlannedRecord, ...]:
        """Clients, people, projects and categories that nothing matches, or that more than one thing matches."""
        if self.planned is None:
            return ()
        return tuple(record for record in self.planned.plan.records if record.kind != "task" and not record.existing_id)


def look_at(actor: Actor, batch: ImportBatch, upload: Upload) -> Look:
    """The upload of a batch, read with the answers so far."""
    answers = codec.from_json(batch.answers)
    tables = tuple(_table(table, batch.profile, answers) for table in upload.tables)
    is_bundle = detect_bundle(upload) is not None
    try:
        planned = plan_upload(actor, upload, batch.profile, answers)
    except BadFile as fault:
        return Look(tables, is_bundle=is_bundle, planned=None, refusal=fault.finding)
    return Look(tables, is_bundle=is_bundle, planned=planned, refusal=None)


def profile_of(upload: Upload) -> str:
    """The name of what the upload looks like, '' if nothing."""
    bundle = detect_bundle(upload)
    if bundle is not None:
        return bundle.profile
    try:
        return choose(upload.tables[0], candidates(None), is_asked=False)[0].key if upload.tables else ""
    except BadFile:
        return ""


def _table(table: Table, profile: str, answers: Answers) -> TableLook:
    try:
        chosen, _ranked = choose(table, candidates(profile or None), is_asked=True)
    except BadFile:
        meanings: dict[int, str] = {}
    else:
        meanings = {place.index: place.field.value for place in lay_out(table, chosen, answers.read.columns).places}
    told = dict(answers.read.columns)
    columns = tuple(
        ColumnLook(
            header,
            tuple(dict.fromkeys(value for value in table.columns[index] if value.strip()))[:_SAMPLES],
            str(told.get(header, meanings.get(index, ""))),
        )
        for index, header in enumerate(table.headers)
    )
    return TableLook(table.file, len(table.lines), columns)
