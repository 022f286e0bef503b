"""What a client costs: no thread, no other's turn, little memory; and it is let go in time, without a word."""

import errno
import os
import signal
import socket
from contextlib import ExitStack, suppress
from http.client import HTTPConnection
from pathlib import Path

import holding
import pytest
from holding import LIMIT, listener
from served import SIZE, SOUND, running, wait_for, write_tape

from player.web.serving.clients import SentFile
from player.web.serving.window import Window

LISTENERS = 1000
TRICKLERS = 300
FOR_EVER = 10**9  # seconds


@pytest.fixture
def tape(tmp_path: Path) -> Path:
    return write_tape(tmp_path)


def is_cut(client: socket.socket) -> bool:
    """Tell whether the connection was cut: it shows as its error, without reading."""
    return client.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) != 0


def is_closed(client: socket.socket) -> bool:
    """Tell whether the server has closed the connection, on which it sent nothing."""
    if not holding.has_come(client, 0):
        return False
    try:
        return client.recv(1) == b""
    except ConnectionResetError:
        return True  # closed before it had read what was sent


def rest(client: socket.socket) -> bytes:
    """Give what the server still sends before it closes the connection."""
    return b"".join(iter(lambda: client.recv(1 << 16), b""))


@pytest.mark.sampled(2)
@pytest.mark.long
@pytest.mark.parametrize("headers", ["Range: bytes=0-\r\n", "", "Range: bytes=0-\r\nConnection: close\r\n"])
@pytest.mark.parametrize("is_kept", [True, False])
def test_listeners_who_stop_reading_do_not_stop_a_server_of_two_threads(
    tape: Path, headers: str, is_kept: bool
) -> None:
    with running(tape, threads=2, is_kept=is_kept) as player, ExitStack() as idle:
        for index in range(8):
            client = idle.enter_context(listener(player.port, "/media/tape", headers))
            if index % 2:
                client.recv(100)
        for _ in range(4):
            assert player.get("/") == (200, b"the page")
        assert player.get("/media/tape", Range=f"bytes={SIZE - 1}-") == (206, SOUND[SIZE - 1 : SIZE])


