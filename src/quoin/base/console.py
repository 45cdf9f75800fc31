"""The command line's session: who acts, and how answers are written.

Data goes to standard output, everything else to standard error. An app's `cli.py` holds `COMMANDS`, click commands
that take the Session by `@click.pass_obj`; site/cli.py collects them and sets the actor and the transaction.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import IO, Any, TypeVar
from uuid import UUID

import click
import msgspec
from django.db import transaction
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from typing_extensions import override

from quoin.base.actor import Actor
from quoin.base.db.context import tenant_transaction
from quoin.kernel.errors import DomainError, NotFound
from quoin.kernel.ids import from_public_id
from quoin.kernel.money import Money
from quoin.kernel.words import say


class Form(StrEnum):
    """How answers are written."""

    TABLE = "table"
    JSON = "json"
    NDJSON = "ndjson"
    CSV = "csv"


_self_managed: set[str] = set()
C = TypeVar("C", bound=click.Command)


def self_managed(command: C) -> C:
    """Mark a top-level command that opens its own transactions (demo, long imports) or needs no actor."""
    _self_managed.add(command.name or "")
    return command


def is_self_managed(command: click.Command) -> bool:
    return command.name in _self_managed


class NoInput(click.UsageError):
    """A question would have to be asked, but nobody may be asked."""


def assignments(pairs: Sequence[str]) -> dict[str, str]:
    """`name=value` arguments as a mapping; a usage error names the one that is none."""
    found = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals:
            raise click.UsageError(f"{pair!r} is not name=value; write for example city=Berlin.")
        found[name.strip()] = value.strip()
    return found


class _Day(click.ParamType[date]):
    """A day as 2026-05-31, handed on as a `date`."""

    name = "YYYY-MM-DD"
    _moment = click.DateTime(["%Y-%m-%d"])

    @override
    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        return self._moment.convert(value, param, ctx).date()


DAY = _Day()
"""The type of an option or argument that is a day."""


def numbered(text: str) -> tuple[str, int]:
    """`1042/3` in its parts: what something belongs to, and its number in it. A usage error tells the form."""
    owner, _, number = text.partition("/")
    if not owner or not number.isdigit():
        raise click.UsageError(f"{text!r} does not name one. Write project and number, for example 1042/3.")
    return owner, int(number)


def id_of(prefix: str, text: str, *, shown_by: str) -> UUID:
    """A public id as the key it stands for; NotFound names the command that shows such ids."""
    try:
        return from_public_id(prefix, text)
    except ValueError:
        raise NotFound(say("%(text)s is no such id. See: %(command)s", text=text, command=shown_by)) from None


@dataclass
class Session:
    """What a command needs: `actor`, `emit`, `say`, `confirm`, `progress`, and the flags."""

    actor_of: Any = None
    form: Form = Form.TABLE
    is_quiet: bool = False
    is_colourless: bool = False
    may_ask: bool = True
    is_sure: bool = False
    is_dry_run: bool = False
    out: IO[str] = field(default_factory=lambda: sys.stdout)
    _actor: Actor | None = None

    @property
    def actor(self) -> Actor:
        """The actor of `--as` and `--tenant`, or the instance's first administrator."""
        if self._actor is None:
            self._actor = self.actor_of()
        assert self._actor is not None
        return self._actor

    @contextmanager
    def transaction(self, *, read_only: bool = False) -> Iterator[Actor]:
        """The tenant's transaction; taken back at the end of a dry run."""
        leaving: click.exceptions.Exit | None = None
        with tenant_transaction(self.actor, read_only=read_only):
            try:
                yield self.actor
            except click.exceptions.Exit as exit_request:
                # An exit code is an answer ("partly done"), not a failure that takes the work back.
                leaving = exit_request
            if self.is_dry_run:
                transaction.set_rollback(True)
                self.say("Dry run: nothing was changed.")
        if leaving is not None:
            raise leaving

    def emit(self, data: object, *, columns: Sequence[str] = ()) -> None:
        """Write the answer: a mapping or dataclass (one thing) or an iterable of them (a list)."""
        plain = msgspec.to_builtins(
            data if isinstance(data, Mapping | str) or not isinstance(data, Iterable) else list(data), enc_hook=str
        )
        match self.form:
            case Form.JSON:
                self._line(json.dumps(plain, ensure_ascii=False, indent=2))
            case Form.NDJSON:
                for row in plain if isinstance(plain, list) else [plain]:
                    self._line(json.dumps(row, ensure_ascii=False))
            case Form.CSV:
                _write_csv(self.out, plain if isinstance(plain, list) else [plain], columns)
            case Form.TABLE:
                self._table(plain, columns)

    def say(self, text: object) -> None:
        """A remark for the person at the keyboard."""
        if not self.is_quiet:
            click.echo(str(text), err=True)

    def confirm(self, question: str) -> None:
        """Ask before something that cannot be undone; `--yes` answers, `--no-input` refuses."""
        if self.is_sure or self.is_dry_run:
            return
        if not self.may_ask or not sys.stdin.isatty():
            raise NoInput(f"{question} Add --yes to do it without being asked.")
        if not click.confirm(question, err=True):
            raise click.Abort

    @contextmanager
    def progress(self, label: str, total: int | None = None) -> Iterator[Progress]:
        """A bar on a terminal, nothing elsewhere; inside call `bar.advance(bar.task_ids[0])`."""
        console = Console(stderr=True, no_color=self.is_colourless)
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=console, disable=self.is_quiet or not console.is_terminal) as bar:
            bar.add_task(label, total=total)
            yield bar

    def _line(self, text: str) -> None:
        self.out.write(f"{text}\n")

    def _table(self, plain: Any, columns: Sequence[str]) -> None:
        if isinstance(plain, str):
            self._line(plain)
            return
        console = Console(
            file=self.out,
            no_color=self.is_colourless,
            highlight=False,
            width=None if self.out.isatty() else _PIPE_WIDTH,
        )
        rows = plain if isinstance(plain, list) else [plain]
        if rows and not isinstance(rows[0], dict):
            for row in rows:
                self._line(str(row))
        elif isinstance(plain, list):
            console.print(_grid(rows, columns))
        else:
            for name, value in plain.items():
                self._named(console, name, value)

    def _named(self, console: Console, name: str, value: Any) -> None:
        """A field of one thing; things inside it stand below it as a table of their own."""
        if isinstance(value, list | tuple) and value and all(_is_row(part) for part in value):
            self._line(f"{name}:")
            console.print(_grid(list(value), _told(value)))
        else:
            self._line(f"{name}: {_text(value)}")


