"""Values of an import: what a file holds, what was found wrong with it, and the records read from it.

Records name each other by `key`, a folded name that is stable over files, because the ids of Quoin are
not known before the plan is made (`plan_types` in the rules).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from quoin.kernel.errors import Invalid, Problem


class Level(StrEnum):
    """An error keeps its row (or file) out; a warning is only said."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing noticed in a file. `line` counts from 1 as an editor does; 0 means the whole file."""

    level: Level
    code: str
    message: str
    remedy: str = ""
    file: str = ""
    line: int = 0
    column: str = ""
    value: str = ""


class BadFile(Invalid):
    """The upload cannot be read at all; `finding` says why and what to do."""

    code = "import_file"

    def __init__(self, finding: Finding) -> None:
        problem = Problem(f"/files/{finding.file}", finding.code, finding.message, finding.remedy)
        super().__init__(f"{finding.message} {finding.remedy}".strip(), problems=(problem,))
        self.finding = finding


def bad_file(code: str, message: str, remedy: str, *, file: str = "", line: int = 0) -> BadFile:
    """A refusal of the whole upload."""
    return BadFile(Finding(Level.ERROR, code, message, remedy, file=file, line=line))


@dataclass(frozen=True, slots=True)
class Table:
    """Cells of one CSV file or sheet, by column; `lines` has the line (or sheet row) of each row.

    Cells of a typed table came from a spreadsheet's own numbers and dates and use `.` and ISO dates; `formulas`
    are the line and the column (from 0) of those that are calculated.
    """

    file: str
    headers: tuple[str, ...]
    lines: tuple[int, ...]
    columns: tuple[tuple[str, ...], ...]
    header_line: int = 1
    is_typed: bool = False
    formulas: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """One parsed JSON file."""

    file: str
    content: object


@dataclass(frozen=True, slots=True)
class Paper:
    """A picture or PDF beside a table; `problem` says why it cannot be a receipt. Rules do not read its bytes."""

    name: str
    sha256: str
    content: bytes = field(repr=False)
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Upload:
    """What the file adapter hands over; `notes` say how each file was read ("UTF-8, ;")."""

    tables: tuple[Table, ...] = ()
    documents: tuple[Document, ...] = ()
    findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()
    papers: tuple[Paper, ...] = ()


RAGGED = "ragged_row"
"""Code of a finding about a row that has another number of cells than the header, and is not in the table."""


class Field(StrEnum):
    """What a column can mean."""

    PERSON = "person"
    FIRST_NAME = "first_name"
    LAST_NAME = "last_name"
    EMAIL = "email"
    PERSON_NUMBER = "person_number"
    CLIENT = "client"
    CLIENT_NUMBER = "client_number"
    ADDRESS = "address"
    PROJECT = "project"
    PROJECT_NUMBER = "project_number"
    TASK = "task"
    TASKS = "tasks"
    NOTE = "note"
    TAGS = "tags"
    BILLABLE = "billable"
    INVOICED = "invoiced"
    DATE = "date"
    START_TIME = "start_time"
    END_DATE = "end_date"
    END_TIME = "end_time"
    STARTED = "started"
    ENDED = "ended"
    CREATED = "created"
    DURATION = "duration"
    HOURS = "hours"
    MINUTES = "minutes"
    SECONDS = "seconds"
    RATE = "rate"
    RATE_MINOR = "rate_minor"
    AMOUNT = "amount"
    CURRENCY = "currency"
    EXTERNAL_ID = "external_id"
    ARCHIVED = "archived"
    STATUS = "status"
    BUDGET_HOURS = "budget_hours"
    BUDGET_SECONDS = "budget_seconds"
    ENTRY_TYPE = "entry_type"
    CATEGORY = "category"
    SUPPLIER = "supplier"
    VAT = "vat"
    QUANTITY = "quantity"
    REIMBURSABLE = "reimbursable"
    RECEIPT = "receipt"


class DateOrder(StrEnum):
    """How a date is written."""

    YMD = "ymd"
    DMY = "dmy"
    MDY = "mdy"


class MinuteRounding(StrEnum):
    """How the seconds of an entry become whole minutes; the difference is kept and reported."""

    NEAREST = "nearest"
    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """Answers of the person who imports; None or '' means: find out, or say that it cannot be found out.

    `zone` is the zone of clock times without offset. `columns` maps headers to fields, over the profile.
    The defaults are names for rows that have none.
    """

    date_order: DateOrder | None = None
    decimal_point: str | None = None
    zone: str = "UTC"
    currency: str = ""
    rounding: MinuteRounding = MinuteRounding.NEAREST
    columns: tuple[tuple[str, Field], ...] = ()
    default_client: str = ""
    default_project: str = ""
    default_task: str = ""
    formulas_as_text: bool = False
    longest_minutes: int = 24 * 60


