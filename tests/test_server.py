"""The server says where it is, answers while others stop reading, and stops when told."""

import json
import re
import signal
import socket
import subprocess
import sys
import textwrap
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection
from pathlib import Path

import pytest

from player.errors import ServeError
from player.web import server

#: An application of one page and one sound, served as ``serve(factory, host, port, **told)``.
PROGRAM = """
    import json, sys, threading
    from pathlib import Path
    from flask import Flask
    from player.errors import ServeError
    from player.web import headers, media, server

    made, most, pause = [], [], threading.Event()

    def count():
        made.append(1)
        pause.wait(0.1)
        most.append(len(made))
        made.pop()
        return str(max(most))

    def factory():
        app = Flask("tapes", static_folder=None)
        headers.init_app(app)
        app.get("/", endpoint="page")(lambda: "the page")
        app.get("/media/tape", endpoint="tape")(lambda: media.answer(Path(sys.argv[1])))
        app.get("/broken", endpoint="broken")(lambda: 1 / 0)
        app.get("/count", endpoint="count")(count)
        return app

    try:
        server.serve(factory, **json.loads(sys.argv[2]))
    except ServeError as error:
        sys.exit(f"refused: {error}")
    print("done")
"""
LIMIT = 30  # seconds until a test is given up; none is measured by it
SIZE = 20_000_000


