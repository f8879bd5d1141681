"""Clinics and their settings."""