@pytest.mark.long
def test_a_thousand_listeners_who_paused_and_300_requests_that_trickle_in_are_held(tape: Path) -> None:
    if not holding.can_open(LISTENERS + TRICKLERS + 100):
        pytest.skip(f"this process may not open {LISTENERS + TRICKLERS} files")
    with running(tape) as player:
        player.get("/")
        threads, memory = player.status("Threads"), player.status("VmRSS")
        with (
            holding.paused(player.port, "/media/tape", LISTENERS) as paused,
            holding.begun(player.port, TRICKLERS) as trickling,
        ):
            for client in trickling:
                client.sendall(b"T")
            assert player.open_files.count(str(tape)) == LISTENERS
            assert player.status("Threads") == threads
            assert player.status("VmRSS") - memory < 64_000
            for _ in range(4):
                assert player.get("/") == (200, b"the page")
            assert not any(map(is_cut, paused))
            for client in trickling:
                client.sendall(b"P/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        wait_for(lambda: str(tape) not in player.open_files)
        assert player.stop(signal.SIGTERM)[2] == ""


@pytest.mark.long
@pytest.mark.parametrize("path", ["/media/tape", f"/long?size={SIZE}"], ids=["sound", "text"])
def test_a_client_that_takes_nothing_is_let_go_quietly(tape: Path, path: str) -> None:
    with running(tape) as player:
        with listener(player.port, path) as client:
            wait_for(lambda: is_cut(client), player.pass_time)
        wait_for(lambda: str(tape) not in player.open_files)
        assert player.get("/") == (200, b"the page")
        assert player.stop(signal.SIGTERM)[2] == ""


@pytest.mark.long
def test_a_listener_who_paused_is_kept_while_others_are_let_go(tape: Path) -> None:
    with (
        running(tape, patience={"sound": FOR_EVER}) as player,
        listener(player.port, "/media/tape") as paused,
        listener(player.port, f"/long?size={SIZE}") as other,
    ):
        for client in (paused, other):
            client.recv(100)
        wait_for(lambda: is_cut(other), player.pass_time)
        assert str(tape) in player.open_files
        assert not is_cut(paused)


def test_a_listener_who_paused_hears_the_rest(tape: Path) -> None:
    with running(tape) as player, listener(player.port, "/media/tape", "Connection: close\r\n") as client:
        begun = client.recv(100)
        assert player.get("/") == (200, b"the page")
        assert (begun + rest(client)).endswith(b"\r\n\r\n" + SOUND[:SIZE])


@pytest.mark.long
@pytest.mark.parametrize("begin", [b"", b"GET / HTTP/1.1\r\nHost: "])
def test_a_client_that_asks_nothing_or_never_ends_its_request_is_let_go_quietly(tape: Path, begin: bytes) -> None:
    with running(tape) as player:
        with socket.create_connection(("127.0.0.1", player.port), LIMIT) as client:
            client.sendall(begin)
            wait_for(lambda: is_closed(client), player.pass_time)
        assert player.get("/") == (200, b"the page")
        assert player.stop(signal.SIGTERM)[2] == ""


@pytest.mark.long
def test_a_request_that_trickles_in_steadily_has_an_end_too(tape: Path) -> None:
    def send_on(client: socket.socket) -> bool:
        try:
            client.sendall(b"a")
        except OSError:
            return True
        return False

    with running(tape) as player:
        with socket.create_connection(("127.0.0.1", player.port), LIMIT) as client:
            client.sendall(b"GET /")
            wait_for(lambda: send_on(client), player.pass_time)
        assert player.stop(signal.SIGTERM)[2] == ""


def test_a_connection_is_kept_from_answer_to_answer(tape: Path) -> None:
    with running(tape) as player:
        connection = HTTPConnection("127.0.0.1", player.port, timeout=LIMIT)
        places = set()
        for _ in range(3):
            connection.request("GET", "/")
            assert connection.getresponse().read() == b"the page"
            assert connection.sock is not None
            places.add(connection.sock.getsockname())
        connection.close()
        assert len(places) == 1


@pytest.mark.long
def test_of_requests_that_come_in_one_go_one_is_answered_and_the_client_told_to_ask_again(tape: Path) -> None:
    asked = b"GET /media/tape HTTP/1.1\r\nHost: x\r\n\r\n"
    with running(tape, threads=2) as player, ExitStack() as held:
        clients = [
            held.enter_context(socket.create_connection(("127.0.0.1", player.port), timeout=LIMIT)) for _ in range(4)
        ]
        for client in clients:
            client.sendall(asked * 100)
        assert player.get("/") == (200, b"the page")
        assert player.open_files.count(str(tape)) <= len(clients)
        for client in clients:
            answer = rest(client)
            assert answer.count(b"HTTP/1.1 200 OK") == 1
            assert b"\r\nConnection: close\r\n" in answer
            assert answer.endswith(b"\r\n\r\n" + SOUND[:SIZE])


@pytest.mark.long
def test_data_out_of_turn_ends_the_connection_quietly(tape: Path) -> None:
    with running(tape) as player:
        with socket.create_connection(("127.0.0.1", player.port), LIMIT) as client:
            client.send(b"x", socket.MSG_OOB)
            with suppress(ConnectionResetError):
                assert client.recv(1) == b""
        assert player.get("/") == (200, b"the page")
        assert player.stop(signal.SIGTERM)[2] == ""


@pytest.mark.long
def test_when_all_places_are_taken_those_go_who_did_nothing_for_longest(tape: Path) -> None:
    with running(tape, most=20) as player, ExitStack() as idle:
        clients = [HTTPConnection("127.0.0.1", player.port, timeout=LIMIT) for _ in range(40)]
        for client in clients:
            idle.callback(client.close)
            client.request("GET", "/")
            assert client.getresponse().read() == b"the page"
        assert clients[0].sock is not None
        assert clients[0].sock.recv(1) == b""
        clients[-1].request("GET", "/")
        assert clients[-1].getresponse().read() == b"the page"
        said = player.stop(signal.SIGTERM)[2]
    assert said == "all 20 client connections are in use; idle ones are closed\n"


@pytest.mark.long
def test_an_answer_that_was_sent_is_not_kept(tape: Path) -> None:
    with running(tape) as player, ExitStack() as idle:
        player.get("/long?size=2000000")
        before = player.status("VmRSS")
        for _ in range(100):
            connection = HTTPConnection("127.0.0.1", player.port, timeout=LIMIT)
            idle.callback(connection.close)
            connection.request("GET", "/long?size=2000000")
            assert len(connection.getresponse().read()) == 2_000_000
        assert player.status("VmRSS") - before < 100_000  # kB; a hundred of them are 200,000


@pytest.mark.long
def test_the_sound_is_let_go_however_its_answer_ends(tape: Path) -> None:
    with running(tape) as player:
        etag = {"If-None-Match": "*"}
        for path, headers, status in (
            ("/media/tape", {}, 200),
            ("/media/tape", {"Range": "bytes=0-5"}, 206),
            ("/media/tape", {"Range": f"bytes={SIZE}-"}, 416),
            ("/media/tape", etag, 304),
            ("/media/tape", {"If-Match": '"other"'}, 412),
            ("/dropped", {}, 500),
        ):
            assert player.get(path, **headers)[0] == status
        with socket.create_connection(("127.0.0.1", player.port), LIMIT) as client:
            client.sendall(b"HEAD /media/tape HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            assert f"\r\nContent-Length: {SIZE}\r\n".encode() in rest(client)
        with listener(player.port, "/media/tape") as client:
            client.recv(100)
            assert str(tape) in player.open_files
        wait_for(lambda: str(tape) not in player.open_files)


@pytest.mark.long
@pytest.mark.parametrize("is_kept", [True, False])
def test_a_sound_that_becomes_shorter_cuts_its_answer_off_and_no_other(tape: Path, is_kept: bool) -> None:
    with running(tape, is_kept=is_kept) as player:
        with listener(player.port, "/media/tape") as client:
            begun = client.recv(100)
            os.truncate(tape, 0)
            head, _, body = (begun + rest(client)).partition(b"\r\n\r\n")
        assert f"\r\nContent-Length: {SIZE}\r\n".encode() in head
        assert len(body) < SIZE
        assert SOUND.startswith(body)
        assert player.get("/") == (200, b"the page")
        assert player.get("/media/tape") == (200, b"")
        told = player.stop(signal.SIGTERM)[2]
    assert told == "tape.wav became shorter while it was sent; the answer was cut off\n"


def test_a_sound_is_sent_a_piece_at_a_time_in_turn_with_others(tape: Path) -> None:
    file = SentFile(Window(tape.open("rb", buffering=0), range(SIZE), tape.name))
    file.prepare(SIZE)
    got, turn, turns = b"", 0, 0
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.settimeout(0)
        while len(file):
            sent = file.send(ours)
            got += theirs.recv(sent, socket.MSG_WAITALL) if sent else b""
            file.skip(sent)
            turn = turn + sent if sent else 0
            turns += not sent
            assert turn <= 1 << 20
    file.close()
    assert got == SOUND[:SIZE]
    assert turns == SIZE >> 20


def test_a_file_that_the_system_cannot_send_is_read_and_sent(tape: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def cannot(*_: object) -> int:
        raise OSError(errno.EINVAL, "Invalid argument")

    monkeypatch.setattr(os, "sendfile", cannot)
    window = Window(tape.open("rb", buffering=0), range(1000, 3000), tape.name)
    ours, theirs = socket.socketpair()
    with ours, theirs:
        assert window.send(ours, 500) == 500
        window.seek(500)
        assert window.send(ours, 1500) == 1500
        assert theirs.recv(4000) == SOUND[1000:3000]
        os.truncate(tape, 0)
        with pytest.raises(ConnectionResetError):
            window.send(ours, 500)
    window.close()
