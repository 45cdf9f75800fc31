"""The tokens meet WCAG 2.2 AA in both themes; the ratios are computed here from the stylesheet itself."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import quoin.base.ui

TOKENS = Path(quoin.base.ui.__file__).parent / "assets" / "css" / "tokens.css"
THEMES = ("light", "dark")
MEANINGS = ("neutral", "info", "success", "warning", "danger")
TEXT = 4.5
SHAPE = 3.0


def tokens() -> dict[str, tuple[str, str]]:
    """Name to (light, dark)."""
    css = TOKENS.read_text(encoding="utf-8")
    pairs = re.findall(r"--([a-z0-9-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)", css)
    plain = re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6});", css)
    return {name: (light, dark) for name, light, dark in pairs} | {name: (value, value) for name, value in plain}


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2 definition."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def ratio(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


TEXT_PAIRS = [
    *((text, ground) for text in ("text", "text-2") for ground in ("bg", "surface", "surface-2", "selected")),
    *(("accent", ground) for ground in ("bg", "surface", "surface-2", "selected")),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    *((meaning, f"{meaning}-soft") for meaning in MEANINGS),
    *((f"on-{meaning}", f"{meaning}-solid") for meaning in MEANINGS),
    *(("danger", ground) for ground in ("bg", "surface", "surface-2", "selected")),
    *(("text", f"{meaning}-soft") for meaning in MEANINGS),
    *((f"on-heat-{step}", f"heat-{step}") for step in range(7)),
]
SHAPE_PAIRS = [
    *((line, ground) for line in ("line-strong", "focus") for ground in ("bg", "surface")),
    *((f"chart-{number}", "surface") for number in range(1, 5)),
    *((meaning, "surface") for meaning in MEANINGS),
]


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("text", "ground"), TEXT_PAIRS)
def test_text_is_readable(text: str, ground: str, theme: str) -> None:
    at = THEMES.index(theme)

    assert ratio(tokens()[text][at], tokens()[ground][at]) >= TEXT


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("shape", "ground"), SHAPE_PAIRS)
def test_controls_and_charts_stand_out(shape: str, ground: str, theme: str) -> None:
    at = THEMES.index(theme)

    assert ratio(tokens()[shape][at], tokens()[ground][at]) >= SHAPE


def test_the_formula_gives_the_published_ratios() -> None:
    assert ratio("#000000", "#ffffff") == pytest.approx(21)
    assert ratio("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)
