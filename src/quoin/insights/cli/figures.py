"""`quoin figures`: every figure on every screen, with its lines."""

from __future__ import annotations

from typing import Any

import click

from quoin.base.console import Form, Session
from quoin.base.figures import figure_named
from quoin.insights.queries import writing as words
from quoin.kernel.money import Money

_LIMIT = 200
_SEVERAL = 2


@click.group("figures")
def figures() -> None:
    """Numbers, and the lines that they are made of."""


@figures.command("list")
@click.pass_obj
def list_figures(session: Session) -> None:
    """All figures that you may ask."""
    rows = words.catalogue(session.actor)
    session.emit(rows, columns=("key", "label", "unit", "formula") if session.form is Form.TABLE else ())


@figures.command("get")
@click.argument("key")
@click.option("--id", "thing", default="", help="Number or id of the project, client or person that the key names.")
@click.option("--project", default="", help="Number or id of a project.")
@click.option("--client", default="", help="Number or id of a client.")
@click.option("--person", default="", help="E-mail or id of a person.")
@click.option("--team", default="", help="Name or id of a team.")
@click.option("--entity", default="", help="Code or id of a company.")
@click.option("--from", "from_on", default="", help="First day, as 2026-05-01.")
@click.option("--until", "--to", "until_on", default="", help="Last day, included.")
@click.option("--month", default="", help="A month, as 2026-05.")
@click.option("--lines", "with_lines", is_flag=True, help="Also the lines behind it.")
@click.pass_obj
def get_figure(session: Session, /, key: str, **given: Any) -> None:
    """The value of a figure: quoin figures get project.margin --id 1042 --lines"""
    with_lines = given.pop("with_lines")
    asked = _asked(key, given)
    answer = words.answered(session.actor, key, asked)
    if not with_lines:
        session.emit(_plain(answer, session.form))
        return
    lines = _all_lines(session, key, asked)
    if session.form is Form.JSON:
        session.emit(answer | {"lines": lines})
        return
    session.say(f"{answer['label']} = {_text(answer['values'])} ({answer['formula']})")
    session.emit([_flat(line) for line in lines], columns=("on", "label", "who", "minutes", "rate", "value", "part"))
    session.say(f"{sum(line['count'] for line in lines)} lines")


def _asked(key: str, given: dict[str, str]) -> dict[str, str]:
    """`--id` names the thing that the key speaks of: the project of project.margin."""
    named = {"from": given.pop("from_on"), "until": given.pop("until_on"), **given}
    thing = named.pop("thing")
    if thing:
        noun = key.split(".", maxsplit=1)[0]
        named[noun if noun in {"project", "client", "person"} else "project"] = thing
    return {name: text for name, text in named.items() if text}


def _all_lines(session: Session, key: str, asked: dict[str, str]) -> list[dict[str, Any]]:
    unit = figure_named(key).unit
    found: list[dict[str, Any]] = []
    after = ""
    while True:
        page, _count = words.line_page(session.actor, key, asked, after=after, limit=_LIMIT)
        found += [words.line(row, unit) for row in page.lines]
        if not page.after:
            return found
        after = page.after


def _plain(answer: dict[str, Any], form: Form) -> dict[str, Any]:
    if form is not Form.TABLE:
        return answer
    return {
        "figure": f"{answer['label']} ({answer['key']})",
        "value": _value_text(answer),
        "formula": answer["formula"],
        "made of": ", ".join(f"{part['key']} {_text(part['values'])}" for part in answer["parts"]) or "its lines",
        "not included": "; ".join(f"{m['reason']}: {m['lines']} lines" for m in answer["not_included"]) or "nothing",
    }


def _value_text(answer: dict[str, Any]) -> str:
    """Each value with its currency: percentages of two currencies are two answers and never a sum."""
    if answer["reason"]:
        return str(answer["reason"])
    if answer["unit"] != "percent" or len(answer["currencies"]) < _SEVERAL:
        return _text(answer["values"])
    return " · ".join(f"{code} {value}" for code, value in zip(answer["currencies"], answer["values"], strict=True))


def _flat(line: dict[str, Any]) -> dict[str, Any]:
    return line | {"value": _text([line["value"]])}


def _text(values: list[Any]) -> str:
    return (
        " + ".join(
            str(value) if not isinstance(value, Money) else f"{value.currency} {value.amount:.2f}" for value in values
        )
        or "no value"
    )


COMMANDS = [figures]
