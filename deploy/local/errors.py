"""What goes wrong with the local stack.

LocalStackError
    NotReady        something was started and did not become ready in time
"""


class LocalStackError(Exception):
    """The local stack can't do what was asked; the message says in one sentence what to do."""


class NotReady(LocalStackError):
    """Something was started and did not become ready in time; the message ends with its log."""
