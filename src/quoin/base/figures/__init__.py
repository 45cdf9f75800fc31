"""Figures: a number is declared once, and always opens the lines that add up to it.

A figure has a key, a label, a definition, a formula, a unit, a permission and either its own lines or
the figures it is made of. Screen, export, API and command line read the same declaration.
"""

from quoin.base.figures.lines import ChainedLines, Grouping, ListLines, QueryLines, add_up, restricted_line, sums_of
from quoin.base.figures.model import (
    Figure,
    FigureValue,
    Group,
    Kind,
    Line,
    LinePage,
    LineSet,
    Missing,
    Parameter,
    Parameters,
    Series,
    Sums,
    Unit,
    every_line,
)
from quoin.base.figures.periods import added_by_month, around, by_days, by_month_or_days, whole_months
from quoin.base.figures.registry import (
    FIGURES,
    alias,
    combined,
    declare,
    difference,
    figure_named,
    lines_of,
    may_ask,
    ratio,
    value_of,
    values_of,
)

__all__ = [
    "FIGURES",
    "ChainedLines",
    "Figure",
    "FigureValue",
    "Group",
    "Grouping",
    "Kind",
    "Line",
    "LinePage",
    "LineSet",
    "ListLines",
    "Missing",
    "Parameter",
    "Parameters",
    "QueryLines",
    "Series",
    "Sums",
    "Unit",
    "add_up",
    "added_by_month",
    "alias",
    "around",
    "by_days",
    "by_month_or_days",
    "combined",
    "declare",
    "difference",
    "every_line",
    "figure_named",
    "lines_of",
    "may_ask",
    "ratio",
    "restricted_line",
    "sums_of",
    "value_of",
    "values_of",
    "whole_months",
]
