"""What was derived from a recording goes when it is withdrawn, and a server that runs shows nothing of it any more."""

from __future__ import annotations

import os
import re
import select
import shutil
import socket
import subprocess
import sys
from http.client import HTTPConnection
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from clipping import run
from closings import another, record_of, write_closed
from copied import copy_of, held_of, sidecar_of, write_copied
from held_sounds import hold_fed
from started import port_of, started
from withdrawing import REASON, is_hidden, own_cache, root

from player.archive.archive import Archive
from player.archive.gate.shown import Audience
from player.audio import access, cache, waveform
from player.index.index import Index
from player.web.serving.still_shown import StillShown

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["own_cache", "root"]

LIMIT: Final = 120  # seconds until a request is given up; nothing is measured by it
#: A word that only the transcript has.
WORD: Final = "sarabande"


def files_with(folder: Path, word: str) -> list[Path]:
    return [path for path in sorted(folder.rglob("*")) if path.is_file() and word.encode() in path.read_bytes()]


@pytest.fixture
def derived(tmp_path: Path, own_cache: Path) -> Path:
    """An archive whose MP3 has an access copy beside it, one in the cache, an outline and an index."""
    root = write_copied(tmp_path / "copied")
    # Of the archive that this is a copy of, something may have been kept when it was made.
    shutil.rmtree(own_cache, ignore_errors=True)
    transcript = root / "transcripts" / "tones" / "transcript.vtt"
    transcript.write_text(transcript.read_text(encoding="utf-8").replace("second", WORD), encoding="utf-8")
    held = held_of(root)
    waveform.peaks(held, 100)
    cache.digest(held)
    access.make_cached(held)
    Index.of(Archive(root)).look()
    return root


def test_nothing_that_was_derived_is_left(derived: Path, own_cache: Path) -> None:
    assert run(derived, "check").exit_code in {0, 1}  # it keeps what it found out
    assert files_with(own_cache, WORD)
    sounds = [path for path in own_cache.rglob("*") if re.match(r"[0-9a-f]{64}", path.name)]
    assert {path.suffix for path in sounds} >= {".json", ".m4a"}
    answer = run(derived, "withdraw", "tones")
    assert (answer.exit_code, answer.stderr) == (0, "")
    assert "its title, words and notes in the index" in answer.stdout
    assert "media/access/tones.m4a" in answer.stdout
    removed = re.search(r"([0-9]+) files derived from its sound", answer.stdout)
    # How many is for the clock to say: of a sound that was written within two seconds less is kept, and once these have
    # passed the command itself replaces some.
    assert removed is not None
    assert int(removed[1]) > 1
    assert not files_with(own_cache, WORD)
    assert not [path for path in sounds if path.exists()]
    assert not copy_of(derived).exists()
    assert not sidecar_of(derived).exists()
    # Its own files stay, and are named.
    assert held_of(derived).exists()
    assert f"its own files: {derived}/transcripts/tones, {held_of(derived)}" in answer.stdout
    Index.of(Archive(derived)).look()
    assert not files_with(own_cache, WORD)


def test_where_the_sound_is_not_known_it_is_told_that_nothing_of_it_was_looked_for(
    derived: Path, own_cache: Path
) -> None:
    sounds = [path for path in own_cache.rglob("*") if re.match(r"[0-9a-f]{64}", path.name)]
    record = record_of(derived)
    text = record.read_text(encoding="utf-8")
    record.write_text(text.replace("media = ", "meida = "), encoding="utf-8")
    answer = run(derived, "withdraw", "tones")
    assert answer.exit_code == 1
    assert "nothing was left" not in answer.stdout
    assert f"{record}: this cannot be read, so what was derived from its sound was not looked for;" in answer.stderr
    assert "correct it, and run this again" in answer.stderr
    assert all(path.exists() for path in sounds)
    again = run(derived, "withdraw", "tones")  # by now, nothing else is left
    assert (again.exit_code, "removed" in again.stdout) == (1, False)
    record.write_text(record.read_text(encoding="utf-8").replace("meida = ", "media = "), encoding="utf-8")
    answer = run(derived, "withdraw", "tones")
    assert (answer.exit_code, answer.stderr) == (0, "")
    assert "derived from its sound, in the cache" in answer.stdout
    assert not any(path.exists() for path in sounds)


@pytest.mark.long
def test_a_copy_that_anybody_may_have_put_there_stays(derived: Path) -> None:
    sidecar_of(derived).write_text("{}", encoding="utf-8")
    answer = run(derived, "withdraw", "tones")
    assert answer.exit_code == 0
    assert copy_of(derived).exists()
    assert f"its own files: {derived}/transcripts/tones, {held_of(derived)}, {copy_of(derived)};" in answer.stdout


