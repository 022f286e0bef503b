"""The server says where it is, answers as HTTP has it, and stops when told."""

import json
import re
import signal
import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from http.client import HTTPConnection
from pathlib import Path

import pytest
from holding import LIMIT, listener
from served import SIZE, SOUND, Running, running, start, write_tape

from player.errors import ServeError
from player.web.serving import server
from player.web.serving.headers import SECURITY


@pytest.fixture(scope="module")
def tape(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tape(tmp_path_factory.mktemp("media"))


def test_it_says_where_it_is_and_how_to_stop_it(tape: Path) -> None:
    with running(tape) as player:
        assert "Ctrl-C" in player.said
        assert player.get("/") == (200, b"the page")


# Where the system does not keep what clients wait for, waitress asks them all.
@pytest.mark.parametrize("is_kept", [True, False])
def test_it_sends_an_open_range_to_the_end_and_the_whole_sound(tape: Path, is_kept: bool) -> None:
    with running(tape, is_kept=is_kept) as player:
        assert player.get("/media/tape", Range="bytes=7-") == (206, SOUND[7:SIZE])
        assert player.get("/media/tape") == (200, SOUND[:SIZE])


def test_no_more_answers_are_made_at_a_time_than_there_are_threads(tape: Path) -> None:
    with running(tape, threads=2) as player, ThreadPoolExecutor(8) as clients:
        most = [int(body) for _, body in clients.map(player.get, ["/count"] * 8)]
        assert player.stop(signal.SIGTERM) == (0, "done\n", "")
    assert max(most) <= 2


@pytest.mark.parametrize("number", [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.long)])
@pytest.mark.parametrize("is_busy", [False, True])
def test_it_stops_when_told_even_in_the_middle_of_answers(tape: Path, number: signal.Signals, is_busy: bool) -> None:
    with running(tape) as player, ExitStack() as idle:
        kept = HTTPConnection("127.0.0.1", player.port, timeout=LIMIT)
        idle.callback(kept.close)
        kept.request("GET", "/")
        kept.getresponse().read()
        for _ in range(3 if is_busy else 0):
            idle.enter_context(listener(player.port, "/media/tape")).recv(100)
            idle.enter_context(listener(player.port, "/never"))
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


@pytest.mark.long
def test_a_port_that_was_just_given_up_can_be_had_again(tape: Path) -> None:
    with running(tape) as first:
        first.get("/")
        first.stop(signal.SIGINT)
    with running(tape, port=first.port) as second:
        assert second.port == first.port


@pytest.mark.parametrize(
    ("host", "port", "words"),
    [
        ("no-such-host.invalid", 0, "was not found; use --host"),
        ("a" * 70, 0, "was not found; use --host"),
        ("192.0.2.1", 0, "not an address of this machine"),  # kept for documentation, RFC 5737
        ("127.0.0.1", 70000, "70000 is not a port number"),
        ("127.0.0.1", -1, "-1 is not a port number"),
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


def test_by_ipv6_and_ipv4_a_client_has_its_own_address(tape: Path) -> None:
    try:
        server.listen("::", 0).close()
    except ServeError:
        pytest.skip("no IPv6 here")
    with running(tape, host="::") as player:
        assert player.host == "::1"
        assert asked(player)["REMOTE_ADDR"] == "::1"
        player.host = "127.0.0.1"
        assert asked(player)["REMOTE_ADDR"] == "127.0.0.1"


def asked(player: Running, **headers: str) -> dict[str, str]:
    """Give what the application was told of a request."""
    status, body = player.get("/asked", **headers)
    assert status == 200
    found: dict[str, str] = json.loads(body)
    return found


def test_the_application_is_told_what_the_client_said_and_believes_what_it_will(tape: Path) -> None:
    said = {
        "Host": "tapes.example:8080",
        "Forwarded": "for=192.0.2.60;proto=https",
        "X-Forwarded-For": "192.0.2.1, 192.0.2.2",
        "X-Forwarded-Host": "other.example",
        "X-Forwarded-Prefix": "/tapes",
        "X-Forwarded-Proto": "https",
    }
    with running(tape) as player:
        told = asked(player, **said)
        assert {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in said.items()}.items() <= told.items()
        assert (told["REMOTE_ADDR"], told["SCRIPT_NAME"]) == ("127.0.0.1", "")
        assert player.stop(signal.SIGTERM)[2] == ""


@pytest.mark.long
@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"GET / HTTP/1.1\r\nHost: x\r\nbad header\r\n\r\n", 400),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400),  # as TLS begins
        (b"get / HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        (b"GET http://[ HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n", 413),
        (b"GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nno number\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n", 501),
        (b"GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + b"a" * 40_000 + b"\r\n\r\n", 431),
        (b"GET /" + b"a" * 40_000, 431),
        (b"BREW / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 405),
        (b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", 405),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 404),
    ],
    ids=lambda value: None if isinstance(value, int) else value[:30].decode("latin-1"),
)
def test_what_is_refused_is_refused_under_the_same_policy_as_a_page(tape: Path, request_: bytes, status: int) -> None:
    with running(tape) as player:
        with socket.create_connection(("127.0.0.1", player.port), LIMIT) as client:
            client.sendall(request_)
            answer = b"".join(iter(lambda: client.recv(4096), b""))
        head = answer.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
        assert re.match(rf"HTTP/1\.[01] {status} ", head[0]), answer
        assert {f"{name}: {value}" for name, value in SECURITY.items()} <= set(head)
        assert player.get("/") == (200, b"the page")
        assert player.stop(signal.SIGTERM)[2] == ""


def test_a_connection_goes_on_after_an_answer_without_a_body(tape: Path) -> None:
    with running(tape) as player:
        connection = HTTPConnection("127.0.0.1", player.port, timeout=LIMIT)
        answers: list[object] = []
        for method, headers in (("GET", {}), ("GET", {"If-None-Match": "*"}), ("HEAD", {}), ("GET", {})):
            connection.request(method, "/media/tape", headers={"Range": "bytes=1-5", **headers})
            answer = connection.getresponse()
            answers.append((answer.status, answer.read()))
            answers.append(answer.headers.get("Connection"))
        connection.close()
        part = (206, SOUND[1:6])
        assert answers == [part, None, (304, b""), None, (200, b""), None, part, None]


@pytest.mark.long
def test_the_machine_that_allows_few_files_is_told_so(tape: Path) -> None:
    with running(tape, within=("prlimit", "--nofile=600:600")) as player:
        assert player.get("/") == (200, b"the page")
        said = player.stop(signal.SIGTERM)[2]
    assert re.fullmatch(
        r"This process may open 600 files at a time, so it serves 172 clients at most; .*LimitNOFILE=\d+.*\n", said
    )


@pytest.mark.long
def test_a_limit_on_files_that_may_be_raised_is_raised(tape: Path) -> None:
    with running(tape, within=("prlimit", "--nofile=600:5000")) as player:
        limits = Path(f"/proc/{player.process.pid}/limits").read_text(encoding="utf-8")
        assert re.search(r"Max open files +5000 +5000 ", limits)
        assert player.stop(signal.SIGTERM)[2] == ""


@pytest.mark.long
def test_who_expects_to_go_on_and_has_nothing_more_to_send_is_answered(tape: Path) -> None:
    with running(tape) as player:
        assert player.get("/", Expect="100-continue") == (200, b"the page")
