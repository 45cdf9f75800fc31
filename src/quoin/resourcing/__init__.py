"""Resourcing: who is needed, who is booked, and how much of everybody is left."""
