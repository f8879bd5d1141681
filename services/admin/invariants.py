"""What must always be true of admin's data: each statement gives the rows that contradict it."""

INVARIANTS = {
    "each clinic counts its administrators who are neither locked nor there for a time": """
        SELECT c.id, c.administrators, counted.administrators FROM clinics c
        LEFT JOIN (
            SELECT p.clinic_id, count(*) AS administrators
            FROM accounts a, jsonb_each(a.permissions) AS p(clinic_id, roles)
            WHERE a.locked IS NULL AND p.roles ? 'clinic_admin' AND NOT a.last_on ? p.clinic_id
            GROUP BY p.clinic_id
        ) counted ON counted.clinic_id = c.id
        WHERE c.administrators <> coalesce(counted.administrators, 0)
    """,
    "roles are given at clinics that exist": """
        SELECT a.id, p.clinic_id FROM accounts a, jsonb_object_keys(a.permissions) AS p(clinic_id)
        WHERE NOT EXISTS (SELECT FROM clinics c WHERE c.id = p.clinic_id)
    """,
    "no set of roles is empty": """
        SELECT a.id, p.key FROM accounts a, jsonb_each(a.permissions) AS p WHERE jsonb_array_length(p.value) = 0
    """,
    "only permissions have an end": """
        SELECT a.id, p.key FROM accounts a, jsonb_each(a.last_on) AS p WHERE NOT a.permissions ? p.key
    """,
    "clinics switch on case types that exist": """
        SELECT c.id, t.id FROM clinics c, jsonb_array_elements_text(c.case_types) AS t(id)
        WHERE NOT EXISTS (SELECT FROM case_types k WHERE k.id = t.id)
    """,
    "every version of everything is in the history": """
        SELECT 'Clinic', id FROM clinics c
        WHERE version <> (SELECT count(*) FROM history h WHERE h.kind = 'Clinic' AND h.id = c.id)
        UNION ALL SELECT 'Account', id FROM accounts a
        WHERE version <> (SELECT count(*) FROM history h WHERE h.kind = 'Account' AND h.id = a.id)
        UNION ALL SELECT 'Group', id FROM groups g
        WHERE version <> (SELECT count(*) FROM history h WHERE h.kind = 'Group' AND h.id = g.id)
        UNION ALL SELECT 'Portal', id FROM portals p
        WHERE version <> (SELECT count(*) FROM history h WHERE h.kind = 'Portal' AND h.id = p.id)
    """,
    "own keys are public as often as they are private, and revoked alike": """
        SELECT o.key_id FROM own_keys o LEFT JOIN signing_keys s USING (key_id)
        WHERE s.key_id IS NULL OR s.revoked <> (o.revoked_at IS NOT NULL)
    """,
    "samples count their deviations": """
        SELECT id FROM access_samples WHERE deviations <>
            (SELECT count(*) FROM jsonb_array_elements(items) i WHERE i ->> 'verdict' = 'deviation')
    """,
    "reviews of permissions are signed off when everybody is judged, and never by the judged": """
        SELECT id FROM permission_reviews r WHERE EXISTS (
            SELECT FROM jsonb_array_elements(items) i
            WHERE (r.signed_off_at IS NOT NULL AND i ->> 'verdict' IS NULL) OR i ->> 'judged_by' = i ->> 'staff_id')
    """,
    "the access log ends where its chain ends": """
        SELECT c.number, l.number FROM access_chain c
        CROSS JOIN access_beginning b
        LEFT JOIN (SELECT number, hash FROM access_log ORDER BY recorded_on DESC, number DESC LIMIT 1) l ON true
        WHERE c.number IS DISTINCT FROM coalesce(l.number, b.number) OR (l.number IS NOT NULL AND c.hash <> l.hash)
    """,
}
