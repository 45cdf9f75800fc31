"""The tags of `{% load ui %}` by what they write; `templatetags/ui.py` brings them together."""
