"""A portal that knows the guide and nothing else of ours: librdkafka, and the bytes that the guide shows.

Usage: python -I portal_of_another_make.py GUIDE SERVERS PROTOCOL USER PASSWORD TOPIC   prints the partition and offset.
"""

import re
import sys
from pathlib import Path

from confluent_kafka import Producer


def settings_in(guide: str) -> dict[str, str]:
    """The first block of settings."""
    block = re.search(r"```properties\n(.*?)```", guide, re.DOTALL)
    assert block, "the guide shows no settings"
    return dict(line.split("=", 1) for line in block[1].splitlines())


def record_in(guide: str) -> tuple[dict[str, str], list[tuple[str, bytes]], bytes]:
    """Where the record goes, its headers, and its value."""
    block = re.search(r"```text\n(topic: .*?)\n```", guide, re.DOTALL)
    assert block, "the guide shows no record"
    place, headers, value = block[1].split("\n\n", 2)
    return _pairs(place), [(name, text.encode()) for name, text in _pairs(headers).items()], value.encode()


def _pairs(lines: str) -> dict[str, str]:
    return dict(line.split(": ", 1) for line in lines.splitlines())


def main() -> None:
    """Send the record as the guide says, to a topic of the test's."""
    path, servers, protocol, user, password, topic = sys.argv[1:]
    guide = Path(path).read_text()
    place, headers, value = record_in(guide)
    producer = Producer(
        {
            **settings_in(guide),
            "bootstrap.servers": servers,
            "security.protocol": protocol,
            "sasl.username": user,
            "sasl.password": password,
        }
    )
    told: list[str] = []

    def on_delivery(error: object, message: object) -> None:
        told.append(f"{error}" if error else f"{message.partition()} {message.offset()}")  # type: ignore[attr-defined]

    producer.produce(topic, value, place["key"], headers=[*headers], on_delivery=on_delivery)
    producer.flush(30)
    print(*told)


if __name__ == "__main__":
    main()
