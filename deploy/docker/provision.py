"""Everything that new containers of Kafka and PostgreSQL need before a service starts. Can be run again.

python -m deploy.docker.provision --passwords FILE --portal ID …

FILE is a JSON object with the password of each principal (`kafka/intake`, `postgres/intake_owner`). The servers are
those in VARDVAXEL_KAFKA_SERVERS, with _USER and _PASSWORD of a super user, and VARDVAXEL_POSTGRES_ADMIN_URL.
"""

import argparse
import asyncio
import os
import sys
from pathlib import Path

from confluent_kafka import KafkaException

from deploy.local.databases import ServiceDatabases
from deploy.local.errors import LocalStackError
from deploy.local.home import Passwords
from deploy.local.kafka_login import KafkaLogin
from deploy.local.progress import say
from deploy.local.provision import provision_region


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m deploy.docker.provision", description=__doc__)
    parser.add_argument("--passwords", type=Path, required=True)
    parser.add_argument(
        "--portal", action="append", default=[], metavar="ID", help="may be given several times"
    )
    chosen = parser.parse_args()
    passwords = Passwords(chosen.passwords)
    try:
        login = KafkaLogin(
            os.environ["VARDVAXEL_KAFKA_SERVERS"],
            os.environ["VARDVAXEL_KAFKA_USER"],
            os.environ["VARDVAXEL_KAFKA_PASSWORD"],
        )
        databases = ServiceDatabases(os.environ["VARDVAXEL_POSTGRES_ADMIN_URL"], passwords)
    except KeyError as missing:
        sys.exit(f"{missing.args[0]} is not set.")
    try:
        provision_region(login, tuple(chosen.portal), passwords)
    except (LocalStackError, KafkaException) as error:
        sys.exit(str(error))
    say("Kafka: topics, users and access rules are as the registry says.")
    asyncio.run(databases.prepare())
    say("PostgreSQL: each service has its database and its two roles.")


if __name__ == "__main__":
    main()
