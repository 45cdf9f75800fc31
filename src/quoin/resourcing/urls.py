"""Routes of resourcing."""

from django.urls import path

from quoin.resourcing.web import capacity, feeds, planner, staffing, staffing_repair, views

app_name = "resourcing"
urlpatterns = [
    path("planner", planner.planner, name="planner"),
    path("planner/data", planner.planner_data, name="planner_data"),
    path("planner/change", planner.planner_change, name="planner_change"),
    path("planner/projects", planner.planner_projects, name="planner_projects"),
    path("planner/cell", planner.planner_cell, name="planner_cell"),
    path("planner/column", planner.planner_column, name="planner_column"),
    path("planner/list", planner.planner_list, name="planner_list"),
    path("capacity", capacity.capacity, name="capacity"),
    path("bookings", views.bookings, name="bookings"),
    path("bookings/new", views.new_booking, name="booking_new"),
    path("bookings/<str:pk>", views.booking, name="booking"),
    path("requests", views.requests, name="requests"),
    path("requests/solve", staffing.solve, name="staffing"),
    path("requests/solve/<str:pk>", staffing.run, name="staffing_run"),
    path("requests/solve/<str:pk>/accept", staffing.accept, name="staffing_accept"),
    path("requests/solve/<str:pk>/stop", staffing.stop, name="staffing_stop"),
    path("requests/solve/<str:pk>/<str:request_pk>", staffing.why_not, name="staffing_why_not"),
    path("requests/repair", staffing_repair.repair, name="repair"),
    path("requests/repair/apply", staffing_repair.apply, name="repair_apply"),
    path("requests/<str:pk>", views.request_page, name="request"),
    path("ical/<str:secret>.ics", feeds.feed, name="feed"),
]
