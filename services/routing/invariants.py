"""What must always be true of routing's data. Each query gives the rows that break it: none.

They run live as alarms, and after each fault of the chaos tests as the oracle. Each looks at committed data only, so it
may run at any time.
"""

INVARIANTS: dict[str, str] = {
    "the holder is empty exactly when nobody is responsible": """
        SELECT case_id, status, holder FROM cases
        WHERE (holder IS NULL) <> (status IN ('queued', 'done', 'ended'))
    """,
    "versions run from 1 without gaps, and the case has the last": """
        SELECT c.case_id, c.version, count(h.version), max(h.version)
        FROM cases c LEFT JOIN history h USING (case_id) GROUP BY c.case_id, c.version
        HAVING c.version <> count(h.version) OR c.version IS DISTINCT FROM max(h.version) OR min(h.version) <> 1
    """,
    "no history without its case": """
        SELECT DISTINCT h.case_id FROM history h LEFT JOIN cases c USING (case_id) WHERE c.case_id IS NULL
    """,
    "assignments of a case never overlap": """
        SELECT case_id, version, act FROM (
            SELECT *, lag(holder) OVER w AS before, lag(act) OVER w AS former_act
            FROM history WINDOW w AS (PARTITION BY case_id ORDER BY version)
        ) h
        WHERE (act = 'assigned' AND before IS NOT NULL)
           OR (act IN ('reassigned', 'returned') AND (before IS NULL OR before IS DISTINCT FROM former_holder))
           OR (act = 'ended' AND before IS DISTINCT FROM former_holder)
           OR (act IN ('assigned', 'reassigned')) <> (holder IS NOT NULL)
           OR former_act = 'ended'
    """,
    "each assignment has the next epoch": """
        SELECT case_id, version, epoch FROM (
            SELECT *, coalesce(lag(epoch) OVER (PARTITION BY case_id ORDER BY version), 0) AS before FROM history
        ) h
        WHERE epoch <> before + (act IN ('assigned', 'reassigned'))::int
    """,
    "the case is what its history says": """
        SELECT c.case_id FROM cases c JOIN history h ON h.case_id = c.case_id AND h.version = c.version
        WHERE c.holder IS DISTINCT FROM h.holder OR c.epoch <> h.epoch OR c.clinic_id <> h.clinic_id
           OR (c.status = 'queued') <> (h.act IN ('queued', 'returned'))
           OR (c.status IN ('done', 'ended')) <> (h.act = 'ended')
    """,
    "the queue holds exactly the queued cases, once": """
        SELECT coalesce(c.case_id, q.case_id)
        FROM (SELECT * FROM cases WHERE status = 'queued') c FULL JOIN queue q
          ON q.case_id = c.case_id AND q.clinic_id = c.clinic_id AND q.queued_at = c.received_at
         AND q.version = c.version AND q.epoch = c.epoch
        WHERE c.case_id IS NULL OR q.case_id IS NULL
    """,
    "what is held is exactly what has a holder, once": """
        SELECT coalesce(c.case_id, h.case_id)
        FROM (SELECT * FROM cases WHERE holder IS NOT NULL) c FULL JOIN held h
          ON h.case_id = c.case_id AND h.holder = c.holder AND h.since = c.changed_at AND h.clinic_id = c.clinic_id
        WHERE c.case_id IS NULL OR h.case_id IS NULL
    """,
    "each load is the number of cases held": """
        SELECT m.clinic_id, m.staff_id, m.load, count(h.case_id)
        FROM members m LEFT JOIN held h ON h.clinic_id = m.clinic_id AND h.holder = m.staff_id
        GROUP BY m.clinic_id, m.staff_id, m.load HAVING m.load <> count(h.case_id)
    """,
    "members are what the accounts say": """
        SELECT s.staff_id, r.key FROM staff s CROSS JOIN jsonb_each(s.roles) r
        LEFT JOIN members m ON m.staff_id = s.staff_id AND m.clinic_id = r.key
        WHERE m.staff_id IS NULL OR m.caregiver <> (r.value ? 'caregiver') OR m.receiver <> (r.value ? 'receiver')
           OR m.locked <> (s.locked IS NOT NULL) OR m.present <> s.present
        UNION ALL
        SELECT m.staff_id, m.clinic_id FROM members m LEFT JOIN staff s USING (staff_id)
        WHERE s.staff_id IS NULL OR ((m.caregiver OR m.receiver) AND NOT s.roles ? m.clinic_id)
    """,
    "each automatic choice is explained": """
        SELECT h.case_id, h.version FROM history h
        LEFT JOIN rounds r USING (round_id) LEFT JOIN rosters s USING (roster_id)
        WHERE h.act = 'assigned' AND h.by = ''
          AND (s.roster_id IS NULL
               OR s.people -> 0 ->> (r.choices[h.position + 1])::int IS DISTINCT FROM h.holder)
    """,
}
