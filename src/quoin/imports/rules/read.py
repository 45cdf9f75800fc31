"""From what was uploaded to records: find the profile, settle the styles, read, and sum up."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from quoin.imports.rules.catalogue import Catalogue
from quoin.imports.rules.cells import Cells
from quoin.imports.rules.detect import SOLIDTIME, TOGGL_WORKSPACE, candidates, choose, detect_bundle
from quoin.imports.rules.entries import EntryColumns, read_entry_columns
from quoin.imports.rules.expenses import ExpenseColumns, read_expense_columns
from quoin.imports.rules.finish import finish
from quoin.imports.rules.finish_expenses import finish_expenses
from quoin.imports.rules.headers import Holds, Layout, Profile, lay_out
from quoin.imports.rules.lists import read_clients, read_projects
from quoin.imports.rules.objects import table_of
from quoin.imports.rules.receipts import unused
from quoin.imports.rules.solidtime import read_solidtime
from quoin.imports.rules.styles import infer_styles
from quoin.imports.rules.sums import added
from quoin.imports.rules.toggl import read_toggl_workspace
from quoin.imports.rules.values.dates import zone_named
from quoin.imports.rules.values.decimals import COMMA, POINT
from quoin.imports.types import (
    RAGGED,
    BadFile,
    Detection,
    Export,
    Finding,
    Level,
    Paper,
    ReadOptions,
    Records,
    RejectedEntry,
    Table,
    Upload,
    bad_file,
)
from quoin.kernel.currency import CODES
from quoin.kernel.words import say

_OWN = frozenset({"generic", "expenses"})
"""Sources of tables that no tool wrote."""


@dataclass(slots=True)
class _Reading:
    """What has been read so far."""

    catalogue: Catalogue = field(default_factory=Catalogue)
    times: list[EntryColumns] = field(default_factory=list)
    spending: list[ExpenseColumns] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    detected: list[Detection] = field(default_factory=list)
    profiles: dict[str, str] = field(default_factory=dict)
    papers: tuple[Paper, ...] = ()


def read_export(upload: Upload, profile: str | None = None, options: ReadOptions | None = None) -> Export:
    """All records of an upload.

    `profile` is a tool (`toggl`) or one of its exports (`toggl_workspace`); None looks at the headers. What is
    wrong with rows is in the findings; BadFile is raised where nothing can be read.
    """
    answers = options or ReadOptions()
    _check(answers)
    reading = _Reading(findings=list(upload.findings), notes=list(upload.notes), papers=upload.papers)
    bundle = detect_bundle(upload)
    if bundle is not None and _means_bundle(profile, bundle.profile):
        _read_bundle(upload, bundle, reading, answers)
    else:
        _read_tables(upload, profile, reading, answers)
    return _export(reading, answers)


def _check(options: ReadOptions) -> None:
    try:
        zone_named(options.zone)
    except ValueError as error:
        raise bad_file(
            "bad_zone", say("%(error)s.", error=str(error)), "Name the zone in which the export was made."
        ) from error
    if options.currency and options.currency not in CODES:
        raise bad_file(
            "bad_currency",
            say("%(currency)s is not an ISO 4217 currency.", currency=repr(options.currency)),
            "Write it as EUR.",
        )
    if options.decimal_point not in {None, POINT, COMMA}:
        raise bad_file(
            "bad_decimal", say("%(mark)s is no decimal mark.", mark=repr(options.decimal_point)), "Take '.' or ','."
        )


def _means_bundle(profile: str | None, bundle: str) -> bool:
    return profile is None or profile == bundle or (profile == "toggl" and bundle == TOGGL_WORKSPACE)


def _read_bundle(upload: Upload, bundle: Detection, reading: _Reading, options: ReadOptions) -> None:
    reading.detected.append(bundle)
    if bundle.profile == SOLIDTIME:
        columns = read_solidtime(upload.tables, reading.catalogue, reading.findings, options)
        reading.times.append(columns)
        reading.profiles[SOLIDTIME] = SOLIDTIME
    else:
        read_toggl_workspace(upload.documents, reading.catalogue, reading.findings, options)
        reading.profiles[TOGGL_WORKSPACE] = "toggl"


def _read_tables(upload: Upload, profile: str | None, reading: _Reading, options: ReadOptions) -> None:
    tables = (*upload.tables, *(table_of(document) for document in upload.documents))
    if not tables:
        raise bad_file("nothing_to_read", "The upload holds no table.", "Upload a CSV or XLSX file with a header row.")
    profiles = candidates(profile)
    unfit: list[BadFile] = []
    for table in tables:
        try:
            chosen = _choose(table, profiles, reading, options=options, is_asked=profile is not None)
        except BadFile as refusal:
            unfit.append(refusal)
            continue
        reading.profiles[chosen.key] = chosen.source
        _read_table(table, chosen, reading, options)
    if not reading.profiles:
        raise unfit[0]
    # A sheet or file beside those that fit is left out, and that is said.
    reading.findings.extend(replace(refusal.finding, level=Level.WARNING) for refusal in unfit)


def _choose(
    table: Table, profiles: tuple[Profile, ...], reading: _Reading, *, options: ReadOptions, is_asked: bool
) -> Profile:
    if options.columns:
        return _by_columns(table, profiles, options)
    chosen, ranked = choose(table, profiles, is_asked=is_asked)
    reading.detected.extend(ranked[:3])
    return chosen


def _by_columns(table: Table, profiles: tuple[Profile, ...], options: ReadOptions) -> Profile:
    """With columns chosen by a person, the profile of no tool whose most needs they meet: rows before lists."""
    for profile in sorted(profiles, key=_generality):
        if not lay_out(table, profile, options.columns).missing:
            return profile
    return choose(table, profiles, is_asked=True)[0]


def _generality(profile: Profile) -> tuple[bool, int, int]:
    order = (Holds.ENTRIES, Holds.EXPENSES, Holds.PROJECTS, Holds.CLIENTS)
    return profile.source not in _OWN, order.index(profile.holds), -len(profile.needs)


def _cut(reading: _Reading, files: set[str]) -> list[RejectedEntry]:
    """Rows of these files that have another number of cells than their header."""
    return [
        RejectedEntry(finding.file, finding.line)
        for finding in reading.findings
        if finding.code == RAGGED and finding.file in files
    ]


def _read_table(table: Table, profile: Profile, reading: _Reading, options: ReadOptions) -> None:
    layout = lay_out(table, profile, options.columns)
    _refuse_doubled(table, layout)
    cells = Cells(table, layout)
    if not options.formulas_as_text:
        cells.refuse_formulas()
    styles = infer_styles(cells, options)
    reading.notes.extend(say("%(file)s: %(note)s", file=table.file, note=note) for note in styles.notes)
    if profile.holds is Holds.ENTRIES:
        reading.times.append(read_entry_columns(cells, profile, styles, catalogue=reading.catalogue, options=options))
    elif profile.holds is Holds.EXPENSES:
        reading.spending.append(
            read_expense_columns(cells, styles, reading.catalogue, options=options, papers=reading.papers)
        )
    elif profile.holds is Holds.PROJECTS:
        read_projects(cells, styles, reading.catalogue, options)
    else:
        read_clients(cells, reading.catalogue, options)
    reading.findings.extend(cells.findings)


def _refuse_doubled(table: Table, layout: Layout) -> None:
    if layout.doubled:
        raise bad_file(
            "doubled_header",
            say("Two columns are called %(name)s.", name=repr(layout.doubled[0])),
            "Rename or remove one of them.",
            file=table.file,
            line=table.header_line,
        )


def _export(reading: _Reading, options: ReadOptions) -> Export:
    catalogue = reading.catalogue
    if merged := catalogue.merge_people():
        reading.times = [
            replace(columns, person_keys=[merged.get(key, key) for key in columns.person_keys])
            for columns in reading.times
        ]
        reading.spending = [
            replace(columns, person_keys=[merged.get(key, key) for key in columns.person_keys])
            for columns in reading.spending
        ]
    finished = finish(reading.times, options.rounding, _cut(reading, {columns.file for columns in reading.times}))
    spent = finish_expenses(reading.spending, _cut(reading, {columns.file for columns in reading.spending}))
    used = [receipt for columns in reading.spending for receipt in columns.receipts]
    lost = unused(reading.papers, used) if reading.spending else ()
    findings = [*reading.findings, *finished.findings, *spent.findings, *lost]
    findings.sort(key=lambda finding: (finding.level is Level.WARNING, finding.file, finding.line))
    sources = sorted(set(reading.profiles.values()))
    return Export(
        profile="+".join(sorted(reading.profiles)),
        source="+".join(sources),
        records=Records(
            clients=tuple(catalogue.clients.values()),
            people=tuple(catalogue.people.values()),
            projects=tuple(catalogue.projects.values()),
            tasks=tuple(catalogue.tasks.values()),
            entries=finished.entries,
            categories=tuple(catalogue.categories.values()),
            expenses=spent.expenses,
        ),
        rejected=(*finished.rejected, *spent.rejected),
        findings=tuple(findings),
        totals=added((finished.totals, spent.totals)),
        notes=tuple(reading.notes),
        detected=tuple(reading.detected),
        papers=reading.papers,
    )
