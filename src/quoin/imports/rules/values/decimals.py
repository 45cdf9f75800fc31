"""Decimal numbers as people and programs write them: `2.000,0`, `2,000.0`, `1 234,5`, `1'234.50`.

NaN, infinity, exponents, minus zero and numbers too long to store exactly are refused, never rounded.
"""

from __future__ import annotations

import re
from decimal import Decimal

from quoin.imports.rules.values.evidence import Vote
from quoin.kernel.words import say

POINT = "."
COMMA = ","
_PLAIN = re.compile(r"[0-9]+")
_POINT = re.compile(r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,3}(?:[ '’\u00a0\u202f][0-9]{3})+|[0-9]+)?(?:\.[0-9]+)?")
_COMMA = re.compile(r"(?:[0-9]{1,3}(?:\.[0-9]{3})+|[0-9]{1,3}(?:[ '’\u00a0\u202f][0-9]{3})+|[0-9]+)?(?:,[0-9]+)?")
_GROUPS = str.maketrans("", "", " '’\u00a0\u202f")
_LONGEST_WHOLE = 15
_GROUP = 3


def vote(text: str) -> Vote:
    """FIRST: the point is the decimal mark; SECOND: the comma is; EITHER: `1,234` can be both."""
    digits = text.strip().lstrip("+-−").translate(_GROUPS)
    points, commas = digits.count(POINT), digits.count(COMMA)
    if points and commas:
        return Vote.FIRST if digits.rfind(POINT) > digits.rfind(COMMA) else Vote.SECOND
    if not points and not commas:
        return Vote.NONE
    mark, this, other = (POINT, Vote.FIRST, Vote.SECOND) if points else (COMMA, Vote.SECOND, Vote.FIRST)
    if points + commas > 1:
        return other
    whole, _, fraction = digits.partition(mark)
    is_group = len(fraction) == _GROUP and 1 <= len(whole) <= _GROUP and not whole.startswith("0")
    return Vote.EITHER if is_group else this


def parse_decimal(text: str, point: str = POINT, *, places: int = 6) -> Decimal:
    """The exact number; ValueError names what is wrong. `places` is the most decimals that can be stored."""
    typed = text.strip().replace("−", "-")
    sign, digits = (typed[0], typed[1:].lstrip()) if typed[:1] in {"+", "-"} else ("", typed)
    pattern = _COMMA if point == COMMA else _POINT
    if not digits or not pattern.fullmatch(digits):
        raise ValueError(
            say("%(text)s is not a number with %(point)s as decimal mark", text=repr(text), point=repr(point))
        )
    plain = digits.translate(_GROUPS).replace(POINT if point == COMMA else COMMA, "").replace(COMMA, POINT)
    whole, _, fraction = plain.partition(POINT)
    if len(whole.lstrip("0")) > _LONGEST_WHOLE:
        raise ValueError(say("%(text)s has more than %(most)s digits", text=repr(text), most=_LONGEST_WHOLE))
    if len(fraction.rstrip("0")) > places:
        raise ValueError(
            say(
                "%(text)s has more than %(places)s decimals and would have to be rounded",
                text=repr(text),
                places=places,
            )
        )
    number = Decimal(plain)
    if sign == "-" and not number:
        raise ValueError(say("%(text)s is minus zero", text=repr(text)))
    return -number if sign == "-" else number


def is_number(text: str) -> bool:
    """Whether a sign in front belongs to a number: `-1,5`, `+3`."""
    digits = text.strip().lstrip("+-−").lstrip()
    return bool(digits) and bool(_POINT.fullmatch(digits) or _COMMA.fullmatch(digits))


def write_decimal(number: Decimal, point: str = POINT, group: str = "") -> str:
    """A number in a style, without exponent: the inverse of `parse_decimal`."""
    text = f"{number:,f}" if group else f"{number:f}"
    return text.replace(COMMA, "\0").replace(POINT, point).replace("\0", group)