@dataclass(frozen=True, slots=True)
class ImportedClient:
    key: str
    name: str
    external_id: str = ""
    number: str = ""
    address: str = ""
    is_archived: bool | None = None
    file: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class ImportedPerson:
    key: str
    name: str
    email: str = ""
    external_id: str = ""
    number: str = ""
    is_archived: bool | None = None
    file: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class ImportedProject:
    """`client_key` is '' for a project without client."""

    key: str
    client_key: str
    name: str
    external_id: str = ""
    number: str = ""
    is_archived: bool | None = None
    is_billable: bool | None = None
    rate_per_hour: Decimal | None = None
    currency: str = ""
    budget_minutes: int | None = None
    starts_on: date | None = None
    note: str = ""
    file: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class ImportedTask:
    key: str
    project_key: str
    name: str
    external_id: str = ""
    is_archived: bool | None = None
    file: str = ""
    line: int = 0


class ImportedEntry(NamedTuple):
    """One time entry. A named tuple, because a file has a million of them and it is made three times faster.

    `seconds` is exactly what the file says, `minutes` what will be booked. `amount` and `rate_per_hour`
    are the file's own and are not rounded. Times have a zone.
    """

    external_id: str
    person_key: str
    project_key: str
    task_key: str
    work_on: date
    minutes: int
    seconds: Decimal
    starts_at: datetime | None
    ends_at: datetime | None
    note: str
    is_billable: bool
    is_invoiced: bool
    tags: tuple[str, ...]
    rate_per_hour: Decimal | None
    amount: Decimal | None
    currency: str
    file: str
    line: int

    @property
    def rounding_seconds(self) -> Decimal:
        """Seconds that rounding to whole minutes added (negative: took away)."""
        return 60 * self.minutes - self.seconds


@dataclass(frozen=True, slots=True)
class ImportedCategory:
    """A kind of expense."""

    key: str
    name: str
    external_id: str = ""
    file: str = ""
    line: int = 0


class ImportedExpense(NamedTuple):
    """One expense. `amount` is what was paid, with its VAT; `vat` is None where the file tells none."""

    external_id: str
    person_key: str
    project_key: str
    task_key: str
    category_key: str
    spent_on: date
    supplier: str
    note: str
    quantity: Decimal | None
    amount: Decimal
    vat: Decimal | None
    currency: str
    is_billable: bool
    is_reimbursable: bool
    file: str
    line: int
    receipt: str = ""
    """Name of the paper beside the table."""
    receipt_sha256: str = ""

    @property
    def seconds(self) -> Decimal:
        """An expense takes no time; its money counts in the same check sums."""
        return Decimal(0)

    @property
    def minutes(self) -> int:
        return 0


@dataclass(frozen=True, slots=True)
class RejectedEntry:
    """A row of time or an expense that cannot be booked, with what is known of it, so that the sums still tie out."""

    file: str
    line: int
    seconds: Decimal = Decimal(0)
    minutes: int = 0
    amount: Decimal | None = None
    currency: str = ""
    is_expense: bool = False
    vat: Decimal | None = None
    receipt_sha256: str = ""


@dataclass(frozen=True, slots=True)
class Records:
    clients: tuple[ImportedClient, ...] = ()
    people: tuple[ImportedPerson, ...] = ()
    projects: tuple[ImportedProject, ...] = ()
    tasks: tuple[ImportedTask, ...] = ()
    entries: tuple[ImportedEntry, ...] = ()
    categories: tuple[ImportedCategory, ...] = ()
    expenses: tuple[ImportedExpense, ...] = ()


@dataclass(frozen=True, slots=True)
class Totals:
    """Check sums of rows: exact seconds, whole minutes, and money per currency (sorted by code)."""

    rows: int = 0
    seconds: Decimal = Decimal(0)
    minutes: int = 0
    money: tuple[tuple[str, Decimal], ...] = ()
    receipts: int = 0

    @property
    def rounding_seconds(self) -> Decimal:
        """What rounding to whole minutes added in sum."""
        return 60 * self.minutes - self.seconds


@dataclass(frozen=True, slots=True)
class Detection:
    """How well the files fit a profile, from 0 to 100, and why."""

    profile: str
    score: int
    reason: str


@dataclass(frozen=True, slots=True)
class Export:
    """A file as read: records, what is wrong, and the file's own totals of its rows of time and expenses.

    `totals` counts every such row of the file, also rejected ones, and is summed over the columns, not over
    the records, so that it is a check on them.
    """

    profile: str
    source: str
    records: Records
    rejected: tuple[RejectedEntry, ...]
    findings: tuple[Finding, ...]
    totals: Totals
    notes: tuple[str, ...] = ()
    detected: tuple[Detection, ...] = ()
    papers: tuple[Paper, ...] = ()

    @property
    def errors(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.level is Level.ERROR)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.level is Level.WARNING)
