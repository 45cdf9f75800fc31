"""Routes of projects."""

from django.urls import path

from quoin.projects.web import board, deliverables, exchange, plan, plan_table, tasks, timeline, views

app_name = "projects"
urlpatterns = [
    path("projects", views.projects, name="projects"),
    path("projects/new", views.new, name="new"),
    path("projects/import", exchange.plan_import_new, name="plan_import_new"),
    path("projects/timeline", timeline.timeline, name="timeline"),
    path("projects/timeline/data", timeline.timeline_data, name="timeline_data"),
    path("p/<str:number>", views.project, name="project"),
    path("p/<str:number>/plan", plan.plan, name="plan"),
    path("p/<str:number>/plan/data", plan.plan_data, name="plan_data"),
    path("p/<str:number>/plan/preview", plan.plan_preview, name="plan_preview"),
    path("p/<str:number>/plan/change", plan.plan_change, name="plan_change"),
    path("p/<str:number>/plan/level", plan.plan_level, name="plan_level"),
    path("p/<str:number>/plan/why", plan.plan_why, name="plan_why"),
    path("p/<str:number>/plan/people", plan.plan_people, name="plan_people"),
    path("p/<str:number>/plan/table", plan_table.plan_table, name="plan_table"),
    path("p/<str:number>/plan/csv", plan_table.plan_csv, name="plan_csv"),
    path("p/<str:number>/plan/changes", plan_table.plan_compare, name="plan_compare"),
    path("p/<str:number>/plan/import", exchange.plan_import, name="plan_import"),
    path("p/<str:number>/plan/export/<str:form>", exchange.plan_export, name="plan_export"),
    path("p/<str:number>/plan/settle", plan_table.plan_settle, name="plan_settle"),
    path("p/<str:number>/plan/baselines", plan_table.baseline_take, name="baseline_take"),
    path("p/<str:number>/plan/baselines/<str:pk>/remove", plan_table.baseline_remove, name="baseline_remove"),
    path("p/<str:number>/tasks", tasks.tasks, name="tasks"),
    path("p/<str:number>/tasks/add", tasks.add_task, name="add_task"),
    path("p/<str:number>/board", board.board, name="board"),
    path("p/<str:number>/deliverables", deliverables.deliverables, name="deliverables"),
    path("p/<str:number>/team", views.team, name="team"),
    path("p/<str:number>/team/add", views.add_member, name="add_member"),
    path("p/<str:number>/team/remove", views.remove_member, name="remove_member"),
    path("p/<str:number>/edit", views.edit, name="edit"),
    path("p/<str:number>/step", views.step, name="step"),
    path("tasks/<str:pk>/cell", tasks.task_cell, name="task_cell"),
    path("tasks/<str:pk>/status", board.task_status, name="task_status"),
    path("tasks/<str:pk>/sign", deliverables.sign, name="deliverable_sign"),
    path("tasks/<str:pk>/withdraw", deliverables.withdraw, name="deliverable_withdraw"),
    path("tasks/<str:pk>/delete", tasks.delete_task, name="delete_task"),
]
