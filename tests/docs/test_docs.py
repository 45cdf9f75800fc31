"""The documentation says only what is there: links, commands, environment variables, calls of the API."""

from __future__ import annotations

import re
from functools import lru_cache

import click
import pytest

from quoin.site.api import api
from quoin.site.cli import _flags_first, quoin
from tests.docs.pages import ROOT, Page, pages, slug, words

PAGES = pages()
BY_NAME = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
_READ = re.compile(r"""(?:environ(?:\.get|\.setdefault)?[(\[]|_flag\(|envvar=)\s*["']([A-Z][A-Z_]+)["']""")
_NAME = re.compile(r"`([A-Z][A-Z_]{3,})`")
_OURS = re.compile(r"\b(?:QUOIN|DATABASE)_[A-Z_]+\b")
_PART = re.compile(r"\{[^}]*\}")
_WORD = re.compile(r"\S*\w\S*")
_IS_READERS_FILE = re.compile(r"(?:File|Path) '.+' does not exist")
_SHORT_PAGE_WORDS = 600
_SERVED_BESIDE = frozenset({"/openapi.json", "/docs"})


@BY_NAME
def test_links_lead_to_a_file_and_heading(page: Page) -> None:
    anchors = {one.path: one.anchors() for one in PAGES}

    broken = []
    for target in page.links():
        name, _, anchor = target.partition("#")
        file = (page.path.parent / name).resolve() if name else page.path
        if not file.exists() or (anchor and anchor not in anchors.get(file, frozenset())):
            broken.append(target)

    assert broken == []


@BY_NAME
def test_commands_in_blocks_are_understood_whole(page: Page) -> None:
    lines = [line for line in page.shell_lines() if line.startswith("quoin ")]

    faults = {line: fault for line in lines if (fault := _refusal(words(line)[1:], is_whole=True))}

    assert faults == {}


@BY_NAME
def test_commands_in_sentences_exist(page: Page) -> None:
    lines = [code for code in page.inline_code() if code.startswith("quoin ") and "<" not in code]

    faults = {line: fault for line in lines if (fault := _refusal(words(line)[1:], is_whole=False))}

    assert faults == {}


def test_environment_table_is_what_the_code_reads() -> None:
    table = next(page for page in PAGES if page.name == "docs/operations.md").text.partition("## Environment")[2]
    first_cells = [line.split("|")[1] for line in table.partition("\n## ")[0].splitlines() if line.startswith("| `")]

    told = set(_NAME.findall(" ".join(first_cells)))

    assert told == set(_READ.findall(_code()))


@BY_NAME
def test_no_other_variables_are_named(page: Page) -> None:
    assert set(_OURS.findall(page.text)) <= set(_OURS.findall(_code()))


@BY_NAME
def test_calls_of_the_api_exist(page: Page) -> None:
    called = [(method, path) for method, path in page.calls() if path not in _SERVED_BESIDE]

    unknown = [(method, path) for method, path in called if not _is_operation(method, path)]

    assert unknown == []


def test_user_pages_are_short_and_in_the_index() -> None:
    index = next(page for page in PAGES if page.name == "docs/user/README.md")
    user_pages = [page for page in PAGES if page.path.parent == index.path.parent and page is not index]

    linked = {target.partition("#")[0] for target in index.links()}

    lengths = {page.name: len(_WORD.findall(page.text)) for page in user_pages}

    assert {page.path.name for page in user_pages} <= linked
    assert {name: length for name, length in lengths.items() if length > _SHORT_PAGE_WORDS} == {}


@pytest.mark.parametrize(
    ("line", "part"),
    [
        ("nonsense", "No such command"),
        ("invoice print HD-1", "No such command"),
        ("invoice pdf HD-1 --paper", "No such option"),
        ("invoice credit HD-1", "Missing option"),
        ("import run f.csv --status paid", "is not one of"),
    ],
)
def test_refusal_of_a_wrong_line_names_the_fault(line: str, part: str) -> None:
    assert part in _refusal(words(line), is_whole=True)


def test_refusal_of_a_right_line_is_empty() -> None:
    assert _refusal(words("figures get project.margin --id 1042 --lines --json"), is_whole=True) == ""
    assert _refusal(words("invoice credit"), is_whole=False) == ""


def test_slug_is_that_of_a_heading_in_use() -> None:
    assert slug("A PostgreSQL of yours") == "a-postgresql-of-yours"


def _refusal(arguments: list[str], *, is_whole: bool) -> str:
    """Why the command line would not be understood; empty if it would. Runs nothing and needs no database."""
    try:
        context = click.Context(quoin, info_name="quoin", resilient_parsing=True)
        quoin.parse_args(context, _flags_first(arguments))
        command: click.Command = quoin
        rest = [*context._protected_args, *context.args]
        while isinstance(command, click.Group) and rest:
            name, *rest = rest
            found = command.get_command(context, name)
            if found is None:
                return f"No such command '{name}'."
            command = found
        if isinstance(command, click.Group):
            return "" if not is_whole else "A group is no command."
        with command.make_context(command.name, rest, parent=click.Context(quoin), resilient_parsing=not is_whole):
            return ""
    except click.ClickException as fault:
        # The files of the examples are the reader's.
        return "" if _IS_READERS_FILE.search(fault.format_message()) else fault.format_message()


@lru_cache(maxsize=1)
def _code() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "src").rglob("*.py"))


@lru_cache(maxsize=1)
def _operations() -> tuple[tuple[str, re.Pattern[str]], ...]:
    paths = api.get_openapi_schema()["paths"]
    return tuple(
        (method, re.compile(_PART.sub("[^/]+", path.removeprefix("/api/v1"))))
        for path, methods in paths.items()
        for method in methods
    )


def _is_operation(method: str, path: str) -> bool:
    return any(known.fullmatch(path) for name, known in _operations() if method in {"", name})
