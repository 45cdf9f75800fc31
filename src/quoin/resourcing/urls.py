"""Routes of resourcing."""

from django.urls import path

from quoin.resourcing.web import feeds, views

app_name = "resourcing"
urlpatterns = [
    path("bookings", views.bookings, name="bookings"),
    path("bookings/new", views.new_booking, name="booking_new"),
    path("bookings/<str:pk>", views.booking, name="booking"),
    path("requests", views.requests, name="requests"),
    path("requests/<str:pk>", views.request_page, name="request"),
    path("ical/<str:secret>.ics", feeds.feed, name="feed"),
]
