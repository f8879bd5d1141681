"""Intake: the conversation with the citizen, and its authority."""
