"""Logs, metrics and traces: one canonical line, a few numbers and one span per unit of work."""
