"""Routes of rate cards."""

from django.urls import path

from quoin.catalog.web import views

app_name = "catalog"
urlpatterns = [
    path("rates", views.cards, name="cards"),
    path("rates/new", views.card_new, name="card_new"),
    path("rates/<str:pk>", views.card, name="card"),
    path("rates/<str:pk>/add", views.rate_new, name="rate_new"),
    path("rates/<str:pk>/version", views.version_new, name="version_new"),
]
