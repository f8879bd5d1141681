"""Fixtures that several levels share: the real Kafka and PostgreSQL of one test session."""

from collections.abc import Iterator

import hypothesis
import pytest

from deploy.local.choose import Infrastructure
from shared.testing.infrastructure import local_infrastructure

# How long an example takes is the machine's business, which others may be using.
hypothesis.settings.register_profile("patient", deadline=None)
hypothesis.settings.load_profile("patient")


@pytest.fixture(scope="session")
def infrastructure() -> Iterator[Infrastructure]:
    """Started once, with topics and databases of its own for each test that asks."""
    with local_infrastructure() as started:
        yield started
