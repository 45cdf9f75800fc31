"""The first and the last steps of the wizard: file, dry run, apply, result, undo, reconciliation, errors as CSV."""

from __future__ import annotations

from datetime import date
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from quoin.base.actions import undo_token
from quoin.base.http.views import ActorRequest, page
from quoin.base.listing.columns import Column, Kind
from quoin.base.listing.sheet import Sheet
from quoin.base.ui import formats, respond
from quoin.base.ui.lists import Empty, Link, Screen, list_page
from quoin.imports import actions, queries
from quoin.imports.adapters.opened import open_bytes
from quoin.imports.queries import ImportBatch
from quoin.imports.queries import answers as codec
from quoin.imports.queries.looking import profile_of
from quoin.imports.queries.planning import has_errors
from quoin.imports.queries.reconcile import reconcile as reconcile_batch
from quoin.imports.queries.runs import standing_of
from quoin.imports.queries.told import in_words
from quoin.imports.rules.fields import DIFF_NAMES, WAYS
from quoin.imports.rules.loading import Answers
from quoin.imports.web.forms import PROFILE_CHOICES, Upload
from quoin.imports.web.shared import HISTORY, KINDS, frame, next_url, steps
from quoin.kernel.errors import DomainError
from quoin.kernel.words import spoken

_AT_ONCE = 2_000
"""Rows that are written while the browser waits; more are written in the background."""
_DAYS = frozenset({"day", "starts_on"})
_WAYS = {str(way): way for way in WAYS}
_OUTCOMES = ("new", "change", "same", "skip", "error")


@page(queries.VIEW)
def history(request: ActorRequest) -> HttpResponse:
    """All imports."""
    new = reverse("imports:new") if request.actor.may(actions.UPLOAD) else ""
    screen = Screen(
        title=_("Import"),
        area=_("Admin"),
        empty=Empty(
            text=_("Nothing imported yet."),
            detail=_("Bring time and expenses, with their clients and people, from other tools or a table."),
            url=new, verb=_("Import a file") if new else "",
        ),
        row_url=next_url,
        primary=Link(label=_("Import a file"), url=new, icon="plus") if new else None,
    )  # fmt: skip
    return list_page(request, HISTORY, queries.batches(request.actor), screen)


@page(actions.UPLOAD, methods=("GET", "POST"))
def new(request: ActorRequest) -> HttpResponse:
    """Step 1: the file."""
    form = Upload(request.POST or None, request.FILES or None)
    saved = list(queries.profiles(request.actor))
    if request.method == "POST" and form.is_valid():
        name, content = form.content()
        chosen = next((row for row in saved if str(row.id) == request.POST.get("saved")), None)
        try:
            opened = open_bytes(name, content)
            batch = actions.upload_batch(
                request.actor, opened=opened,
                profile=form.cleaned_data["profile"] or (chosen.profile if chosen else profile_of(opened.upload)),
                answers=codec.from_json(chosen.answers) if chosen else Answers(),
            )  # fmt: skip
        except DomainError as fault:
            form.add_error("file", fault.detail)
        else:
            url = reverse("imports:columns", args=[batch.public_id])
            return respond.redirect_with_toast(request, url, _("%(file)s read") % {"file": batch.file_name})
    context = {
        "title": _("Import a file"), "area": _("Import"), "crumbs": ((_("Import"), reverse("imports:history")),),
        "steps": steps(None, "file"), "form": form, "saved": saved, "profiles": PROFILE_CHOICES[1:],
    }  # fmt: skip
    return respond.page(request, "imports/new.html", context, status=422 if form.errors else 200)


@page(queries.VIEW)
def plan(request: ActorRequest, pk: str) -> HttpResponse:
    """Step 4: what would be written."""
    batch = queries.batch_for(request.actor, pk)
    if batch.status != "planned":
        return respond.redirect_with_toast(request, next_url(batch), _("There is no dry run to show."), meaning="info")
    return respond.page(request, "imports/plan.html", frame(batch, "plan", **_report(batch)))


@page(actions.DRY_RUN, methods=("POST",))
def dry_run(request: ActorRequest, pk: str) -> HttpResponse:
    """Make the plan again."""
    batch = actions.dry_run_batch(request.actor, batch_id=pk)
    return respond.redirect_with_toast(
        request, reverse("imports:plan", args=[batch.public_id]), _("Dry run finished; nothing is written yet.")
    )


