"""Routes of billing."""

from django.urls import path

from quoin.billing.web import invoices, rates, receivables, runs, unbilled

app_name = "billing"
urlpatterns = [
    path("rates/tester/which", rates.rate_tester, name="rate_tester"),
    path("billing/rates/<str:pk>/effect", rates.rate_effect, name="rate_effect"),
    path("billing/contracts/<str:pk>/use", rates.contract_use, name="contract_use"),
    path("billing/unbilled", unbilled.unbilled, name="unbilled"),
    path("billing/unbilled/hold", unbilled.hold, name="hold"),
    path("billing/unbilled/write-off", unbilled.write_off, name="write_off"),
    path("billing/unbilled/<str:client>", unbilled.unbilled_lines, name="unbilled_client"),
    path("billing/unbilled/<str:client>/<str:contract>", unbilled.unbilled_lines, name="unbilled_contract"),
    path("billing/contracts/<str:contract>/bill", unbilled.bill_now, name="bill_now"),
    path("billing/runs", runs.runs, name="runs"),
    path("billing/runs/build", runs.build, name="build"),
    path("billing/runs/<str:pk>", runs.run, name="run"),
    path("billing/runs/<str:pk>/step", runs.step, name="step"),
    path("billing/runs/<str:pk>/issue", runs.issue, name="issue_run"),
    path("billing/runs/<str:pk>/discard", runs.discard, name="discard_run"),
    path("invoices", invoices.invoices, name="invoices"),
    path("invoices/new", invoices.new_invoice, name="new_invoice"),
    path("invoices/lines/<str:line>", invoices.line_entries, name="line"),
    path("invoices/lines/<str:line>/remove", invoices.remove_line, name="remove_line"),
    path("invoices/<str:pk>", invoices.invoice, name="invoice"),
    path("invoices/<str:pk>/pdf", invoices.download, {"kind": "pdf"}, name="pdf"),
    path("invoices/<str:pk>/ubl", invoices.download, {"kind": "ubl"}, name="ubl"),
    path("invoices/<str:pk>/cii", invoices.download, {"kind": "cii"}, name="cii"),
    path("invoices/<str:pk>/lines", invoices.add_line, name="add_line"),
    path("invoices/<str:pk>/issue", invoices.issue, name="issue"),
    path("invoices/<str:pk>/discard", invoices.discard, name="discard"),
    path("invoices/<str:pk>/credit", invoices.credit, name="credit"),
    path("invoices/<str:pk>/correct", invoices.correct, name="correct"),
    path("invoices/<str:pk>/send", invoices.send, name="send"),
    path("invoices/<str:pk>/pay", receivables.pay, name="pay"),
    path("invoices/<str:pk>/links", invoices.make_link, name="make_link"),
    path("invoices/<str:pk>/links/<str:link>/revoke", invoices.revoke_link, name="revoke_link"),
    path("receivables", receivables.receivables, name="receivables"),
    path("receivables/import", receivables.import_file, name="import_file"),
    path("receivables/match-exact", receivables.match_exact, name="match_exact"),
    path("receivables/<str:line>/match", receivables.match, name="match"),
    path("receivables/<str:line>/ignore", receivables.ignore, name="ignore"),
    path("clients/<str:pk>/invoices", invoices.client_tab, name="client_tab"),
    path("projects/<str:pk>/invoices", invoices.project_tab, name="project_tab"),
]
