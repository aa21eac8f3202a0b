"""What is missing on the system is said in plain words."""

import os
from pathlib import Path

import pytest

from deploy.local.servers import kafka
from deploy.local.servers.requirements import ServerMissingError, java, java_version, maven


def a_java(folder: Path, version: str) -> Path:
    program = folder / "bin" / "java"
    program.parent.mkdir(parents=True)
    program.write_text(f"#!/bin/sh\necho 'openjdk version \"{version}\"' >&2\n")
    program.chmod(0o755)
    return program


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ('openjdk version "17.0.15" 2025-04-15', 17),
        ('java version "1.8.0_402"', 8),
        ('openjdk version "21" 2023-09-19', 21),
        ("command not found", None),
    ],
)
def test_the_version_is_read_from_what_java_says(answer: str, expected: int | None) -> None:
    assert java_version(answer) == expected


def test_no_java_names_the_package(tmp_path: Path) -> None:
    with pytest.raises(
        ServerMissingError, match="Java 17 is missing: apt-get install openjdk-17-jre-headless"
    ):
        java({"PATH": str(tmp_path)})


def test_an_old_java_names_the_package(tmp_path: Path) -> None:
    program = a_java(tmp_path, "11.0.2")
    with pytest.raises(ServerMissingError, match="not Java 17 or newer: apt-get install"):
        java({"PATH": str(program.parent)})


def test_java_home_is_honoured(tmp_path: Path) -> None:
    program = a_java(tmp_path / "home", "21.0.1")
    assert java({"JAVA_HOME": str(tmp_path / "home"), "PATH": ""}) == str(program)


def test_a_java_home_without_java_is_named(tmp_path: Path) -> None:
    with pytest.raises(ServerMissingError, match=f"JAVA_HOME={tmp_path} holds no bin/java"):
        java({"JAVA_HOME": str(tmp_path), "PATH": os.defpath})


def test_no_maven_names_the_package(tmp_path: Path) -> None:
    with pytest.raises(ServerMissingError, match="Maven is missing: apt-get install maven"):
        maven({"PATH": str(tmp_path)})


def test_a_failed_fetch_says_what_maven_said_and_leaves_no_half_set_of_jars(tmp_path: Path) -> None:
    program = tmp_path / "mvn"
    program.write_text("#!/bin/sh\necho 'Could not transfer artifact'\nexit 1\n")
    program.chmod(0o755)
    with pytest.raises(
        ServerMissingError, match="check the network, then again:\nCould not transfer artifact"
    ):
        kafka.fetch_jars(tmp_path / "libs", {"PATH": f"{tmp_path}:{os.defpath}"})
    assert not kafka.jars_are_fetched(tmp_path / "libs")
