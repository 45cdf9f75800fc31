"""A list page from a Listing: one call answers the page, its fragment, its CSV and its XLSX."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _

from quoin.base import listing as lists
from quoin.base.listing.query import RESERVED, pairs_of
from quoin.base.ui import doors, respond, saved
from quoin.base.ui.cells import Cell
from quoin.kernel.errors import Invalid
from quoin.kernel.money import Money

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.utils.functional import Promise

OP_WORDS = {
    "eq": _("is"),
    "ne": _("is not"),
    "gt": _("more than"),
    "gte": _("at least"),
    "lt": _("less than"),
    "lte": _("at most"),
    "in": _("is one of"),
    "nin": _("is none of"),
    "like": _("contains"),
    "isnull": _("is empty"),
}
DAY_WORDS = {"gt": _("after"), "gte": _("from"), "lt": _("before"), "lte": _("until"), "eq": _("on")}
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A button or menu entry that opens a URL."""

    label: str | Promise
    url: str
    icon: str = ""
    keys: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulk:
    """A verb for the selected rows: the form posts their ids as `ids`, or `all` with the query of the whole set."""

    label: str | Promise
    url: str
    icon: str = ""
    confirm: str | Promise = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Empty:
    """What a list says on first use, or, with `is_done`, when everything is done."""

    text: str | Promise
    detail: str | Promise = ""
    url: str = ""
    verb: str | Promise = ""
    is_done: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """How a list looks on screen, beside what it lists."""

    title: str | Promise
    empty: Empty
    area: str | Promise = ""
    row_url: Callable[[Any], str] | None = None
    row_id: Callable[[Any], object] = lambda row: row.pk
    row_meaning: Callable[[Any], str] | None = None
    edit: Mapping[str, Callable[[Any], Cell | None]] = field(default_factory=dict)
    """Columns edited in place: key to the cell of a row, or None where the row is locked."""
    primary: Link | None = None
    links: tuple[Link, ...] = ()
    """Other pages about the same things, shown before the primary button."""
    bulk: tuple[Bulk, ...] = ()
    crumbs: tuple[tuple[str | Promise, str], ...] = ()
    template: str = "ui/list.html"
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CellView:
    column: lists.Column
    value: object
    url: str
    edit: Cell | None = None
    is_bare: bool = False
    """Whether the header already names the currency."""

    @property
    def status(self) -> lists.Status | None:
        return self.column.statuses.get(str(self.value))


@dataclass(frozen=True, slots=True)
class RowView:
    id: str
    url: str
    meaning: str
    etag: str
    cells: tuple[CellView, ...]


@dataclass(frozen=True, slots=True)
class HeadView:
    column: lists.Column
    currency: str
    direction: str
    url: str


@dataclass(frozen=True, slots=True)
class ChipView:
    label: str | Promise
    op: str | Promise
    text: str
    without_url: str
    key: str
    op_key: str
    raw: str


@dataclass(frozen=True, slots=True)
class ViewTab:
    label: str | Promise
    url: str
    is_current: bool
    is_shared: bool = False
    is_changed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """All that the table template shows."""

    key: str
    heads: tuple[HeadView, ...]
    rows: tuple[RowView, ...]
    chips: tuple[ChipView, ...]
    views: tuple[ViewTab, ...]
    columns: tuple[lists.Column, ...]
    shown: frozenset[str]
    query: lists.Query
    page: lists.Page
    first_url: str
    next_url: str
    cleared_url: str
    export_base: str
    query_string: str
    totals: tuple[tuple[lists.Column, tuple[object, ...]], ...]
    menu: saved.ViewMenu | None = None

    @property
    def is_narrowed(self) -> bool:
        return bool(self.query.q or self.query.filters)

    @property
    def has_totals(self) -> bool:
        return any(values for _column, values in self.totals)

    @property
    def span(self) -> int:
        return len(self.heads) + 1


