"""What routing is told by its environment, beside what all services share."""

from pydantic import Field

from shared.settings import ServiceSettings


class RoutingSettings(ServiceSettings):
    """Knobs of our own."""

    http_port: int = Field(default=8102, ge=1, le=65535)
    round_clinics: int = Field(default=256, ge=1, description="Clinics that one round takes at most")
    round_cases: int = Field(
        default=500, ge=1, le=10_000, description="Cases of one clinic that one round shares out at most"
    )
    round_sweep_seconds: float = Field(
        default=1.0, gt=0, description="How often wants are looked for that nobody woke us for"
    )
    backlog_sweep_seconds: float = Field(
        default=30.0, gt=0, description="How often queues are looked for that no want points to"
    )
    caregiver_capacity: int = Field(
        default=0, ge=0, description="Open cases at which rounds pass a caregiver over; 0: no limit"
    )
    stream_poll_ms: int = Field(default=50, ge=5, description="How often new steps are read for all streams")
    stream_check_seconds: float = Field(
        default=3.0, gt=0, description="How often the rights of all connected people are read again"
    )
    stream_keep_alive_seconds: float = Field(default=20.0, gt=0, description="Longest silence on a stream")
    stream_seconds: float = Field(
        default=300.0, gt=0, description="Then the client must come again, with a new token"
    )
    stream_backlog: int = Field(
        default=20_000, ge=1, description="Steps that a client may have missed; beyond it is told to reload"
    )
