"""Writes a firm as a zip: a file for each noun, the stored files, and a manifest of counts, sums and hashes.

The one rule: all of it is of one moment. A connection of its own reads in one snapshot, whatever is written meanwhile.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import mimetypes
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connection
from django.db.models import DecimalField, Field, ForeignKey
from django.db.models.fields import BinaryField
from typing_extensions import override

from quoin.base.actor import Actor
from quoin.base.db.tenancy import TenantModel
from quoin.compliance.types import ExportBroken
from quoin.kernel.ids import public_id
from quoin.kernel.words import say

MANIFEST = "manifest.json"
_CHUNK = 2_000
_LEFT_OUT: Mapping[str, str] = {
    "base.idempotencykey": "answers kept for a retry, deleted after 30 days",
    "base.mailmessage": "sent mail holds links to sign in",
    "compliance.exportpart": "earlier exports",
}
_SECRETS = frozenset({"digest", "secret", "previous_secret"})
_PRIVATE: Mapping[str, frozenset[str]] = {"people.absence": frozenset({"kind", "note"})}
_ENDINGS = {"pdf": ".pdf", "ubl": ".xml", "cii": ".xml"}
_USERS = (
    "SELECT u.id, u.email, u.name, u.preferences FROM accounts_user u"
    " JOIN accounts_membership m ON m.user_id = u.id WHERE m.tenant_id = %s ORDER BY u.id"
)
_FIRM = "SELECT t.* FROM accounts_tenant t WHERE t.id = %s"


class Sink(io.RawIOBase):
    """A file that hands on what is written to it in parts of some size, and counts and hashes it."""

    def __init__(self, keep: Callable[[bytes], None], *, part_bytes: int) -> None:
        super().__init__()
        self._keep, self._part_bytes, self._waiting = keep, part_bytes, bytearray()
        self.size, self._hash = 0, hashlib.sha256()

    @override
    def writable(self) -> bool:
        return True

    @override
    def write(self, data: Any, /) -> int:
        self._waiting += data
        self._hash.update(data)
        self.size += len(data)
        while len(self._waiting) >= self._part_bytes:
            self._keep(bytes(self._waiting[: self._part_bytes]))
            del self._waiting[: self._part_bytes]
        return len(data)

    def finish(self) -> str:
        """Hands on what is left; returns the SHA-256 of everything."""
        if self._waiting:
            self._keep(bytes(self._waiting))
            self._waiting.clear()
        return self._hash.hexdigest()


@dataclass(slots=True)
class Noun:
    """A table as a file: its columns, those that are ids of other things, and the sums that are kept of it."""

    key: str
    sql: str
    columns: tuple[str, ...] = ()
    ids: Mapping[str, str] = field(default_factory=dict)
    summed: tuple[str, ...] = ()
    blobs: tuple[str, ...] = ()
    table: str = ""


@dataclass(frozen=True, slots=True)
class _Dump:
    """Where a dump is written to and read from."""

    archive: zipfile.ZipFile
    wrapper: Any
    tenant_id: UUID
    form: str


def write_dump(actor: Actor, sink: Sink, *, form: str, has_private: bool) -> int:
    """Writes the zip into the sink; returns the rows. Raises ExportBroken where a file misses a row."""
    entries: list[dict[str, Any]] = []
    with _snapshot(actor) as wrapper, zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        dump = _Dump(archive, wrapper, actor.tenant_id, form)
        for noun in _nouns(has_private=has_private):
            found = _write_noun(dump, noun)
            if found["rows"] != (counted := _counted(dump, noun)):
                raise ExportBroken(
                    say(
                        "%(noun_key)s has %(counted)s rows, and %(found)s were written.",
                        noun_key=noun.key,
                        counted=counted,
                        found=found["rows"],
                    )
                )
            entries.append(found)
            entries += _write_blobs(dump, noun)
        manifest = {
            "firm": str(actor.tenant_id), "at": actor.now.isoformat(), "by": actor.name, "form": form,
            "files": entries, "left_out": dict(_LEFT_OUT) | ({} if has_private else {"people.absence": "kind, note"}),
        }  # fmt: skip
        archive.writestr(MANIFEST, json.dumps(manifest, indent=1, ensure_ascii=False))
    return sum(entry["rows"] for entry in entries)


@contextmanager
def _snapshot(actor: Actor) -> Iterator[Any]:
    wrapper = connection.copy()
    try:
        wrapper.set_autocommit(False)
        with wrapper.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SELECT set_config('quoin.tenant_id', %s, true)", [str(actor.tenant_id)])
        yield wrapper
        wrapper.rollback()
    finally:
        wrapper.close()


def _nouns(*, has_private: bool) -> Iterator[Noun]:
    yield Noun("accounts.firm", _FIRM)
    yield Noun("accounts.user", _USERS)
    for model in apps.get_models():
        key = model._meta.label_lower  # noqa: SLF001  Django's name for what is public
        if issubclass(model, TenantModel) and key not in _LEFT_OUT:
            yield _noun(model, key, frozenset() if has_private else _PRIVATE.get(key, frozenset()))


def _noun(model: type[TenantModel], key: str, hidden: frozenset[str]) -> Noun:
    options = model._meta  # noqa: SLF001  Django's name for what is public
    fields = [one for one in options.concrete_fields if one.name != "tenant_id" and one.name not in hidden]
    plain = [one for one in fields if not isinstance(one, BinaryField) and one.name not in _SECRETS]
    columns = tuple(str(one.column) for one in plain)
    table = options.db_table
    quoted = ", ".join(f't."{name}"' for name in columns)
    return Noun(
        key, f'SELECT {quoted} FROM "{table}" t WHERE t.tenant_id = %s ORDER BY t.id', columns,
        {str(one.column): prefix for one in plain if (prefix := _prefix(one, model))},
        tuple(str(one.column) for one in plain if _is_summed(one)),
        tuple(str(one.column) for one in fields if isinstance(one, BinaryField)), table,
    )  # fmt: skip


def _prefix(one: Field[Any, Any], model: type[TenantModel]) -> str:
    """The prefix of the ids in a column; empty where it holds none that are public."""
    target: Any = model if one.primary_key else one.related_model if isinstance(one, ForeignKey) else None
    prefix = str(getattr(target, "prefix", "row"))
    return "" if prefix == "row" else prefix


def _is_summed(one: Field[Any, Any]) -> bool:
    is_time = str(one.name).endswith("minutes") and one.get_internal_type().endswith("IntegerField")
    return is_time or isinstance(one, DecimalField)


def _write_noun(dump: _Dump, noun: Noun) -> dict[str, Any]:
    name = f"{noun.key.replace('.', '/')}.{dump.form}"
    sums = dict.fromkeys(noun.summed, Decimal(0))
    count = 0
    with dump.archive.open(name, "w", force_zip64=True) as raw:
        hashed = _Hashed(raw)
        out = io.TextIOWrapper(io.BufferedWriter(hashed), encoding="utf-8", newline="")
        write = _csv_writer(out, noun.columns) if dump.form == "csv" else _json_writer(out)
        for row in _rows(dump, noun):
            for column in noun.summed:
                sums[column] += row[column] or 0
            write({column: _shown(value, noun.ids.get(column, "")) for column, value in row.items()})
            count += 1
        out.write("\n]\n" if dump.form == "json" and count else "[]\n" if dump.form == "json" else "")
        out.flush()
        out.detach()
    return {
        "name": name, "rows": count, "sums": {column: str(total) for column, total in sums.items()},
        "sha256": hashed.hexdigest(),
    }  # fmt: skip


def _rows(dump: _Dump, noun: Noun) -> Iterator[dict[str, Any]]:
    # The database writes each row as JSON: numbers keep their decimals, days and moments are ISO 8601.
    with dump.wrapper.chunked_cursor() as cursor:
        cursor.execute(f"SELECT to_jsonb(r)::text FROM ({noun.sql}) r", [dump.tenant_id])
        while chunk := cursor.fetchmany(_CHUNK):
            for (text,) in chunk:
                yield json.loads(text, parse_float=Decimal)


def _shown(value: Any, prefix: str) -> Any:
    if prefix and value is not None:
        return public_id(prefix, UUID(value))
    return str(value) if isinstance(value, Decimal) else value


def _csv_writer(out: Any, columns: tuple[str, ...]) -> Callable[[dict[str, Any]], None]:
    lines = csv.writer(out)
    if columns:
        lines.writerow(columns)
    is_begun = bool(columns)

    def write(row: dict[str, Any]) -> None:
        nonlocal is_begun
        if not is_begun:
            lines.writerow(row)
            is_begun = True
        lines.writerow(_cell(row[column]) for column in (columns or row))

    return write


def _cell(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False, default=str) if isinstance(value, (dict, list, bool)) else value


def _json_writer(out: Any) -> Callable[[dict[str, Any]], None]:
    before = "[\n"

    def write(row: dict[str, Any]) -> None:
        nonlocal before
        out.write(before + json.dumps(row, ensure_ascii=False, default=str))
        before = ",\n"

    return write


def _counted(dump: _Dump, noun: Noun) -> int:
    with dump.wrapper.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM ({noun.sql}) r", [dump.tenant_id])
        return int(cursor.fetchone()[0])


def _write_blobs(dump: _Dump, noun: Noun) -> Iterator[dict[str, Any]]:
    """The bytes of a table, a file for each, one in memory at a time."""
    if not noun.blobs:
        return
    with dump.wrapper.cursor() as cursor:
        cursor.execute(f'SELECT id FROM "{noun.table}" WHERE tenant_id = %s ORDER BY id', [dump.tenant_id])
        found = [row[0] for row in cursor.fetchall()]
    kind = "content_type" if "content_type" in noun.columns else "''"
    for one in found:
        for column in noun.blobs:
            with dump.wrapper.cursor() as cursor:
                cursor.execute(
                    f'SELECT {kind}, "{column}" FROM "{noun.table}" WHERE tenant_id = %s AND id = %s',
                    [dump.tenant_id, one],
                )
                media, content = cursor.fetchone()
            if content is not None:
                ending = _ENDINGS.get(column) or mimetypes.guess_extension(media) or ""
                name = (
                    f"files/{noun.key.replace('.', '/')}/{public_id(noun.ids['id'], one) if 'id' in noun.ids else one}"
                )
                name += f"{'' if column == 'content' else '-' + column}{ending}"
                dump.archive.writestr(name, bytes(content))
                yield {"name": name, "rows": 0, "sums": {}, "sha256": hashlib.sha256(bytes(content)).hexdigest()}


class _Hashed(io.RawIOBase):
    def __init__(self, raw: Any) -> None:
        super().__init__()
        self._raw, self._hash = raw, hashlib.sha256()

    @override
    def writable(self) -> bool:
        return True

    @override
    def write(self, data: Any, /) -> int:
        self._hash.update(data)
        self._raw.write(data)
        return len(data)

    def hexdigest(self) -> str:
        return self._hash.hexdigest()
