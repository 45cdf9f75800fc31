"""Addresses of audit, operations and undo."""

from __future__ import annotations

from django.urls import path

from quoin.compliance.web import audit, exports, operations, undo

app_name = "compliance"
urlpatterns = [
    path("admin", operations.operations, name="operations"),
    path("admin/checks", operations.checks, name="checks"),
    path("admin/jobs", operations.jobs, name="jobs"),
    path("admin/jobs/<int:pk>/retry", operations.retry, name="job_retry"),
    path("admin/audit", audit.audit, name="audit"),
    path("admin/audit/export", audit.export, name="audit_export"),
    path("admin/audit/<str:pk>", audit.one, name="audit_action"),
    path("admin/exports", exports.exports, name="exports"),
    path("admin/exports/new", exports.new, name="export_new"),
    path("admin/exports/<str:pk>", exports.one, name="export"),
    path("admin/exports/<str:pk>/file", exports.file, name="export_file"),
    path("admin/exports/<str:pk>/delete", exports.delete, name="export_delete"),
    path("undo/<str:pk>", undo.undo, name="undo"),
    path("changes", undo.recent, name="recent_changes"),
]
