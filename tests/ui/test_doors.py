"""Links are shown to those alone whom the page behind them lets in."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import SimpleNamespace

import pytest
from django.template import Context, Template
from django.urls import reverse

from quoin.base.actor import Scope
from quoin.base.ui import nav, palette, tabs
from quoin.base.ui.doors import may_ask, may_open, passable
from quoin.kernel.ids import public_id, uuid7


@dataclass
class Reader:
    granted: set[str] = field(default_factory=set)
    locale: str = "en-GB"
    zone: str = "UTC"

    scope: Scope = Scope.ALL

    def may(self, permission: str, scope: Scope = Scope.OWN, /) -> bool:
        return permission in self.granted and self.scope >= scope


def written(source: str, *rights: str, **values: object) -> str:
    request = SimpleNamespace(actor=Reader(set(rights)), path="/")
    return Template("{% load ui %}" + source).render(Context({"request": request, **values})).strip()


def test_a_page_is_open_to_those_who_hold_its_permission() -> None:
    address = reverse("billing:invoice", args=[public_id("inv", uuid7())])

    assert not may_open(Reader(), address)
    assert not may_open(Reader(), f"{address}?tab=lines#top")
    assert may_open(Reader({"billing.invoice.view"}), address)
    assert passable(Reader(), address) == ""
    assert passable(Reader({"billing.invoice.view"}), address) == address


def test_a_page_about_the_whole_firm_is_open_to_those_whose_right_reaches_it() -> None:
    runs, rights = reverse("billing:runs"), {"billing.invoice.view"}

    assert may_open(Reader(rights), runs)
    assert not may_open(Reader(rights, scope=Scope.TEAM), runs)
    assert may_open(Reader(rights, scope=Scope.TEAM), reverse("billing:invoices"))


@pytest.mark.parametrize("url", ["", "#top", "?sort=name", "https://example.com/", "mailto:x@firm.example", "/nowhere"])
def test_what_is_no_page_of_ours_stays(url: str) -> None:
    assert may_open(Reader(), url)


def test_a_figure_is_open_to_those_who_may_read_all_of_its_parts() -> None:
    whole = {"timesheets.time.view", "billing.charge.view", "people.cost.view"}

    assert not may_ask(Reader(), "project.margin")
    assert not may_open(Reader(), "/figures/project.margin/lines?project=prj_1")
    assert may_ask(Reader({"insights.portfolio.view", *whole}), "project.worked")
    assert written('{% figure "project.margin" "41 %" %}') == "41 %"


def test_a_door_is_a_link_or_bare_words_or_nothing() -> None:
    url = reverse("billing:unbilled")

    assert written(
        '{% door url class="btn" %}<b>{{ name }}</b>{% enddoor %}', "billing.charge.view", url=url, name="A&B"
    ) == (f'<a href="{url}" class="btn"><b>A&amp;B</b></a>')
    assert written("{% door url %}{{ name }}{% enddoor %}", url=url, name="A&B") == "A&amp;B"
    assert written("{% door url only=True %}Bill{% enddoor %}", url=url) == ""
    assert written("{% may_open url as is_open %}{{ is_open }}", url=url) == "False"
    assert "btn" not in written('{% empty "first" "None yet." "" url "Bill" %}', url=url)


def test_the_shell_offers_nothing_that_is_refused() -> None:
    nobody = Reader()
    offered = [link.url for group in nav.groups(nobody, "/") for link in group.links]
    offered += [url for _create, url in nav.creates(nobody)]
    offered += [hit.url for hit in palette.commands(nobody, "")]  # type: ignore[arg-type]  # asks for rights only
    offered += [tab.url for tab in tabs.links("project", nobody, current="", arguments={"number": "P-1"})]

    assert offered
    assert [url for url in offered if not may_open(nobody, url)] == []


def test_the_palette_finds_what_has_no_entry_in_the_sidebar() -> None:
    planner = Reader({"resourcing.feed.view", "resourcing.staffing.repair"})

    assert [hit.title for hit in palette.commands(planner, "feeds")] == ["Calendar feeds"]  # type: ignore[arg-type]  # as above
    assert [hit.url for hit in palette.commands(planner, "repair")] == [reverse("resourcing:repair")]  # type: ignore[arg-type]  # as above
    assert palette.commands(Reader(), "feeds") == ()  # type: ignore[arg-type]  # as above


def test_a_tab_is_shown_only_where_it_reaches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tabs, "_tabs", {})
    tabs.add("page", "near", "Near", "billing:unbilled", is_within=lambda _actor, given: given == {})
    tabs.add("page", "far", "Far", "billing:unbilled", is_within=lambda _actor, given: given != {})

    found = tabs.links("page", Reader({"billing.charge.view"}), current="near", arguments={})

    assert [tab.key for tab in found] == ["near"]
