"""What player verify says of a signature: what it proves, what it does not, and that nothing is fetched to find out."""

from __future__ import annotations

import importlib.util
import json
import random
import shutil
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING, Any, Final

import c2pa
import pytest
from clipping import run
from mutagen import File
from signing import KINDS, NAME, certificate, options, signing, write

from player.clips import signed
from player.clips.c2pa_library import context

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from click.testing import Result

SPAN: Final = ("--from", "2", "--to", "4")
FITS: Final = "signed, signer not on a trust list; by"


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("signing")
    signing(folder)
    return folder


@pytest.fixture
def path(archive: Path, tmp_path: Path, folder: Path) -> Path:
    """A clip that was signed."""
    target = tmp_path / "clip.mp3"
    result = run(archive, "clip", "tones", *SPAN, "-o", str(target), *options(folder))
    assert result.exit_code == 0, result.output
    return target


def verify(archive: Path, path: Path, *more: str) -> Result:
    return run(archive, "verify", str(path), *more)


@pytest.mark.long
def test_only_a_trust_list_says_who_the_signer_is(archive: Path, path: Path, folder: Path, tmp_path: Path) -> None:
    assert FITS in verify(archive, path).stdout
    trusted = verify(archive, path, "--trust", str(folder / "authority.pem"))
    assert trusted.exit_code == 0
    assert f"clip.mp3: signed, signer on the trust list; by {NAME}, for tests only" in trusted.stdout
    signing(tmp_path / "others")
    other = verify(archive, path, "--trust", str(tmp_path / "others" / "authority.pem"))
    assert (other.exit_code, FITS in other.stdout) == (0, True)
    for name in ("key.pem", "nothing.pem"):
        refused = verify(archive, path, "--trust", str(folder / name))
        assert refused.exit_code == 1
        assert (
            "no certificate in PEM in it; name a file" in refused.stderr or "cannot be read (no such" in refused.stderr
        )


def test_without_the_library_it_is_told_what_is_to_be_installed(
    archive: Path, path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name, *more: None if name == "c2pa" else found(name, *more))
    result = verify(archive, path)
    assert result.exit_code == 0
    install = "Content Credentials need c2pa-python, which is not installed; install it, in the folder of the program: "
    install += ".venv/bin/pip install -e '.[credentials]'\n"
    assert f"clip.mp3: signed, but that cannot be checked here: {install}" in result.stdout
    refused = run(archive, "clip", "tones", *SPAN, "-o", str(path.with_name("b.mp3")), *options(folder))
    assert (refused.exit_code, refused.stderr) == (1, install)


def test_a_clip_of_another_sound_than_the_archive_has_now_is_told(archive: Path, path: Path) -> None:
    sound = archive / "media" / "tones.wav"
    data = bytearray(sound.read_bytes())
    data[-1] ^= 1
    sound.write_bytes(data)
    result = verify(archive, path)
    assert result.exit_code == 1
    assert "which is not that of this archive" in result.stdout
    assert "signed as cut from another sound than tones has now (their SHA-256 differ)" in result.stderr


def test_a_clip_of_a_recording_that_is_not_there_is_told(archive: Path, path: Path) -> None:
    shutil.move(archive / "transcripts" / "tones", archive / "transcripts" / "other")
    result = verify(archive, path)
    assert result.exit_code == 1
    assert "of a recording tones, which this archive does not have" in result.stdout


def test_a_clip_without_its_sidecar_is_still_said_to_be_signed(archive: Path, path: Path) -> None:
    path.with_name("clip.mp3.json").unlink()
    result = verify(archive, path)
    assert result.exit_code == 1
    assert FITS in result.stdout
    assert "the sidecar of the clip is missing" in result.stderr


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"media_sha256": "0" * 64}, "recordings"),
        ({"cut": [{"start": 1000, "end": 4000, "samples": [0, 1]}]}, "passages"),
        ({"words": ["Invented."]}, "words"),
    ],
)
def test_a_sidecar_that_says_other_than_what_was_signed_is_found(
    archive: Path, path: Path, change: dict[str, Any], told: str
) -> None:
    beside = path.with_name("clip.mp3.json")
    beside.write_text(json.dumps({**json.loads(beside.read_bytes()), **change}), encoding="utf-8")
    result = verify(archive, path)
    assert result.exit_code == 1
    assert f"its sidecar differs from what was signed in: {told}; do not rely on this clip" in result.stderr


def test_credentials_that_were_taken_out_are_missed(archive: Path, path: Path) -> None:
    tags: Any = File(path).tags
    tags.delall("GEOB")
    tags.save(path)
    result = verify(archive, path)
    assert result.exit_code == 1
    assert "its Content Credentials were taken out; do not rely on this clip" in result.stderr
    assert "signed, " not in result.stdout


