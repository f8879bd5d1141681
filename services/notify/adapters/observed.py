"""Notify's own numbers on `/metrics`."""

from prometheus_client import Counter, Gauge

MAILS = Counter("vardvaxel_mails", "Tries to hand a mail over, by what became of them", ["outcome"])
DUE_MAILS = Gauge("vardvaxel_mails_due", "Mails that are due and not yet sent, counted up to 10,001")
DUE_AGE = Gauge("vardvaxel_mails_due_seconds", "For how long the oldest due mail has been due")
