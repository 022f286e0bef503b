"""``player serve --edit``: the real command, two at once, killed while it saves, and asked by strangers."""

from __future__ import annotations

import json
import os
import random
import re
import signal
import subprocess
import sys
import threading
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from typing import TYPE_CHECKING, Any, Final

import pytest
from at_the_desk import desk_window
from click.testing import CliRunner
from clipping import run
from drawing import SEED

from player.archive.archive import Archive
from player.cli import main
from player.history.versions import versions

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LIMIT: Final = 120  # seconds until a request is given up; nothing is measured by it
NAMES: Final = ("opening", "first", "c3", "last")

pytestmark = pytest.mark.long


@dataclass
class Server:
    """A server of the command, and a window of a browser at it."""

    process: subprocess.Popen[str]
    said: str
    headers: dict[str, str] = field(default_factory=dict)
    state: str = ""

    @property
    def port(self) -> int:
        found = re.search(r"127\.0\.0\.1:(\d+)/", self.said)
        assert found, self.said
        return int(found[1])

    def ask(self, method: str, path: str, told: object = None, **headers: str) -> tuple[int, dict[str, str], bytes]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=LIMIT)
        try:
            sent = self.headers | {name.replace("_", "-"): value for name, value in headers.items()}
            body = json.dumps(told) if told is not None else None
            connection.request(method, path, body, {name: value for name, value in sent.items() if value})
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read()
        finally:
            connection.close()

    def open(self) -> None:
        """Open the printed address, and the desk."""
        token = re.search(r"\?token=(\S+)", self.said)
        assert token, self.said
        status, headers, _ = self.ask("GET", f"/?token={token[1]}")
        assert status == 303
        self.headers["Cookie"] = headers["Set-Cookie"].partition(";")[0]
        status, _, page = self.ask("GET", "/recordings/tones/edit")
        assert status == 200
        found = re.search(rb'data-token="([0-9a-f]{64})"', page)
        assert found
        self.headers |= {
            "Content-Type": "application/json",
            "Origin": f"http://127.0.0.1:{self.port}",
            "X-Desk": found[1].decode(),
        }
        self.look()

    def look(self) -> dict[str, Any]:
        status, _, body = self.ask("GET", "/recordings/tones/edit/state")
        assert status == 200, body
        found: dict[str, Any] = json.loads(body)
        self.state = found["state"]
        return found

    def post(self, path: str, told: object) -> tuple[int, dict[str, Any]]:
        status, _, body = self.ask("POST", f"/recordings/tones/edit/{path}", told, If_Match=f'"{self.state}"')
        found: dict[str, Any] = json.loads(body)
        self.state = found.get("state", self.state)
        return status, found

    def say(self, name: str, text: str) -> None:
        """Reword a line, again if somebody else did so meanwhile."""
        for _ in range(LIMIT):
            status, found = self.post("steps", {"do": "words", "id": name, "turn": 0, "text": text})
            if status == 200:
                return
            assert status == 412, found
        pytest.fail("it never came about")

    def texts(self) -> dict[str, str]:
        return {line["id"]: line["text"] for line in self.look()["lines"]}


@contextmanager
def serving(root: Path, *options: str, **own: str) -> Iterator[Server]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PLAYER_")}
    command = [sys.executable, "-m", "player", "serve", "--port", "0", "--archive", str(root), "--edit", *options]
    environment = {**kept, "PLAYER_CACHE": str(root.parent / "cache"), **own}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        try:
            yield Server(process, process.stdout.readline() + process.stdout.readline())
        finally:
            process.terminate()


@contextmanager
def opened(root: Path, name: str = "Ines Keeper") -> Iterator[Server]:
    with serving(root, "--by", name) as server:
        server.open()
        yield server


