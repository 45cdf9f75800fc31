"""Routes of clients."""

from django.urls import path

from quoin.clients.web import views

app_name = "clients"
urlpatterns = [
    path("clients", views.clients, name="clients"),
    path("clients/new", views.new, name="new"),
    path("clients/<str:pk>", views.client, name="client"),
    path("clients/<str:pk>/edit", views.edit, name="edit"),
    path("clients/<str:pk>/contacts/new", views.new_contact, name="new_contact"),
    path("clients/<str:pk>/contacts/<str:contact>/edit", views.edit_contact, name="edit_contact"),
    path("clients/<str:pk>/contacts/<str:contact>/delete", views.delete_contact, name="delete_contact"),
]
