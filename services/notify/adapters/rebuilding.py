"""What `rebuild` empties: all that notify has learned from admin, and not which address refuses mail: its own word."""

FORGET = (
    "DELETE FROM staff WHERE refused_address = ''",
    # The version stays: by an older state, with an address before that one, the refusal would be forgotten.
    "UPDATE staff SET locked = true",
    "DELETE FROM signing_keys",
)
