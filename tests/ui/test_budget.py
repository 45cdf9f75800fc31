"""Styles and scripts stay small. Gzip is measured, which is never smaller than what brotli serves."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import pytest
from django.conf import settings

import quoin.base.ui

ASSETS = Path(quoin.base.ui.__file__).parent / "assets"
TEMPLATES = Path(quoin.base.ui.__file__).parent / "templates"
SOURCES = Path(quoin.base.ui.__file__).parents[2]
KILOBYTE = 1000


@pytest.mark.parametrize(("name", "budget"), [("app.css", 32), ("app.js", 45), ("portal.js", 30), ("icons.svg", 16)])
def test_built_file_is_within_its_budget(name: str, budget: int) -> None:
    manifest = Path(settings.ASSETS_DIR) / "manifest.json"
    if not manifest.is_file():
        pytest.skip("the assets are not built: run `make assets`")
    names = json.loads(manifest.read_text(encoding="utf-8"))

    assert sum(len(gzip.compress(built.read_bytes(), 9)) for built in with_imports(names[name])) <= budget * KILOBYTE


def with_imports(name: str) -> set[Path]:
    """The file and every module that it loads at once."""
    seen: set[Path] = set()
    waiting = [Path(settings.ASSETS_DIR) / name]
    while waiting:
        file = waiting.pop()
        if file in seen:
            continue
        seen.add(file)
        if file.suffix == ".js":
            found = re.findall(r'(?:from|import)\s*"\./([\w.-]+\.js)"', file.read_text(encoding="utf-8"))
            waiting += [file.parent / other for other in found]
    return seen


def test_styles_use_logical_properties_only() -> None:
    physical = re.compile(
        r"(?<![\w-])(margin|padding|border)-(left|right)|(?<![\w-])(left|right):|text-align: (left|right)|float:"
    )

    found = [
        file.name
        for file in sorted((ASSETS / "css").glob("*.css"))
        if physical.search(file.read_text(encoding="utf-8"))
    ]

    assert found == []


def test_every_class_of_the_templates_has_a_style_or_a_script() -> None:
    """A class that nothing knows is a typing error or a leftover."""
    files = [*(ASSETS / "css").glob("*.css"), *(ASSETS / "js").glob("*.js")]
    known = set(re.findall(r"\.([a-z][a-z0-9-]*)", "".join(file.read_text(encoding="utf-8") for file in files)))
    used: set[str] = set()
    for file in TEMPLATES.rglob("*.html"):
        for value in re.findall(r'class="([^"]*)"', file.read_text(encoding="utf-8")):
            plain = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", " ", re.sub(r"[\w-]+-\{\{", "{{", value))
            used.update(plain.split())

    assert sorted(used - known) == []


def test_every_icon_of_the_product_is_in_the_sprite() -> None:
    """A name that the sprite does not know shows as nothing at all."""
    names = {
        line.split()[0] for line in (ASSETS / "icons.txt").read_text(encoding="utf-8").splitlines() if line.strip()
    }
    entry = re.compile(r"""nav\.Entry\(\s*"[^"]*",\s*"[^"]*",\s*_\("[^"]*"\),\s*"[^"]*",\s*"([\w-]+)\"""")
    used: dict[str, str] = {}
    for file in sorted(SOURCES.rglob("*")):
        if file.suffix not in {".html", ".py"}:
            continue
        text = file.read_text(encoding="utf-8")
        tags = re.findall(r"\{% icon ['\"]([\w-]+)['\"]", text) if file.suffix == ".html" else entry.findall(text)
        used |= dict.fromkeys([*tags, *re.findall(r'\bicon="([\w-]+)"', text)], file.name)

    assert {name: file for name, file in used.items() if name not in names} == {}
    assert len(used) > len(names) // 2
