"""Figures, budgets and scenarios on the command line."""

from quoin.insights.cli import budget, figures, person, scenarios

# `quoin figures budget` and `person` hang themselves into their group when they are imported.
COMMANDS = [*figures.COMMANDS, *scenarios.COMMANDS]
__all__ = ["COMMANDS", "budget", "person"]
