"""Finds the sentences of refusals in the sources: those that the catalogues get, and those that no catalogue can know.

The one rule: a sentence is where an expected failure is made (`NotFound("…")`, `invalid("/field", "…", remedy="…")`,
`Problem(…)`) or in `say("…", name=value)`. Text there is marked by standing there; text that is put together before
(an f-string, a sum) reaches nobody in another language. The command line speaks English and is left out.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeAlias

_ROOT = "DomainError"
_ERRORS = "quoin.kernel.errors"
Place: TypeAlias = tuple[int, str]
"""A parameter that takes a sentence: its position and name."""
_FUNCTIONS: Mapping[str, tuple[Place, ...]] = {
    "invalid": ((1, "detail"), (-1, "remedy")),
    "Problem": ((2, "detail"), (3, "help")),
    "say": ((0, ""),),
    "say_many": ((0, ""), (1, "")),
    "bad_file": ((1, "message"), (2, "remedy")),
    "refuse": ((2, "message"), (3, "remedy")),
    "remark": ((2, "message"), (3, "remedy")),
    "read": ((-1, "remedy"),),
    "explain": ((1, "sentence"),),
    "words": ((2, "sentence"),),
    "_invalid": ((2, "detail"), (3, "remedy")),
}
_Scope: TypeAlias = ast.Module | ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Found:
    """A sentence of the sources, or what stands where one should."""

    line: int
    text: str
    is_marked: bool


def found_in(path: Path, package: Path) -> tuple[Found, ...]:
    """The sentences of refusals of a module."""
    within = path.relative_to(package)
    if within.parts[1:2] in {("cli",), ("cli.py",), ("demo",)}:
        return ()
    return tuple(_Reader(_tree(path), takers(package)).read())


@cache
def takers(package: Path) -> dict[str, tuple[Place, ...]]:
    """Which calls take sentences where: every class that descends from DomainError, and the functions around them."""
    classes = {one.name: one for path in modules(package) for one in _classes(path)}
    known = {_ROOT}
    while more := {name for name, one in classes.items() if name not in known and known & _bases(one)}:
        known |= more
    return {**{name: _places(name, classes) for name in sorted(known)}, **_FUNCTIONS}


@cache
def modules(package: Path) -> tuple[Path, ...]:
    """The modules of the package, without migrations."""
    return tuple(path for path in sorted(package.rglob("*.py")) if "migrations" not in path.parts)


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def _classes(path: Path) -> tuple[ast.ClassDef, ...]:
    return tuple(node for node in ast.walk(_tree(path)) if isinstance(node, ast.ClassDef))


def _bases(one: ast.ClassDef) -> set[str]:
    return {_name(base) for base in one.bases}


def _name(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id
    return node.attr if isinstance(node, ast.Attribute) else ""


def _places(name: str, classes: Mapping[str, ast.ClassDef]) -> tuple[Place, ...]:
    """Where a class takes its sentence: by its own `__init__`, else by that of the class above it."""
    one = classes.get(name)
    while one is not None:
        for node in one.body:
            if isinstance(node, ast.FunctionDef) and node.name == "__init__":
                names = [argument.arg for argument in node.args.args[1:]]
                return ((names.index("detail"), "detail"),) if "detail" in names else ()
        one = next((classes[base] for base in _bases(one) if base in classes), None)
    return ((0, "detail"),)


class _Reader:
    """Reads one module; it knows the names that are bound where the reader stands."""

    def __init__(self, tree: ast.Module, known: Mapping[str, tuple[Place, ...]]) -> None:
        self._tree = tree
        self._known = dict(known)
        # Only an error's own `super().__init__(…)` takes a sentence.
        within = (one for one in ast.walk(tree) if isinstance(one, ast.ClassDef) and one.name in known)
        self._own = {node for one in within for node in ast.walk(one) if isinstance(node, ast.Call)}
        if not self._has_problem():
            # Somebody else's Problem, such as that of the solver.
            self._known.pop("Problem", None)

    def _has_problem(self) -> bool:
        imported = (node for node in ast.walk(self._tree) if isinstance(node, ast.ImportFrom))
        is_home = any(isinstance(node, ast.ClassDef) and node.name == _ROOT for node in self._tree.body)
        return is_home or any(
            node.module == _ERRORS and any(alias.name == "Problem" for alias in node.names) for node in imported
        )

    def read(self) -> Iterator[Found]:
        seen: set[tuple[int, int]] = set()
        for scope, call in _calls(self._tree, self._tree):
            for argument in self._sentences(call):
                for found, place in self._judged(argument, scope, is_said=_name(call.func) in {"say", "say_many"}):
                    if place not in seen:
                        seen.add(place)
                        yield found

    def _sentences(self, call: ast.Call) -> Iterator[ast.expr]:
        name = _name(call.func)
        if isinstance(call.func, ast.Attribute) and name == "say":
            return
        for position, keyword in self._known.get(name, ()) or (_above(call) if call in self._own else ()):
            if 0 <= position < len(call.args):
                yield call.args[position]
            yield from (one.value for one in call.keywords if keyword and one.arg == keyword)

    def _judged(
        self, node: ast.expr, scope: _Scope, *, is_said: bool = False
    ) -> Iterator[tuple[Found, tuple[int, int]]]:
        place = (node.lineno, node.col_offset)
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if node.value:
                yield Found(node.lineno, node.value, is_marked=True), place
        elif isinstance(node, ast.IfExp | ast.BoolOp):
            for one in (node.body, node.orelse) if isinstance(node, ast.IfExp) else node.values:
                yield from self._judged(one, scope, is_said=is_said)
        elif isinstance(node, ast.Name):
            for one in _bound(node.id, scope, self._tree):
                yield from self._judged(one, scope, is_said=is_said)
        elif is_said or _is_put_together(node):
            yield Found(node.lineno, ast.unparse(node), is_marked=False), place


def _above(call: ast.Call) -> tuple[Place, ...]:
    """`super().__init__(…)` of an error takes a sentence, if what it gets is one."""
    of = call.func
    if not (isinstance(of, ast.Attribute) and of.attr == "__init__" and isinstance(of.value, ast.Call)):
        return ()
    is_text = bool(call.args) and isinstance(call.args[0], ast.JoinedStr | ast.Constant)
    return ((0, ""),) if _name(of.value.func) == "super" and is_text else ()


def _is_put_together(node: ast.expr) -> bool:
    if isinstance(node, ast.BinOp):
        # `_("…") % {…}` is marked already.
        return not (isinstance(node.op, ast.Mod) and isinstance(node.left, ast.Call))
    if isinstance(node, ast.Call):
        of = node.func
        return isinstance(of, ast.Attribute) and of.attr == "format" and isinstance(of.value, ast.Constant)
    return isinstance(node, ast.JoinedStr)


def _calls(node: ast.AST, scope: _Scope) -> Iterator[tuple[_Scope, ast.Call]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Call):
            yield scope, child
        yield from _calls(child, child if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef) else scope)


def _bound(name: str, scope: _Scope, module: ast.Module) -> Iterator[ast.expr]:
    """The texts that a name is given where it is used, or at the top of the module."""
    for holder in (scope, module):
        nodes = ast.walk(holder) if holder is scope and holder is not module else iter(holder.body)
        given = [one for node in nodes for one in _given(node, name)]
        if given:
            yield from (one for one in given if not (isinstance(one, ast.Name) and one.id == name))
            return


def _given(node: ast.AST, name: str) -> Iterator[ast.expr]:
    if isinstance(node, ast.Assign) and any(isinstance(one, ast.Name) and one.id == name for one in node.targets):
        yield node.value
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.target.id == name and node.value:
        yield node.value
