"""Figures and scenarios on the command line."""

from quoin.insights.cli import figures, scenarios

COMMANDS = [*figures.COMMANDS, *scenarios.COMMANDS]
