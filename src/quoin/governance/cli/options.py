"""Options that commands of this app share."""

from __future__ import annotations

import click

OF_PROJECT = click.option("--project", default="", help="Number of the project.")
"""A list may be narrowed to one project."""
IN_PROJECT = click.option("--project", required=True, help="Number of the project.")
"""What is made belongs to a project."""
