"""Routing: whose each case is, and its authority."""
