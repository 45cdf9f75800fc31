"""Django app of resourcing: its place in the sidebar, tabs and palette."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from typing_extensions import override


class ResourcingConfig(AppConfig):
    name = "quoin.resourcing"

    @override
    def ready(self) -> None:
        # Models load only now.
        from quoin.base.db.faults import explain
        from quoin.base.ui import nav, tabs
        from quoin.kernel.ids import from_public_id
        from quoin.people.queries.skill_gaps import wanted_from
        from quoin.people.queries.within import people_within
        from quoin.projects.queries import VIEW as VIEW_PROJECT
        from quoin.projects.queries.levelling import provide_leveller
        from quoin.projects.queries.load import provide_booked
        from quoin.resourcing.queries import VIEW
        from quoin.resourcing.queries.booked import firm_by_day
        from quoin.resourcing.queries.demands import VIEW_DEMAND
        from quoin.resourcing.queries.leveller import firm_elsewhere
        from quoin.resourcing.queries.skill_demand import wanted_skills
        from quoin.resourcing.rules.plan_order import order_of

        nav.add(nav.Entry("planner", "people", _("Planner"), "resourcing:planner", "planner", VIEW, 15, go="r"))
        nav.add(nav.Entry("capacity", "people", _("Capacity"), "resourcing:capacity", "chart", VIEW, 35))
        nav.add(nav.Entry("bookings", "people", _("Bookings"), "resourcing:bookings", "schedule", VIEW, 20))
        nav.add(nav.Entry("requests", "people", _("Requests"), "resourcing:requests", "request", VIEW_DEMAND, 30))
        tabs.add("project", "team", _("Team"), "resourcing:project_team", VIEW_PROJECT, 30)
        tabs.add(
            "person", "schedule", _("Schedule"), "resourcing:person_schedule", VIEW, 20,
            is_within=lambda actor, given: (
                people_within(actor, VIEW).filter(id=from_public_id("per", str(given["pk"]))).exists()
            ),
        )  # fmt: skip
        provide_booked(firm_by_day)
        wanted_from(wanted_skills)
        provide_leveller(elsewhere=firm_elsewhere, solver=order_of)
        explain(
            "day_load_within_capacity",
            "A day would be booked firmly over its capacity. Book tentatively, take other days or fewer hours,"
            " or have it approved with a reason.",
        )
        explain("absence_once", "Somebody cannot be away twice: there is an absence in these days already.")
