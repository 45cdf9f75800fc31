"""Addresses of figures, reports, lines and dashboards."""

from __future__ import annotations

from django.urls import path

from quoin.insights.web import budget, figures, person, places, portfolio, reports, scenario_compare, scenarios

app_name = "insights"
urlpatterns = [
    path("portfolio", portfolio.portfolio, name="dashboard"),
    path("reports", reports.library, name="reports"),
    path("reports/hours-and-revenue", reports.report_hours, name="report_hours"),
    path("reports/utilisation", reports.report_utilisation, name="report_utilisation"),
    path("figures", figures.catalogue, name="figures"),
    path("figures/<str:key>/lines", figures.lines, name="figure_lines"),
    path("scenarios", scenarios.scenarios, name="scenarios"),
    path("scenarios/new", scenarios.new, name="scenario_new"),
    path("scenarios/compare", scenario_compare.comparison, name="scenario_compare"),
    path("scenarios/lines", scenario_compare.lines, name="scenario_lines"),
    path("scenarios/put", scenarios.put, name="scenario_put"),
    path("scenarios/start/<str:key>", scenarios.starter, name="scenario_starter"),
    path("scenarios/<str:pk>", scenarios.scenario, name="scenario"),
    path("scenarios/<str:pk>/edit", scenarios.edit, name="scenario_edit"),
    path("scenarios/<str:pk>/apply", scenarios.apply, name="scenario_apply"),
    path("scenarios/<str:pk>/drop", scenarios.drop, name="scenario_drop"),
    path("scenarios/<str:pk>/discard", scenarios.discard, name="scenario_discard"),
    path("scenarios/<str:pk>/comments", scenarios.comment, name="scenario_comment"),
    path("lines", places.lines, name="lines"),
    path("p/<str:number>/money", places.project_money_tab, name="project_money"),
    path("p/<str:number>/budget", budget.project_budget_tab, name="project_budget"),
    path("p/<str:number>/budget/lines", budget.budget_lines, name="budget_lines"),
    path("p/<str:number>/lines", places.project_lines_tab, name="project_lines"),
    path("people/<str:pk>/time", person.person_time, name="person_time"),
    path("people/<str:pk>/rates", person.person_rates, name="person_rates"),
    path("people/<str:pk>/history", person.person_history, name="person_history"),
    path("clients/<str:pk>/money", places.client_tab, name="client_money"),
]
