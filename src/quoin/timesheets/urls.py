"""Routes of time and expenses."""

from django.urls import path

from quoin.timesheets.web import day, entry, expenses, my_day, queue, timer, week

app_name = "timesheets"
urlpatterns = [
    path("", my_day.my_day, name="my_day"),
    path("my-day/accept", my_day.accept_today, name="my_day_accept"),
    path("my-day/submit", my_day.submit_as_suggested, name="my_day_submit"),
    path("time", week.current_week, name="week_current"),
    path("time/rows", week.row_search, name="row_search"),
    path("time/rows/pin", week.row_pin, name="row_pin"),
    path("time/new", day.new_entry, name="entry_new"),
    path("time/entries/<uuid:entry_id>", entry.entry, name="entry"),
    path("time/entries/<uuid:entry_id>/split", entry.split, name="entry_split"),
    path("time/timer", timer.pill, name="timer_pill"),
    path("time/timer/menu", timer.menu, name="timer_menu"),
    path("time/timer/start", timer.start, name="timer_start"),
    path("time/timer/stop", timer.stop, name="timer_stop"),
    path("time/timer/continue", timer.resume, name="timer_continue"),
    path("time/day", day.today, name="day_current"),
    path("time/day/<str:day>", day.day, name="day"),
    path("time/<str:week>", week.week, name="week"),
    path("time/<str:week>/state", week.week_state_json, name="week_state"),
    path("time/<str:week>/logged", week.week_logged, name="week_logged"),
    path("time/<str:week>/cells", week.week_cells, name="week_cells"),
    path("time/<str:week>/save", week.week_save, name="week_save"),
    path("time/<str:week>/checks", week.week_checks, name="week_checks"),
    path("time/<str:week>/submit", week.week_submit, name="week_submit"),
    path("time/<str:week>/withdraw", week.week_withdraw, name="week_withdraw"),
    path("time/<str:week>/copy", week.week_copy, name="week_copy"),
    path("time/<str:week>/bookings", week.week_from_bookings, name="week_from_bookings"),
    path("approvals", queue.approvals, name="approvals"),
    path("approvals/decide", queue.decide, name="approvals_decide"),
    path("approvals/clean", queue.approve_clean, name="approvals_clean"),
    path("approvals/<uuid:person_id>/<str:week>", queue.preview, name="approvals_week"),
    path("expenses", expenses.expenses, name="expenses"),
    path("expenses/new", expenses.new_expense, name="expense_new"),
    path("expenses/drop", expenses.drop, name="expense_drop"),
    path("expenses/submit", expenses.submit, name="expenses_submit"),
    path("expenses/<uuid:expense_id>", expenses.expense, name="expense"),
    path("expenses/<uuid:expense_id>/delete", expenses.delete, name="expense_delete"),
    path("expenses/<uuid:expense_id>/split", expenses.split, name="expense_split"),
    path("expenses/<uuid:expense_id>/withdraw", expenses.withdraw, name="expense_withdraw"),
    path("expenses/<uuid:expense_id>/receipt", expenses.receipt, name="expense_receipt"),
]
