"""Texts that are stored in English are read again with their pattern and values, so that they can be said otherwise."""

import re
from datetime import date
from pathlib import Path

import pytest
from django.utils import translation

from quoin.base.db.raised import RAISED_WORDS
from quoin.base.ui.stored import retold
from quoin.kernel.words import PlainDay, Sentence, listed, packed, say, say_many, unpacked
from quoin.ledger.queries.memos import MEMOS

PACKAGE = Path(__file__).resolve().parents[2] / "src/quoin"
_RAISE = re.compile(r"RAISE EXCEPTION\s+'((?:[^']|'')*)'(?:[^;])*?ERRCODE = 'QN\d+'")


def raised() -> list[str]:
    """What triggers say, with a word for each of their values."""
    texts = {
        found.replace("''", "'")
        for path in PACKAGE.rglob("migrations/*.py")
        for found in _RAISE.findall(path.read_text(encoding="utf-8"))
    }
    return sorted(text.replace("%%", "\0").replace("%", "K-7").replace("\0", "%") for text in texts)


def test_every_refusal_of_the_database_can_be_said_in_another_language() -> None:
    texts = raised()

    unknown = [text for text in texts if not isinstance(RAISED_WORDS.read(text), Sentence)]

    assert unknown == []
    assert len(texts) > 40
    assert all(RAISED_WORDS.read(text) == text for text in texts)


@pytest.mark.parametrize(
    ("memo", "pattern"),
    [
        ("Time approved", "Time approved"),
        ("Revenue of K-1007 up to 2026-05-31", "Revenue of %(contract)s up to %(day)s"),
        ("Credit note HC-CN-2026-0001 on HC-2026-0007", "Credit note %(number)s on %(invoice)s"),
        ("Revaluation 2026-05-31, reversed", "%(memo)s, reversed"),
    ],
)
def test_texts_of_journals_have_their_patterns(memo: str, pattern: str) -> None:
    read = MEMOS.read(memo)

    assert isinstance(read, Sentence)
    assert (read.pattern, str(read)) == (pattern, memo)


def test_days_in_stored_texts_are_written_as_their_reader_writes_them() -> None:
    with translation.override("en"):
        assert retold("Revenue of K-1007 up to 2026-05-31") == "Revenue of K-1007 up to 31 May 2026"
        assert retold("What Ana said about 2026-05-31") == "What Ana said about 31 May 2026"
    with translation.override("de"):
        assert "2026-05-31" not in retold("Revaluation 2026-05-31, reversed")


def test_a_kept_sentence_comes_back_with_all_of_its_values() -> None:
    inner = say("line %(line)s", line=3)
    kept = say_many(
        "%(count)s row: %(where)s, %(days)s", "%(count)s rows: %(where)s, %(days)s", count=2, where=inner,
        days=listed([PlainDay(2026, 5, 4), date(2026, 5, 5)]),
    )  # fmt: skip

    back = unpacked(packed(kept))

    assert isinstance(back, Sentence)
    assert str(back) == "2 rows: line 3, 04 May 2026, 2026-05-05"
    assert (back.pattern, back.values["where"].pattern) == (kept.pattern, inner.pattern)
    assert packed("Plain text") == "Plain text"
