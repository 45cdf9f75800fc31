"""Routes of the books."""

from django.urls import path

from quoin.ledger.web import revaluation, views

app_name = "ledger"
urlpatterns = [
    path("ledger", views.balance, name="balance"),
    path("ledger/journals", views.journals, name="journals"),
    path("ledger/journals/<str:pk>", views.journal, name="journal"),
    path("ledger/lines", views.lines, name="lines"),
    path("ledger/periods", views.periods, name="periods"),
    path("ledger/periods/<uuid:entity>/<str:month>/close", views.close, name="period_close"),
    path("ledger/periods/<uuid:entity>/<str:month>/reopen", views.reopen, name="period_reopen"),
    path("ledger/periods/<uuid:entity>/<str:month>/revaluation", revaluation.preview, name="revaluation"),
    path("ledger/periods/<uuid:entity>/<str:month>/revalue", revaluation.revalue, name="period_revalue"),
    path("ledger/rates", views.rates, name="rates"),
]