@page(actions.APPLY, methods=("POST",))
def apply(request: ActorRequest, pk: str) -> HttpResponse:
    """Step 5. `leave_errors` imports the rest; the plan is made anew for it."""
    batch = queries.batch_for(request.actor, pk)
    if request.POST.get("leave_errors"):
        told = codec.from_json(batch.answers)
        answers = codec.to_json(told) | {"load": codec.to_json(told)["load"] | {"leaves_errors": True}}
        actions.prepare_batch(request.actor, batch_id=batch.id, profile=batch.profile, answers=codec.from_json(answers))
        batch = actions.dry_run_batch(request.actor, batch_id=batch.id)
    if batch.status == "planned" and batch.report["check"]["file"]["rows"] > _AT_ONCE:
        actions.start_batch(request.actor, batch_id=batch.id)
        url = reverse("imports:progress", args=[batch.public_id])
        return respond.redirect_with_toast(request, url, _("The import is being written."), meaning="info")
    batch = actions.apply_batch(request.actor, batch_id=batch.id)
    text = _imported(batch)
    url = reverse("imports:result", args=[batch.public_id])
    return respond.redirect_with_toast(request, url, text, undo=undo_token(request.actor))


@page(queries.VIEW)
def result(request: ActorRequest, pk: str) -> HttpResponse:
    """What was written, whether it ties out, and how it is taken back."""
    batch = queries.batch_for(request.actor, pk)
    if batch.status not in {"applied", "undone"}:
        standing = standing_of(request.actor, batch)
        url = reverse("imports:progress", args=[batch.public_id]) if standing and not standing.is_over else ""
        return respond.redirect_with_toast(request, url or next_url(batch), _("Not applied yet."), meaning="info")
    found = reconcile_batch(request.actor, batch) if batch.status == "applied" else None
    made = [(KINDS.get(kind, kind), count) for kind, count in batch.written["made"].items()]
    context = frame(
        batch, "result", **_report(batch), reconciliation=found, made=made,
        changed=[(KINDS.get(kind, kind), count) for kind, count in batch.written["changed"].items()],
        kept=in_words(batch.undo_report).get("kept", []),
        written_rows=batch.written["entries"] + batch.written["expenses"],
        removed=[(KINDS.get(kind, kind), count) for kind, count in batch.undo_report.get("removed", {}).items()],
    )  # fmt: skip
    return respond.page(request, "imports/result.html", context)


@page(queries.VIEW)
def progress(request: ActorRequest, pk: str) -> HttpResponse:
    """How far the writing is; it asks again by itself until it is over."""
    batch = queries.batch_for(request.actor, pk)
    standing = standing_of(request.actor, batch)
    if standing is None or batch.status in {"applied", "undone"}:
        return _gone_on(request, next_url(batch))
    percent = 100 * standing.done // max(1, standing.total)
    context = frame(batch, "result", standing=standing, percent=percent)
    name = "imports/_progress.html" if request.headers.get("HX-Request") else "imports/progress.html"
    return respond.page(request, name, context)


@page(actions.STOP, methods=("POST",))
def stop(request: ActorRequest, pk: str) -> HttpResponse:
    """Stop the writing before it is there."""
    run = actions.stop_batch(request.actor, batch_id=pk)
    url = reverse("imports:progress", args=[run.batch.public_id])
    return respond.redirect_with_toast(request, url, _("Stopping; nothing will be written."), meaning="info")


@page(actions.UNDO, methods=("POST",))
def undo(request: ActorRequest, pk: str) -> HttpResponse:
    """Take it back."""
    batch = actions.undo_batch(request.actor, batch_id=pk)
    kept = len(batch.undo_report["kept"])
    stays = ngettext(
        "Taken back. %(count)s thing stays; it is listed.", "Taken back. %(count)s things stay; they are listed.", kept
    )
    text = stays % {"count": kept} if kept else _("Taken back.")
    return respond.redirect_with_toast(request, reverse("imports:result", args=[batch.public_id]), text)


@page("imports.batch.discard", methods=("POST",))
def discard(request: ActorRequest, pk: str) -> HttpResponse:
    """Throw an import away that was not applied."""
    actions.discard_batch(request.actor, batch_id=pk)
    return respond.redirect_with_toast(request, reverse("imports:history"), _("Import thrown away"))


