"""What `rebuild` empties: all that routing has learned from admin, and not what members hold, which is its own."""

FORGET = (
    "DELETE FROM clinics",
    "DELETE FROM staff",
    "UPDATE members SET receiver = false, caregiver = false WHERE receiver OR caregiver",
    "DELETE FROM signing_keys",
)