def list_page(request: HttpRequest, listing: lists.Listing, rows: QuerySet[Any, Any], screen: Screen) -> HttpResponse:
    """Answer a list: a page, the `#list` fragment for scripts, or `?format=csv|xlsx`."""
    if "filter_field" in request.GET or "column" in request.GET:
        return HttpResponseRedirect(_from_plain_form(request))
    parameters = pairs_of(request.GET)
    actor: Any = request.actor  # type: ignore[attr-defined]  # set by the actor middleware
    views = saved.views_of(actor, listing.key)
    first = next((view for view in views if view.is_default), None)
    if first is not None and not parameters:
        return HttpResponseRedirect(_view_url(request.path, first))
    try:
        query = lists.parse(listing, parameters, on=actor.today)
        if request.GET.get("format") in {"csv", "xlsx"}:
            return export(listing, rows, query, kind=request.GET["format"])
        screen = _within_reach(actor, screen)
        table = table_of(listing, rows, query, screen, path=request.path, views=views, actor=actor)
    except Invalid as error:
        return respond.error_page(request, error)
    menu = saved.menu_of(
        actor, views, listing.key, query=_shown_now(query).query_string(), view_id=query.view,
        back=_url(request.path, query),
    )  # fmt: skip
    context: dict[str, Any] = {
        "table": replace(table, menu=menu),
        "screen": screen,
        "listing": listing,
        "title": screen.title,
        **screen.extra,
    }
    context["filter_words"] = tuple(OP_WORDS.items())
    return respond.page(request, screen.template, context, fragments={"list": "ui/parts/table.html"})


def table_of(
    listing: lists.Listing,
    rows: QuerySet[Any, Any],
    query: lists.Query,
    screen: Screen,
    *,
    path: str,
    views: Sequence[saved.SavedView] = (),
    actor: doors.MayAsk | None = None,
) -> Table:
    """The table of one page, for pages that show a list beside other things."""
    page = lists.page_of(listing, rows, query)
    keys = query.columns or listing.default_columns
    columns = tuple(column for key in keys if (column := listing.column(key)) is not None)
    found = tuple(_row(row, columns, screen, actor) for row in page.rows)
    heads = tuple(
        _head(column, [row.cells[position].value for row in found], query, path)
        for position, column in enumerate(columns)
    )
    found = tuple(
        replace(row, cells=tuple(replace(c, is_bare=bool(h.currency)) for c, h in zip(row.cells, heads, strict=True)))
        for row in found
    )
    return Table(
        key=listing.key,
        heads=heads,
        rows=found,
        chips=tuple(_chip(listing, part, query, path) for part in query.filters),
        views=_views(listing, query, path, views),
        columns=listing.columns,
        shown=frozenset(keys),
        query=query,
        page=page,
        first_url=_url(path, query.after("")) if query.cursor else "",
        next_url=_url(path, query.after(page.next_cursor)) if page.next_cursor else "",
        cleared_url=_url(path, query.cleared()),
        export_base=_url(path, query.after(""), always=True),
        query_string=query.after("").query_string(),
        totals=tuple((column, page.total(column.key)) for column in columns),
    )


def export(listing: lists.Listing, rows: QuerySet[Any, Any], query: lists.Query, *, kind: str) -> HttpResponse:
    """What you see, all of it, as a file.

    The file is written before the answer starts: the tenant is visible only inside the request's transaction.
    """
    keys = query.columns or listing.default_columns
    columns = tuple(column for key in keys if (column := listing.column(key)) is not None)
    sheet = lists.Sheet(columns, lists.rows_of(listing, rows, query))
    if kind == "csv":
        response = HttpResponse("".join(sheet.csv()), content_type="text/csv; charset=utf-8")
    else:
        response = HttpResponse(sheet.xlsx(), content_type=_XLSX)
    response["Content-Disposition"] = f'attachment; filename="{listing.key}.{kind}"'
    return response


def _within_reach(actor: doors.MayAsk, screen: Screen) -> Screen:
    """The screen without buttons to pages that would turn the actor away."""
    primary, empty = screen.primary, screen.empty
    return replace(
        screen,
        primary=primary if primary and doors.may_open(actor, primary.url) else None,
        links=tuple(link for link in screen.links if doors.may_open(actor, link.url)),
        bulk=tuple(verb for verb in screen.bulk if doors.may_open(actor, verb.url)),
        empty=empty if doors.may_open(actor, empty.url) else replace(empty, url="", verb=""),
        crumbs=tuple((label, url) for label, url in screen.crumbs if doors.may_open(actor, url)),
    )


