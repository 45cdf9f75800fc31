"""Routes of resourcing."""

from django.urls import path

from quoin.resourcing.web import feeds, staffing, staffing_repair, views

app_name = "resourcing"
urlpatterns = [
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
