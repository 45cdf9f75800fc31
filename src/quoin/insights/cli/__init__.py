"""Figures, budgets and scenarios on the command line."""

from quoin.insights.cli import budget, figures, scenarios

# `quoin figures budget` hangs itself into its group when it is imported.
COMMANDS = [*figures.COMMANDS, *scenarios.COMMANDS]
__all__ = ["COMMANDS", "budget"]