def test_two_servers_of_one_person_keep_all_that_either_said(archive: Path) -> None:
    """Each server is a process of its own, and all eight windows at them write at the same time."""
    with ExitStack() as stack:
        servers = [stack.enter_context(opened(archive)) for _ in range(2)]
        windows = [Server(each.process, each.said, dict(each.headers), each.state) for each in servers * 4]
        wrong: list[BaseException] = []

        def work(number: int) -> None:
            try:
                for count in range(6):
                    windows[number].say(NAMES[number // 2], f"Window {number}, {count}.")
            except BaseException as error:  # noqa: BLE001  # told where it is seen
                wrong.append(error)

        threads = [threading.Thread(target=work, args=(number,)) for number in range(len(windows))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(LIMIT)
        assert wrong == []
        found = servers[0].texts()
        assert servers[1].texts() == found
        for number, name in enumerate(NAMES):
            assert found[name] in {f"Window {2 * number}, 5.", f"Window {2 * number + 1}, 5."}
        (kept,) = (archive / "transcripts/tones/working").iterdir()
        assert kept.read_bytes().count(b'{"step":') == 6 * len(windows)
        assert servers[1].post("write", {})[0] == 200
        assert servers[0].look()["unwritten"] == 0


def test_two_people_write_in_turns_and_nothing_is_lost(archive: Path) -> None:
    with opened(archive) as ines, opened(archive, "Otto Ferryman") as otto:
        for count in range(3):
            ines.say("first", f"Hers, {count}.")
            otto.say("last", f"His, {count}.")
            otto.say("opening", f"Both, his, {count}.")
            ines.say("opening", f"Both, hers, {count}.")
            assert ines.post("write", {})[0] == 200
            (conflict,) = otto.look()["conflicts"]
            assert conflict["theirs_by"] == "Ines Keeper"
            assert otto.post("write", {})[0] == 409
            assert otto.post("steps", {"do": "choose", "id": "opening", "which": "both"})[0] == 200
            assert otto.post("write", {})[0] == 200
            ines.look()
            assert ines.texts() == otto.texts()
            assert ines.texts()["last"] == f"His, {count}."
    record = Archive(archive).record("tones")
    assert [each.by for each in versions(record) if each.by] == ["Ines Keeper"] + ["Ines Keeper", "Otto Ferryman"] * 3


def test_a_server_that_is_killed_while_it_saves_has_kept_what_it_answered(archive: Path) -> None:
    drawn = random.Random(SEED)  # noqa: S311  # when, not a secret
    done: dict[str, str] = {}
    for number in range(3):
        with opened(archive) as server:
            assert {name: server.texts()[name] for name in done} == done
            timer = threading.Timer(drawn.uniform(0.05, 0.5), server.process.send_signal, [signal.SIGKILL])
            timer.start()
            count, asked = 0, ("", "")
            try:
                while True:
                    asked = (NAMES[count % 4], f"Said {number}, {count}.")
                    server.say(*asked)
                    done[asked[0]] = asked[1]
                    count += 1
            except (OSError, HTTPException):
                timer.join()
        # What was asked last may have been kept before the answer was sent.
        with opened(archive) as again:
            found = again.texts()
            if found.get(asked[0]) == asked[1]:
                done[asked[0]] = asked[1]
            assert {name: found[name] for name in done} == done


def test_letters_are_counted_and_not_their_bytes(archive: Path) -> None:
    with opened(archive) as server:
        for letter in ("港", "é", "a"):
            server.say("first", letter * 20_000)
            assert server.texts()["first"] == letter * 20_000
            status, told = server.post("steps", {"do": "words", "id": "first", "turn": 0, "text": letter * 20_001})
            assert (status, told["what"]) == (422, "the text is longer than 20,000 letters")


def test_a_desk_without_its_transcript_names_what_waits_for_one(archive: Path) -> None:
    transcript = archive / "transcripts" / "tones" / "transcript.vtt"
    with opened(archive) as server:
        server.say("first", "One two four.")
        before = transcript.read_bytes()
    transcript.unlink()
    for name, says in (("Ines Keeper", True), ("Nora Quill", False)):
        with serving(archive, "--by", name) as server:
            token = re.search(r"\?token=(\S+)", server.said)
            assert token
            _, headers, _ = server.ask("GET", f"/?token={token[1]}")
            server.headers["Cookie"] = headers["Set-Cookie"].partition(";")[0]
            status, _, page = server.ask("GET", "/recordings/tones/edit")
            assert status == 404
            assert (b"what Ines Keeper changed in it and did not write waits in working/ines-keeper" in page) == says
            assert str(archive).encode() not in page
    transcript.write_bytes(before)
    with opened(archive) as server:
        assert server.texts()["first"] == "One two four."


def test_strangers_get_nothing_and_change_nothing(archive: Path) -> None:
    path = archive / "transcripts/tones/transcript.vtt"
    before = path.read_bytes()
    step = {"do": "words", "id": "last", "turn": 0, "text": "A stranger's words."}
    with opened(archive) as server:
        assert "edits as Ines Keeper" in server.said
        asked = "/recordings/tones/edit/steps", step
        own = {"If_Match": f'"{server.state}"'}
        for headers in (
            {"Host": f"harbour.example:{server.port}"},  # whose name was made to mean this machine
            {"Origin": "http://harbour.example"},
            {"Origin": f"http://localhost:{server.port}"},
            {"X_Desk": ""},
            {"Cookie": ""},
            {"Cookie": "drafts-80=x"},
            {"Content_Type": "text/plain"},
            {"Content_Type": "application/x-www-form-urlencoded"},
            {"Origin": ""},
            {"X_Forwarded_For": "192.0.2.7"},
        ):
            status, _, body = server.ask("POST", *asked, **{**own, **headers})
            assert status in {403, 415}, (headers, body)
        status, _, _ = server.ask("GET", "/recordings/tones/edit/state", Cookie="")
        assert status == 403
        # The server goes on, and what it is asked next it does.
        assert path.read_bytes() == before
        assert server.post("steps", step)[0] == 200


USES: Final[tuple[tuple[tuple[str, ...], int, str], ...]] = (
    (("--edit",), 2, "--edit needs --by NAME"),
    (("--by", "Ines"), 2, "--by goes with --edit"),
    (("--edit", "--by", "Ines", "--password-file", "x"), 2, "exclude each other"),
    (("--edit", "--by", "Ines", "--host", "0.0.0.0"), 1, "an archive is edited on this machine only"),  # noqa: S104
    (("--edit", "--by", " "), 1, "the name of who edits is empty"),
)


@pytest.mark.parametrize(("options", "code", "wrong"), USES)
def test_the_command_says_how_it_is_used(archive: Path, options: tuple[str, ...], code: int, wrong: str) -> None:
    done = run(archive, "serve", *options)
    assert done.exit_code == code, done.output
    assert wrong in (done.output if code == 2 else str(done.exception) + done.output)


def test_several_people_edit_behind_a_proxy_with_tls(archive: Path, tmp_path: Path) -> None:
    people = tmp_path / "people"
    people.write_text("Ines Keeper: a long password of hers\nOtto: another long one\n", encoding="utf-8")
    people.chmod(0o600)
    own = {"PLAYER_URL": "https://tapes.example.org", "PLAYER_PROXIES": "1"}
    with serving(archive, "--password-file", str(people), **own) as server:
        assert "https://tapes.example.org/" in server.said
        assert "Ines Keeper, Otto" in server.said
        assert "a long password" not in server.said
        assert server.ask("GET", "/recordings/tones/edit")[0] == 403


def test_the_desk_of_a_recording_that_was_renamed_is_led_to(archive: Path) -> None:
    window = desk_window(archive)
    window.step(do="words", id="last", text="My end.")
    renamed = CliRunner().invoke(main, ["rename", "tones", "hums", "--archive", str(archive)])
    assert renamed.exit_code == 0, renamed.output
    # A server that is started then, whose index knows of it from the beginning.
    window = desk_window(archive, "hums")
    answer = window.client.get("/recordings/tones/edit")
    assert (answer.status_code, answer.headers["Location"]) == (308, "/recordings/hums/edit")
    assert window.line("last")["text"] == "My end."
    assert window.client.get("/recordings/nothing/edit").status_code == 404
