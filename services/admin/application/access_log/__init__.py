"""The access log: who saw what of whom."""
