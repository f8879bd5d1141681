"""Notify: e-mail to staff, never with patient data."""
