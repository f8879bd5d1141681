"""What is made from the contracts is as new as they are, is made without a connection, and leaves nothing out."""

import re
import subprocess
import sys

import yaml

from shared.contracts import generate
from shared.contracts.catalogue import BY_TYPE
from shared.contracts.service_parts import exists
from shared.contracts.topics import SERVICES
from shared.contracts.traffic import TOPICS, readers_of, types_on, words_for
from tests.architecture.tree import ROOT

EVENTS = (ROOT / "docs" / "events.md").read_text()
WITHOUT_A_CONNECTION = """
import sys
def refuse(event, arguments):
    if event in ("socket.connect", "socket.bind", "socket.getaddrinfo", "subprocess.Popen"):
        raise AssertionError(f"{event} {arguments}")
sys.addaudithook(refuse)
from shared.contracts.generate import files
print(len(files()))
"""


def test_what_is_generated_is_fresh() -> None:
    assert generate.stale(generate.files()) == [], f"run `{generate.COMMAND}`"


def test_documents_are_made_without_a_connection() -> None:
    told = subprocess.run(
        [sys.executable, "-W", "error", "-c", WITHOUT_A_CONNECTION], cwd=ROOT, capture_output=True, text=True
    )

    assert told.returncode == 0, told.stderr
    assert int(told.stdout) > len(BY_TYPE)


def test_every_service_that_exists_has_its_openapi() -> None:
    written = {path.stem for path in (ROOT / "docs" / "openapi").glob("*.json")}

    assert written == {service for service in SERVICES if exists(service)}


def test_the_page_of_messages_names_every_topic_with_its_readers_and_types() -> None:
    for topic in TOPICS.values():
        row = next(line for line in EVENTS.splitlines() if line.startswith(f"| `{topic.name}` |"))
        writers, readers = row.split(" | ")[1:3]
        assert writers == ", ".join(map(words_for, topic.writers))
        assert readers == ", ".join(map(words_for, topic.readers))
        assert re.findall(r"\[(\w+)\]", row) == [message.__name__ for message in types_on(topic)]


def test_the_page_of_messages_names_every_type_its_key_and_who_reads_it() -> None:
    for type_, message in BY_TYPE.items():
        row = next(line for line in EVENTS.splitlines() if f"| `{type_}` |" in line)
        assert row.startswith(f"| [{message.__name__}](#{message.__name__.lower()}) |")
        for reader in readers_of(message):
            assert words_for(reader) in row.split(" | ")[4]
        assert f"### {message.__name__}\n" in EVENTS


def test_the_asyncapi_document_on_disk_is_yaml_with_every_type() -> None:
    document = yaml.safe_load((ROOT / "docs" / "asyncapi.yaml").read_text())

    assert {message["name"] for message in document["components"]["messages"].values()} >= set(BY_TYPE)