def _row(row: Any, columns: Sequence[lists.Column], screen: Screen, actor: doors.MayAsk | None) -> RowView:
    return RowView(
        id=str(screen.row_id(row)),
        url=doors.passable(actor, screen.row_url(row)) if screen.row_url else "",
        meaning=screen.row_meaning(row) if screen.row_meaning else "",
        etag=str(getattr(row, "etag", "")),
        cells=tuple(
            CellView(
                column,
                column.read(row),
                doors.passable(actor, column.url(row)) if column.url else "",
                edit=screen.edit[column.key](row) if column.key in screen.edit else None,
            )
            for column in columns
        ),
    )


def _head(column: lists.Column, values: Iterable[object], query: lists.Query, path: str) -> HeadView:
    currencies = {value.currency for value in values if isinstance(value, Money)}
    current = next((sort for sort in query.sort[:1] if sort.key == column.key), None)
    descending = not current.is_descending if current is not None else column.is_numeric
    url = _url(path, query.sorted_by(lists.Sort(column.key, descending))) if column.is_sortable else ""
    direction = "" if current is None else "descending" if current.is_descending else "ascending"
    return HeadView(column, currencies.pop() if len(currencies) == 1 else "", direction, url)


def _chip(listing: lists.Listing, part: lists.Filter, query: lists.Query, path: str) -> ChipView:
    column = listing.column(part.key)
    if column is None:
        raise ValueError(f"{part.key!r} is not a column of {listing.key}")
    words = {**OP_WORDS, **DAY_WORDS} if column.kind is lists.Kind.DAY else OP_WORDS
    op, text = words[part.op], part.text
    if part.op == "isnull":
        op, text = (_("is empty") if part.values[0] else _("is not empty")), ""
    elif column.statuses:
        text = ", ".join(str(column.statuses[word.strip()].label) for word in part.text.split(","))
    elif column.kind is lists.Kind.DAY:
        text = part.text
    return ChipView(column.label, op, text, _url(path, query.without(part)), part.key, part.op, part.text)


def _views(
    listing: lists.Listing, query: lists.Query, path: str, own: Sequence[saved.SavedView]
) -> tuple[ViewTab, ...]:
    """Everything, the list's own views, then saved ones. A list that opens with a view says `view=all` elsewhere."""
    declared = [view for view in listing.views if view.query]
    if not declared and not own:
        return ()
    frame = "view=all" if any(view.is_default for view in own) else ""
    is_saved = any(view.id == query.view for view in own)
    current = replace(_shown_now(query), columns=()).query_string()
    tabs = [ViewTab(_("All"), f"{path}?{frame}" if frame else path, is_current=not is_saved and current == "")]
    for view in declared:
        url = f"{path}?{frame}&{view.query}" if frame else f"{path}?{view.query}"
        tabs.append(ViewTab(view.label, url, is_current=not is_saved and current == view.query))
    for kept in own:
        is_open = kept.id == query.view
        is_changed = is_open and kept.query != _shown_now(query).query_string()
        tabs.append(ViewTab(kept.name, _view_url(path, kept), is_open, not kept.is_own, is_changed))
    return tuple(tabs)


def _shown_now(query: lists.Query) -> lists.Query:
    """What a view would keep of the query."""
    return replace(query, cursor="", view="")


def _view_url(path: str, view: saved.SavedView) -> str:
    return f"{path}?view={view.id}&{view.query}" if view.query else f"{path}?view={view.id}"


def _url(path: str, query: lists.Query, *, always: bool = False) -> str:
    text = query.query_string()
    return f"{path}?{text}" if text or always else path


def _from_plain_form(request: HttpRequest) -> str:
    """The address that the filter or column form means: a form cannot write `field[op]=value` by itself."""
    kept = [
        (name, text)
        for name, text in pairs_of(request.GET)
        if name not in {"filter_field", "filter_op", "filter_value", "replaces", "column", "cursor"} and text
    ]
    if replaced := request.GET.get("replaces"):
        kept = [(name, text) for name, text in kept if name != replaced]
    if columns := request.GET.getlist("column"):
        kept = [(name, text) for name, text in kept if name != "columns"] + [("columns", ",".join(columns))]
    if key := request.GET.get("filter_field"):
        op = request.GET.get("filter_op") or "eq"
        value = ",".join(request.GET.getlist("filter_value")).strip() or ("true" if op == "isnull" else "")
        name = key if op == "eq" else f"{key}[{op}]"
        kept = [(other, text) for other, text in kept if other in RESERVED or other != name] + [(name, value)]
    text = urlencode(kept, safe="[],")
    return f"{request.path}?{text}" if text else request.path
