"""The numbers that every service shows on `/metrics`."""

from prometheus_client import Counter, Gauge, Histogram

MESSAGES = Counter("vardvaxel_messages", "Messages by what became of them", ["outcome"])
"""Each message comes to done, refused, duplicate, ignored or dead once; before that it may have been set aside, waiting
or parked. So what was taken is the sum of these five and of what `vardvaxel_parked_messages` tells to be set aside."""
BATCH_SECONDS = Histogram(
    "vardvaxel_batch_seconds",
    "Time for one batch, commit included",
    buckets=(0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 2),
)
LAG_MESSAGES = Gauge("vardvaxel_lag_messages", "Records behind the end of the partition", ["topic"])
LAG_SECONDS = Gauge(
    "vardvaxel_lag_seconds", "Age of the newest record that was taken, when it was taken", ["topic"]
)
OUTBOX_DEPTH = Gauge("vardvaxel_outbox_rows", "Messages that wait for the relay")
OUTBOX_AGE = Gauge("vardvaxel_outbox_oldest_seconds", "Age of the oldest row that waits for the relay")
OUTBOX_HELD = Counter(
    "vardvaxel_outbox_held", "Messages that the broker refused, and those that wait behind them"
)
RELAYED = Counter("vardvaxel_relayed", "Messages that the broker has")
RELAY_LEADS = Gauge("vardvaxel_relay_leads", "1 where this process' relay leads")
PARKED = Gauge("vardvaxel_parked_messages", "Messages that are kept aside", ["state"])
INVARIANTS_BROKEN = Gauge("vardvaxel_invariants_broken", "Rules about our data that something breaks")
DIRECTORY_AGE = Gauge(
    "vardvaxel_directory_age_seconds", "Time since the directory was last heard, oldest partition"
)
DENIED_ENTITIES = Gauge(
    "vardvaxel_denied_entities",
    "Entities of the directory that are denied: nobody can read their newest state",
)
HTTP_SECONDS = Histogram(
    "vardvaxel_http_seconds",
    "Time for one request",
    ["route", "status"],
    buckets=(0.005, 0.01, 0.05, 0.1, 0.5, 2),
)
