"""`{% load timesheets %}`: texts where markup is not allowed."""

from __future__ import annotations

from datetime import date

from babel.dates import format_date
from django import template

from quoin.base.ui import formats
from quoin.base.ui.context import viewer_of
from quoin.kernel.quantity import clock

register = template.Library()


@register.simple_tag(takes_context=True)
def day_head(context: template.Context, day: date) -> str:
    """`Mon 23`, the head of a column."""
    return format_date(day, "EEE d", locale=formats.locale_of(viewer_of(context).locale))


@register.simple_tag
def duration_text(minutes: int) -> str:
    """`7:30` as plain text, for attributes."""
    return clock(minutes)


@register.filter(name="clock")
def clock_filter(minutes: int) -> str:
    """`{{ minutes|clock }}`, for sentences."""
    return clock(minutes)


@register.simple_tag(takes_context=True)
def weekday_head(context: template.Context, day: date) -> str:
    """`Mon`, the head of a column of a month."""
    return format_date(day, "EEE", locale=formats.locale_of(viewer_of(context).locale))
