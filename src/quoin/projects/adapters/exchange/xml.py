"""Reading XML from strangers: no entities, no network, no huge trees; and the value forms of MSPDI."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from uuid import UUID

from lxml import etree

from quoin.base.files.xml import xml_root
from quoin.kernel.errors import Invalid, invalid
from quoin.kernel.words import say

NAMESPACE = "http://schemas.microsoft.com/project"
MAX_BYTES = 60_000_000
_DURATION = re.compile(r"(-?)P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.\d+)?S)?)?")
_HALF = 30


class UnreadablePlan(Invalid):
    """The file is not a plan that Quoin can read."""

    code = "unreadable_plan"


def parse_xml(content: bytes) -> etree._Element:
    """Root of the document; UnreadablePlan says what is wrong."""
    if len(content) > MAX_BYTES:
        raise UnreadablePlan("The file is larger than 60 MB. Split the plan into several projects.")
    typed = say("The file declares a document type, which a plan never does. Save it again as XML.")
    return xml_root(content, refuse=UnreadablePlan, typed=typed)


class Node:
    """An element of an MSPDI document, read by the names of its children."""

    __slots__ = ("_children", "element")

    def __init__(self, element: etree._Element) -> None:
        self.element = element
        self._children: dict[str, etree._Element] | None = None

    def text(self, name: str) -> str:
        found = self._map().get(name)
        return "" if found is None or found.text is None else str(found.text).strip()

    def has(self, name: str) -> bool:
        return name in self._map()

    def all(self, *path: str) -> Iterator[Node]:
        """The elements under a path of names."""
        for found in self.element.findall("/".join(f"{{{NAMESPACE}}}{name}" for name in path)):
            yield Node(found)

    def number(self, name: str, default: int = 0) -> int:
        text = self.text(name)
        try:
            return int(Decimal(text)) if text else default
        except (InvalidOperation, ValueError) as error:
            raise self._wrong(name, text, "a whole number") from error

    def whole(self, name: str) -> int | None:
        return self.number(name) if self.text(name) else None

    def decimal(self, name: str, default: Decimal | None = None) -> Decimal | None:
        text = self.text(name)
        if not text:
            return default
        try:
            found = Decimal(text)
        except InvalidOperation as error:
            raise self._wrong(name, text, "a number") from error
        if not found.is_finite():
            raise self._wrong(name, text, "a number")
        return found

    def flag(self, name: str, *, default: bool = False) -> bool:
        text = self.text(name).lower()
        return default if not text else text in {"1", "true"}

    def instant(self, name: str) -> datetime | None:
        """Local time; a zone is dropped, because these files mean the clock of the office."""
        text = self.text(name)
        if not text or text == "NA":
            return None
        try:
            return datetime.fromisoformat(text).replace(tzinfo=None)
        except ValueError as error:
            raise self._wrong(name, text, "a date and time such as 2026-05-06T08:00:00") from error

    def day(self, name: str) -> date | None:
        found = self.instant(name)
        return found.date() if found else None

    def guid(self, name: str) -> UUID | None:
        """A mark that is none says nothing."""
        try:
            return UUID(self.text(name))
        except ValueError:
            return None

    def minutes(self, name: str) -> int:
        return self.duration(name) or 0

    def duration(self, name: str) -> int | None:
        """Whole minutes of an ISO 8601 duration, seconds rounded; None if absent."""
        text = self.text(name)
        if not text:
            return None
        found = _DURATION.fullmatch(text)
        if found is None:
            raise self._wrong(name, text, "a duration such as PT8H0M0S")
        days, hours, minutes, seconds = (int(part or 0) for part in found.groups()[1:])
        total = days * 1440 + hours * 60 + minutes + (1 if seconds >= _HALF else 0)
        return -total if found[1] else total

    def _map(self) -> dict[str, etree._Element]:
        if self._children is None:
            self._children = {}
            for child in self.element:
                if isinstance(child.tag, str):
                    self._children.setdefault(child.tag.rpartition("}")[2], child)
        return self._children

    def _wrong(self, name: str, text: str, wanted: str) -> Invalid:
        tag = self.element.tag.rpartition("}")[2]
        line = self.element.sourceline
        return invalid(
            f"/{tag}/{name}",
            say(
                "Line %(line)s: %(name)s is %(text)s; it must be %(wanted)s.",
                line=line,
                name=name,
                text=repr(text),
                wanted=wanted,
            ),
            code="unreadable",
        )


def written_duration(minutes: int) -> str:
    """`PT8H0M0S`."""
    sign = "-" if minutes < 0 else ""
    hours, rest = divmod(abs(minutes), 60)
    return f"{sign}PT{hours}H{rest}M0S"
