"""Numbers, money, time and days as text, by locale (CLDR through Babel).

The one rule: a minus is U+2212, zero in a grid is a dash, and no text says a currency it does not know.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.core import parse_locale
from babel.dates import format_date, format_skeleton, format_time
from babel.numbers import (
    format_compact_currency,
    format_currency,
    format_decimal,
    format_percent,
)

from quoin.kernel.currency import CODES, decimals
from quoin.kernel.money import Money
from quoin.kernel.quantity import clock, hours

MINUS = "−"
DASH = "–"
NARROW = "\u202f"
_LONGEST_COMPACT = 14


# The month is always a word: 06/05 is May here and June there.
_DAY_SKELETONS = {"medium": "yMMMd", "weekday": "MMMEd", "short": "MMMd", "month": "yMMMM"}


@lru_cache(maxsize=64)
def locale_of(code: str) -> Locale:
    """The Babel locale of `nb-NO` or `nb_NO`; English as in Britain where the code names no country or is unknown."""
    try:
        language, *rest = parse_locale(code.replace("-", "_"))
        # Bare English means 6 May 2026; May 6 is for those who chose en-US.
        return Locale("en", "GB") if language == "en" and not any(rest) else Locale(language, *rest[:3])
    except (ValueError, UnknownLocaleError):
        return Locale("en", "GB")


def language(code: str, locale: str) -> str:
    """`Norwegian Bokmål (Norway)`, in the words of the locale; the code itself where nobody knows it."""
    try:
        named = Locale.parse(code.replace("-", "_")).get_display_name(locale_of(locale))
    except (ValueError, UnknownLocaleError):
        return code
    return f"{named[:1].upper()}{named[1:]}" if named else code


def _signed(text: str) -> str:
    return text.replace("-", MINUS)


def number(value: Decimal | int, locale: str, *, places: int | None = None) -> str:
    """`1,204.5`, or with exactly so many decimals."""
    if places is None:
        return _signed(format_decimal(value, locale=locale_of(locale), decimal_quantization=False))
    pattern = "#,##0" + ("." + "0" * places if places else "")
    return _signed(format_decimal(value, format=_grouped(pattern, locale), locale=locale_of(locale)))


def money_cell(value: Money, locale: str, *, dash: bool = True) -> str:
    """The bare amount for a column whose header names the currency; zero is a dash in a grid."""
    if not value and dash:
        return DASH
    return number(value.amount, locale, places=decimals(value.currency))


def money(value: Money, locale: str) -> str:
    """`EUR 48,310.00`: the code, a no-break space, the amount. The same in every locale, so that columns align."""
    return f"{value.currency}\xa0{money_cell(value, locale, dash=False)}"


def money_document(value: Money, locale: str) -> str:
    """`€48,310.00` in the order that the locale writes it."""
    return _signed(format_currency(value.amount, value.currency, locale=locale_of(locale)))


def money_short(value: Money, locale: str) -> str:
    """`€312K`, for key figures; the whole amount belongs beside it for screen readers."""
    amount = value.amount
    if not _is_shortened(amount, locale):
        pattern = locale_of(locale).currency_formats["standard"].pattern.replace("0.00", "0")
        return _signed(
            format_currency(amount, value.currency, format=pattern, locale=locale_of(locale), currency_digits=False)
        )
    digits = 0 if abs(amount).adjusted() == 5 else 1  # noqa: PLR2004 - hundreds of thousands need no decimal
    return _signed(format_compact_currency(amount, value.currency, locale=locale_of(locale), fraction_digits=digits))


def _is_shortened(amount: Decimal, locale: str) -> bool:
    """Below five digits the whole number is as short, and German writes thousands out."""
    if abs(amount) < 10000:  # noqa: PLR2004 - five digits
        return False
    patterns = locale_of(locale).compact_currency_formats["short"]["other"]
    return str(patterns[str(10 ** min(abs(amount).adjusted(), _LONGEST_COMPACT))].pattern) != "0"


def percent(ratio: Decimal, locale: str, *, places: int = 1) -> str:
    """`28.6 %` of the ratio 0.286, spaced as the locale does."""
    pattern = "#,##0" + ("." + "0" * places if places else "") + "%"
    written = format_percent(ratio, locale=locale_of(locale))
    spaced = f"{NARROW}%" if written[-2:-1].isspace() else "%"
    return _signed(format_percent(ratio, format=_grouped(pattern, locale), locale=locale_of(locale))).replace(
        "%", spaced
    )


def points(ratio: Decimal, locale: str) -> str:
    """A change of a percentage, in percentage points with its sign: `+2.4 pp`."""
    sign = "+" if ratio > 0 else ""
    return f"{sign}{number((ratio * 100), locale, places=1)} pp"


def duration(minutes: int, locale: str, *, decimal: bool = False, dash: bool = False) -> str:
    """`7:30`, or `7.50` for those who count so."""
    if not minutes and dash:
        return DASH
    if decimal:
        return number(hours(minutes), locale, places=2)
    whole, rest = clock(minutes).split(":")
    return f"{MINUS if minutes < 0 else ''}{number(int(whole.strip(MINUS)), locale)}:{rest}"


DAY_FORMATS = ("", "day_month", "month_day", "iso")
_DAY_PATTERNS = {"day_month": "d MMM y", "month_day": "MMM d, y", "iso": "y-MM-dd"}


def day(value: date, locale: str, *, style: str = "medium", form: str = "") -> str:
    """`6 May 2026` (medium), `Wed 6 May` (weekday), `6 May` (short), `May 2026` (month), or long.

    `form` is the user's own order of a whole day: one of DAY_FORMATS, empty for that of the locale.
    """
    where = locale_of(locale)
    if style == "medium" and form in _DAY_PATTERNS:
        return format_date(value, format=_DAY_PATTERNS[form], locale=where)
    if style == "long":
        return format_date(value, format="full", locale=where)
    return format_skeleton(_DAY_SKELETONS[style], value, locale=where)


def moment(value: datetime, locale: str, zone: ZoneInfo, *, form: str = "") -> str:
    """A time of day with its date, to the minute, in the viewer's zone."""
    local = value.astimezone(zone)
    return f"{day(local.date(), locale, form=form)}, {format_time(local, format='short', locale=locale_of(locale))}"


_AMOUNT = re.compile(r"\b(?P<code>[A-Z]{3})[ \xa0](?P<amount>-?\d+(?:\.\d+)?)\b(?![.,]?\d)")
_DAY = re.compile(r"(?<![\w-])(?P<day>\d{4}-\d{2}-\d{2})(?![\w-])")


def spoken(text: str, locale: str) -> str:
    """The sentence with amounts and days in it as the reader writes them. Rules are pure and know no reader."""

    def amount(found: re.Match[str]) -> str:
        if found["code"] not in CODES:
            return found[0]
        return money(Money(Decimal(found["amount"]), found["code"]), locale)

    def on(found: re.Match[str]) -> str:
        try:
            return day(date.fromisoformat(found["day"]), locale)
        except ValueError:
            return found[0]

    return _DAY.sub(on, _AMOUNT.sub(amount, text))


def _grouped(pattern: str, locale: str) -> str:
    """The pattern with the locale's own grouping (Hindi groups by two after three)."""
    grouping = locale_of(locale).decimal_formats[None].grouping
    return pattern.replace("#,##0", "#,##,##0") if grouping == (3, 2) else pattern
