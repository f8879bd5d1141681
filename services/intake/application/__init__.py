"""Use cases: one decision each, over what is loaded."""
