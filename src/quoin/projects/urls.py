"""Routes of projects."""

from django.urls import path

from quoin.projects.web import tasks, views

app_name = "projects"
urlpatterns = [
    path("projects", views.projects, name="projects"),
    path("projects/new", views.new, name="new"),
    path("p/<str:number>", views.project, name="project"),
    path("p/<str:number>/tasks", tasks.tasks, name="tasks"),
    path("p/<str:number>/tasks/add", tasks.add_task, name="add_task"),
    path("p/<str:number>/team", views.team, name="team"),
    path("p/<str:number>/team/add", views.add_member, name="add_member"),
    path("p/<str:number>/team/remove", views.remove_member, name="remove_member"),
    path("p/<str:number>/edit", views.edit, name="edit"),
    path("p/<str:number>/step", views.step, name="step"),
    path("tasks/<str:pk>/cell", tasks.task_cell, name="task_cell"),
    path("tasks/<str:pk>/delete", tasks.delete_task, name="delete_task"),
]
