"""The server over an application of a few pages and one sound, in a process of its own."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import textwrap
import threading
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from holding import LIMIT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

#: Served as ``serve(factory, host, port, **told)``. At each SIGUSR1 it is two minutes later, so that no test waits for
#: the server to lose patience. A client that is slow to take its last answer is given more time than is usual.
PROGRAM: Final = """
    import json, signal, sys, threading, time
    from pathlib import Path
    from flask import Flask, Response, request
    from player.errors import ServeError
    from player.web.serving import headers, media
    from player.web.serving import loop, server
    from player.web.serving.clients import Patience

    told = json.loads(sys.argv[2])
    told["patience"] = Patience(**{"farewell": 60, **told.get("patience", {})})
    loop.IS_KEPT &= told.pop("is_kept", True)
    made, most, pause = [], [], threading.Event()
    later, gone, now = told.pop("later"), [], time.time
    time.time = lambda: now() + sum(gone)
    signal.signal(signal.SIGUSR1, lambda *_: gone.append(later))

    def count():
        made.append(1)
        pause.wait(0.1)
        most.append(len(made))
        made.pop()
        return str(max(most))

    def long():
        return Response(bytes(int(request.args["size"])), mimetype="image/png")

    def dropped():
        media.answer(Path(sys.argv[1]))
        raise RuntimeError

    def asked():
        return {name: str(value) for name, value in request.environ.items() if name.isupper()}

    def factory():
        app = Flask("tapes", static_folder=None)
        headers.init_app(app)
        app.get("/", endpoint="page")(lambda: "the page")
        app.get("/media/tape", endpoint="tape")(lambda: media.answer(Path(sys.argv[1])))
        app.get("/broken", endpoint="broken")(lambda: 1 / 0)
        app.get("/dropped", endpoint="dropped")(dropped)
        app.get("/never", endpoint="never")(lambda: str(pause.wait()))
        app.get("/count", endpoint="count")(count)
        app.get("/long", endpoint="long")(long)
        app.get("/asked", endpoint="asked")(asked)
        return app

    try:
        server.serve(factory, **told)
    except ServeError as error:
        sys.exit(f"refused: {error}")
    print("done")
"""
#: Seconds that go by at once: longer than a server waits for anybody but a listener who paused.
LATER: Final = 121
SIZE: Final = 20_000_000
#: Not all the same, so that a byte out of its place shows.
SOUND: Final = bytes(range(251)) * (SIZE // 251 + 1)


class Running:
    """A server in a process of its own."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        assert process.stdout is not None
        self.said = process.stdout.readline()
        found = re.search(r"http://(127\.0\.0\.1|\[::1\]):(\d+)/", self.said)
        assert found, self.said
        self.host, self.port = found[1].strip("[]"), int(found[2])

    def get(self, path: str, **headers: str) -> tuple[int, bytes]:
        connection = HTTPConnection(self.host, self.port, timeout=LIMIT)
        try:
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def pass_time(self) -> None:
        """Let ``LATER`` seconds have gone by for it."""
        self.process.send_signal(signal.SIGUSR1)

    def stop(self, number: int) -> tuple[int, str, str]:
        """Send a signal; give the exit code and what was printed after the address."""
        self.process.send_signal(number)
        out, err = self.process.communicate(timeout=LIMIT)
        return self.process.returncode, out, err

    @property
    def open_files(self) -> list[str]:
        """What the process has open, by what each descriptor leads to."""
        found = []
        for path in Path(f"/proc/{self.process.pid}/fd").iterdir():
            try:
                found.append(str(path.readlink()))
            except FileNotFoundError:  # closed since it was listed
                continue
        return found

    def status(self, key: str) -> int:
        """Give a figure of /proc/<id>/status: VmRSS in kB, Threads."""
        text = Path(f"/proc/{self.process.pid}/status").read_text(encoding="utf-8")
        return int(re.findall(rf"{key}:\s+(\d+)", text)[0])


def write_tape(folder: Path) -> Path:
    """Write the sound into ``folder``."""
    path = folder / "tape.wav"
    path.write_bytes(SOUND[:SIZE])
    return path


def start(tape: Path, within: Sequence[str] = (), **told: object) -> subprocess.Popen[str]:
    """Start the program, by the words of another command where there are such."""
    told = {"host": "127.0.0.1", "port": 0, "later": LATER, **told}
    command = [*within, sys.executable, "-W", "error", "-c", textwrap.dedent(PROGRAM), str(tape), json.dumps(told)]
    return subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@contextmanager
def running(tape: Path, within: Sequence[str] = (), **told: object) -> Iterator[Running]:
    with start(tape, within, **told) as process:
        try:
            yield Running(process)
        finally:
            if process.poll() is None:
                process.terminate()
                process.communicate(timeout=LIMIT)


def wait_for(condition: Callable[[], bool], between: Callable[[], None] = lambda: None) -> None:
    """Return when ``condition`` holds, do something before each further look, and fail when it never does."""
    done = threading.Event()
    for _ in range(LIMIT * 20):
        if condition():
            return
        between()
        done.wait(0.05)
    pytest.fail("it never came about")
