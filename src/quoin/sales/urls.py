"""Routes of contracts."""

from django.urls import path

from quoin.sales.web import views

app_name = "sales"
urlpatterns = [
    path("contracts", views.contracts, name="contracts"),
    path("contracts/new", views.contract_new, name="contract_new"),
    path("contracts/<str:pk>", views.contract, name="contract"),
    path("contracts/<str:pk>/edit", views.contract_edit, name="contract_edit"),
    path("contracts/<str:pk>/close", views.contract_close, name="contract_close"),
    path("contracts/<str:pk>/milestones", views.milestones, name="milestones"),
    path("contracts/<str:pk>/milestones/<str:milestone>/reach", views.reach, name="reach"),
    path("contracts/<str:pk>/milestones/<str:milestone>/unreach", views.unreach, name="unreach"),
]
