"""Commands of imports: take a file in, look at what it would do, do it, take it back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import DatabaseError, connection, transaction
from django.utils.translation import gettext_lazy as _

from quoin.base.actions import action, touch, undo_with
from quoin.base.actor import Actor
from quoin.base.db.faults import domain_error, explain
from quoin.base.jobs import defer
from quoin.imports.adapters.opened import Opened, open_bytes
from quoin.imports.models import ImportBatch, ImportFile, ImportLine, ImportProfile, ImportRun
from quoin.imports.queries import answers as codec
from quoin.imports.queries import batch_for, content_of
from quoin.imports.queries.planning import Planned, has_errors, plan_upload, report_of
from quoin.imports.queries.told import as_text
from quoin.imports.rules.loading import Answers
from quoin.imports.services import undoing, writing
from quoin.imports.services.refusing import ImportRefused
from quoin.imports.services.running import Stopped, teller
from quoin.imports.services.writing import Progress
from quoin.kernel.errors import Conflict, DomainError, Problem, invalid
from quoin.kernel.words import Sentence, listed, packed, say, say_many, unpacked, unsaid

explain("import_profile_name", "There are saved answers of that name.")
explain("import_run_once", "This import is being written already.")
explain("time_entry_one_place", "Clock times of the file overlap other time of the same person.")
explain("expense_external", "The file holds expenses that another import wrote meanwhile. Look at the dry run again.")
explain("time_entry_external", "The file holds time that another import wrote meanwhile. Look at the dry run again.")
UPLOAD, PREPARE = "imports.batch.upload", "imports.batch.prepare"
DRY_RUN, APPLY, UNDO = "imports.batch.dry_run", "imports.batch.apply", "imports.batch.undo"
START, STOP = "imports.batch.start", "imports.batch.stop"
_LISTED = 100


class WrongStep(Conflict):
    """The command does not fit where the import stands."""

    code = "import_step"


class PlanOutdated(Conflict):
    """Something changed since the dry run, so that other things would be written than were shown."""

    code = "plan_outdated"


@action(UPLOAD, label=_("Take in a file to import"))
def upload_batch(actor: Actor, *, opened: Opened, profile: str = "", answers: Answers | None = None) -> ImportBatch:
    """A new import; nothing but the file is kept yet."""
    batch = ImportBatch.objects.create(
        profile=profile, file_name=opened.name, file_sha256=opened.sha256, file_bytes=opened.size,
        answers=codec.to_json(answers or Answers()), started_at=actor.now, started_by_id=actor.user_id,
    )  # fmt: skip
    if opened.content is not None:
        ImportFile.objects.create(batch=batch, content=opened.content)
    touch(batch.public_id)
    return batch


@action(PREPARE, label=_("Say how a file is read and what its names mean"))
def prepare_batch(actor: Actor, *, batch_id: UUID | str, profile: str, answers: Answers) -> ImportBatch:
    """New answers; a plan that was made with others is forgotten."""
    batch = _open(actor, batch_id)
    batch.profile, batch.answers = profile, codec.to_json(answers)
    batch.status, batch.plan_sha256, batch.report = "draft", "", {}
    batch.save()
    touch(batch.public_id)
    return batch


@action(DRY_RUN, label=_("See what an import would do"))
def dry_run_batch(actor: Actor, *, batch_id: UUID | str, opened: Opened | None = None) -> ImportBatch:
    """Plan the import, really write it, take everything back, and keep what was found with the plan's hash."""
    batch = _open(actor, batch_id)
    planned = _planned(actor, batch, opened)
    batch.report = report_of(planned)
    # Rows in error are left out of it: what else would be refused is better known now than after they are mended.
    batch.written, batch.report["refusal"] = _rehearse(actor, batch, planned)
    batch.source, batch.plan_sha256 = planned.export.source, planned.sha256
    batch.status, batch.planned_at = "planned", actor.now
    batch.save()
    touch(batch.public_id)
    return batch