@page("imports.profile.save", methods=("POST",))
def save_profile(request: ActorRequest, pk: str) -> HttpResponse:
    """Keep the answers for the next file."""
    batch = queries.batch_for(request.actor, pk)
    row = actions.save_profile(
        request.actor, name=request.POST.get("name", ""), profile=batch.profile, answers=codec.from_json(batch.answers)
    )
    return respond.redirect_with_toast(request, next_url(batch), _("Answers kept as %(name)s") % {"name": row.name})


@page(queries.VIEW)
def reconcile(request: ActorRequest, pk: str) -> HttpResponse:
    """The file beside the database."""
    batch = queries.batch_for(request.actor, pk)
    group = request.GET.get("by", "project")
    found = reconcile_batch(request.actor, batch)
    group = group if group in found.groups else "project"
    labels = {"client": _("Client"), "project": _("Project"), "person": _("Person")}
    context = frame(
        batch, "result", found=found, sides=found.groups[group], group=group, group_label=labels[group],
        groups=labels.items(),
    )  # fmt: skip
    context["title"] = _("Reconciliation of %(file)s") % {"file": batch.file_name}
    return respond.page(request, "imports/reconcile.html", context)


@page(queries.VIEW)
def errors(request: ActorRequest, pk: str) -> HttpResponse:
    """What is wrong with the file, as CSV: file, line, column, value, what is wrong, what to do."""
    batch = queries.batch_for(request.actor, pk)
    names = {
        "file": _("File"), "line": _("Line"), "column": _("Column"), "value": _("Value"), "kind": _("Kind"),
        "name": _("Name"), "message": _("What is wrong"), "remedy": _("What to do"),
    }  # fmt: skip
    columns = tuple(_column(key, label) for key, label in names.items())
    response = HttpResponse(
        Sheet(columns, in_words(batch.report).get("errors", [])).csv(), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(f'errors of {batch.file_name}.csv')}"
    return response


def _gone_on(request: ActorRequest, url: str) -> HttpResponse:
    """To the page that follows, also for a fragment that asks again by itself."""
    response = HttpResponse(status=204) if request.headers.get("HX-Request") else HttpResponse(status=303)
    response["HX-Redirect" if response.status_code == HTTPStatus.NO_CONTENT else "Location"] = url
    return response


def _column(key: str, label: str) -> Column:
    kind = Kind.NUMBER if key == "line" else Kind.TEXT
    return Column(key=key, label=label, kind=kind, value=lambda error: error.get(key, ""))


def _imported(batch: ImportBatch) -> str:
    """`3 entries and 2 expenses imported`."""
    entries, expenses = batch.written["entries"], batch.written["expenses"]
    time = ngettext("%(count)s entry imported", "%(count)s entries imported", entries) % {"count": entries}
    spent = ngettext("%(count)s expense imported", "%(count)s expenses imported", expenses) % {"count": expenses}
    if not expenses:
        return time
    return _("%(time)s, %(spent)s") % {"time": time, "spent": spent} if entries else spent


def _change(change: dict[str, Any]) -> dict[str, Any]:
    """A difference in words: the field's name, days as the reader writes them, and by what the record was matched."""
    way = change.get("matched_by", "")
    diffs = [
        {
            "field": spoken(DIFF_NAMES.get(diff["field"], diff["field"])),
            "old": _value(diff, "old"),
            "new": _value(diff, "new"),
        }
        for diff in change["diffs"]
    ]
    return {**change, "matched_by": spoken(_WAYS.get(way, way)), "diffs": diffs}


def _value(diff: dict[str, str], side: str) -> str:
    text = diff[side]
    if diff["field"] in _DAYS and text:
        return formats.day(date.fromisoformat(text), get_language() or "en")
    return {"yes": _("yes"), "no": _("no"), "(new)": _("(new)")}.get(text, text)


def _report(batch: ImportBatch) -> dict[str, Any]:
    """The stored report as the templates show it."""
    report = in_words(batch.report)
    rows = [(KINDS[row["kind"]], [row[outcome] for outcome in _OUTCOMES]) for row in report["summary"]]
    totals = {outcome: sum(row[outcome] for row in report["summary"]) for outcome in _OUTCOMES}
    return {
        "report": report, "summary": rows, "totals": totals,
        "is_blocked": has_errors(report) or bool(report["refusal"]),
        "errors": report["errors"][:50], "error_count": totals["error"] or len(report["errors"]),
        "changes": [_change(change) for change in report["changes"][:50]], "writes": totals["new"] + totals["change"],
        "notes": in_words(batch.written).get("notes", []),
    }  # fmt: skip
