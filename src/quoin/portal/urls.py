"""Routes of clients."""

from django.urls import path

from quoin.portal.web import change, invoice

app_name = "portal"
urlpatterns = [
    path("change/<str:secret>", change.change, name="change"),
    path("c/<str:secret>", invoice.invoice, name="invoice"),
    path("c/<str:secret>/pdf", invoice.download, {"kind": "pdf"}, name="pdf"),
    path("c/<str:secret>/ubl", invoice.download, {"kind": "ubl"}, name="ubl"),
    path("c/<str:secret>/cii", invoice.download, {"kind": "cii"}, name="cii"),
]