@action(APPLY, label=_("Import: write clients, projects, people, prices, time and expenses"))
def apply_batch(
    actor: Actor,
    *,
    batch_id: UUID | str,
    opened: Opened | None = None,
    plan_sha256: str = "",
    progress: Progress | None = None,
) -> ImportBatch:
    """Write the import. After a dry run exactly what it showed, else PlanOutdated; ImportRefused lists errors."""
    batch = _open(actor, batch_id)
    shown = plan_sha256 or batch.plan_sha256
    planned = _planned(actor, batch, opened)
    if shown and shown != planned.sha256:
        raise PlanOutdated("Something changed since the dry run. Look at the dry run again, then apply.")
    batch.report, batch.source, batch.plan_sha256 = report_of(planned), planned.export.source, planned.sha256
    answers = _answers(batch)
    if _blocks(batch.report, answers):
        raise refusal(batch.report)
    written = writing.write_plan(actor, batch, planned.export, planned.plan, answers=answers, progress=progress)
    batch.written, batch.status = writing.as_json(written), "applied"
    batch.applied_at, batch.applied_by_id = actor.now, actor.user_id
    batch.save()
    ImportFile.objects.filter(batch=batch).delete()
    touch(batch.public_id)
    undo_with(UNDO, batch_id=str(batch.id))
    return batch


@action(START, label=_("Start an import in the background"))
def start_batch(actor: Actor, *, batch_id: UUID | str) -> ImportRun:
    """Queue the writing of what the dry run showed; the run tells how it goes. One run at a time."""
    batch = _open(actor, batch_id)
    if batch.status != "planned":
        raise WrongStep("Look at the dry run first.")
    if content_of(batch) is None:
        raise WrongStep("The file is not kept any more. Upload it again.")
    if _blocks(batch.report, _answers(batch)):
        raise refusal(batch.report)
    total = int(batch.report["check"]["file"]["rows"])
    run = ImportRun.objects.create(batch=batch, asked_at=actor.now, asked_by_id=actor.user_id, total=total)
    defer(actor, APPLY, lock="imports", run_id=str(run.id))
    touch(batch.public_id)
    return run


@action(STOP, label=_("Stop an import that is being written"))
def stop_batch(actor: Actor, *, batch_id: UUID | str) -> ImportRun:
    """Ask the running import to stop: then nothing of it is written. Too late once it is there."""
    batch, run = _running(actor, batch_id)
    if run.stop_asked_at is None:
        run.stop_asked_at = actor.now
        run.save(update_fields=["stop_asked_at"])
    touch(batch.public_id)
    return run


@action("imports.batch.finish", label=_("Say how an import in the background ended"))
def finish_run(actor: Actor, *, batch_id: UUID | str, outcome: str, message: str = "") -> ImportRun:
    """Close the run of the import: done, failed with a message, or stopped."""
    batch, run = _running(actor, batch_id)
    if outcome not in {"done", "failed", "stopped"}:
        raise invalid("/outcome", "A run is done, failed or stopped.")
    run.ended_at, run.outcome, run.message = actor.now, outcome, as_text(message)
    run.save(update_fields=["ended_at", "outcome", "message"])
    touch(batch.public_id, reason=message)
    return run


def work_off(actor: Actor, *, run_id: UUID | str) -> None:
    """Write the import of a run that is not over, all or nothing, and say how it ended. For the job."""
    run = ImportRun.objects.filter(id=run_id, ended_at=None).select_related("batch").first()
    if run is None:
        return
    outcome, message = "done", ""
    try:
        apply_batch(actor, batch_id=run.batch_id, plan_sha256=run.batch.plan_sha256, progress=teller(run))
    except Stopped:
        outcome = "stopped"
    except DomainError as fault:
        if fault.retryable:
            raise
        outcome, message = "failed", unsaid(fault, "detail")
    finish_run(actor, batch_id=run.batch_id, outcome=outcome, message=message)


@action(UNDO, label=_("Take an import back"))
def undo_batch(actor: Actor, *, batch_id: UUID | str) -> ImportBatch:
    """Remove or restore what nobody changed since; what stays is listed in `undo_report`."""
    batch = _locked(actor, batch_id)
    if batch.status != "applied":
        raise WrongStep("Only an import that was applied can be taken back.")
    batch.undo_report = undoing.as_json(undoing.undo(actor, batch))
    batch.status, batch.undone_at, batch.undone_by_id = "undone", actor.now, actor.user_id
    batch.save()
    touch(batch.public_id)
    return batch


