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
        from quoin.people.queries.absences import VIEW_ABSENCE
        from quoin.people.queries.calendars import VIEW_CALENDARS
        from quoin.people.queries.search import person_hits
        from quoin.people.queries.skills import VIEW_SKILL

        nav.add(nav.Entry("people", "people", _("People"), "people:people", "people", VIEW, 10))
        nav.add(nav.Entry("absence", "people", _("Absence"), "people:absence_calendar", "absence", VIEW_ABSENCE, 40))
        nav.add(nav.Entry("skills", "people", _("Skills"), "people:skills", "skill", VIEW_SKILL, 50))
        nav.add(nav.Entry("calendars", "people", _("Calendars"), "people:calendars", "calendar", VIEW_CALENDARS, 60))
        tabs.add("person", "overview", _("Overview"), "people:person", VIEW, 10)
        tabs.add("person", "skills", _("Skills and certificates"), "people:person_skills", VIEW_SKILL, 30)
        tabs.add("person", "absence", _("Absence"), "people:person_absence", VIEW_ABSENCE, 50)
        palette.add_provider("people", person_hits, prefix="@")
        privacy.declare("people_person", "Employment and assignment to work", "name", "email", "number")
        privacy.declare("people_person", "Staffing: where somebody works and in which languages", "place", "languages")
        privacy.declare("people_absence", "Leave and sickness, for planning and pay", "kind", "note", "decision_note")
