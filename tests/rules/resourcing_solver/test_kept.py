"""Compiled code of one state of the solver's sources is never loaded for another."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from quoin.resourcing.rules.solver import kept


@pytest.fixture
def sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    for part in ("multiskill", "rcpsp", "solver"):
        (tmp_path / part).mkdir()
        (tmp_path / part / "hot.py").write_text("LIMIT = 1\n")
    monkeypatch.setattr(kept, "_RULES", tmp_path)
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "kept"))
    kept.folder.cache_clear()
    yield tmp_path
    kept.folder.cache_clear()


def _folder() -> Path:
    kept.folder.cache_clear()
    return kept.folder()


@pytest.mark.parametrize("part", ["multiskill", "rcpsp", "solver"])
def test_each_source_names_the_folder(sources: Path, part: str) -> None:
    before = _folder()
    assert before == _folder()
    (sources / part / "hot.py").write_text("LIMIT = 2\n")
    assert _folder() != before
    (sources / part / "hot.py").write_text("LIMIT = 1\n")
    assert _folder() == before
    (sources / part / "more.py").write_text("")
    assert _folder() != before


def test_a_folder_is_complete_once_all_was_compiled_and_only_for_its_sources(sources: Path) -> None:
    assert not kept.is_complete()
    kept.mark_complete()
    assert kept.is_complete()
    assert kept.folder().parent == sources / "kept"
    (sources / "rcpsp" / "hot.py").write_text("LIMIT = 3\n")
    kept.folder.cache_clear()
    assert not kept.is_complete()
