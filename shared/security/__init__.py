"""Who is asking: short-lived signed tokens, the keys that they are verified with, and sealing."""
