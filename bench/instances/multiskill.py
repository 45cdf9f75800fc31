"""Reads multi-skill projects: iMOPSE (.def) and MSPSP-InstLib (.dzn)."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from quoin.resourcing.rules.solver.values import Link, Need, Person, Problem, Task

if TYPE_CHECKING:
    from pathlib import Path

COST_SCALE = 10  # iMOPSE salaries have one decimal place; the solver counts in tenths


def read(path: Path) -> Problem:
    return _from_imopse(path) if path.suffix == ".def" else _from_mspsp(path)


def _from_imopse(path: Path) -> Problem:
    text = path.read_text(errors="replace")
    people_text, tasks_text = re.split(
        r"^TaskID.*$", re.split(r"^ResourceID.*$", text, flags=re.MULTILINE)[1], flags=re.MULTILINE
    )
    people = tuple(_imopse_person(line) for line in people_text.splitlines() if re.match(r"\s*\d", line))
    rows = [_imopse_task(line) for line in tasks_text.splitlines() if re.match(r"\s*\d", line)]
    position = {number: index for index, (number, _, _) in enumerate(rows)}
    links = [Link(position[before], index) for index, (_, _, others) in enumerate(rows) for before in others]
    return Problem(tasks=tuple(task for _, task, _ in rows), links=tuple(links), people=people)


def _imopse_person(line: str) -> Person:
    _, salary, rest = line.split(maxsplit=2)
    skills = tuple((int(skill), int(level)) for skill, level in re.findall(r"Q(\d+):\s*(\d+)", rest))
    return Person(skills=skills, cost=int(Decimal(salary) * COST_SCALE))


def _imopse_task(line: str) -> tuple[int, Task, list[int]]:
    number, duration, rest = line.split(maxsplit=2)
    found = re.match(r"Q(\d+):\s*(\d+)(.*)", rest)
    assert found, line
    task = Task(int(duration), needs=(Need(int(found[1]), int(found[2])),))
    return int(number), task, [int(word) for word in found[3].split()]


def _from_mspsp(path: Path) -> Problem:
    text = path.read_text()
    demands, mastery = _table(text, "sreq"), _table(text, "mastery")
    tasks = tuple(
        Task(
            int(duration),
            needs=tuple(Need(skill, 0, int(count)) for skill, count in enumerate(row) if int(count)),
        )
        for duration, row in zip(_list(text, "dur"), demands, strict=True)
    )
    people = tuple(Person(tuple((skill, 0) for skill, has in enumerate(row) if has == "true")) for row in mastery)
    links = zip(_list(text, "pred"), _list(text, "succ"), strict=True)
    return Problem(tasks=tasks, links=tuple(Link(int(a) - 1, int(b) - 1) for a, b in links), people=people)


def _list(text: str, name: str) -> list[str]:
    found = re.search(rf"^{name}\s*=\s*\[([^\]]*)\]", text, flags=re.MULTILINE)
    assert found, name
    return [word.strip() for word in found[1].split(",") if word.strip()]


def _table(text: str, name: str) -> list[list[str]]:
    found = re.search(rf"^{name}\s*=\s*\[\|(.*?)\|\s*\]", text, flags=re.MULTILINE | re.DOTALL)
    assert found, name
    return [[word.strip() for word in row.split(",") if word.strip()] for row in found[1].split("|")]
