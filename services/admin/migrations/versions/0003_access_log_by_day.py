"""The access log by day, with signed heads, and the samples that reviewers check."""

from alembic import op

from shared.database.migrate import run_script

revision = "0003"
down_revision = "0002"

SCRIPT = """
ALTER TABLE access_log RENAME TO access_log_whole;
ALTER TABLE access_log_whole DROP CONSTRAINT access_log_access_id_key;
ALTER TABLE access_log_whole RENAME CONSTRAINT access_log_pkey TO access_log_whole_pkey;
DROP INDEX access_log_by_clinic;
DROP INDEX access_log_by_citizen;

-- `recorded_on` grows with `number`, so that what is sorted by number is read day by day.
CREATE TABLE access_log (
    recorded_on date NOT NULL,
    number bigint NOT NULL,
    access_id uuid NOT NULL,
    actor_kind text NOT NULL,
    actor_id text NOT NULL,
    clinic_id text NOT NULL,
    citizen_ref text NOT NULL,
    case_id uuid NOT NULL,
    act text NOT NULL,
    accessed_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    hash bytea NOT NULL,
    PRIMARY KEY (recorded_on, number)
) PARTITION BY RANGE (recorded_on);
CREATE INDEX access_log_by_access ON access_log (access_id);
CREATE INDEX access_log_by_clinic ON access_log (clinic_id, number);
CREATE INDEX access_log_by_citizen ON access_log (citizen_ref, number);
CREATE INDEX access_log_by_actor ON access_log (actor_id, number);

ALTER TABLE access_chain ADD COLUMN recorded_on date NOT NULL DEFAULT '1970-01-01';
ALTER TABLE access_chain ALTER COLUMN recorded_on DROP DEFAULT;

-- Where the chain begins: after the last entry of the days that were dropped when their time was over.
CREATE TABLE access_beginning (
    id smallint PRIMARY KEY CHECK (id = 1),
    number bigint NOT NULL,
    hash bytea NOT NULL
);
INSERT INTO access_beginning VALUES (1, 0, decode(repeat('00', 32), 'hex'));

-- What the chain's end was, hour by hour, signed.
CREATE TABLE access_heads (
    number bigint PRIMARY KEY,
    hash bytea NOT NULL,
    signed_at timestamptz NOT NULL,
    token text NOT NULL
);

CREATE TABLE access_draws (
    week text PRIMARY KEY,
    drawn_at timestamptz NOT NULL
);
CREATE TABLE access_samples (
    id text PRIMARY KEY,
    clinic_id text NOT NULL,
    week text NOT NULL,
    items jsonb NOT NULL,
    deviations integer NOT NULL,
    signed_off_by text,
    signed_off_at timestamptz,
    version bigint NOT NULL,
    changed_by text NOT NULL,
    changed_at timestamptz NOT NULL
);
CREATE INDEX access_samples_by_clinic ON access_samples (clinic_id, week);

-- The application role has no right to change tables. It makes coming days and drops those that are kept long enough.
CREATE FUNCTION access_log_upkeep(today date, keep_from date, ahead_days integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    d date;
    old record;
    dropped integer := 0;
    application text := regexp_replace(current_user, '_owner$', '');
BEGIN
    PERFORM pg_advisory_xact_lock(424243);
    -- The law asks for five years (HSLF-FS 2016:40, chapter 4, section 9); nobody drops a day before.
    IF keep_from > (now() AT TIME ZONE 'UTC')::date - interval '5 years' THEN
        RAISE EXCEPTION 'the access log is kept for at least five years';
    END IF;
    FOR d IN SELECT generate_series(today - 1, today + ahead_days, interval '1 day')::date LOOP
        IF to_regclass('access_log_' || to_char(d, 'YYYYMMDD')) IS NULL THEN
            EXECUTE format('CREATE TABLE access_log_%s PARTITION OF access_log FOR VALUES FROM (%L) TO (%L)',
                           to_char(d, 'YYYYMMDD'), d, d + 1);
            IF application <> current_user AND EXISTS (SELECT FROM pg_roles WHERE rolname = application) THEN
                EXECUTE format('REVOKE ALL ON access_log_%s FROM %I', to_char(d, 'YYYYMMDD'), application);
            END IF;
        END IF;
    END LOOP;
    FOR old IN SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
               WHERE i.inhparent = 'access_log'::regclass
                 AND c.relname < 'access_log_' || to_char(keep_from, 'YYYYMMDD') ORDER BY c.relname LOOP
        EXECUTE format('UPDATE access_beginning b SET number = l.number, hash = l.hash FROM '
                       '(SELECT number, hash FROM %I ORDER BY number DESC LIMIT 1) l', old.relname);
        EXECUTE format('DROP TABLE %I', old.relname);
        dropped := dropped + 1;
    END LOOP;
    RETURN dropped;
END $$;

-- From the day before the first entry to a week from now.
SELECT access_log_upkeep(d::date, (now() - interval '10 years')::date, 0)
FROM generate_series((SELECT coalesce(min(recorded_at), now()) FROM access_log_whole) AT TIME ZONE 'UTC',
                     (now() AT TIME ZONE 'UTC')::date + 7, '1 day') d;

-- The days of entries, growing with their numbers also where two clocks disagreed around midnight.
INSERT INTO access_log
SELECT max((recorded_at AT TIME ZONE 'UTC')::date) OVER (ORDER BY number), number, access_id, actor_kind, actor_id,
       clinic_id, citizen_ref, case_id, act, accessed_at, recorded_at, hash
FROM access_log_whole;
UPDATE access_chain SET recorded_on = coalesce((SELECT max(recorded_on) FROM access_log), recorded_on);
DROP TABLE access_log_whole;

DO $$
DECLARE
    application text := regexp_replace(current_user, '_owner$', '');
BEGIN
    IF application <> current_user AND EXISTS (SELECT FROM pg_roles WHERE rolname = application) THEN
        EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON access_log, access_heads, access_draws FROM %I',
                       application);
        EXECUTE format('REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON access_beginning FROM %I', application);
        EXECUTE format('REVOKE DELETE, TRUNCATE ON access_samples FROM %I', application);
    END IF;
END $$;
"""


def upgrade() -> None:
    run_script(op.get_bind(), SCRIPT)
