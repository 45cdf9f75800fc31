"""Figures over all apps, dashboards and reports."""
