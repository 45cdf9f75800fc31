"""Routes of people."""

from django.urls import path

from quoin.people.web import absence_calendar, away, matrix, tabs, views

app_name = "people"
urlpatterns = [
    path("people", views.people, name="people"),
    path("people/new", views.new, name="new"),
    path("people/<str:pk>", views.person, name="person"),
    path("people/<str:pk>/edit", views.edit, name="edit"),
    path("people/<str:pk>/cost-rate", views.set_cost_rate, name="set_cost_rate"),
    path("people/<str:pk>/hours", views.set_pattern, name="set_pattern"),
    path("absence", away.absence_list, name="absences"),
    path("absence/calendar", absence_calendar.absence_calendar, name="absence_calendar"),
    path("absence/new", away.new_absence, name="absence_new"),
    path("absence/<str:pk>", away.absence, name="absence"),
    path("absence/<str:pk>/approve", away.approve, name="absence_approve"),
    path("absence/<str:pk>/refuse", away.refuse, name="absence_refuse"),
    path("people/<str:pk>/absence", tabs.person_absence, name="person_absence"),
    path("people/<str:pk>/skills", tabs.person_skills, name="person_skills"),
    path("skills", matrix.matrix, name="skills"),
    path("skills/catalogue", away.skill_list, name="skill_catalogue"),
    path("skills/<str:pk>/people", matrix.skill_people, name="skill_people"),
    path("skills/<str:pk>/confirm", matrix.confirm_all, name="skills_confirm"),
    path("skills/<str:pk>/<str:skill>", matrix.skill_cell, name="skill_cell"),
    path("certificates", away.certificate_list, name="certificates"),
    path("calendars", away.calendar_list, name="calendars"),
    path("calendars/<str:pk>", away.calendar, name="calendar"),
]
