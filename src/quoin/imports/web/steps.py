"""The steps before the dry run: which column means what, and what unknown names mean."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from quoin.base.actor import Actor
from quoin.base.http.views import ActorRequest, page
from quoin.base.ui import respond
from quoin.imports import actions, queries
from quoin.imports.adapters.opened import open_bytes
from quoin.imports.queries import ImportBatch
from quoin.imports.queries import answers as codec
from quoin.imports.queries.choices import parties
from quoin.imports.queries.looking import Look, look_at
from quoin.imports.rules.loading import Answers, EntryStatus, LoadOptions
from quoin.imports.rules.planned import Answer, Choice, Kind, PlannedRecord, PlanOptions, Use, ValueMapping
from quoin.imports.types import DateOrder, Field, Finding, MinuteRounding, ReadOptions
from quoin.imports.web.forms import Loading, Reading
from quoin.imports.web.shared import FIELD_CHOICES, KINDS, frame, next_url
from quoin.kernel.errors import Conflict
from quoin.kernel.words import spoken

_SHOWN = 5
_PLURAL = {Kind.CLIENT: "clients", Kind.PERSON: "people", Kind.PROJECT: "projects", Kind.CATEGORY: "categories"}


@page(actions.PREPARE, methods=("GET", "POST"))
def columns(request: ActorRequest, pk: str) -> HttpResponse:
    """Which column means what, and how cells are written."""
    batch = queries.batch_for(request.actor, pk)
    if batch.status not in {"draft", "planned"}:
        return respond.redirect_with_toast(request, next_url(batch), _("This import is finished."), meaning="info")
    answers = codec.from_json(batch.answers)
    form = Reading(request.POST or None, initial=_reading_of(batch, answers))
    if request.method == "POST" and form.is_valid():
        read = _read_options(request, form, answers.read)
        told = replace(answers, read=read)
        actions.prepare_batch(request.actor, batch_id=batch.id, profile=form.cleaned_data["profile"], answers=told)
        batch = queries.batch_for(request.actor, pk)
        if _look(request.actor, batch).refusal is None:
            return respond.redirect_with_toast(
                request, reverse("imports:values", args=[batch.public_id]), _("Columns matched")
            )
    look = _look(request.actor, batch)
    context = frame(batch, "columns", form=form, look=look, fields=FIELD_CHOICES, **_seen(look))
    is_refused = request.method == "POST"
    return respond.page(request, "imports/columns.html", context, status=422 if is_refused else 200)


@page(actions.PREPARE, methods=("GET", "POST"))
def values(request: ActorRequest, pk: str) -> HttpResponse:
    """What names mean that nothing matches, and how time is written."""
    batch = queries.batch_for(request.actor, pk)
    if batch.status not in {"draft", "planned"}:
        return respond.redirect_with_toast(request, next_url(batch), _("This import is finished."), meaning="info")
    look = _look(request.actor, batch)
    if look.refusal is not None:
        return respond.redirect_with_toast(
            request, reverse("imports:columns", args=[batch.public_id]), spoken(look.refusal.message), meaning="danger"
        )
    answers = codec.from_json(batch.answers)
    form = Loading(request.actor, request.POST or None, initial=_loading_of(answers))
    if request.method == "POST" and form.is_valid():
        told = replace(
            answers, mapping=_mapping(request, look, answers.mapping), load=_load_options(form),
            plan=PlanOptions(takes_changes=form.cleaned_data["takes_changes"]),
        )  # fmt: skip
        actions.prepare_batch(request.actor, batch_id=batch.id, profile=batch.profile, answers=told)
        actions.dry_run_batch(request.actor, batch_id=batch.id)
        return respond.redirect_with_toast(
            request, reverse("imports:plan", args=[batch.public_id]), _("Dry run finished; nothing is written yet.")
        )
    unmatched = _unmatched(request.actor, look, answers)
    context = frame(batch, "values", form=form, look=look, unmatched=unmatched, **_seen(look))
    return respond.page(request, "imports/values.html", context, status=422 if form.errors else 200)


def _look(actor: Actor, batch: ImportBatch) -> Look:
    content = queries.content_of(batch)
    if content is None:
        raise Conflict("The file is not kept any more. Upload it again.")
    return look_at(actor, batch, open_bytes(batch.file_name, content).upload)


def _seen(look: Look) -> dict[str, Any]:
    """What was read, what is wrong with it, and why it cannot be read, each in the reader's words."""
    export = look.planned.export if look.planned else None
    found: dict[str, Any] = {
        "export": export,
        "refusal": _told(look.refusal) if look.refusal else None,
        "notes": [],
        "wrong": [],
    }
    if export is None:
        return found
    return found | {
        "notes": [spoken(note) for note in export.notes],
        "wrong": [_told(finding) for finding in export.errors[:_SHOWN]],
    }


