"""`quoin demo`: load, reset and remove the demo company."""

from __future__ import annotations

import click

from quoin.base.console import Session, self_managed
from quoin.kernel.errors import Conflict
from quoin.site.demo.accounts import accounts
from quoin.site.demo.load import SEED, load
from quoin.site.demo.remove import demo_tenants, remove


@self_managed
@click.group("demo")
def demo() -> None:
    """The demo company: Halden Group, invented, with fourteen months of work."""


@demo.command("load")
@click.option("--seed", type=int, default=SEED, show_default=True, help="The same seed makes the same company.")
@click.option("--scale", type=click.FloatRange(0.05, 1.0), default=1.0, show_default=True, help="A smaller company.")
@click.pass_obj
def load_demo(session: Session, *, seed: int, scale: float) -> None:
    """Make the demo company, whole or not at all."""
    if demo_tenants():
        raise Conflict("The demo company is here already. `quoin demo reset` makes it anew.")
    _load(session, seed=seed, scale=scale)


@demo.command("reset")
@click.option("--seed", type=int, default=SEED, show_default=True)
@click.option("--scale", type=click.FloatRange(0.05, 1.0), default=1.0, show_default=True)
@click.pass_obj
def reset_demo(session: Session, *, seed: int, scale: float) -> None:
    """Remove the demo company and make it anew."""
    session.confirm("Remove the demo company with everything that was done in it, and make it anew?")
    if demo_tenants():
        remove()
    _load(session, seed=seed, scale=scale)


@demo.command("remove")
@click.pass_obj
def remove_demo(session: Session) -> None:
    """Remove the demo company; other firms of the instance stay."""
    session.confirm("Remove the demo company with everything that was done in it?")
    session.emit({"rows_removed": remove()})


@demo.command("accounts")
@click.pass_obj
def list_accounts(session: Session) -> None:
    """Who can sign in to the demo."""
    session.emit([{"role": one.role, "email": one.email, "password": one.password} for one in accounts()])


def _load(session: Session, *, seed: int, scale: float) -> None:
    with session.progress("Demo company") as bar:
        task = bar.task_ids[0]
        loaded = load(seed=seed, scale=scale, told=lambda what: bar.update(task, description=what))
    session.emit({"seconds": loaded.seconds, "accounts": [one.email for one in accounts()]})


COMMANDS: list[click.Command] = [demo]
