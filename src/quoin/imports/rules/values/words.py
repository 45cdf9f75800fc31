"""Words of a cell: names, yes and no in several languages, currencies, tags, and text that looks like a formula."""

from __future__ import annotations

import re
import unicodedata

from quoin.imports.rules.values.decimals import is_number
from quoin.kernel.currency import CODES
from quoin.kernel.words import say

_YES = frozenset(
    ("yes", "y", "true", "t", "1", "x", "ja", "j", "wahr", "oui", "o", "vrai", "si", "sí", "s", "sì", "vero", "sim",
     "verdadero", "tak", "prawda", "on", "billable")
)  # fmt: skip
_NO = frozenset(
    ("no", "n", "false", "f", "0", "nein", "falsch", "non", "faux", "falso", "não", "nao", "nie", "fałsz", "nee",
     "nej", "off", "-", "non-billable", "nonbillable")
)  # fmt: skip
_SYMBOLS = {"€": "EUR", "£": "GBP", "CHF": "CHF", "US$": "USD", "zł": "PLN"}
_CODE = re.compile(r"(?<![A-Za-z])([A-Z]{3})(?![A-Za-z])")
# Characters without width make two names look alike; the soft hyphen does so too.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_FORMULA = re.compile(r"=\s*[^\s=>]|[+\-@]\s*[A-Za-z_.]+\s*[(|!]|[+\-@].*\|.*!")
_SURROGATE = re.compile("[\ud800-\udfff]")
_LEADS = frozenset("=+-@\t\r")
_SPREADSHEET_LEADS = frozenset("=+-@")


def clean(text: str) -> str:
    """Text in NFC without outer space; a quote that an export put before `=`, `+`, `-` or `@` is taken off."""
    stripped = text.strip()
    if stripped[:1] == "'" and stripped.lstrip("'")[:1] in _LEADS:
        stripped = stripped[1:]
    if stripped.isascii():
        return stripped
    if _SURROGATE.search(stripped):
        raise ValueError(say("holds half of a character (a lone surrogate)"))
    return unicodedata.normalize("NFC", stripped)


def clean_name(text: str) -> str:
    """A name on one line, without characters that cannot be seen."""
    name = clean(text)
    if not name.isascii():
        name = _INVISIBLE.sub("", name)
    return " ".join(name.split())


def fold(name: str) -> str:
    """What two spellings of one name have in common: NFKC, no case, one space."""
    return " ".join(_INVISIBLE.sub("", unicodedata.normalize("NFKC", name)).casefold().split())


def join_key(*parts: str) -> str:
    """One key of several folded parts; a slash inside a part is doubled, so that no two paths are alike."""
    return " / ".join(part.replace("/", "//") for part in parts)


def parse_flag(text: str) -> bool:
    """Yes or no; ValueError for anything else."""
    word = text.strip().casefold()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise ValueError(say("%(text)s is neither yes nor no", text=repr(text)))


def parse_currency(text: str) -> str:
    """The ISO 4217 code in `EUR`, `Euro - EUR`, `€`; ValueError where none or several are possible."""
    typed = text.strip()
    if typed in _SYMBOLS:
        return _SYMBOLS[typed]
    found = {code for code in _CODE.findall(typed.upper() if len(typed) == 3 else typed) if code in CODES}  # noqa: PLR2004
    if len(found) != 1:
        raise ValueError(say("%(text)s is not a currency; write its ISO 4217 code, for example EUR", text=repr(text)))
    return str(found.pop())


def parse_tags(text: str) -> tuple[str, ...]:
    """Tags of `Development, Backend`, in order, each once."""
    return tuple(dict.fromkeys(tag for tag in (clean_name(part) for part in text.split(",")) if tag))


def looks_like_formula(text: str) -> bool:
    """Whether a spreadsheet would calculate it: `=1+1`, `@SUM(A1)`, `-2+3+cmd|' /C calc'!A0`."""
    return text[:1] in _SPREADSHEET_LEADS and not is_number(text) and bool(_FORMULA.match(text))


def starts_like_formula(text: str) -> bool:
    """Whether it begins with `=`, `+`, `-` or `@` and is not a number."""
    return text[:1] in _SPREADSHEET_LEADS and not is_number(text)