def _told(finding: Finding) -> dict[str, Any]:
    return {
        "file": finding.file, "line": finding.line, "message": spoken(finding.message),
        "remedy": spoken(finding.remedy),
    }  # fmt: skip


def _reading_of(batch: ImportBatch, answers: Answers) -> dict[str, Any]:
    read = asdict(answers.read)
    return {**read, "profile": batch.profile, "zone": "" if answers.read.zone == "UTC" else answers.read.zone}


def _read_options(request: ActorRequest, form: Reading, before: ReadOptions) -> ReadOptions:
    told = form.cleaned_data
    headers, meanings = request.POST.getlist("header"), request.POST.getlist("meaning")
    shown = request.POST.getlist("was")
    known = set(Field)
    # Only what a person changed is an answer; the profile knows the rest.
    kept = {header: meaning for header, meaning in before.columns if header in headers}
    for header, meaning, was in zip(headers, meanings, shown, strict=False):
        if meaning != was and meaning in known:
            kept[header] = Field(meaning)
        elif not meaning:
            kept.pop(header, None)
    return replace(
        before,
        date_order=DateOrder(told["date_order"]) if told["date_order"] else None,
        decimal_point=told["decimal_point"] or None,
        zone=told["zone"],
        currency=told["currency"],
        rounding=MinuteRounding(told["rounding"]),
        default_client=told["default_client"].strip(),
        default_project=told["default_project"].strip(),
        columns=tuple(kept.items()),
    )


def _loading_of(answers: Answers) -> dict[str, Any]:
    return {**asdict(answers.load), "takes_changes": answers.plan.takes_changes}


def _load_options(form: Loading) -> LoadOptions:
    told = form.cleaned_data
    return LoadOptions(
        status=EntryStatus(told["status"]), rate_per_hour=told["rate_per_hour"], currency=told["currency"],
        country=told["country"], card=told["card"], approver=told["approver"], cost_per_hour=told["cost_per_hour"],
    )  # fmt: skip


def _unmatched(actor: Actor, look: Look, answers: Answers) -> list[dict[str, Any]]:
    """Names without a match, by kind, with what can be chosen for each."""
    offered = parties(actor)
    groups = []
    for kind, plural in _PLURAL.items():
        told = dict(getattr(answers.mapping, plural))
        rows = [_row(record, told.get(record.key)) for record in look.unmatched if record.kind is kind]
        if rows:
            groups.append({"label": KINDS[kind], "name": plural, "rows": rows, "offered": offered[kind]})
    return groups


def _row(record: PlannedRecord, told: Answer | None) -> dict[str, Any]:
    chosen = told.id if isinstance(told, Use) else str(told or ("" if record.candidates else Choice.CREATE))
    detail = getattr(record.record, "email", "") or getattr(record.record, "client_key", "")
    candidates = [(one.id, spoken(one.label)) for one in record.candidates if one.id]
    return {"record": record, "chosen": chosen, "detail": detail, "candidates": candidates}


def _mapping(request: ActorRequest, look: Look, before: ValueMapping) -> ValueMapping:
    """Answers of the form over those that were given before for names that match by now."""
    found: dict[str, tuple[tuple[str, Answer], ...]] = {}
    for kind, plural in _PLURAL.items():
        told = dict(getattr(before, plural))
        keys, chosen = request.POST.getlist(f"{plural}-key"), request.POST.getlist(f"{plural}-answer")
        candidates = {record.key: record.candidates for record in look.unmatched if record.kind is kind}
        for key, answer in zip(keys, chosen, strict=False):
            told.pop(key, None)
            # Creating is what happens without an answer, except where something may be meant.
            if answer and (answer != Choice.CREATE or candidates.get(key)):
                told[key] = Choice(answer) if answer in set(Choice) else Use(answer)
        found[plural] = tuple(told.items())
    return replace(before, **found)
