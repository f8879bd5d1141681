"""What must always be true of notify's data. Each statement returns no row; one that does tells what is wrong."""

INVARIANTS = {
    "a mail that is not over tells of as many cases as count on it": """
        SELECT n.id, n.state, n.cases, count(c.id) AS counted
        FROM notifications n
        LEFT JOIN (SELECT cases.id, jsonb_array_elements_text(counted_in)::uuid AS mail FROM cases) c ON c.mail = n.id
        WHERE n.state IN ('waiting', 'sending', 'retry', 'suspended') AND n.kind IN ('assigned', 'queued')
        GROUP BY n.id HAVING count(c.id) <> n.cases
    """,
    "a mail that waits tells of something": """
        SELECT id, state FROM notifications WHERE state IN ('waiting', 'retry', 'suspended') AND cases = 0
    """,
    "an assigned case counts on mails to its holder alone": """
        SELECT c.id, n.id AS mail FROM cases c
        CROSS JOIN LATERAL jsonb_array_elements_text(c.counted_in) AS counted(mail)
        JOIN notifications n ON n.id = counted.mail::uuid
        WHERE (c.holder <> '') <> (n.kind = 'assigned') OR (c.holder <> '' AND n.staff_id <> c.holder)
    """,
    "a case that is over counts on no mail": """
        SELECT id FROM cases WHERE ended AND counted_in <> '[]'
    """,
    "nothing is suspended while its address is fine": """
        SELECT n.id FROM notifications n LEFT JOIN staff s ON s.id = n.staff_id
        WHERE n.state = 'suspended' AND s.refused_address = ''
    """,
    "no mail was due for half an hour without a try": """
        SELECT id, state, due_at FROM notifications
        WHERE state IN ('waiting', 'retry', 'sending') AND due_at < now() - interval '30 minutes'
    """,
}
