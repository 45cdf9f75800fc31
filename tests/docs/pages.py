"""Reads the documentation: pages, links, command lines, calls of the API."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\((?P<target>[^)\s]+)\)")
_INLINE = re.compile(r"`([^`\n]+)`")
_HEADING = re.compile(r"^#{1,6} (?P<text>.+)$", re.MULTILINE)
_CALL = re.compile(r"/api/v1(?P<path>/[A-Za-z0-9_{}$./-]+)")
_PARAMETER = re.compile(r"\{[^}]*\}|\$[A-Z_]+")
_POSTS = re.compile(r"\s(?:-d|--data|-F|-X POST)\b")


@dataclass(frozen=True, slots=True)
class Page:
    """One Markdown file."""

    path: Path
    text: str

    @property
    def name(self) -> str:
        return str(self.path.relative_to(ROOT))

    @property
    def prose(self) -> str:
        """The text without code blocks."""
        return _FENCE.sub("", self.text)

    def blocks(self, *languages: str) -> Iterator[str]:
        return (body for language, body in _FENCE.findall(self.text) if language in languages)

    def shell_lines(self) -> Iterator[str]:
        """Commands of shell blocks, continued lines joined, parts of `a && b` apart."""
        for block in self.blocks("sh", "bash"):
            for line in block.replace("\\\n", " ").splitlines():
                yield from (part.strip() for part in line.split(" && "))

    def inline_code(self) -> Iterator[str]:
        return iter(_INLINE.findall(self.prose))

    def links(self) -> Iterator[str]:
        """Targets inside the repository."""
        found = (match["target"] for match in _LINK.finditer(self.prose))
        return (target for target in found if not target.startswith(("http://", "https://", "mailto:")))

    def anchors(self) -> frozenset[str]:
        return frozenset(slug(match["text"]) for match in _HEADING.finditer(self.prose))

    def calls(self) -> Iterator[tuple[str, str]]:
        """(method or "", path with `{}` for parameters) of each call of the API."""
        for line in self.shell_lines():
            if line.startswith("curl"):
                method = "post" if _POSTS.search(line) else "get"
                yield from ((method, _plain(match["path"])) for match in _CALL.finditer(line))
        yield from (("", _plain(match["path"])) for match in _CALL.finditer(self.prose))


def pages() -> list[Page]:
    files = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    return [Page(path, path.read_text(encoding="utf-8")) for path in sorted(files)]


def slug(heading: str) -> str:
    """The anchor that renderers give a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-")


def words(line: str) -> list[str]:
    """A command line as its arguments, without the comment behind it."""
    return shlex.split(line, comments=True)


def _plain(path: str) -> str:
    return _PARAMETER.sub("{}", path).rstrip("./")
