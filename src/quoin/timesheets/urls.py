"""Routes of time and expenses."""

from django.urls import path

from quoin.timesheets.web import entry, timer, week

app_name = "timesheets"
urlpatterns = [
    path("time", week.current_week, name="week_current"),
    path("time/rows", week.row_search, name="row_search"),
    path("time/rows/pin", week.row_pin, name="row_pin"),
    path("time/entries/<uuid:entry_id>", entry.entry, name="entry"),
    path("time/entries/<uuid:entry_id>/split", entry.split, name="entry_split"),
    path("time/timer", timer.pill, name="timer_pill"),
    path("time/timer/menu", timer.menu, name="timer_menu"),
    path("time/timer/start", timer.start, name="timer_start"),
    path("time/timer/stop", timer.stop, name="timer_stop"),
    path("time/timer/continue", timer.resume, name="timer_continue"),
    path("time/<str:week>", week.week, name="week"),
    path("time/<str:week>/state", week.week_state_json, name="week_state"),
    path("time/<str:week>/cells", week.week_cells, name="week_cells"),
    path("time/<str:week>/save", week.week_save, name="week_save"),
    path("time/<str:week>/checks", week.week_checks, name="week_checks"),
    path("time/<str:week>/submit", week.week_submit, name="week_submit"),
    path("time/<str:week>/withdraw", week.week_withdraw, name="week_withdraw"),
    path("time/<str:week>/copy", week.week_copy, name="week_copy"),
]
