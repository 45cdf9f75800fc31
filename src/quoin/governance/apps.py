"""Django app of project governance: its place in the sidebar, tabs and palette."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from typing_extensions import override


class GovernanceConfig(AppConfig):
    name = "quoin.governance"

    @override
    def ready(self) -> None:
        # Models load only now.
        from quoin.base.db.faults import explain
        from quoin.base.ui import nav, palette, tabs
        from quoin.governance.queries import VIEW_CHANGES, VIEW_LESSONS, VIEW_RAID, VIEW_REPORTS
        from quoin.governance.queries.search import hits

        nav.add(nav.Entry("raid", "work", _("Risks and issues"), "governance:raid", "alert", VIEW_RAID, 60))
        nav.add(nav.Entry("changes", "work", _("Change orders"), "governance:changes", "contract", VIEW_CHANGES, 62))
        nav.add(
            nav.Entry("status_reports", "work", _("Status reports"), "governance:reports", "report", VIEW_REPORTS, 64)
        )
        nav.add(nav.Entry("lessons", "work", _("Lessons"), "governance:lessons", "sparkles", VIEW_LESSONS, 66))
        nav.add_create(nav.Create("r", _("Risk or issue"), "governance:raid_new", "governance.raid.create"))
        nav.add_create(nav.Create("o", _("Change order"), "governance:change_new", "governance.change.create"))
        tabs.add("project", "changes", _("Changes"), "governance:project_changes", VIEW_CHANGES, 46)
        tabs.add("project", "raid", _("Risks"), "governance:project_raid", VIEW_RAID, 47)
        tabs.add("project", "reports", _("Reports"), "governance:project_reports", VIEW_REPORTS, 48)
        tabs.add("project", "lessons", _("Lessons"), "governance:project_lessons", VIEW_LESSONS, 49)
        palette.add_provider("governance", hits)

        explain("change_order_applied_once", "A change order is applied once, when the client accepts it.")
        explain("governance_changeline_task_fk", "A change order names this task. Withdraw the change order first.")
        explain("governance_changeline_follows_fk", "A change order names this task. Withdraw the change order first.")
        explain("governance_changeline_precedes_fk", "A change order names this task. Withdraw the change order first.")
        explain("governance_raiditem_task_fk", "A risk names this task. Take the task off the risk first.")
