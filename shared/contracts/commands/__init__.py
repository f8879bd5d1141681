"""Wishes, one module per receiver."""
