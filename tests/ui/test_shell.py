"""Registries, answers of views and the whole pages."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import unquote

import pytest
from django import forms
from django.contrib.contenttypes.models import ContentType
from django.http import HttpResponse, QueryDict
from django.test import RequestFactory
from django.urls import path

import quoin.base.ui
from quoin.base.listing import Column, Kind, Listing
from quoin.base.ui import nav, needs, palette, respond, tabs
from quoin.base.ui.cells import Cell
from quoin.base.ui.gallery import gallery
from quoin.base.ui.lists import Bulk, Empty, Link, Screen, list_page
from quoin.base.ui.search import search
from quoin.kernel.errors import Conflict, Forbidden, Invalid, Problem

TEMPLATES = Path(quoin.base.ui.__file__).parent / "templates"
LISTING = Listing(
    key="kinds",
    columns=(
        Column(key="name", label="Name", source="model"),
        Column(key="hours", label="Hours", kind=Kind.MINUTES, source="id", is_totalled=True),
    ),
    search=("model__icontains",),
    sort="name",
    limit=5,
)
SCREEN = Screen(
    title="Kinds",
    empty=Empty(text="No kinds yet.", url="/new", verb="Add one"),
    row_url=lambda row: f"/kinds/{row.pk}",
    primary=Link(label="New kind", url="/new"),
    bulk=(Bulk(label="Send", url="/send"),),
)

urlpatterns = [
    path("here/", gallery, name="ui-here"),
    path("here/<int:pk>/", gallery, name="ui-one"),
    path("there/", gallery, name="ui-there"),
]
pytestmark = pytest.mark.urls(__name__)


@dataclass
class Viewer:
    granted: set[str] = field(default_factory=set)
    name: str = "Kari Lund"
    locale: str = "en-GB"
    zone: str = "Europe/Oslo"
    viewed_by_id: object = None
    today: date = date(2026, 5, 6)

    def may(self, permission: str) -> bool:
        return permission in self.granted


def ask(address: str = "/kinds", *, actor: object = None, **headers: str):
    request = RequestFactory().get(address, headers=headers)
    request.actor = actor or Viewer()
    request.user = SimpleNamespace(is_authenticated=True)
    request.session = {}
    return request


@pytest.fixture(autouse=True)
def _registries(monkeypatch: pytest.MonkeyPatch) -> None:
    for module, name in (
        (nav, "_entries"),
        (nav, "_creates"),
        (nav, "_slots"),
        (tabs, "_tabs"),
        (palette, "_providers"),
        (palette, "_commands"),
        (needs, "_providers"),
    ):
        monkeypatch.setattr(module, name, {})


def test_the_sidebar_shows_what_the_actor_may_open_in_order() -> None:
    nav.add(nav.Entry("b", "money", "Second", "ui-there", "invoice", "see.b", 20))
    nav.add(nav.Entry("a", "money", "First", "ui-here", "invoice", order=10, go="b"))
    nav.add(nav.Entry("gone", "me", "Not mounted", "no-such-url", "home"))

    everybody = nav.groups(Viewer(), "/here/17/")
    finance = nav.groups(Viewer({"see.b"}), "/there/")

    assert [(link.entry.label, link.is_current) for link in everybody[0].links] == [("First", True)]
    assert [(link.entry.label, link.is_current) for link in finance[0].links] == [("First", False), ("Second", True)]
    assert len(finance) == 1


def test_two_entries_cannot_share_a_key_or_invent_a_group() -> None:
    nav.add(nav.Entry("a", "money", "First", "ui-here", "invoice", go="b"))

    for entry in (
        nav.Entry("c", "money", "Other", "ui-there", "invoice", go="b"),
        nav.Entry("a", "money", "Other", "ui-there", "invoice"),
        nav.Entry("d", "treasure", "Other", "ui-there", "invoice"),
    ):
        with pytest.raises(ValueError, match=entry.key if entry.key != "d" else "treasure"):
            nav.add(entry)


def test_tabs_of_other_apps_stand_on_the_page_in_order() -> None:
    tabs.add("project", "time", "Time", "ui-one", order=20)
    tabs.add("project", "overview", "Overview", "ui-one", order=10)
    tabs.add("project", "money", "Money", "ui-one", "see.money", 30)

    links = tabs.links("project", Viewer(), current="time", arguments={"pk": 7}, counts={"time": 3})

    assert [(link.label, link.url, link.is_current, link.count) for link in links] == [
        ("Overview", "/here/7/", False, None),
        ("Time", "/here/7/", True, 3),
    ]


def test_the_palette_ranks_hits_and_narrows_by_prefix() -> None:
    palette.add_provider(
        "people", lambda _actor, text: [palette.Hit("Person", f"Ana {text}", "/p", rank=3)], prefix="@"
    )
    palette.add_provider(
        "invoices", lambda _actor, _text: [palette.Hit("Invoice", "2026-0391", "/i", rank=0)], prefix="$"
    )
    nav.add(nav.Entry("a", "money", "Anagrams", "ui-here", "invoice", go="b"))

    assert [hit.title for hit in palette.search(Viewer(), "ana")] == ["2026-0391", "Ana ana", "Anagrams"]
    assert [hit.title for hit in palette.search(Viewer(), "@ana")] == ["Ana ana"]
    assert [hit.title for hit in palette.search(Viewer(), "> gram")] == ["Anagrams"]
    assert palette.search(Viewer(), "") == ()
    with pytest.raises(ValueError, match="prefix"):
        palette.add_provider("x", lambda _actor, _text: [], prefix="%")


def test_search_answers_the_palette_and_the_browser() -> None:
    palette.add_provider("invoices", lambda _actor, text: [palette.Hit("Invoice", f"<{text}>", "/i", "EUR 5.00")])

    answer = json.loads(search(ask("/search?format=json&q=fj")).content)
    page = search(ask("/search?q=fj")).content.decode()

    assert answer == {"results": [{"kind": "Invoice", "title": "<fj>", "url": "/i", "detail": "EUR 5.00", "icon": ""}]}
    assert "&lt;fj&gt;" in page
    assert json.loads(search(ask("/search?format=json&q=")).content) == {"results": []}


def test_what_needs_you_most_stands_first() -> None:
    needs.add("late", lambda _actor: [needs.Need("Late", "/l", "Open", rank=20)])
    needs.add(
        "asked",
        lambda _actor: [needs.Need("Asked", "/a", "Answer", rank=10), needs.Need("Later", "/b", "Open", rank=90)],
    )

    assert [need.sentence for need in needs.needs(Viewer(), limit=2)] == ["Asked", "Late"]


def test_a_list_is_a_page_a_fragment_and_a_file() -> None:
    whole = list_page(ask(), LISTING, ContentType.objects.all(), SCREEN)
    part = list_page(ask(hx_request="true", hx_target="list"), LISTING, ContentType.objects.all(), SCREEN)
    file = list_page(ask("/kinds?format=csv"), LISTING, ContentType.objects.all(), SCREEN)

    assert whole.content.count(b"<h1") == 1
    assert b"<title>Kinds \xc2\xb7 Quoin</title>" in whole.content
    assert whole.content.count(b"data-row=") == 5
    assert part.content.lstrip().startswith(b'<section class="list"')
    assert part.content.count(b"data-row=") == 5
    assert len(file.content.splitlines()) == ContentType.objects.count() + 1
    assert file["Content-Disposition"] == 'attachment; filename="kinds.csv"'


def test_a_column_may_be_edited_in_place_where_the_row_allows() -> None:
    first = ContentType.objects.order_by("model").first()
    screen = replace(
        SCREEN,
        edit={"hours": lambda row: Cell(f"/kinds/{row.pk}", "hours", "1", "1:00") if row.pk == first.pk else None},
    )

    html = list_page(ask(), LISTING, ContentType.objects.all(), screen).content.decode()

    assert html.count("data-cell=") == 1
    assert f'data-cell="/kinds/{first.pk}"' in html


def test_an_empty_list_says_which_kind_of_empty() -> None:
    first = list_page(ask(), LISTING, ContentType.objects.none(), SCREEN).content.decode()
    narrowed = list_page(ask("/kinds?q=zzzz"), LISTING, ContentType.objects.all(), SCREEN).content.decode()

    assert "No kinds yet." in first
    assert "empty-first" in first
    assert "empty-filtered" in narrowed
    assert 'href="/kinds"' in narrowed


def test_a_wrong_parameter_is_a_page_that_names_it() -> None:
    answer = list_page(ask("/kinds?colour=red"), LISTING, ContentType.objects.all(), SCREEN)

    assert answer.status_code == 422
    assert "&#x27;colour&#x27; is not a field of this list." in answer.content.decode()


def test_the_plain_filter_form_leads_to_the_address_of_the_grammar() -> None:
    address = "/kinds?q=user&hours[gt]=9&replaces=hours[gt]&cursor=x&filter_field=hours&filter_op=in&filter_value=3&filter_value=4"

    answer = list_page(ask(address), LISTING, ContentType.objects.all(), SCREEN)

    assert answer.status_code == 302
    assert unquote(answer["Location"]) == "/kinds?q=user&hours[in]=3,4"


def test_one_template_is_a_page_and_a_drawer() -> None:
    page = gallery(ask("/here/"))
    drawer = gallery(ask("/here/", hx_request="true", x_drawer="1"))

    assert page.content.count(b"<html") == 1
    assert page.content.count(b"<h1") == 1
    assert b"<html" not in drawer.content
    assert b'id="drawer-title"' in drawer.content


def test_pages_have_neither_inline_style_nor_inline_script() -> None:
    html = gallery(ask("/here/")).content.decode()

    assert not re.search(r"<[^>]+\sstyle\s*=", html)
    assert not re.search(r"<[^>]+\son[a-z]+\s*=", html)
    assert all("src=" in tag or "application/json" in tag for tag in re.findall(r"<script[^>]*>", html))


def test_templates_write_no_htmx_attribute_by_hand() -> None:
    written = [
        file.name for file in TEMPLATES.rglob("*.html") if re.search(r"\shx-[a-z]", file.read_text(encoding="utf-8"))
    ]

    assert written == []


def test_problems_of_the_domain_land_on_their_fields() -> None:
    class Sample(forms.Form):
        name = forms.CharField()

    form = Sample(QueryDict("name=x"))
    respond.form_errors(
        form,
        Invalid(
            "no",
            problems=(
                Problem("/name", "taken", "The name is taken.", "Choose another."),
                Problem("/lines/0/rate", "zero", "No rate."),
            ),
        ),
    )
    other = Sample(QueryDict("name=x"))
    respond.form_errors(other, Conflict("The period is closed."))

    assert form.errors == {"name": ["The name is taken. Choose another."], "__all__": ["No rate."]}
    assert other.errors == {"__all__": ["The period is closed."]}


def test_a_toast_rides_on_the_answer_or_in_a_cookie() -> None:
    fragment = respond.toast(HttpResponse(), "Moved", undo="0192")
    plain = respond.redirect_with_toast(ask(), "/next", "Møtt", undo="0192")
    script = respond.redirect_with_toast(ask(hx_request="true"), "/next", "Moved")

    assert json.loads(fragment["HX-Trigger"])["quoin:toast"]["undo"] == "/undo/0192"
    assert (plain.status_code, plain["Location"]) == (303, "/next")
    assert json.loads(unquote(plain.cookies[respond.TOAST_COOKIE].value))["text"] == "Møtt"
    assert (script.status_code, script["HX-Redirect"]) == (204, "/next")


def test_errors_are_pages_for_people_and_fragments_for_scripts() -> None:
    error = Forbidden("This needs the permission billing.invoice.issue.")

    page = respond.error_page(ask(), error, reference="0192-ab")
    fragment = respond.error_page(ask(hx_request="true"), error)

    assert page.status_code == fragment.status_code == 403
    assert b"billing.invoice.issue" in page.content
    assert b"0192-ab" in page.content
    assert page.content.count(b"<h1") == 1
    assert fragment["HX-Retarget"] == "#flash"
    assert b"<html" not in fragment.content


def test_a_cell_answers_with_itself_and_its_version() -> None:
    content = Cell("/cell", "left", "6:30", "6:30", "Left", '"2"', "duration")

    saved = respond.cell(ask(), content)
    refused = respond.cell(ask(), content, error="25 h in one day?")

    assert (saved.status_code, saved["ETag"]) == (200, '"2"')
    assert refused.status_code == 422
    assert "25 h in one day?" in refused.content.decode()
    assert respond.stale("Eva was faster.", theirs="40:00", etag='"3"').status_code == 412


def test_a_cell_writes_nothing_that_somebody_typed_as_markup() -> None:
    content = Cell(
        "/cell?a=1&b=2", "left", '"><b>6', "<i>6</i>", 'Le"ft', '"2"', "select", (("a", "<u>A</u>"), ("b", "B"))
    )

    written = respond.cell(ask(), content, error="<s>no</s>").content.decode()

    assert not {"<b>", "<i>", "<u>", "<s>"} & set(re.findall(r"<\w+>", written)), written
    assert 'aria-label="Edit Le&quot;ft: 6"' in written
    assert 'data-cell="/cell?a=1&amp;b=2"' in written
    assert written.count("<option") == 2


def test_page_outside_every_entry_belongs_to_the_entry_of_its_crumb() -> None:
    nav.add(nav.Entry("a", "money", "First", "ui-here", "invoice", order=10))

    lost, led = nav.groups(Viewer(), "/nowhere/17"), nav.groups(Viewer(), "/nowhere/17", "/here/")

    assert [link.is_current for link in lost[0].links] == [False]
    assert [link.is_current for link in led[0].links] == [True]
