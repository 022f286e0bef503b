"""``player bind`` writes a sound's digest into the header of its transcript, and changes nothing else."""

from __future__ import annotations

import hashlib
import stat
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from player.archive.webvtt.binding import bound
from player.archive.webvtt.reading import read_transcript
from player.cli import main

if TYPE_CHECKING:
    from pathlib import Path

OTHER = "ab" * 32
CUE = b"00:00.000 --> 00:01.000\nwords"


@pytest.fixture
def digest(archive: Path) -> str:
    return hashlib.sha256((archive / "media" / "tones.wav").read_bytes()).hexdigest()


def transcript(archive: Path) -> Path:
    return archive / "transcripts" / "tones" / "transcript.vtt"


def bind(archive: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["bind", *(arguments or ("tones",)), "--archive", str(archive)])


HEADERS = [
    # what is there, and what is there afterwards; # stands for the digest
    (b"WEBVTT", b"WEBVTT\nLocal Usage Element: [Media SHA-256] #\n"),
    (b"WEBVTT\n\n" + CUE, b"WEBVTT\nLocal Usage Element: [Media SHA-256] #\n\n" + CUE),
    (
        b"\xef\xbb\xbfWEBVTT a title\r\nLanguage: en\r\n\r\n" + CUE,
        b"\xef\xbb\xbfWEBVTT a title\r\nLanguage: en\r\nLocal Usage Element: [Media SHA-256] #\r\n\r\n" + CUE,
    ),
    (b"WEBVTT\rLanguage: en\r\r" + CUE, b"WEBVTT\rLanguage: en\rLocal Usage Element: [Media SHA-256] #\r\r" + CUE),
    (b"WEBVTT\nLanguage: en", b"WEBVTT\nLanguage: en\nLocal Usage Element: [Media SHA-256] #\n"),
    (
        b"WEBVTT\nX: caf\xe9\n\ncaf\xe9\n" + CUE,
        b"WEBVTT\nX: caf\xe9\nLocal Usage Element: [Media SHA-256] #\n\ncaf\xe9\n" + CUE,
    ),
    (b"WEBVTT\n" + CUE, b"WEBVTT\nLocal Usage Element: [Media SHA-256] #\n" + CUE),
    (
        b"WEBVTT\nLocal Usage Element: [A] b;[media sha-256]" + OTHER.encode() + b" ; [C] d\nType: x\n\n" + CUE,
        b"WEBVTT\nLocal Usage Element: [A] b;[media sha-256]# ; [C] d\nType: x\n\n" + CUE,
    ),
    (
        b"WEBVTT\r\nLocal Usage Element: [Media SHA-256]\r\n\r\n" + CUE,
        b"WEBVTT\r\nLocal Usage Element: [Media SHA-256] #\r\n\r\n" + CUE,
    ),
    (
        b"WEBVTT\n\n" + CUE + b"\n\nNOTE\nLocal Usage Element: [Media SHA-256] 12\n",
        b"WEBVTT\nLocal Usage Element: [Media SHA-256] #\n\n"
        + CUE
        + b"\n\nNOTE\nLocal Usage Element: [Media SHA-256] 12\n",
    ),
]


@pytest.mark.parametrize(("before", "after"), HEADERS)
def test_only_the_digest_is_written(archive: Path, digest: str, before: bytes, after: bytes) -> None:
    path = transcript(archive)
    path.write_bytes(before)
    result = bind(archive, "tones", "--force")
    assert result.exit_code == 0, result.stderr
    assert path.read_bytes() == after.replace(b"#", digest.encode())
    assert read_transcript(path).media_sha256 == digest
    assert bound(path.read_bytes(), digest) == path.read_bytes()


