"""What must always be true of intake's data: each statement finds what breaks the rule, and so must find nothing.

Run live as alarms, and by the chaos tests after each fault. Every row tells a case or message by id alone.
"""

INVARIANTS: dict[str, str] = {
    "a case is answered at most once": """
        SELECT case_id FROM messages WHERE kind = 'answer' GROUP BY case_id HAVING count(*) > 1
    """,
    "an answered case has its answer, and only answered cases have one": """
        SELECT c.id FROM cases c LEFT JOIN messages m ON m.case_id = c.id AND m.kind = 'answer'
        WHERE (c.state IN ('answered', 'closed')) <> (m.id IS NOT NULL)
           OR (m.id IS NOT NULL AND (m.said_by <> c.answered_by OR m.sent_at <> c.answered_at))
    """,
    "every case begins with what the citizen wrote": """
        SELECT c.id FROM cases c LEFT JOIN messages m ON m.case_id = c.id AND m.id = c.id AND m.kind = 'question_form'
        WHERE m.id IS NULL
    """,
    "every message belongs to a case": """
        SELECT m.id FROM messages m LEFT JOIN cases c ON c.id = m.case_id WHERE c.id IS NULL
    """,
    "a withdrawn case was never started": """
        SELECT id FROM cases WHERE state = 'withdrawn' AND started_epoch > 0
    """,
    "only a waiting case has a reply-by date": """
        SELECT id FROM cases WHERE (state = 'waiting') <> (reply_by IS NOT NULL)
    """,
    "as many replies as questions that no longer wait": """
        SELECT c.id FROM cases c JOIN messages m ON m.case_id = c.id
        WHERE m.kind IN ('citizen_reply', 'counter_question')
        GROUP BY c.id, c.state
        HAVING count(*) FILTER (WHERE m.kind = 'citizen_reply') > count(*) FILTER (WHERE m.kind = 'counter_question')
            OR (c.state = 'waiting' AND count(*) FILTER (WHERE m.kind = 'citizen_reply')
                                      = count(*) FILTER (WHERE m.kind = 'counter_question'))
    """,
    "the version counts at least every message, reading, start, closing and withdrawal": """
        SELECT c.id FROM cases c JOIN messages m ON m.case_id = c.id
        GROUP BY c.id
        HAVING c.version < count(*) + count(m.read_at) + (c.started_epoch > 0)::int
                           + (c.state IN ('closed', 'withdrawn'))::int
            OR c.said_version > c.version
    """,
    "nobody holds a case before an assignment": """
        SELECT id FROM cases WHERE (holder <> '' AND epoch = 0) OR (routing_version = 0 AND holder <> '')
    """,
    "only what citizens can read is marked as read": """
        SELECT id FROM messages WHERE read_at IS NOT NULL AND kind NOT IN ('counter_question', 'answer')
    """,
}
