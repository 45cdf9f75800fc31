"""Addresses of figures, reports, lines and dashboards."""

from __future__ import annotations

from django.urls import path

from quoin.insights.web import figures

app_name = "insights"
urlpatterns = [
    path("figures", figures.catalogue, name="figures"),
    path("figures/<str:key>/lines", figures.lines, name="figure_lines"),
]
