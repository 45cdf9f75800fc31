"""The life of most forms: shown, sent, its action run, refusals put on its fields, and a toast with Undo."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from quoin.base.actions import undo_token
from quoin.base.ui import respond

if TYPE_CHECKING:
    from django.forms import Form
    from django.http import HttpRequest, HttpResponse
    from django.utils.functional import Promise


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What a page with one form says, and where it leads."""

    title: str | Promise
    verb: str | Promise
    back: str
    done: str | Promise
    intro: str | Promise = ""
    leads_to: Callable[[Any], str] | None = None
    """Where what was made is shown; `back` if left out."""


def answer(request: HttpRequest, form: Form, run: Callable[[], Any], sheet: Sheet) -> HttpResponse:
    """The page with the form, or, once it was sent and `run` did not refuse it, the way on."""
    if request.method == "POST" and form.is_valid():
        with respond.refusals_on(form):
            made = run()
            url = sheet.leads_to(made) if sheet.leads_to else sheet.back
            return respond.redirect_with_toast(
                request,
                url,
                sheet.done,
                undo=undo_token(request.actor),  # type: ignore[attr-defined]  # set by the actor middleware
            )
    return respond.form_page(
        request, form, title=sheet.title, verb=sheet.verb, cancel_url=sheet.back, intro=sheet.intro
    )
