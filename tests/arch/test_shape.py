"""The shape of the house: sizes, names, and a voice for every action. Who imports whom is import-linter's."""

import ast
import re
from pathlib import Path

import pytest

from quoin.base.actions import REGISTRY

SOURCE = Path(__file__).resolve().parents[2] / "src" / "quoin"
FILES = sorted(path for path in SOURCE.rglob("*.py") if "migrations" not in path.parts)
LONGEST_FILE, LONGEST_FUNCTION = 400, 60
BANNED_FILES = {"utils", "helpers", "common", "managers", "signals", "misc"}
BANNED_NAMES = {"info", "obj", "tmp", "item2", "foo"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_a_file_is_small_named_for_a_thing_and_says_what_it_is_for(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    long = [
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno >= LONGEST_FUNCTION
    ]
    assigned = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}

    assert text.count("\n") <= LONGEST_FILE
    assert path.stem not in BANNED_FILES
    assert ast.get_docstring(tree)
    assert long == []
    assert assigned & BANNED_NAMES == set()
    assert not re.search(r"\b(TODO|FIXME|XXX)\b", text)


def test_every_action_is_named_app_noun_verb_and_has_a_label() -> None:
    ours = {name: command for name, command in REGISTRY.items() if not name.startswith("tests.")}

    assert [name for name in ours if not re.fullmatch(r"[a-z]+\.[a-z_]+\.[a-z_]+", name)] == []
    assert [name for name, command in ours.items() if not str(command.label)] == []
    assert len(ours) > 40


def test_an_action_lives_in_the_app_that_its_name_says() -> None:
    wrong = {
        name: command.run.__module__
        for name, command in REGISTRY.items()
        if not name.startswith("tests.")
        # The demo is no app: what it writes by its own actions stands beside its plan.
        and not command.run.__module__.startswith(f"quoin.{name.split('.')[0]}.actions")
        and not (name.startswith("site.demo.") and command.run.__module__.startswith("quoin.site.demo."))
    }

    assert wrong == {}
