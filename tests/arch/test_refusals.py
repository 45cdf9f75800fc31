"""Every refusal can be said in another language: its sentence stands where the catalogues find it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from quoin.site.refusals import found_in, modules, takers

PACKAGE = Path(__file__).resolve().parents[2] / "src/quoin"
STILL_UNMARKED = 0
"""Sentences put together before they are said. May only fall."""
_NAME = re.compile(r"%\((\w+)\)s")


def unmarked(package: Path) -> list[str]:
    return [
        f"{path.relative_to(package)}:{one.line} {one.text}"
        for path in modules(package)
        for one in found_in(path, package)
        if not one.is_marked
    ]


def test_refusals_are_said_so_that_they_can_be_translated() -> None:
    left = unmarked(PACKAGE)

    assert len(left) <= STILL_UNMARKED, left


def test_sentences_have_a_value_for_each_of_their_names() -> None:
    wrong = [
        f"{path.relative_to(PACKAGE)}:{call.lineno}"
        for path in modules(PACKAGE)
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "say"
        if isinstance(call.args[0], ast.Constant) and not fits(str(call.args[0].value), call)
    ]

    assert wrong == []


def fits(pattern: str, call: ast.Call) -> bool:
    given = {one.arg for one in call.keywords}
    names = set(_NAME.findall(pattern))
    is_plain = "%" not in _NAME.sub("", pattern).replace("%%", "") or not given
    return names == given and is_plain


def test_reader_knows_the_errors_of_every_app() -> None:
    known = takers(PACKAGE)

    assert {"NotFound", "Stale", "BillingInvalid", "WrongStep", "UnreadablePlan"} <= set(known)
    assert known["TooManyRequests"] == ((0, "detail"),)
    assert "TerminalError" not in known
    assert sum(one.is_marked for path in modules(PACKAGE) for one in found_in(path, PACKAGE)) > 1000


def test_reader_tells_marked_from_unmarked(tmp_path: Path) -> None:
    module = tmp_path / "app/actions.py"
    module.parent.mkdir()
    module.write_text(
        "from quoin.kernel.errors import DomainError, Problem, invalid\n"
        "_GONE = 'It is gone.'\n"
        "class Refused(DomainError): ...\n"
        "class Kept(Refused):\n"
        "    def __init__(self, row, detail): super().__init__(f'Kept {row}.')\n"
        "def act(n, is_old):\n"
        "    word = f'Row {n}.'\n"
        "    raise Refused(_GONE if is_old else 'It is new.')\n"
        "    raise Kept(n, 'In use.')\n"
        "    raise Refused(word, problems=(Problem('/n', 'n', 'Bad ' + n, 'Ask.'),))\n"
        "    raise invalid('/n', say('No %(n)s.', n=n), remedy=f'Use {n + 1}.')\n"
        "    raise Refused(_('Seen %(n)s') % {'n': n})\n"
        "    raise Other(f'{n}')\n"
    )

    found = found_in(module, tmp_path)

    assert [one.text for one in found if one.is_marked] == [
        "It is gone.", "It is new.", "In use.", "Ask.", "No %(n)s.",
    ]  # fmt: skip
    assert [one.text for one in found if not one.is_marked] == [
        "f'Kept {row}.'", "f'Row {n}.'", "'Bad ' + n", "f'Use {n + 1}.'",
    ]  # fmt: skip
