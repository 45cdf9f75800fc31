"""The texts in other languages: `python -m quoin.site.messages` compiles the catalogues, with `update` it also
gathers the texts of the sources first. Babel does both, so that no program outside the environment is needed.

The one rule: a catalogue `locale/<language>/LC_MESSAGES/django.po` is the only source; what is compiled from it lies
in the build folder and can be made again.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from quoin.site.refusals import found_in

PACKAGE = Path(__file__).resolve().parents[1]
BUILT = PACKAGE.parents[1] / "build" / "locale"
_WITHIN = Path("LC_MESSAGES")
_WIDTH = 110
# The names under which the sources call gettext; the numbers say which arguments are context, singular, plural.
_KEYWORDS: Mapping[str, Any] = {
    **dict.fromkeys(("gettext", "gettext_lazy", "gettext_noop", "_", "_t", "_now")),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
_COMMENTS = ("Translators:",)


def main(arguments: Sequence[str]) -> None:
    if arguments[:1] == ["update"]:
        for path in update(PACKAGE):
            print(f"{path.parent.parent.name}: {missing(read(path))} texts without translation")
    made = compile_changed(PACKAGE, BUILT)
    print(f"Languages: {', '.join(path.parent.parent.name for path in made) or 'up to date'}")


def catalogues(package: Path) -> tuple[Path, ...]:
    """The files of the languages that exist."""
    return tuple(sorted((package / "locale").glob(f"*/{_WITHIN}/django.po")))


def read(path: Path) -> Catalog:
    """A catalogue with its language, which decides its plural forms."""
    with path.open("rb") as file:
        return read_po(file, locale=path.parent.parent.name)


def missing(catalogue: Catalog) -> int:
    """How many of its texts have no translation."""
    return sum(not all(_forms(one.string)) for one in catalogue if one.id)


def _forms(string: Any) -> tuple[str, ...]:
    return tuple(string) if isinstance(string, (list, tuple)) else (string or "",)


def compile_changed(package: Path, built: Path) -> list[Path]:
    """Writes the compiled form of each catalogue that is newer than it; returns these catalogues."""
    made = []
    for path in catalogues(package):
        target = built / path.parent.parent.name / _WITHIN / "django.mo"
        if target.is_file() and target.stat().st_mtime >= path.stat().st_mtime:
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = target.with_suffix(".partial")
        with partial.open("wb") as file:
            write_mo(file, read(path))
        partial.replace(target)
        made.append(path)
    return made


def update(package: Path) -> tuple[Path, ...]:
    """Brings every catalogue to the texts of the sources: new ones are empty, those that are gone leave."""
    found = gathered(package)
    for path in catalogues(package):
        catalogue = read(path)
        catalogue.update(found, no_fuzzy_matching=True, update_creation_date=False)
        catalogue.obsolete.clear()
        _write(path, catalogue)
    return catalogues(package)


def _write(path: Path, catalogue: Catalog) -> None:
    partial = path.with_suffix(".partial")
    with partial.open("wb") as file:
        write_po(file, catalogue, width=_WIDTH, include_lineno=False, omit_header=False)
    partial.replace(path)


def gathered(package: Path) -> Catalog:
    """Every marked text of the Python sources and the templates, in the order of the files."""
    found = Catalog(project="Quoin", charset="utf-8", fuzzy=False)
    for path in _sources(package):
        name = path.relative_to(package.parents[0]).as_posix()
        for line, message, comments, context in _marked(path):
            found.add(message, locations=[(name, line)], auto_comments=comments, context=context)
        for refusal in found_in(path, package) if path.suffix == ".py" else ():
            if refusal.is_marked:
                found.add(refusal.text, locations=[(name, refusal.line)])
    return found


def _sources(package: Path) -> Iterator[Path]:
    for path in sorted(package.rglob("*")):
        is_template = path.suffix in {".html", ".txt"} and "templates" in path.parts
        if is_template or (path.suffix == ".py" and "migrations" not in path.parts):
            yield path


def _marked(path: Path) -> Iterator[tuple[int, Any, list[str], str | None]]:
    content = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        content = _as_python(content)
    yield from extract("python", BytesIO(content.encode()), _KEYWORDS, _COMMENTS, {"encoding": "utf-8"})


def _as_python(template: str) -> str:
    """The tags of a template as calls that the reader of Python understands, on the same lines."""
    # Imported here because compiling, which every set-up does, must not wait for Django.
    from django.utils.translation.template import templatize

    return "\n".join(line.strip() for line in templatize(template).split("\n"))


if __name__ == "__main__":
    main(sys.argv[1:])