@pytest.mark.long
def test_what_belongs_to_another_recording_of_the_same_sound_stays(derived: Path, own_cache: Path) -> None:
    record = another(derived, "again", media="tones.mp3")
    sounds = [path for path in own_cache.rglob("*") if re.match(r"[0-9a-f]{64}", path.name)]
    answer = run(derived, "withdraw", "tones")
    assert all(path.exists() for path in sounds)
    assert "stays: again also names that sound" in answer.stdout
    assert "the record again, which names the same sound" in answer.stdout
    # Once that is withdrawn too, nobody names it.
    assert run(derived, "withdraw", "again").exit_code == 0
    assert "[withdrawal]" in record.read_text(encoding="utf-8")
    assert not any(path.exists() for path in sounds)


def test_what_speaks_of_it_elsewhere_is_named(root: Path) -> None:
    another(root, "stand-in", "")
    record = record_of(root, "stand-in")
    record.write_text(record.read_text(encoding="utf-8") + 'surrogate_for = "tones"\n', encoding="utf-8")
    (root / "transcripts" / "dossiers").mkdir()
    (root / "transcripts" / "dossiers" / "rival.toml").write_text('# "tones#first"', encoding="utf-8")
    (root / "transcripts" / "dossiers" / "other.toml").write_text("# overtones, tones-2", encoding="utf-8")
    answer = run(root, "withdraw", "tones")
    assert "the record stand-in, which stands in for it" in answer.stdout
    shared = root / "transcripts"  # one of whose sources has the name among its words
    assert f"its name stands in {shared}/sources.toml and {shared}/dossiers/rival.toml\n" in answer.stdout
    assert "/recordings/tones and /media/tones" in answer.stdout


@pytest.mark.long
def test_what_was_derived_goes_also_where_the_record_has_faults(derived: Path, own_cache: Path) -> None:
    record = record_of(derived)
    record.write_text(f"nonsense = 1\n{record.read_text(encoding='utf-8')}", encoding="utf-8")
    answer = run(derived, "withdraw", "tones")
    assert (answer.exit_code, is_hidden(derived)) == (0, True)
    assert 'unknown key "nonsense"' in answer.stderr
    assert "[withdrawal]" in record.read_text(encoding="utf-8")
    assert not [path for path in own_cache.rglob("*") if re.match(r"[0-9a-f]{64}", path.name)]
    assert str(held_of(derived)) in answer.stdout


@pytest.mark.parametrize("name", ['"../tones.wav"', '"\\u0000"', "1", '""', '"/etc/passwd"', '"."'])
def test_a_sound_of_no_name_is_nobodys(root: Path, name: str) -> None:
    record = record_of(root)
    text = record.read_text(encoding="utf-8").replace('"tones.wav"', name)
    record.write_text(text, encoding="utf-8")
    answer = run(root, "withdraw", "tones")
    assert (answer.exit_code, f"its own files: {record.parent};" in answer.stdout) == (1, True)
    assert "what was derived from its sound was not looked for" in answer.stderr
    assert is_hidden(root)


