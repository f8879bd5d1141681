"""The rival's tables: an inbox, cases and an outbox per hop."""

from shared.contracts.topics import Topic

PRINCIPAL = "rival"
HOPS = (1, 2)
TOPICS = tuple(Topic(f"rival.{n}", "The benchmark's rival.", (PRINCIPAL,), (PRINCIPAL,)) for n in (1, 2, 3))
"""Where hop 1 reads, where it publishes and hop 2 reads, and where hop 2 publishes."""
RELAY_TOPIC = Topic("rival.relay", "The benchmark's rival: its relay alone.", (PRINCIPAL,), (PRINCIPAL,))
GROUP = f"{PRINCIPAL}.hop"

SCHEMA = """
CREATE TABLE inbox (id uuid PRIMARY KEY);
CREATE TABLE cases (
    id uuid PRIMARY KEY,
    clinic_id text NOT NULL,
    case_type text NOT NULL,
    status text NOT NULL DEFAULT 'new',
    body text STORAGE EXTERNAL NOT NULL,
    received_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE outbox (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    topic text NOT NULL,
    key bytea NOT NULL,
    event_id uuid NOT NULL,
    value bytea NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000,
        autovacuum_vacuum_insert_threshold = -1, autovacuum_vacuum_cost_delay = 0);
"""


def database_of(hop: int) -> str:
    """The database and the role of a hop."""
    return f"rival{hop}"