class Running:
    """A server in a process of its own."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        assert process.stdout is not None
        self.said = process.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:(\d+)/", self.said)
        assert found, self.said
        self.port = int(found[1])

    def get(self, path: str, **headers: str) -> tuple[int, bytes]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=LIMIT)
        try:
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def stop(self, number: int) -> tuple[int, str, str]:
        """Send a signal; give the exit code and what was printed after the address."""
        self.process.send_signal(number)
        out, err = self.process.communicate(timeout=LIMIT)
        return self.process.returncode, out, err


@pytest.fixture(scope="module")
def tape(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("media") / "tape.wav"
    path.write_bytes(bytes(SIZE))
    return path


def start(tape: Path, **told: object) -> subprocess.Popen[str]:
    told = {"host": "127.0.0.1", "port": 0, **told}
    return subprocess.Popen(
        # gunicorn itself leaves a socket to the garbage collector
        [
            sys.executable,
            "-W",
            "error",
            "-W",
            "ignore::ResourceWarning",
            "-c",
            textwrap.dedent(PROGRAM),
            str(tape),
            json.dumps(told),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@contextmanager
def running(tape: Path, **told: object) -> Iterator[Running]:
    with start(tape, **told) as process:
        try:
            yield Running(process)
        finally:
            if process.poll() is None:
                process.terminate()
                process.communicate(timeout=LIMIT)


def listener(port: int, path: str = "/media/tape", headers: str = "") -> socket.socket:
    """Ask for the sound, and read nothing of the answer."""
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.settimeout(LIMIT)
    client.connect(("127.0.0.1", port))
    client.sendall(f"GET {path} HTTP/1.1\r\nHost: here\r\n{headers}\r\n".encode())
    return client


def test_it_says_where_it_is_and_how_to_stop_it(tape: Path) -> None:
    with running(tape) as player:
        assert "Ctrl-C" in player.said
        assert player.get("/") == (200, b"the page")


def test_it_sends_an_open_range_to_the_end_and_the_whole_sound(tape: Path) -> None:
    with running(tape) as player:
        status, body = player.get("/media/tape", Range="bytes=0-")
        assert (status, len(body)) == (206, SIZE)
        status, body = player.get("/media/tape")
        assert (status, len(body)) == (200, SIZE)


@pytest.mark.parametrize("headers", ["Range: bytes=0-\r\n", "", "Range: bytes=0-\r\nConnection: close\r\n"])
def test_eight_listeners_who_stop_reading_do_not_stop_a_server_of_four_threads(tape: Path, headers: str) -> None:
    with running(tape, threads=4) as player, ExitStack() as idle:
        for index in range(8):
            client = idle.enter_context(listener(player.port, headers=headers))
            if index % 2:
                client.recv(100)
        for _ in range(4):
            assert player.get("/") == (200, b"the page")
        status, body = player.get("/media/tape", Range="bytes=19999999-")
        assert (status, body) == (206, b"\0")


def test_no_more_answers_are_made_at_a_time_than_there_are_threads(tape: Path) -> None:
    with running(tape, threads=2) as player, ThreadPoolExecutor(8) as clients:
        most = [int(body) for _, body in clients.map(player.get, ["/count"] * 8)]
    assert max(most) <= 2


def test_connections_that_ask_nothing_do_not_stop_the_others(tape: Path) -> None:
    with running(tape, threads=1) as player, ExitStack() as idle:
        for _ in range(8):
            idle.enter_context(socket.create_connection(("127.0.0.1", player.port), timeout=LIMIT))
        assert player.get("/") == (200, b"the page")


def test_a_client_that_takes_nothing_is_let_go_quietly(tape: Path) -> None:
    with running(tape, patience=1) as player:
        with listener(player.port) as client:
            # the end shows as an error of the connection, without reading
            wait_for(lambda: client.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) != 0)
        assert player.get("/") == (200, b"the page")
        assert player.stop(signal.SIGTERM)[2] == ""


def wait_for(condition: Callable[[], bool]) -> None:
    """Return when ``condition`` holds; fail when it never does."""
    done = threading.Event()
    for _ in range(LIMIT * 20):
        if condition():
            return
        done.wait(0.05)
    pytest.fail("it never came about")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("is_busy", [False, True])
def test_it_stops_when_told_even_in_the_middle_of_answers(tape: Path, number: signal.Signals, is_busy: bool) -> None:
    with running(tape) as player, ExitStack() as idle:
        kept = HTTPConnection("127.0.0.1", player.port, timeout=LIMIT)
        idle.callback(kept.close)
        kept.request("GET", "/")
        kept.getresponse().read()
        for _ in range(3 if is_busy else 0):
            idle.enter_context(listener(player.port)).recv(100)
        assert player.stop(number) == (0, "done\n", "")


def test_a_fault_of_the_application_does_not_stop_it(tape: Path) -> None:
    with running(tape) as player:
        assert player.get("/broken")[0] == 500
        assert player.get("/")[0] == 200


def test_a_port_that_is_taken_is_refused_with_another_to_try(tape: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with start(tape, port=port) as process:
            out, err = process.communicate(timeout=LIMIT)
    assert process.returncode == 1
    assert out == ""
    assert re.fullmatch(rf"refused: port {port} on 127.0.0.1 is taken .*; .*make run PORT=\d+\)\n", err)


def test_a_port_that_was_just_given_up_can_be_had_again(tape: Path) -> None:
    with running(tape) as first:
        first.get("/")
        first.stop(signal.SIGINT)
    with running(tape, port=first.port) as second:
        assert second.port == first.port


@pytest.mark.parametrize(
    ("host", "port", "words"),
    [
        ("no-such-host.invalid", 0, "no computer is known as"),
        ("a" * 70, 0, "no computer is known as"),
        ("192.0.2.1", 0, "not an address of this machine"),  # kept for documentation, RFC 5737
        ("127.0.0.1", 70000, "70000 is no port"),
        ("127.0.0.1", -1, "-1 is no port"),
    ],
)
def test_an_address_that_cannot_be_had_is_refused_in_words(host: str, port: int, words: str) -> None:
    with pytest.raises(ServeError, match=words) as refusal:
        server.listen(host, port)
    assert "; " in str(refusal.value)
    assert "--" in str(refusal.value)


def test_a_port_that_is_not_permitted_is_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(socket.socket, "bind", forbidden)
    with pytest.raises(ServeError, match="may not listen on port 80; choose one from 1024"):
        server.listen("127.0.0.1", 80)


@pytest.mark.parametrize(
    ("host", "shown"),
    [("127.0.0.1", "http://127.0.0.1:"), ("0.0.0.0", "http://127.0.0.1:"), ("localhost", "http://localhost:")],  # noqa: S104
)
def test_the_address_can_be_opened_on_this_machine(host: str, shown: str) -> None:
    with server.listen(host, 0) as found:
        assert server.url(found, host) == f"{shown}{found.getsockname()[1]}/"


def test_an_address_of_ipv6_is_bracketed() -> None:
    try:
        found = server.listen("::", 0)
    except ServeError:
        pytest.skip("no IPv6 here")
    with found:
        assert server.url(found, "::") == f"http://[::1]:{found.getsockname()[1]}/"


def test_a_client_that_never_ends_its_request_is_let_go_quietly(tape: Path) -> None:
    with running(tape, patience=1) as player, socket.create_connection(("127.0.0.1", player.port), LIMIT) as client:
        client.sendall(b"GET / HTTP/1.1\r\nHost: ")
        assert client.recv(1) == b""
        assert player.get("/") == (200, b"the page")
        assert player.stop(signal.SIGTERM)[2] == ""


def test_what_is_not_http_is_refused_under_the_same_policy(tape: Path) -> None:
    with running(tape) as player, socket.create_connection(("127.0.0.1", player.port), LIMIT) as client:
        client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nbad header\r\n\r\n")
        answer = b"".join(iter(lambda: client.recv(4096), b""))
        assert answer.startswith(b"HTTP/1.1 400 ")
        assert (
            b"\r\nContent-Security-Policy: default-src 'self'; base-uri 'none'; "
            in answer.partition(b"\r\n\r\n")[0] + b"\r\n"
        )
