"""What the local servers need from the system, and the errors for what is missing."""

import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

JAVA_AT_LEAST = 17


class ServerMissingError(Exception):
    """A server cannot run or does not answer; the text says why and what to do (exit status 3)."""


def java(environ: Mapping[str, str]) -> str:
    """The path of a Java 17 or newer: JAVA_HOME's, else PATH's; ServerMissingError when there is none."""
    home = environ.get("JAVA_HOME")
    found = str(Path(home) / "bin" / "java") if home else shutil.which("java", path=environ.get("PATH"))
    remedy = f"apt-get install openjdk-{JAVA_AT_LEAST}-jre-headless"
    if home and not Path(found or "").is_file():
        raise ServerMissingError(f"JAVA_HOME={home} holds no bin/java: unset it or correct it, or: {remedy}")
    if not found:
        raise ServerMissingError(f"Java {JAVA_AT_LEAST} is missing: {remedy}")
    answer = subprocess.run([found, "-version"], capture_output=True, text=True, check=False)
    version = java_version(answer.stderr + answer.stdout)
    if version is None or version < JAVA_AT_LEAST:
        raise ServerMissingError(f"{found} is not Java {JAVA_AT_LEAST} or newer: {remedy}")
    return found


def java_version(answer: str) -> int | None:
    """The major version in the answer of `java -version` (8 for "1.8.0"); None when there is none in it."""
    found = re.search(r'version "(?:1\.)?(\d+)', answer)
    return int(found.group(1)) if found else None


def maven(environ: Mapping[str, str]) -> str:
    """The path of Maven; ServerMissingError when there is none."""
    found = shutil.which("mvn", path=environ.get("PATH"))
    if not found:
        raise ServerMissingError("Maven is missing: apt-get install maven")
    return found
