"""Routes of governance."""

from django.urls import path

from quoin.governance.web import change_lines, changes, lessons, raid, raid_cells, reports

app_name = "governance"
urlpatterns = [
    path("raid", raid.entries, name="raid"),
    path("raid/new", raid.new, name="raid_new"),
    path("raid/<str:pk>", raid.entry, name="raid_item"),
    path("raid/<str:pk>/edit", raid.edit, name="raid_edit"),
    path("raid/<str:pk>/cell", raid_cells.cell, name="raid_cell"),
    path("raid/<str:pk>/step", raid.step, name="raid_step"),
    path("raid/<str:pk>/turn", raid.turn, name="raid_turn"),
    path("p/<str:number>/raid", raid.project_tab, name="project_raid"),
    path("change-orders", changes.orders, name="changes"),
    path("change-orders/new", changes.new, name="change_new"),
    path("change-orders/<str:pk>", changes.order, name="change"),
    path("change-orders/<str:pk>/edit", changes.edit, name="change_edit"),
    path("change-orders/<str:pk>/send", changes.send, name="change_send"),
    path("change-orders/<str:pk>/withdraw", changes.withdraw, name="change_withdraw"),
    path("change-orders/<str:pk>/reopen", changes.reopen, name="change_reopen"),
    path("change-orders/<str:pk>/answer", changes.answer, name="change_answer"),
    path("change-orders/<str:pk>/reverse", changes.reverse_order, name="change_reverse"),
    path("change-orders/<str:pk>/file", changes.answer_file, name="change_file"),
    path("change-orders/<str:pk>/lines/<str:line_kind>", change_lines.add, name="line_add"),
    path("change-orders/<str:pk>/line/<str:order_line>/remove", change_lines.remove, name="line_remove"),
    path("p/<str:number>/changes", changes.project_tab, name="project_changes"),
    path("status-reports", reports.reports, name="reports"),
    path("status-reports/<str:pk>", reports.report, name="report"),
    path("status-reports/<str:pk>/pdf", reports.printed, name="report_pdf"),
    path("status-reports/<str:pk>/refresh", reports.refresh, name="report_refresh"),
    path("status-reports/<str:pk>/send", reports.send, name="report_send"),
    path("status-reports/<str:pk>/keep", reports.keep, name="report_keep"),
    path("status-reports/<str:pk>/drop", reports.drop, name="report_drop"),
    path("status-reports/<str:pk>/figures/<str:figure_key>", reports.frozen, name="report_figure"),
    path("p/<str:number>/reports", reports.project_tab, name="project_reports"),
    path("p/<str:number>/reports/new", reports.draft, name="report_new"),
    path("lessons", lessons.lessons, name="lessons"),
    path("lessons/new", lessons.new, name="lesson_new"),
    path("lessons/<str:pk>", lessons.edit, name="lesson"),
    path("lessons/<str:pk>/drop", lessons.drop, name="lesson_drop"),
    path("lessons/<str:pk>/propose", lessons.propose, name="lesson_propose"),
    path("p/<str:number>/lessons", lessons.project_tab, name="project_lessons"),
]
