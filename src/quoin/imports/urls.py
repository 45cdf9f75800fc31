"""Routes of imports."""

from django.urls import path

from quoin.imports.web import steps, views

app_name = "imports"
urlpatterns = [
    path("admin/import", views.history, name="history"),
    path("admin/import/new", views.new, name="new"),
    path("admin/import/<str:pk>/columns", steps.columns, name="columns"),
    path("admin/import/<str:pk>/values", steps.values, name="values"),
    path("admin/import/<str:pk>/dry-run", views.plan, name="plan"),
    path("admin/import/<str:pk>/dry-run/again", views.dry_run, name="dry_run"),
    path("admin/import/<str:pk>/apply", views.apply, name="apply"),
    path("admin/import/<str:pk>", views.result, name="result"),
    path("admin/import/<str:pk>/progress", views.progress, name="progress"),
    path("admin/import/<str:pk>/stop", views.stop, name="stop"),
    path("admin/import/<str:pk>/undo", views.undo, name="undo"),
    path("admin/import/<str:pk>/discard", views.discard, name="discard"),
    path("admin/import/<str:pk>/keep-answers", views.save_profile, name="save_profile"),
    path("admin/import/<str:pk>/reconcile", views.reconcile, name="reconcile"),
    path("admin/import/<str:pk>/errors.csv", views.errors, name="errors"),
]
