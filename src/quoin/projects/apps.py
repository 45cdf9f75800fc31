"""Django app of projects: its place in the sidebar, tabs and palette."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from typing_extensions import override


class ProjectsConfig(AppConfig):
    name = "quoin.projects"

    @override
    def ready(self) -> None:
        # Models load only now.
        from quoin.base.db.faults import explain
        from quoin.base.ui import nav, palette, tabs
        from quoin.clients.queries import reach_through
        from quoin.projects.queries import (
            VIEW,
            client_ids,
            plan_figures,  # noqa: F401  # declares figures
        )
        from quoin.projects.queries.gates import VIEW_GATES
        from quoin.projects.queries.plan import VIEW_PLAN
        from quoin.projects.queries.search import project_hits, task_hits
        from quoin.projects.queries.templates import VIEW_TEMPLATES

        nav.add(
            nav.Entry("projects", "work", _("Projects"), "projects:projects", "project", VIEW, 10, go="p", also="/p/")
        )
        nav.add_create(nav.Create("p", _("Project"), "projects:new", "projects.project.create"))
        tabs.add("project", "overview", _("Overview"), "projects:project", VIEW, 10)
        tabs.add("project", "plan", _("Plan"), "projects:plan", VIEW_PLAN, 15)
        tabs.add("project", "tasks", _("Tasks"), "projects:tasks", VIEW, 20)
        tabs.add("project", "gates", _("Gates"), "projects:gates", VIEW_GATES, 25)
        nav.add(nav.Entry("templates", "work", _("Templates"), "projects:templates", "copy", VIEW_TEMPLATES, 14))
        nav.add(nav.Entry("gates", "work", _("Gates waiting"), "projects:gates_waiting", "milestone", VIEW_GATES, 12))
        reach_through(client_ids)
        palette.add_provider("projects", project_hits, prefix="#")
        palette.add_provider("tasks", task_hits)
        explain(
            "timesheets_timeentry_task_fk",
            "Time is recorded on this task. Close it instead; its time stays where it is.",
        )
