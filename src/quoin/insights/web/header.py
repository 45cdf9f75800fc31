"""Key figures in the headers of projects and clients, and the way a figure is written outside of a template."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.template import Context
from django.utils.translation import gettext as _

from quoin.base.actor import Actor
from quoin.base.figures import FIGURES, FigureValue, Parameters, may_ask, value_of, values_of
from quoin.base.ui.respond import KeyFigure
from quoin.insights.templatetags.insights import answer

_PROJECT = ("project.worked", "project.budget_used", "project.unbilled", "project.revenue", "project.margin_ratio")
_CLIENT = ("client.revenue", "client.margin_ratio", "client.unbilled", "client.receivables")
_FULL = 100


def asked_if_allowed(actor: Actor, key: str, asked: Parameters) -> FigureValue | None:
    """The figure, or None where the actor has no right to it."""
    return value_of(actor, key, asked) if may_ask(actor, FIGURES[key]) else None


def all_if_allowed(actor: Actor, key: str, questions: Sequence[Parameters]) -> list[FigureValue] | None:
    """The figure for each question, or None where the actor has no right to it."""
    return values_of(actor, key, questions) if may_ask(actor, FIGURES[key]) else None


def of_project(request: HttpRequest, project: Any) -> list[KeyFigure]:
    """What a project's header shows, as far as the reader may see it."""
    return _figures(request, _PROJECT, Parameters(project_id=project.id))


def of_client(request: HttpRequest, client: Any) -> list[KeyFigure]:
    """What a client's header shows."""
    return _figures(request, _CLIENT, Parameters(client_id=client.id))


def key_figure(request: HttpRequest, value: FigureValue, *, note: str = "", meaning: str = "") -> KeyFigure:
    """A figure of a header that opens its lines."""
    context = Context({"request": request})
    return KeyFigure(value.figure.label, answer(context, value, "short"), note, meaning)


def _figures(request: HttpRequest, keys: tuple[str, ...], asked: Parameters) -> list[KeyFigure]:
    actor: Actor = request.actor  # type: ignore[attr-defined]  # pages run with a known actor
    found = ((key, asked_if_allowed(actor, key, asked)) for key in keys)
    return [
        key_figure(request, value, meaning=_meaning(key, value), note=_note(key, value))
        for key, value in found
        if value is not None
    ]


def _meaning(key: str, value: FigureValue) -> str:
    numbers = value.sums.values()
    if key == "project.budget_used" and any(number > _FULL for number in numbers):
        return "danger"
    return "danger" if key.endswith("margin_ratio") and any(number < 0 for number in numbers) else ""


def _note(key: str, value: FigureValue) -> str:
    if key == "project.budget_used" and any(number > _FULL for number in value.sums.values()):
        return _("over budget")
    return _("loss") if key.endswith("margin_ratio") and any(number < 0 for number in value.sums.values()) else ""
