"""Texts of scripts that count have a form for each kind of number of their language."""

from __future__ import annotations

import pytest
from django.utils import translation

from quoin.base.ui.counting import counted


@pytest.mark.parametrize(
    ("language", "kinds"),
    [
        ("en", {"one", "other"}),
        ("de", {"one", "other"}),
        ("ja", {"other"}),
        ("pl", {"one", "few", "many"}),
        ("ar", {"zero", "one", "two", "few", "many", "other"}),
    ],
)
def test_counted_text_has_a_form_for_each_kind_of_number(language: str, kinds: set[str]) -> None:
    with translation.override(language):
        assert set(counted(lambda n: f"form for {n}")) == kinds


def test_counted_text_of_one_thing_is_said_of_one() -> None:
    with translation.override("en"):
        forms = counted(lambda n: "1 row" if n == 1 else "rows")

    assert forms == {"one": "1 row", "other": "rows"}
