"""Addresses of integrations."""

from __future__ import annotations

from django.urls import path

from quoin.integrations.web import deliveries, webhooks

app_name = "integrations"
urlpatterns = [
    path("admin/integrations", webhooks.webhooks, name="webhooks"),
    path("admin/integrations/new", webhooks.new, name="webhook_new"),
    path("admin/integrations/deliveries", deliveries.deliveries, name="deliveries"),
    path("admin/integrations/deliveries/resend", deliveries.resend, name="deliveries_resend"),
    path("admin/integrations/deliveries/<str:pk>", deliveries.delivery, name="delivery"),
    path("admin/integrations/<str:pk>", webhooks.webhook, name="webhook"),
    path("admin/integrations/<str:pk>/edit", webhooks.edit, name="webhook_edit"),
    path("admin/integrations/<str:pk>/rotate", webhooks.rotate, name="webhook_rotate"),
    path("admin/integrations/<str:pk>/<str:verb>", webhooks.act, name="webhook_act"),
]
