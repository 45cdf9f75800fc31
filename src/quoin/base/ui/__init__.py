"""Components of the web face: templates, tags, styles, scripts, and the registries that apps add to.

Knows no domain. Screens use `{% load ui %}` and the helpers in `respond` and `lists`; docs/ui.md shows how.
"""
