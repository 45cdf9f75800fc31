"""Writes and answers of time and expenses for this app's actions and for other apps'."""
