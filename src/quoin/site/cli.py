"""`quoin <noun> <verb>`: the command line, gathered from the apps.

Exit codes: 0 ok, 1 failed, 2 wrong usage, 3 not found, 4 not allowed, 5 conflict, 6 validation, 7 partly done,
8 unavailable, 130 interrupted.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from contextlib import ExitStack
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import click
import django
from django.db import OperationalError, ProgrammingError
from psycopg.errors import UndefinedTable
from typing_extensions import override

from quoin import __version__
from quoin.base.console import UNAVAILABLE, Form, Session, exit_code, is_self_managed
from quoin.kernel.errors import DomainError
from quoin.site.database import known_address
from quoin.site.operations import COMMANDS
from quoin.site.serve import prepare_database, running_database

_INTERRUPTED = 130
_STACK = "quoin.site.cli.stack"


class Site(click.Group):
    """The commands of this instance. Those of the apps are read when one of them is asked for."""

    @override
    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*self.commands, *_app_commands()})

    @override
    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return self.commands.get(cmd_name) or _app_commands().get(cmd_name)

    @override
    def invoke(self, ctx: click.Context) -> Any:
        # click closes its own resources without telling them of an error; a transaction must know.
        with ExitStack() as stack:
            ctx.meta[_STACK] = stack
            return super().invoke(ctx)


@lru_cache(maxsize=1)
def _app_commands() -> dict[str, click.Command]:
    """Commands by name; groups of the same name are joined."""
    _set_up()
    # Imported here because the settings are read only when a command of an app is asked for.
    from django.conf import settings

    found: dict[str, click.Command] = {}
    for module in (*(f"quoin.{app}.cli" for app in settings.APPS), "quoin.site.demo.cli"):
        if find_spec(module) is None:
            continue
        for command in import_module(module).COMMANDS:
            known = found.get(command.name)
            if isinstance(known, click.Group) and isinstance(command, click.Group):
                known.commands.update(command.commands)
            else:
                found[command.name] = command
    return found


def _set_up() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quoin.site.settings")
    os.environ.setdefault("QUOIN_URL", known_address())
    django.setup()


@click.group(cls=Site, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.option(
    "--as", "email", default="", help="Act as the member with this e-mail (default: the first administrator)."
)
@click.option("--tenant", "slug", default="", help="Slug of the tenant (default: the member's first).")
@click.option("--json", "form", flag_value="json", help="One JSON document on standard output.")
@click.option("--ndjson", "form", flag_value="ndjson", help="One JSON document per line.")
@click.option("--csv", "form", flag_value="csv", help="Comma-separated values.")
@click.option("--quiet", is_flag=True, help="No remarks on standard error.")
@click.option("--no-color", is_flag=True, envvar="NO_COLOR", help="No colours.")
@click.option("--no-input", is_flag=True, help="Never ask; fail and name the missing flag.")
@click.option("--yes", is_flag=True, help="Answer yes to what would be asked.")
@click.option("--dry-run", is_flag=True, help="Do it, show the effect, take everything back.")
@click.version_option(__version__, prog_name="quoin")
@click.pass_context
def quoin(ctx: click.Context, /, **flags: Any) -> None:
    """Professional services automation: from client to cash to insight."""
    asks_help = ctx.obj is True
    ctx.obj = Session(
        actor_of=_actor_finder(flags["email"], flags["slug"]),
        form=Form(flags["form"] or "table"),
        is_quiet=flags["quiet"],
        is_colourless=bool(flags["no_color"]) or not sys.stdout.isatty(),
        may_ask=not flags["no_input"],
        is_sure=flags["yes"],
        is_dry_run=flags["dry_run"],
    )
    command = quoin.get_command(ctx, ctx.invoked_subcommand or "")
    if command is None or asks_help or ctx.invoked_subcommand in _PLAIN:
        return
    stack: ExitStack = ctx.meta[_STACK]
    stack.enter_context(running_database())
    if ctx.invoked_subcommand in _FIRST:
        prepare_database()
    if not is_self_managed(command):
        stack.enter_context(ctx.obj.transaction())


for _command in COMMANDS:
    quoin.add_command(_command)
_PLAIN = frozenset(quoin.commands)
"""Need no actor and manage the database themselves."""
_FIRST = frozenset({"init", "demo"})
"""Begin an instance, so that its tables may be missing yet."""


def _actor_finder(email: str, slug: str) -> Callable[[], Any]:
    def find() -> Any:
        # Imported here because models need a configured Django.
        from quoin.accounts.queries.standing import actor_of_console

        return actor_of_console(email=email, slug=slug)

    return find


def main(arguments: list[str] | None = None) -> None:
    """Entry point of the `quoin` program."""
    arguments = _flags_first(sys.argv[1:] if arguments is None else arguments)
    try:
        # Help is given without a database; it may be why somebody asks.
        asks_help = not {"-h", "--help"}.isdisjoint(arguments)
        code = quoin.main(args=arguments, prog_name="quoin", standalone_mode=False, obj=asks_help)
    except click.ClickException as fault:
        fault.show()
        code = fault.exit_code
    except click.Abort:
        click.echo("Stopped. Nothing after the last message was done.", err=True)
        code = _INTERRUPTED
    except DomainError as fault:
        _show(fault, as_json="--json" in arguments or "--ndjson" in arguments)
        code = exit_code(fault)
    except ProgrammingError as fault:
        if not isinstance(fault.__cause__, UndefinedTable):
            raise
        click.echo("The database has no tables yet. Run `quoin migrate` first.", err=True)
        code = UNAVAILABLE
    except OperationalError as fault:
        click.echo(f"The database does not answer: {str(fault).strip()}", err=True)
        code = UNAVAILABLE
    sys.exit(code if isinstance(code, int) else 0)


_GLOBAL = frozenset({"--json", "--ndjson", "--csv", "--quiet", "--no-color", "--no-input", "--yes", "--dry-run"})
_WITH_VALUE = frozenset({"--as", "--tenant"})


def _flags_first(arguments: list[str]) -> list[str]:
    """Global flags may stand anywhere: `quoin client list --json` is `quoin --json client list`."""
    front: list[str] = []
    rest: list[str] = []
    waiting = iter(arguments)
    for argument in waiting:
        if argument == "--":
            rest.extend([argument, *waiting])
        elif argument in _GLOBAL or (argument.split("=")[0] in _WITH_VALUE and "=" in argument):
            front.append(argument)
        elif argument in _WITH_VALUE:
            front.extend([argument, next(waiting, "")])
        else:
            rest.append(argument)
    return front + rest


def _show(fault: DomainError, *, as_json: bool) -> None:
    problems = [{"pointer": p.pointer, "code": p.code, "detail": p.detail, "help": p.help} for p in fault.problems]
    if as_json:
        click.echo(
            json.dumps({"code": fault.code, "detail": fault.detail, "errors": problems}, ensure_ascii=False), err=True
        )
        return
    click.echo(f"Error: {fault.detail}", err=True)
    for problem in problems:
        if f"{problem['detail']} {problem['help']}".strip() == fault.detail:
            continue  # said already
        click.echo(f"  {problem['pointer']}: {problem['detail']} {problem['help']}".rstrip(), err=True)
