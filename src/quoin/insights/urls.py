"""Addresses of figures, reports, lines and dashboards."""

from __future__ import annotations

from django.urls import path

from quoin.insights.web import figures, places, portfolio, reports

app_name = "insights"
urlpatterns = [
    path("portfolio", portfolio.portfolio, name="dashboard"),
    path("reports", reports.library, name="reports"),
    path("reports/hours-and-revenue", reports.report_hours, name="report_hours"),
    path("reports/utilisation", reports.report_utilisation, name="report_utilisation"),
    path("figures", figures.catalogue, name="figures"),
    path("figures/<str:key>/lines", figures.lines, name="figure_lines"),
    path("lines", places.lines, name="lines"),
    path("p/<str:number>/money", places.project_money_tab, name="project_money"),
    path("p/<str:number>/budget", places.project_budget_tab, name="project_budget"),
    path("p/<str:number>/lines", places.project_lines_tab, name="project_lines"),
    path("clients/<str:pk>/money", places.client_tab, name="client_money"),
]
