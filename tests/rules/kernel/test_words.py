"""Sentences read as English and can be said in another language later."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Iterator
from datetime import date

import pytest

from quoin.kernel import words
from quoin.kernel.errors import NotFound, Problem, invalid
from quoin.kernel.words import FullDay, Sentence, say, speak_with, spoken

GERMAN = {
    "Line %(line)s has no price.": "Zeile %(line)s hat keinen Preis.",
    "%(count)s faults. %(first)s": "%(count)s Fehler. %(first)s",
    "Give one.": "Geben Sie einen an.",
    "50 % is the most.": "Höchstens 50 %.",
}


class German:
    def pattern(self, english: str) -> str:
        return GERMAN.get(english, english)

    def value(self, value: object) -> object:
        return f"{value:%d.%m.%Y}" if isinstance(value, date) else value


@pytest.fixture
def german() -> Iterator[None]:
    before = words._speaker
    speak_with(German())
    yield
    speak_with(before)


def test_sentence_is_english_text_that_keeps_its_pattern_and_values() -> None:
    text = say("Line %(line)s has no price.", line=3)

    assert text == "Line 3 has no price."
    assert (text.pattern, text.values) == ("Line %(line)s has no price.", {"line": 3})
    assert say("50 % is the most.") == "50 % is the most."


def test_sentence_survives_str_exceptions_pickles_and_copies() -> None:
    text = say("Line %(line)s has no price.", line=3)

    kept = [str(text), str(ValueError(text)), pickle.loads(pickle.dumps(text)), copy.deepcopy(text)]

    assert [one.values for one in kept if isinstance(one, Sentence)] == [{"line": 3}] * 4


@pytest.mark.usefixtures("german")
def test_refusal_is_read_in_the_language_of_the_moment_and_logged_in_english() -> None:
    fault = invalid("/price", say("Line %(line)s has no price.", line=3), remedy="Give one.")

    assert fault.detail == fault.problems[0].detail == "Zeile 3 hat keinen Preis."
    assert fault.problems[0].help == "Geben Sie einen an."
    assert str(fault) == "Line 3 has no price."


@pytest.mark.usefixtures("german")
def test_sentence_within_a_sentence_is_said_too() -> None:
    first = say("Line %(line)s has no price.", line=3)

    fault = NotFound(say("%(count)s faults. %(first)s", count=2, first=first))

    assert fault.detail == "2 Fehler. Zeile 3 hat keinen Preis."


@pytest.mark.usefixtures("german")
def test_values_are_written_as_the_language_writes_them() -> None:
    assert spoken(say("%(day)s is too late.", day=date(2026, 5, 4))) == "04.05.2026 is too late."
    assert spoken("50 % is the most.") == "Höchstens 50 %."
    assert spoken("") == ""


def test_day_in_full_names_its_weekday() -> None:
    assert str(FullDay.of(date(2026, 5, 4))) == "Mon 4 May 2026"


def test_problem_needs_its_sentence_and_compares_by_it() -> None:
    assert Problem("/x", "bad", "Bad.") == Problem("/x", "bad", "Bad.", "")
    assert Problem("/x", "bad", "Bad.") != Problem("/x", "bad", "Worse.")
    with pytest.raises(TypeError):
        Problem("/x", "bad")  # type: ignore[call-arg]
