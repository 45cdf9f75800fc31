"""What the documents and the declarations promise exists: commands, lines behind figures, reasons beside exceptions."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import click
import pytest

from quoin.base.figures.model import Kind
from quoin.base.figures.registry import FIGURES
from quoin.site.cli import quoin

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md")))
_TARGET = re.compile(r"^([a-z-]+):.*## ", re.MULTILINE)
_MAKE = re.compile(r"(?:^|`)(?:[A-Z]+=\S+ )*make ([a-z-]+)", re.MULTILINE)
_QUOIN = re.compile(r"^(?:\$ )?quoin ([^#\n]+)", re.MULTILINE)
_FENCED = re.compile(r"```(?:sh|shell|console|bash)?\n(.*?)```", re.DOTALL)


def make_targets(text: str) -> set[str]:
    return set(_TARGET.findall(text))


def test_every_make_target_of_the_documents_exists() -> None:
    targets = make_targets((ROOT / "Makefile").read_text(encoding="utf-8"))
    named = {
        (path.name, name)
        for path in DOCUMENTS
        if path.exists()
        for name in _MAKE.findall(path.read_text(encoding="utf-8"))
    }

    assert {(name, target) for name, target in named if target not in targets} == set()
    assert {"run", "test", "check", "bench", "help"} <= targets


def quoted_commands(text: str) -> list[str]:
    return [line.strip() for block in _FENCED.findall(text) for line in _QUOIN.findall(block)]


def unknown_in(line: str) -> str:
    """The first word or option of a quoted command that the command line does not know; empty if it knows all."""
    command: click.Command = quoin
    context = click.Context(quoin, info_name="quoin")
    words = [word for word in shlex.split(line) if word not in {"|", ">"}]
    is_value = False
    for word in words:
        if is_value:
            is_value = False
        elif word.startswith("--"):
            name, equals, _value = word.partition("=")
            known = {
                option: parameter
                for parameter in (*command.params, *quoin.params)
                for option in parameter.opts + parameter.secondary_opts
            }
            if name not in {*known, "--help"}:
                return word
            is_value = not equals and name in known and not getattr(known[name], "is_flag", False)
        elif isinstance(command, click.Group):
            found = command.get_command(context, word)
            if found is None:
                return word
            command, context = found, click.Context(found, info_name=word, parent=context)
    return ""


def test_every_quoted_command_exists() -> None:
    quoted = {line for path in DOCUMENTS if path.exists() for line in quoted_commands(path.read_text(encoding="utf-8"))}

    assert {line: unknown_in(line) for line in quoted if unknown_in(line)} == {}
    assert len(quoted) >= 5


@pytest.mark.parametrize(
    ("line", "word"), [("nonsense now", "nonsense"), ("check --sometimes", "--sometimes"), ("check", "")]
)
def test_a_command_that_does_not_exist_is_found(line: str, word: str) -> None:
    assert unknown_in(line) == word


def test_every_figure_opens_its_lines_and_says_what_it_is() -> None:
    mute = {
        key
        for key, figure in FIGURES.items()
        if not (str(figure.label) and str(figure.definition) and str(figure.formula) and figure.permission)
        or (figure.kind is Kind.LINES and figure.lines is None)
        or not all(part in FIGURES for part in _parts(figure))
    }

    assert mute == set()
    assert len(FIGURES) >= 10


def _parts(figure: object) -> list[str]:
    parts = getattr(figure, "parts", ())
    return [part[1] if isinstance(part, tuple) else str(part) for part in parts]


def test_the_migrations_say_what_the_models_say() -> None:
    found = subprocess.run(
        [sys.executable, "scripts/check_migrations.py"], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert found.returncode == 0, found.stdout + found.stderr