def _is_row(value: Any) -> bool:
    return isinstance(value, dict) and set(value) != {"amount", "currency"}


def _told(rows: Sequence[dict[str, Any]]) -> list[str]:
    """Columns of things inside a thing: those that tell something. The whole is in the JSON."""
    names = dict.fromkeys(name for row in rows for name in row)
    return [name for name in names if not name.endswith("_id") and any(_text(row.get(name)) for row in rows)]


def _grid(rows: list[dict[str, Any]], columns: Sequence[str]) -> Table:
    names = list(columns) or list(dict.fromkeys(name for row in rows for name in row))
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in names:
        is_number = any(isinstance(row.get(name), int) and not isinstance(row.get(name), bool) for row in rows)
        table.add_column(name, justify="right" if is_number else "left", overflow="fold")
    for row in rows:
        table.add_row(*(_text(row.get(name)) for name in names))
    return table


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, dict) and set(value) == {"amount", "currency"}:
        return str(Money(value["amount"], value["currency"]))
    if isinstance(value, list | tuple):
        return ", ".join(map(_text, value))
    if isinstance(value, dict):
        return ", ".join(f"{name} {_text(part)}" for name, part in value.items())
    return str(value)


def _write_csv(out: IO[str], rows: list[Any], columns: Sequence[str]) -> None:
    dicts = [row if isinstance(row, dict) else {"value": row} for row in rows]
    names = list(columns) or list(dict.fromkeys(name for row in dicts for name in row))
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([_text(row.get(name)) for name in names] for row in dicts)


EXIT_BY_STATUS = {400: 2, 401: 4, 403: 4, 404: 3, 409: 5, 412: 5, 422: 6, 429: 8, 503: 8}
UNAVAILABLE = 8
_PIPE_WIDTH = 200
"""Where nobody looks, nothing needs to be wrapped."""
PARTLY_DONE = 7


def exit_code(fault: DomainError) -> int:
    """Exit code of an expected failure: 3 not found, 4 not allowed, 5 conflict, 6 validation."""
    return EXIT_BY_STATUS.get(fault.status, 1)
