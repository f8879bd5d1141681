"""The first form of the message tables, as every service's first migration makes it, and what was added since for
several services. Never changed: a later change is a migration in each service."""

MESSAGE_TABLES_V1 = """
CREATE TABLE outbox (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    topic text NOT NULL,
    key bytea NOT NULL,
    headers bytea NOT NULL,
    value bytea NOT NULL,
    written_at timestamptz NOT NULL DEFAULT now()
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000,
        autovacuum_vacuum_insert_threshold = -1, autovacuum_vacuum_cost_delay = 0, autovacuum_analyze_threshold = 5000);

CREATE TABLE outbox_held (
    id bigint PRIMARY KEY,
    topic text NOT NULL,
    key bytea NOT NULL,
    headers bytea NOT NULL,
    value bytea NOT NULL,
    written_at timestamptz NOT NULL,
    reason text NOT NULL,
    held_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE inbox (
    day date NOT NULL,
    message_id uuid NOT NULL,
    source text NOT NULL,
    body_hash bytea NOT NULL,
    PRIMARY KEY (day, message_id, source)
) PARTITION BY RANGE (day);

CREATE TABLE answered (
    actor text NOT NULL,
    idempotency_key text NOT NULL,
    body_hash bytea NOT NULL,
    status smallint NOT NULL,
    answer jsonb NOT NULL,
    answered_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (actor, idempotency_key)
);
CREATE INDEX answered_by_age ON answered (answered_at);

CREATE TABLE parked (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    line text NOT NULL,
    state text NOT NULL CHECK (state IN ('parked', 'waiting', 'dead')),
    topic text NOT NULL,
    partition integer NOT NULL,
    "offset" bigint NOT NULL,
    key bytea,
    headers jsonb NOT NULL,
    value bytea,
    handler text NOT NULL,
    reason text NOT NULL,
    attempts integer NOT NULL,
    release text NOT NULL,
    parked_at timestamptz NOT NULL DEFAULT now(),
    try_at timestamptz NOT NULL,
    give_up_at timestamptz
);
CREATE INDEX parked_lines ON parked (line, id) WHERE state <> 'dead';
CREATE INDEX parked_due ON parked (try_at) WHERE state <> 'dead';

CREATE TABLE heard (
    topic text NOT NULL,
    partition integer NOT NULL,
    heard_at timestamptz NOT NULL,
    read_to_end boolean NOT NULL,
    PRIMARY KEY (topic, partition)
);

CREATE TABLE signing_keys (
    key_id text PRIMARY KEY,
    version bigint NOT NULL,
    public_jwk jsonb NOT NULL,
    revoked boolean NOT NULL
);

-- The application role has no right to change tables: it keeps the inbox in order through this function.
CREATE FUNCTION inbox_upkeep(today date, keep_days integer, ahead_days integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    d date;
    old record;
    dropped integer := 0;
BEGIN
    PERFORM pg_advisory_xact_lock(424242);
    FOR d IN SELECT generate_series(today - keep_days, today + ahead_days, interval '1 day')::date LOOP
        EXECUTE format('CREATE TABLE IF NOT EXISTS inbox_%s PARTITION OF inbox FOR VALUES FROM (%L) TO (%L)',
                       to_char(d, 'YYYYMMDD'), d, d + 1);
    END LOOP;
    FOR old IN SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
               WHERE i.inhparent = 'inbox'::regclass
                 AND c.relname < 'inbox_' || to_char(today - keep_days, 'YYYYMMDD') LOOP
        EXECUTE format('DROP TABLE %I', old.relname);
        dropped := dropped + 1;
    END LOOP;
    RETURN dropped;
END $$;
SELECT inbox_upkeep((now() AT TIME ZONE 'UTC')::date, 31, 7);
"""

UNREADABLE_STATES_V1 = """
CREATE TABLE unreadable_states (
    topic text NOT NULL,
    key bytea NOT NULL,
    "offset" bigint NOT NULL,
    noticed_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (topic, key)
);
"""

PACKED_OUTBOX = """
ALTER TABLE outbox ADD COLUMN count integer NOT NULL DEFAULT 1, ADD COLUMN messages bytea;
UPDATE outbox SET messages = int4send(length(key)) || int4send(length(headers)) || int4send(length(value))
    || key || headers || value;
ALTER TABLE outbox ALTER COLUMN count DROP DEFAULT, ALTER COLUMN messages SET NOT NULL,
    DROP COLUMN key, DROP COLUMN headers, DROP COLUMN value;
-- A row lives for some milliseconds: compressing it costs more than it saves.
ALTER TABLE outbox ALTER COLUMN messages SET STORAGE EXTERNAL;
ALTER TABLE outbox SET (toast.autovacuum_vacuum_scale_factor = 0, toast.autovacuum_vacuum_threshold = 1000,
    toast.autovacuum_vacuum_insert_threshold = -1, toast.autovacuum_vacuum_cost_delay = 0);

ALTER TABLE outbox_held ADD COLUMN position integer NOT NULL DEFAULT 0, DROP CONSTRAINT outbox_held_pkey,
    ADD PRIMARY KEY (id, position);
ALTER TABLE outbox_held ALTER COLUMN position DROP DEFAULT;
"""
