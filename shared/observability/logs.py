"""JSON logs on standard output: keys from an allow-list, so that nothing personal can slip in by a new field."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

ALLOWED = frozenset(
    [
        "event",
        "level",
        "timestamp",
        "service",
        "instance",
        "slot",
        "topic",
        "topics",
        "group",
        "partition",
        "offset",
        "lag",
        "handler",
        "reason",
        "error",
        "detail",
        "taken",
        "done",
        "refused",
        "duplicate",
        "ignored",
        "waiting",
        "parked",
        "dead",
        "events",
        "milliseconds",
        "route",
        "method",
        "status",
        "actor_kind",
        "case_id",
        "clinic_id",
        "notification_id",
        "message_id",
        "version",
        "epoch",
        "outcome",
        "count",
        "rows",
        "seconds",
        "point",
        "state",
        "decided",
        "assigned",
        "release",
        "attempts",
        "host",
        "port",
        "url_path",
        "correlation_id",
        "request_id",
        "freed",
        "wait_for",
        "wait_so_far",
        "callable",
        "caused_by",
        "waited_so_far",
        "retry_num",
    ]
)
"""Keys that may stand in a log line. Another key is dropped, and its name told under `dropped`."""


def set_up_logs(service: str, level: str = "INFO") -> None:
    """Called once, by the process' entry point."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _traceback_without_values,
            _only_allowed,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.WriteLoggerFactory(sys.stdout),
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(service=service)
    logging.basicConfig(handlers=[_Forwarder()], level=logging.WARNING, force=True)


def _only_allowed(_: Any, __: str, fields: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    dropped = [key for key in fields if key not in ALLOWED and key != "traceback"]
    for key in dropped:
        del fields[key]
    if dropped:
        fields["dropped"] = dropped
    return fields


def _traceback_without_values(_: Any, __: str, fields: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Files and lines of a traceback, never messages or values: these may hold what somebody wrote."""
    error = fields.pop("exc_info", None)
    if isinstance(error, BaseException):
        places, trace = [], error.__traceback__
        while trace is not None:
            places.append(f"{trace.tb_frame.f_code.co_qualname}:{trace.tb_lineno}")
            trace = trace.tb_next
        fields["traceback"] = [type(error).__name__, *places[-12:]]
    return fields


class _Forwarder(logging.Handler):
    """Lines of libraries, in our form: the logger's name and the level, and the text of warnings."""

    def emit(self, record: logging.LogRecord) -> None:
        structlog.get_logger().warning(
            record.name, detail=record.getMessage()[:300], level=record.levelname.lower()
        )