def test_it_says_what_it_did_and_does_it_once(archive: Path, digest: str) -> None:
    path = transcript(archive)
    path.chmod(0o640)
    cues = read_transcript(path).cues
    result = bind(archive)
    assert result.stdout.endswith("transcript.vtt: it is now bound to tones.wav\n")
    assert [cue.text for cue in read_transcript(path).cues] == [cue.text for cue in cues]
    assert read_transcript(path).media_sha256 == digest
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    before = path.stat()
    assert bind(archive).stdout.endswith("it is already bound to tones.wav\n")
    assert path.stat() == before
    assert [each.name for each in path.parent.iterdir() if each.name.startswith(".")] == []


def test_a_transcript_that_is_bound_to_another_file_is_left_alone_unless_forced(archive: Path, digest: str) -> None:
    path = transcript(archive)
    path.write_bytes(bound(path.read_bytes(), OTHER))
    before = path.read_bytes()
    result = bind(archive)
    assert result.exit_code == 1
    assert (
        "it is bound to another file than tones.wav; if it was timed to this one, bind it with --force" in result.stderr
    )
    assert bind(archive, "--all").stdout == "every transcript with a sound is bound\n"
    assert path.read_bytes() == before
    assert bind(archive, "tones", "--force").exit_code == 0
    assert path.read_bytes() == before.replace(OTHER.encode(), digest.encode())


def test_a_translation_that_was_bound_with_it_goes_with_it(archive: Path, digest: str) -> None:
    path = transcript(archive)
    path.write_bytes(bound(path.read_bytes(), OTHER))
    with_it, alone = path.with_name("transcript.es.vtt"), path.with_name("transcript.fr.vtt")
    with_it.write_bytes(bound(b"WEBVTT\nLanguage: spa\n\n", OTHER))
    alone.write_bytes(b"WEBVTT\nLanguage: fra\n\n")
    assert "bound to tones.wav, and so is transcript.es.vtt" in bind(archive, "tones", "--force").stdout
    assert read_transcript(with_it).media_sha256 == digest
    assert read_transcript(alone).media_sha256 is None


def test_all_binds_those_that_are_bound_to_nothing(archive: Path, digest: str) -> None:
    for name in ("second", "third", "lost"):
        folder = archive / "transcripts" / name
        folder.mkdir()
        held = 'media = "tones.wav"' if name != "lost" else 'status = "not held"'
        (folder / "recording.toml").write_text(f'title = "x"\ndate = "1963"\n{held}\n', encoding="utf-8")
        (folder / "transcript.vtt").write_bytes(b"WEBVTT\n\n" + CUE)
    (archive / "transcripts" / "third" / "transcript.vtt").write_bytes(b"none")
    result = bind(archive, "--all")
    assert result.exit_code == 1
    assert "third/transcript.vtt:1: the file does not begin with WEBVTT" in result.stderr
    assert result.stdout.splitlines()[-1] == "2 transcripts bound, 1 not bound"
    assert read_transcript(archive / "transcripts" / "second" / "transcript.vtt").media_sha256 == digest
    assert read_transcript(archive / "transcripts" / "lost" / "transcript.vtt").media_sha256 is None


@pytest.mark.parametrize("arguments", [("--all", "tones"), ("--all", "--force"), ("--force",)])
def test_what_is_to_be_bound_is_said_one_way(archive: Path, arguments: tuple[str, ...]) -> None:
    assert bind(archive, *arguments).exit_code == 2


def test_a_transcript_that_cannot_be_written_is_told(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = transcript(archive)
    before = path.read_bytes()

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("player.archive.webvtt.binding.new_files", refuse)
    result = bind(archive)
    assert result.exit_code == 1
    assert "transcript.vtt: it cannot be written (permission denied); check that you may write there" in result.stderr
    assert path.read_bytes() == before


def test_a_link_to_a_transcript_stays_a_link(archive: Path, digest: str) -> None:
    path = transcript(archive)
    path.rename(path.with_name("words"))
    path.symlink_to("words")
    assert bind(archive).exit_code == 0
    assert path.is_symlink()
    assert read_transcript(path.with_name("words")).media_sha256 == digest
