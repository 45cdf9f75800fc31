"""Figures: a number is declared once, and always opens the lines that add up to it.

A figure has a key, a label, a definition, a formula, a unit, a permission and either its own lines or
the figures it is made of. Screen, export, API and command line read the same declaration.
"""

from quoin.base.figures.model import Figure, FigureValue, Kind, Line, LineSet, Missing, Parameter, Parameters, Unit
from quoin.base.figures.registry import FIGURES, declare, difference, ratio, total, value_of

__all__ = [
    "FIGURES",
    "Figure",
    "FigureValue",
    "Kind",
    "Line",
    "LineSet",
    "Missing",
    "Parameter",
    "Parameters",
    "Unit",
    "declare",
    "difference",
    "ratio",
    "total",
    "value_of",
]
