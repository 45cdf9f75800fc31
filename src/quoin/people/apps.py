"""Django app of people: its place in the sidebar, tabs and palette."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from typing_extensions import override


class PeopleConfig(AppConfig):
    name = "quoin.people"

    @override
    def ready(self) -> None:
        # Models load only now.
        from quoin.base import privacy
        from quoin.base.ui import nav, palette, tabs
        from quoin.people.queries import VIEW
        from quoin.people.queries.search import person_hits

        nav.add(nav.Entry("people", "people", _("People"), "people:people", "people", VIEW, 10))
        tabs.add("person", "overview", _("Overview"), "people:person", VIEW, 10)
        palette.add_provider("people", person_hits, prefix="@")
        privacy.declare("people_person", "Employment and assignment to work", "name", "email", "number")
