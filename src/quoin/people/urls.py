"""Routes of people."""

from django.urls import path

from quoin.people.web import views

app_name = "people"
urlpatterns = [
    path("people", views.people, name="people"),
    path("people/new", views.new, name="new"),
    path("people/<str:pk>", views.person, name="person"),
    path("people/<str:pk>/edit", views.edit, name="edit"),
    path("people/<str:pk>/cost-rate", views.set_cost_rate, name="set_cost_rate"),
    path("people/<str:pk>/hours", views.set_pattern, name="set_pattern"),
]
