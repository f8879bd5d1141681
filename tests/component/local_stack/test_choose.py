"""Addresses in the environment come first, then an engine that answers, then processes of this machine."""

import socket
import threading
from pathlib import Path

import pytest

from deploy.local.choose import chosen_infrastructure, docker_answers
from deploy.local.kafka import LocalKafka
from deploy.local.postgres import LocalPostgres
from shared.testing.infrastructure import a_stack_folder


def test_given_addresses_are_used(
    kafka: LocalKafka, postgres: LocalPostgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in kafka.login().environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("VARDVAXEL_POSTGRES_ADMIN_URL", postgres.admin_url)
    (tmp_path / "passwords.json").write_bytes((kafka.home.directory / "passwords.json").read_bytes())
    with chosen_infrastructure(tmp_path) as chosen:
        assert chosen.kafka == kafka.login()
        assert chosen.databases.admin_url == postgres.admin_url
        assert chosen.local_kafka is None
        assert chosen.local_postgres is None
    assert kafka.answers()
    assert postgres.answers()


def test_whoever_kills_servers_has_their_own_whatever_the_environment_names(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("VARDVAXEL_KAFKA_SERVERS", "elsewhere.example:9092")
    monkeypatch.setenv("VARDVAXEL_POSTGRES_ADMIN_URL", "postgresql://elsewhere.example/postgres")
    with a_stack_folder() as folder, chosen_infrastructure(folder, own_processes=True) as chosen:
        assert chosen.local_kafka is not None
        assert chosen.local_postgres is not None
        assert chosen.local_kafka.answers()
        assert chosen.local_postgres.answers()
        assert "elsewhere" not in f"{chosen.kafka.servers} {chosen.databases.admin_url}"


def test_an_engine_counts_only_if_it_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    address = tmp_path / "engine.sock"
    monkeypatch.setenv("DOCKER_HOST", f"unix://{address}")
    assert not docker_answers()
    with socket.socket(socket.AF_UNIX) as engine:
        engine.bind(str(address))
        engine.listen()

        def answer_once() -> None:
            connection, _ = engine.accept()
            with connection:
                connection.recv(100)
                connection.sendall(b"HTTP/1.0 200 OK\r\n\r\nOK")

        answering = threading.Thread(target=answer_once)
        answering.start()
        assert docker_answers()
        answering.join()
