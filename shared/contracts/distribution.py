"""How a queue can be shared out."""

from enum import StrEnum


class Distribution(StrEnum):
    """How a clinic's queue is shared out."""

    MANUAL = "manual"
    ROUND_ROBIN = "round_robin"
    LEAST_LOADED = "least_loaded"
