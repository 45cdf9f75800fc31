"""Every catalogue is complete, says nothing that its source does not know, and is compiled without other programs."""

from __future__ import annotations

import gettext
import re
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog, Message
from django.conf import settings

from quoin.site.messages import PACKAGE, catalogues, compile_changed, gathered, missing, read, update

COMPLETE = 0.98
"""Texts may be a few days ahead of their translations."""
_PLACEHOLDER = re.compile(r"%\(\w+\)[0-9]*[sdf]|%%")
_FIRM = {"Sie", "Ihr", "Ihre", "Ihrem", "Ihren", "Ihrer", "Ihnen"}
_FAMILIAR = re.compile(r"\b(du|dein|deine|deinem|deinen|deiner|dir|dich)\b")


@cache
def sources() -> Catalog:
    return gathered(PACKAGE)


def strings(value: Any) -> tuple[str, ...]:
    return tuple(value) if isinstance(value, (list, tuple)) else (value or "",)


def translated(path: Path) -> list[Message]:
    return [one for one in read(path) if one.id and all(strings(one.string))]


def test_offered_languages_are_those_with_a_catalogue() -> None:
    offered = {code.partition("-")[0] for code, _name in settings.LANGUAGES} - {"en"}

    assert offered == {path.parent.parent.name for path in catalogues(PACKAGE)}


@pytest.mark.parametrize("path", catalogues(PACKAGE), ids=lambda path: path.parent.parent.name)
def test_catalogue_covers_the_texts_of_the_sources(path: Path) -> None:
    known = {(one.id, one.context) for one in translated(path)}

    texts = {(one.id, one.context) for one in sources() if one.id}
    lacking = texts - known

    assert len(texts) > 3000
    assert len(lacking) <= (1 - COMPLETE) * len(texts), sorted(map(str, lacking))[:20]


@pytest.mark.parametrize("path", catalogues(PACKAGE), ids=lambda path: path.parent.parent.name)
def test_translation_has_the_placeholders_of_its_source(path: Path) -> None:
    wrong = [one.id for one in translated(path) if not fits(one)]

    assert wrong == []


def fits(one: Message) -> bool:
    """Every form has the placeholders of the plural; the first may do without the count."""
    ids, texts = strings(one.id), strings(one.string)
    known = set(_PLACEHOLDER.findall(ids[-1]))
    needed = set(chain(*(_PLACEHOLDER.findall(text) for text in ids[:1])))
    is_within = all(set(_PLACEHOLDER.findall(text)) <= known for text in texts)
    return is_within and set(_PLACEHOLDER.findall(texts[-1])) == known and needed <= set(_PLACEHOLDER.findall(texts[0]))


@pytest.mark.parametrize("path", catalogues(PACKAGE), ids=lambda path: path.parent.parent.name)
def test_translation_keeps_the_breaks_around_its_source(path: Path) -> None:
    wrong = [
        one.id
        for one in translated(path)
        for source, text in zip(strings(one.id), strings(one.string), strict=False)
        if source.endswith("\n") != text.endswith("\n") or source.startswith(" ") != text.startswith(" ")
    ]

    assert wrong == []


def test_german_says_sie() -> None:
    texts = [text for one in translated(PACKAGE / "locale/de/LC_MESSAGES/django.po") for text in strings(one.string)]

    assert [text for text in texts if _FAMILIAR.search(text)] == []
    assert any(_FIRM & set(text.split()) for text in texts)


def test_catalogue_is_compiled_once_and_again_when_it_changed(tmp_path: Path) -> None:
    path = PACKAGE / "locale/de/LC_MESSAGES/django.po"

    first = compile_changed(PACKAGE, tmp_path)
    second = compile_changed(PACKAGE, tmp_path)

    assert path in first
    assert second == []
    with (tmp_path / "de/LC_MESSAGES/django.mo").open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("Timesheet") == "Stundenzettel"


def test_update_adds_what_is_new_and_drops_what_is_gone(tmp_path: Path) -> None:
    package = tmp_path / "quoin"
    path = package / "locale/de/LC_MESSAGES/django.po"
    page = package / "app/templates/app/page.html"
    path.parent.mkdir(parents=True)
    page.parent.mkdir(parents=True)
    path.write_text('msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "Gone"\nmsgstr "Weg"\n')
    page.write_text(
        '{% load i18n %}<p>\n  {% trans "Kept" %}</p>{% blocktrans count n=n %}{{ n }} day{% plural %}{{ n }} days'
        "{% endblocktrans %}<input aria-label=\"{% translate '50 %' %}\">"
    )
    (package / "app/web.py").write_text('from x import gettext as _\n\nTITLE = _("New %(name)s")\n')

    update(package)
    first = path.read_text(encoding="utf-8")
    update(package)

    found = read(path)
    assert {one.id for one in found if one.id} == {"Kept", ("%(n)s day", "%(n)s days"), "50 %%", "New %(name)s"}
    assert missing(found) == len(found) == 4
    assert path.read_text(encoding="utf-8") == first
