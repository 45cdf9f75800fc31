"""The vocabulary of all screens: `{% load ui %}`.

Templates never write hx- attributes, classes of numbers, icons or badges by hand. The tags stand in `base.ui.tags`.
"""

from django import template

from quoin.base.ui.tags import pieces, shell, values

register = template.Library()
for part in (pieces.register, values.register, shell.register):
    register.tags.update(part.tags)
    register.filters.update(part.filters)
