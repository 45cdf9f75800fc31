"""Controls of forms that HTML has no single element for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from typing_extensions import override


class Suggested(forms.TextInput):
    """A field that is typed or chosen from a long list: the browser searches the list while one types."""

    def __init__(self, choices: Callable[[], Iterable[str]], attrs: Mapping[str, Any] | None = None) -> None:
        super().__init__({"autocomplete": "off", "spellcheck": "false", **(attrs or {})})
        self.choices = choices

    @override
    def render(self, name: str, value: Any, attrs: Mapping[str, Any] | None = None, renderer: Any = None) -> SafeString:
        listed = f"{name}-choices"
        control = super().render(name, value, {**(attrs or {}), "list": listed}, renderer)
        options = format_html_join("", '<option value="{}"></option>', ((choice,) for choice in self.choices()))
        return format_html('{}<datalist id="{}">{}</datalist>', control, listed, options)