@action("imports.batch.discard", label=_("Throw away an import that was not applied"))
def discard_batch(actor: Actor, *, batch_id: UUID | str) -> None:
    """The file and the answers go; nothing else was written."""
    batch = _open(actor, batch_id)
    touch(batch.public_id)
    ImportFile.objects.filter(batch=batch).delete()
    ImportLine.objects.filter(batch=batch).delete()
    batch.delete()


@action("imports.profile.save", label=_("Keep the answers of an import for the next file"))
def save_profile(actor: Actor, *, name: str, profile: str, answers: Answers) -> ImportProfile:
    """Keep the answers under a name; the same name again replaces them."""
    name = " ".join(name.split())
    if not name:
        raise invalid("/name", "Give the answers a name.", code="required")
    values = {"profile": profile, "answers": codec.to_json(answers)}
    row, _is_new = ImportProfile.objects.update_or_create(name=name, defaults=values)
    touch(row.public_id)
    return row


def refusal(report: dict[str, Any]) -> ImportRefused:
    """The errors of a report as one error that names files and lines."""
    errors = report["errors"]
    problems = tuple(
        Problem(
            f"/files/{error['file']}/{error['line']}" if error["file"] else f"/{error['kind']}s/{error['key']}",
            error.get("code", error["kind"]),
            say("%(place)s%(message)s", place=place_of(error), message=unpacked(error["message"])),
            unpacked(error.get("remedy", "")),
        )
        for error in errors[:_LISTED]
    )  # fmt: skip
    count = sum(row["error"] for row in report["summary"]) or len(errors)
    first = say(" First: %(detail)s", detail=unsaid(problems[0], "detail")) if problems else ""
    return ImportRefused(
        say_many(
            "%(count)s record of the file cannot be imported; nothing was.%(first)s",
            "%(count)s records of the file cannot be imported; nothing was.%(first)s",
            count=count,
            first=first,
        ),
        problems=problems,
    )


def place_of(error: dict[str, Any]) -> str:
    """`time.csv, line 12: ` where it is known."""
    if not error["file"]:
        return ""
    if not error["line"]:
        return f"{error['file']}: "
    return say("%(file)s, line %(line)s: ", file=error["file"], line=error["line"])


def _rehearse(actor: Actor, batch: ImportBatch, planned: Planned) -> tuple[dict[str, Any], Any]:
    """Really write it and take it back: what the database refuses is known before anything is written."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            written = writing.write_plan(actor, batch, planned.export, planned.plan, answers=_answers(batch))
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            transaction.set_rollback(True)
    except DomainError as fault:
        helps = [unsaid(problem, "help") for problem in fault.problems[:1] if problem.help]
        return {}, packed(listed([unsaid(fault, "detail"), *helps], " "))
    except DatabaseError as fault:
        return {}, packed(unsaid(domain_error(fault), "detail"))
    return writing.as_json(written), ""


def _planned(actor: Actor, batch: ImportBatch, opened: Opened | None) -> Planned:
    if opened is None:
        content = content_of(batch)
        if content is None:
            raise WrongStep("The file is not kept any more. Upload it again.")
        opened = open_bytes(batch.file_name, content)
    return plan_upload(actor, opened.upload, batch.profile, _answers(batch))


def _answers(batch: ImportBatch) -> Answers:
    return codec.from_json(batch.answers)


def _blocks(report: dict[str, Any], answers: Answers) -> bool:
    return has_errors(report) and not answers.load.leaves_errors


def _open(actor: Actor, batch_id: UUID | str) -> ImportBatch:
    batch = _locked(actor, batch_id)
    if batch.status not in {"draft", "planned"}:
        raise WrongStep(say("This import is %(status)s already.", status=Sentence(batch.status)))
    return batch


def _running(actor: Actor, batch_id: UUID | str) -> tuple[ImportBatch, ImportRun]:
    # The batch itself is locked while it is written; its run is not.
    found = batch_for(actor, batch_id)
    run = ImportRun.objects.select_for_update(of=("self",)).filter(batch=found, ended_at=None).first()
    if run is None:
        raise WrongStep("This import is not running.")
    return found, run


def _locked(actor: Actor, batch_id: UUID | str) -> ImportBatch:
    found = batch_for(actor, batch_id)
    return ImportBatch.objects.select_for_update(of=("self",)).get(id=found.id)
