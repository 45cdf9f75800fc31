"""Routes of rate cards and of kinds of expense."""

from django.urls import path

from quoin.catalog.web import categories, editing, views

app_name = "catalog"
urlpatterns = [
    path("rates", views.cards, name="cards"),
    path("rates/new", views.card_new, name="card_new"),
    path("rates/<str:pk>", views.card, name="card"),
    path("rates/<str:pk>/add", views.rate_new, name="rate_new"),
    path("rates/<str:pk>/version", views.version_new, name="version_new"),
    path("rates/<str:pk>/edit", editing.card_edit, name="card_edit"),
    path("rates/<str:pk>/version/remove", editing.version_remove, name="version_remove"),
    path("expense-categories", categories.categories, name="categories"),
    path("expense-categories/new", categories.category_new, name="category_new"),
    path("expense-categories/<str:pk>", categories.category, name="category"),
]
