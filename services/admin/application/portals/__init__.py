"""Portals and their credentials."""