@pytest.fixture
def server() -> Iterator[tuple[str, list[str]]]:
    """An address at which a manifest could lie, and what was asked of it."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as serving:
        threading.Thread(target=serving.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{serving.server_port}/manifest", asked
        serving.shutdown()


@pytest.mark.parametrize(
    "suffix", [".mp3", *(pytest.param(each, marks=pytest.mark.long) for each in (".wav", ".flac", ".m4a"))]
)
def test_a_manifest_elsewhere_is_not_fetched(
    archive: Path, tmp_path: Path, folder: Path, server: tuple[str, list[str]], suffix: str
) -> None:
    address, asked = server
    plain, path = tmp_path / f"plain{suffix}", tmp_path / f"remote{suffix}"
    run(archive, "clip", "tones", *SPAN, "-o", str(plain))
    info = c2pa.C2paSignerInfo(
        "es256", (folder / "certificate.pem").read_bytes(), (folder / "key.pem").read_bytes(), None
    )
    actions = [
        {"action": "c2pa.created", "digitalSourceType": "http://cv.iptc.org/newscodes/digitalsourcetype/composite"}
    ]
    told = {"assertions": [{"label": "c2pa.actions.v2", "data": {"actions": actions}}]}
    with context() as settings, c2pa.Builder(told, settings) as builder:
        builder.set_no_embed()
        builder.set_remote_url(address)
        kind = {".mp3": "audio/mpeg", ".wav": "audio/wav", ".flac": "audio/flac", ".m4a": "audio/mp4"}[suffix]
        with plain.open("rb") as source, path.open("w+b") as target:
            builder.sign(c2pa.Signer.from_info(info), kind, source, target)
    result = verify(archive, path)
    assert f"its Content Credentials are said to lie at {address}, from where nothing is fetched\n" in result.stdout
    assert asked == []
    # The library is told so too.
    with pytest.raises(c2pa.C2paError, match="must fetch remote manifests"), context() as settings:
        c2pa.Reader(str(path), context=settings)
    assert asked == []


@pytest.mark.long
def test_a_certificate_that_expired_since_is_told(archive: Path, tmp_path: Path) -> None:
    own = KINDS["P-384"]()
    soon = certificate(own, ends=5 / 86400)
    write(tmp_path / "signing", [soon], own)
    path = tmp_path / "clip.wav"
    assert run(archive, "clip", "tones", *SPAN, "-o", str(path), *options(tmp_path / "signing")).exit_code == 0
    assert FITS in verify(archive, path).stdout
    time.sleep(6)
    result = verify(archive, path)
    assert result.exit_code == 1
    assert "signed, but the signer's certificate has expired" in result.stderr


def test_what_a_manifest_says_is_nobodys_to_believe(archive: Path, tmp_path: Path, folder: Path) -> None:
    """Signed by whoever likes, its values are of any kind."""
    plain, path = tmp_path / "plain.wav", tmp_path / "odd.wav"
    run(archive, "clip", "tones", *SPAN, "-o", str(plain))
    info = c2pa.C2paSignerInfo(
        "es256", (folder / "certificate.pem").read_bytes(), (folder / "key.pem").read_bytes(), None
    )
    actions = [
        {"action": "c2pa.created", "digitalSourceType": "http://cv.iptc.org/newscodes/digitalsourcetype/composite"},
        {"action": "c2pa.trimmed", "when": "1963-11-05T00:00:00Z\x1b[2J"},
    ]
    own = {"recordings": [{"slug": "../../etc", "sha256": ["no"]}, 7], "passages": 7, "settings": "\x1b[2J"}
    told = {
        "title": "\x1b[2J",
        "assertions": [
            {"label": "c2pa.actions.v2", "data": {"actions": actions}},
            {"label": "alt.tape-player.clip", "data": own},
        ],
    }
    with context() as settings, plain.open("rb") as source, path.open("w+b") as target:
        c2pa.Builder(told, settings).sign(c2pa.Signer.from_info(info), "audio/wav", source, target)
    for name in (".json", ".vtt"):
        shutil.copy(f"{plain}{name}", f"{path}{name}")
    result = verify(archive, path)
    assert result.exit_code == 1
    assert f"{FITS} {NAME}, for tests only (tape-player, for tests only), at a time that it does" in result.stdout
    assert "it does not say what it was cut from" in result.stdout
    assert "its sidecar differs from what was signed in: recordings, passages, settings, words;" in result.stderr
    assert "\x1b" not in result.output


def test_whatever_bytes_a_file_holds_is_no_reason_to_fall(archive: Path, path: Path, tmp_path: Path) -> None:
    chance = random.Random(1963)  # noqa: S311  # bytes by chance, not secrets
    data = path.read_bytes()
    odd = tmp_path / "odd.mp3"
    cuts: list[bytes] = [data[: chance.randrange(len(data))] for _ in range(10)]
    changed: list[bytearray] = [bytearray(data) for _ in range(30)]
    for each in changed:
        for _ in range(20):
            each[chance.randrange(6000)] = chance.randrange(256)
    names = (
        b"ID3\4\0\0\x7f\x7f\x7f\x7fGEOB\x7f\x7f\x7f\x7f",
        b"RIFF\0\0\0\0WAVEC2PA",
        b"\0\0\0\1ftypM4A \0\0\0\0",
        b"ID3",
        b"",
    )
    for content in map(bytes, (*cuts, *changed, *names)):
        odd.write_bytes(content)
        result = verify(archive, odd)
        assert result.exit_code == 1
        assert isinstance(result.exception, SystemExit), content[:20]
        assert "Traceback" not in result.output
    assert signed.is_signed(path)
