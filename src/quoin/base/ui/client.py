"""What the scripts in the browser need to know: texts in the viewer's language, key sequences, addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.html import json_script
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from quoin.base.ui import nav
from quoin.base.ui.counting import Text, counted

if TYPE_CHECKING:
    from django.http import HttpRequest


def client_config(request: HttpRequest | None) -> SafeString:
    """A JSON data block; the policy forbids inline code, data is none."""
    return json_script({"texts": _texts(), "go": _go(request), "create": _create(request)}, "ui-config")


def _go(request: HttpRequest | None) -> list[dict[str, str]]:
    actor: Any = getattr(request, "actor", None)
    if actor is None:
        return []
    links = [link for group in nav.groups(actor, "") for link in group.links if link.entry.go]
    return [{"key": link.entry.go, "label": str(link.entry.label), "url": link.url} for link in links]


def _create(request: HttpRequest | None) -> list[dict[str, str]]:
    actor: Any = getattr(request, "actor", None)
    if actor is None:
        return []
    return [{"key": create.key, "label": str(create.label), "url": url} for create, url in nav.creates(actor)]


def _texts() -> dict[str, Text]:
    return {
        "undo": _("Undo"),
        "undone": _("Undone"),
        "undo_failed": _("This could not be undone. It may have been changed since."),
        "close": _("Close"),
        "saving": _("Saving"),
        "saved": _("Saved"),
        "not_saved": _("Not saved"),
        "offline": _("You are offline. What you type is kept and sent when the connection is back."),
        "online": _("You are online again."),
        "failed": _("The server did not answer. Nothing was changed. Try again."),
        "forbidden": _("You may not do this."),
        "reference": _("Reference"),
        "results": counted(lambda n: ngettext("%(count)s result", "%(count)s results", n)),
        "no_results": _("Nothing found"),
        "recent": _("Recent"),
        "selected": _("%(count)s selected"),
        "leave": _("This page has changes that are not saved."),
        "keep_theirs": _("Keep theirs"),
        "use_mine": _("Use mine"),
        "stale": _("Somebody changed this meanwhile"),
        "type_count": _("Type %(count)s to confirm"),
        "cancel": _("Cancel"),
        "confirm": _("Confirm"),
        "copied": _("Link copied"),
        "changes": _("Recent changes"),
        "no_changes": _("You have changed nothing on this page yet."),
        "shortcuts": _("Keyboard shortcuts"),
        "shortcuts_off": _("Keyboard shortcuts are off"),
        "shortcuts_on": _("Keyboard shortcuts are on"),
        "go_to": _("Go to"),
        "create": _("Create"),
        "on_this_page": _("On this page"),
        "key_palette": _("Search and commands"),
        "key_help": _("Shortcuts"),
        "key_search": _("Search this list"),
        "key_move": _("Next and previous row"),
        "key_select": _("Select the row"),
        "key_range": _("Select up to the row"),
        "key_peek": _("Peek"),
        "key_open": pgettext("verb", "Open"),
        "key_edit": _("Edit"),
        "key_undo": _("Undo the last change"),
        "key_changes": _("Recent changes"),
        "key_history": _("History"),
        "key_link": _("Copy link"),
        "key_filter": _("Add a filter"),
        "key_views": _("Views"),
        "key_actions": _("Actions of the focused thing"),
        "key_sidebar": _("Sidebar"),
        "key_view_number": _("Saved view 1 to 9"),
        "theme_light": _("Light theme"),
        "theme_dark": _("Dark theme"),
        "theme_system": _("Theme of the system"),
        "density_compact": _("Compact rows"),
        "density_default": _("Default rows"),
        "density_comfortable": _("Comfortable rows"),
    }