@pytest.mark.long
def test_a_second_time_with_the_cache_of_a_server_removes_what_is_there(
    derived: Path, own_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The user that a server runs as has a cache of its own, and may not write into the archive."""
    servers = own_cache.with_name("servers")
    shutil.copytree(own_cache, servers)
    assert run(derived, "withdraw", "tones").exit_code == 0
    assert files_with(servers, WORD)

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("player.archive.toml.rewriting.new_file", refuse)
    monkeypatch.setenv("PLAYER_CACHE", str(servers))
    answer = run(derived, "withdraw", "tones")
    assert (answer.exit_code, answer.stderr) == (0, "")
    assert "files derived from its sound, in the cache " in answer.stdout
    assert not files_with(servers, WORD)


@pytest.mark.long
def test_what_cannot_be_removed_is_told(derived: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    unlink = Path.unlink

    def refuse(path: Path, *, missing_ok: bool = False) -> None:
        if path.suffix == ".m4a":
            raise PermissionError(13, "Permission denied")
        unlink(path, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", refuse)
    answer = run(derived, "withdraw", "tones")
    assert answer.exit_code == 1
    assert "media/access/tones.m4a: this cannot be removed (permission denied); remove it by hand" in answer.stderr
    assert is_hidden(derived)


def test_without_a_cache_it_is_withdrawn_as_well(root: Path, own_cache: Path) -> None:
    own_cache.write_text("a file is in the way", encoding="utf-8")
    answer = run(root, "withdraw", "tones")
    assert (answer.exit_code, "nothing was left to be removed" in answer.stdout) == (0, True)
    assert is_hidden(root)


def get(port: int, path: str) -> tuple[int, bytes]:
    connection = HTTPConnection("127.0.0.1", port, timeout=LIMIT)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


@pytest.fixture
def served(derived: Path) -> Iterator[tuple[Path, int]]:
    told = [sys.executable, "-m", "player", "serve", "--port", "0", "--archive", str(derived)]
    with started(told, env=dict(os.environ)) as address:
        yield derived, port_of(address)


@pytest.mark.long
def test_a_server_that_runs_shows_nothing_of_it_any_more(served: tuple[Path, int], own_cache: Path) -> None:
    root, port = served
    record = another(root, "stays")
    assert get(port, "/recordings/stays")[0] == 200
    its = [
        "/recordings/tones",
        "/recordings/tones/transcript.vtt",
        "/recordings/tones/clip.mp3?t=2,4",
        "/recordings/tones/cite",
        "/recordings/tones/text",
        "/media/tones",
        "/media/tones/access",
    ]
    for _ in range(2):  # so that they are kept
        assert [get(port, path)[0] for path in its] == [200] * len(its)
    lists = ["/", f"/search?q={WORD}", "/sources"]
    assert WORD.encode() in get(port, lists[1])[1]
    assert b"A tape of tones" in get(port, "/")[1]
    assert list((own_cache / "clips").iterdir())
    done = subprocess.run(
        [sys.executable, "-m", "player", "withdraw", "tones", "--reason", REASON, "--archive", str(root)],
        capture_output=True,
        text=True,
        check=True,
        env=dict(os.environ),
    )
    assert "1 clip kept by a server" in done.stdout
    # The first answers after the command has ended.
    answers = [get(port, path) for path in its]
    assert [status for status, _ in answers] == [410] * len(its)
    assert b"She asked for it: &#34;all of it&#34; &lt;b&gt;" in answers[0][1]
    for path in lists:
        status, page = get(port, path)
        assert status == 200
        assert b"A tape of tones" not in page
        assert f"/recordings/tones{'#'}".encode() not in page
        assert page.count(WORD.encode()) <= (page.count(f'value="{WORD}"'.encode()) + 3 if "search" in path else 0)
    assert not files_with(own_cache, WORD)
    assert not list((own_cache / "clips").glob("*.mp3"))
    # The rest goes on, and it can be taken back by hand.
    assert get(port, "/recordings/stays")[0] == 200
    text = record_of(root).read_text(encoding="utf-8")
    record_of(root).write_text(text.partition("[withdrawal]")[0], encoding="utf-8")
    assert get(port, "/recordings/tones")[0] == 200
    assert record.exists()


@pytest.mark.long
@pytest.mark.parametrize("address", ["/media/tones", "/feed/tones.mp3"])
@pytest.mark.parametrize("closing", ["withdraw", "access"])
def test_a_sound_that_is_being_sent_is_broken_off(tmp_path: Path, closing: str, address: str) -> None:
    root = write_closed(tmp_path / "archive")
    (root / "transcripts" / "archive.toml").write_text('name = "Ferries"\nfeed = true\n', encoding="utf-8")
    sound = hold_fed(root) if address.endswith(".mp3") else root / "media" / "tones.wav"
    with sound.open("ab") as file:
        file.truncate(64_000_000)  # more than fits between a server and a listener who has paused
    told = [sys.executable, "-m", "player", "serve", "--port", "0", "--archive", str(root)]
    with (
        started(told, env=dict(os.environ)) as server,
        socket.create_connection(("127.0.0.1", port_of(server)), timeout=LIMIT) as listener,
    ):
        listener.sendall(f"GET {address} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        assert listener.recv(4096).startswith(b"HTTP/1.1 200")
        record = record_of(root)
        text = record.read_text(encoding="utf-8")
        if closing == "withdraw":
            assert run(root, "withdraw", "tones").exit_code == 0
        else:
            record.write_text(f'{text}\n[access]\nsound = "closed"\n', encoding="utf-8")
        hung_up = select.poll()
        hung_up.register(listener, select.POLLHUP | select.POLLERR)
        assert hung_up.poll(LIMIT * 1000)


@pytest.mark.parametrize(
    ("before", "after", "goes_on"),
    [
        ("", "", True),
        ("", "# a comment", True),
        ("", '[access]\nsound = "open"\ntranscript = "closed"', True),
        ("", '[access]\nsound = "on request"', False),
        ("", '[access]\nrecord = "draft"', False),
        ("", '[withdrawal]\ndate = "2026"', False),
        ("", "not TOML", False),
        ("", '[[closed]]\nstart = "0:01"\nend = "0:02"', False),
        ("", '[[closed]]\nstart = "0:01"\nend = "0:02"\nwhat = "words"', True),
        ('[[closed]]\nstart = "0:01"\nend = "0:02"', "", True),
        ('[[closed]]\nstart = "0:01"\nend = "0:02"', '[[closed]]\nstart = "0:01"\nend = "0:03"', False),
    ],
)
def test_a_sound_is_sent_on_as_long_as_all_of_it_may_be_heard(
    tmp_path: Path, before: str, after: str, *, goes_on: bool
) -> None:
    root = write_closed(tmp_path / "archive")
    record = record_of(root)
    text = record.read_text(encoding="utf-8")
    record.write_text(f"{text}\n{before}", encoding="utf-8")
    may_go_on = StillShown(Archive(root, Audience.VISITORS), "tones")
    assert may_go_on()
    record.write_text(f"{text}\n{after}\n", encoding="utf-8")
    assert [may_go_on(), may_go_on()] == [goes_on, goes_on]
