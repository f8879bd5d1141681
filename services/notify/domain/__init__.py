"""Notifications: who is told that something waits, and what became of each mail. Pure."""
