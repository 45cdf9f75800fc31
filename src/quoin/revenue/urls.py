"""Routes of recognised revenue."""

from django.urls import path

from quoin.revenue.web import views

app_name = "revenue"
urlpatterns = [
    path("revenue", views.plan, name="plan"),
    path("revenue/recognise", views.recognise, name="recognise"),
    path("contracts/<str:pk>/revenue", views.contract, name="contract"),
]
