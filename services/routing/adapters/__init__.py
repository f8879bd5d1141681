"""Routing and its database."""
