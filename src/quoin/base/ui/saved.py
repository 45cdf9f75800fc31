"""Saved views on list pages. The app that keeps them says how they are found and where forms are sent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from quoin.base.ui import nav

if TYPE_CHECKING:
    from quoin.base.actor import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedView:
    """A view as a tab: whose it is, and whether the list opens with it."""

    id: str
    name: str
    query: str
    is_own: bool = True
    is_shared: bool = False
    is_default: bool = False
    position: int = 0
    owner: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewMenu:
    """What the menu of views offers: where to save, and the view that is open, if it is a saved one."""

    save_url: str
    change_url: str
    query: str
    back: str
    current: SavedView | None
    is_changed: bool
    """Whether other filters are shown than the open view keeps."""


Finder = Callable[["Actor", str], Sequence[SavedView]]


@dataclass(frozen=True, slots=True)
class _Keeper:
    find: Finder
    save: str
    change: str
    permission: str


_keepers: list[_Keeper] = []


def provide(find: Finder, *, save: str, change: str, permission: str) -> None:
    """Register the keeper: how the views of a list are found, the names of the addresses of its forms, who may save."""
    _keepers[:] = [_Keeper(find, save, change, permission)]


def views_of(actor: Actor, list_key: str) -> tuple[SavedView, ...]:
    """Own and shared views of the list; none where nobody keeps them or their pages are not mounted."""
    if not _keepers or not nav.address(_keepers[0].change):
        return ()
    return tuple(_keepers[0].find(actor, list_key))


def menu_of(
    actor: Actor, views: Sequence[SavedView], list_key: str, *, query: str, view_id: str, back: str
) -> ViewMenu | None:
    """The menu of the list as it is shown now; None for those who may not save views."""
    may_save = bool(_keepers) and actor.may(_keepers[0].permission) and actor.viewed_by_id is None
    save_url = nav.address(_keepers[0].save, list_key) if may_save else ""
    if not save_url:
        return None
    current = next((view for view in views if view.id == view_id), None)
    return ViewMenu(
        save_url=save_url,
        change_url=nav.address(_keepers[0].change),
        query=query,
        back=back,
        current=current,
        is_changed=current is not None and current.query != query,
    )
