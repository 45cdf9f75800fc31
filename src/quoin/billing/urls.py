"""Routes of billing."""

from django.urls import path

from quoin.billing.web import rates

app_name = "billing"
urlpatterns = [
    path("rates/tester/which", rates.rate_tester, name="rate_tester"),
    path("billing/rates/<str:pk>/effect", rates.rate_effect, name="rate_effect"),
    path("billing/contracts/<str:pk>/use", rates.contract_use, name="contract_use"),
]
