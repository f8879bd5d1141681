"""What `rebuild` empties: all that intake has learned from admin. Nothing of it is intake's own."""

FORGET = (
    "UPDATE learned SET mark = gen_random_uuid()",
    "DELETE FROM portals",
    "DELETE FROM clinics",
    "DELETE FROM clinic_pages",
    "DELETE FROM staff",
    "DELETE FROM adaptations",
    "DELETE FROM case_types",
    "DELETE FROM forms",
    "DELETE FROM signing_keys",
)
