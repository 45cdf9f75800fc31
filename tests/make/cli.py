"""The command line inside a test: a command runs as the world's actor, its answer comes back as plain values."""

from __future__ import annotations

import io
import json
from typing import Any

from quoin.base.console import Form, Session
from quoin.site.cli import Site
from tests.make.world import World


def quoin(world: World, *words: str) -> Any:
    """What the command answers. DomainErrors and exit codes come as exceptions."""
    out = io.StringIO()
    session = Session(actor_of=lambda: world.actor, form=Form.JSON, is_sure=True, out=out)
    site = Site("quoin")
    command = site.get_command(None, words[0])  # type: ignore[arg-type]  # it looks only at the name
    assert command is not None, words[0]
    with session.transaction():
        command.main(args=list(words[1:]), obj=session, standalone_mode=False)
    return json.loads(out.getvalue()) if out.getvalue() else None
