"""The compose file of docs/scale.md: it is one, and what it would start answers, as written but for ports and folders.

There is no Docker here: each service's command runs as a process in the environment that the file gives it, PostgreSQL
and nginx are Debian's, and what the names of services lead to is put in their place.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tomllib
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any, Final
from urllib.request import urlopen

import postgres_cluster
import pytest
import yaml
from clusters import LIMIT, cluster
from deployed import nginx
from documents import DOCUMENTS, ROOT, blocks, commands
from programs import program
from started import port_of, started
from tones import ffmpeg

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DOCUMENT: Final = "docs/scale.md"
FILES: Final = {block.path: block.text for block in blocks(DOCUMENT) if block.path}
PASSWORD: Final = "a password of the index"  # noqa: S105  # of a server that a test starts
SERVICES: Final[dict[str, Any]] = yaml.safe_load(FILES["compose.yaml"])["services"]
PLAYERS: Final = ("player-1", "player-2")


def environment(service: str, **placed: str) -> dict[str, str]:
    """Give the environment of a service, with what stands for its places."""
    given = {name: value for name, value in os.environ.items() if not name.startswith(("PLAYER_", "PG"))}
    own = {
        name: re.sub(r"\$\{INDEX_PASSWORD:\?.*?\}", PASSWORD, value)
        for name, value in SERVICES[service]["environment"].items()
    }
    assert not set(placed) - set(own)
    return {**given, **own, **placed}


def command(service: str, **placed: str) -> list[str]:
    """Give the command of a service, run by this Python."""
    text = SERVICES[service]["command"]
    for old, new in placed.items():
        assert old in text, f"{old} in {text}"
        text = text.replace(old, new)
    return [sys.executable, "-m", *shlex.split(text)]


@pytest.mark.long
def test_docker_compose_accepts_the_file_and_each_service_is_run_here(tmp_path: Path) -> None:
    for name, text in FILES.items():
        (tmp_path / str(name)).write_text(text, encoding="utf-8")
    told = [str(program("docker-compose")), "-f", str(tmp_path / "compose.yaml"), "config"]
    done = subprocess.run(
        told, env={**os.environ, "INDEX_PASSWORD": PASSWORD}, capture_output=True, text=True, check=True, timeout=LIMIT
    )
    assert set(yaml.safe_load(done.stdout)["services"]) == set(SERVICES)
    without = {name: value for name, value in os.environ.items() if name != "INDEX_PASSWORD"}
    done = subprocess.run(told, env=without, capture_output=True, text=True, check=False, timeout=LIMIT)
    assert done.returncode != 0
    assert "write it into .env" in done.stderr
    assert set(SERVICES) == {"index", *PLAYERS, "front", "scheduler", "worker"}


def test_only_the_front_can_be_reached_and_players_only_read() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["front"]
    assert SERVICES["front"]["networks"] == ["front"]
    assert [name for name, service in SERVICES.items() if "front" in service["networks"]] == [*PLAYERS, "front"]
    for name in PLAYERS:
        assert SERVICES[name]["volumes"][0] == "./tapes:/srv/tapes:ro"
    assert len({SERVICES[name]["volumes"][1] for name in PLAYERS}) == len(PLAYERS)


def test_neither_the_password_nor_the_archive_comes_into_the_image() -> None:
    assert "COPY . " in FILES["Dockerfile"], "all that is not ignored"
    every = [volume.partition(":")[0] for service in SERVICES.values() for volume in service.get("volumes", ())]
    here = {each.removeprefix("./") for each in every if each.startswith("./")}
    assert here == {"tapes", "front.conf"}
    assert here | {".env", ".git"} <= set(FILES[".dockerignore"].splitlines())
    there = {each.name for each in ROOT.iterdir()}
    assert {"player", "static", "templates", "pyproject.toml"} <= there - set(FILES[".dockerignore"].splitlines())


def test_the_image_has_what_the_commands_need() -> None:
    (extras,) = re.findall(r"/opt/tape-player\[([a-z,]+)\]", FILES["Dockerfile"])
    known = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    assert {"cluster", "postgres"} <= set(extras.split(",")) <= set(known)
    own = next(iter(SERVICES["worker"]["volumes"][1:])).partition(":")[2]
    assert f"-o tape-player {own}" in FILES["Dockerfile"]
    assert SERVICES["worker"]["environment"]["PLAYER_CACHE"] == own


@contextmanager
def front(folder: Path, ports: list[int]) -> Iterator[str]:
    """Run nginx over the block of the document, as it says that front.conf is made; give its address."""
    (server,) = [block.text for block in blocks(DOCUMENT) if block.kind == "nginx"]
    for number, (named, name, port) in enumerate(zip(("8000", "8001"), PLAYERS, ports, strict=True)):
        assert f"`{name}:8000`" in DOCUMENTS[DOCUMENT], number
        server = server.replace(f"127.0.0.1:{named}", f"127.0.0.1:{port}")
    with nginx(folder, server) as port:
        yield f"http://127.0.0.1:{port}"


@pytest.mark.long
def test_what_it_would_start_answers_through_the_front_and_works(archive: Path, tmp_path: Path) -> None:
    pytest.importorskip("distributed", reason="Dask's distributed is not installed (the extra cluster)")
    pytest.importorskip("psycopg")
    (archive / "media" / "tones.wav").unlink()
    ffmpeg("-f", "lavfi", "-i", "sine=r=16000", "-t", "4", str(archive / "media" / "tones.mp3"))
    record = archive / "transcripts" / "tones" / "recording.toml"
    record.write_text(record.read_text(encoding="utf-8").replace("tones.wav", "tones.mp3"), encoding="utf-8")
    with ExitStack() as stack:
        index = stack.enter_context(postgres_cluster.cluster())
        made = SERVICES["index"]["environment"]
        asked = ("-h", "127.0.0.1", "-p", str(index.port))
        postgres_cluster.run("createuser", *asked, made["POSTGRES_USER"])
        postgres_cluster.run("psql", *asked, "-d", "player", "-c", "ALTER DATABASE player OWNER TO player")
        at = {"PLAYER_INDEX": f"postgresql://player@127.0.0.1:{index.port}/player", "PLAYER_ARCHIVE": str(archive)}
        ports = []
        for name in PLAYERS:
            assert SERVICES[name]["environment"]["PLAYER_INDEX"] == "postgresql://player@index/player"
            told = environment(name, PLAYER_CACHE=str(tmp_path / name), **at)
            words = command(name, **{"0.0.0.0": "127.0.0.1", "8000": "0"})  # noqa: S104  # as the file has it
            ports.append(port_of(stack.enter_context(started(words, env=told))))
        address = stack.enter_context(front(tmp_path / "nginx", ports))
        for path in ("/", "/recordings/tones", "/search?q=voice", "/healthz"):
            for _ in PLAYERS:
                with urlopen(f"{address}{path}", timeout=LIMIT) as answer:  # noqa: S310  # our own server
                    assert answer.status == 200
        assert int(index.ask("SELECT count(*) FROM pg_stat_activity WHERE usename = 'player'")) >= len(PLAYERS)
        scheduler, worker = command("scheduler"), command("worker")
        assert scheduler[2:] == ["dask", "scheduler", "--port", "8786", "--no-dashboard"]
        assert worker[2:5] == ["dask", "worker", "tcp://scheduler:8786"]
        there = stack.enter_context(cluster(tmp_path / "cluster"))
        for _ in range(SERVICES["worker"]["deploy"]["replicas"]):
            there.add(*worker[5:], **{name: value for name, value in told.items() if name.startswith("PLAYER_")})
        (shown,) = [
            each
            for block in blocks(DOCUMENT)
            if block.kind == "sh"
            for each in commands(block)
            if each.startswith("docker compose run")
        ]
        words = shlex.split(shown.partition(" worker ")[2].replace("tcp://scheduler:8786", there.address))
        done = subprocess.run(
            [sys.executable, "-W", "error", "-m", *words],
            env=environment("worker", PLAYER_CACHE=str(tmp_path / "work"), **at),
            capture_output=True,
            text=True,
            check=False,
            timeout=LIMIT,
        )
        assert done.returncode == 0, done.stderr
        assert "tones.m4a: 0:04, " in done.stdout
