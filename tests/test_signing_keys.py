"""Which keys and certificates sign clips, and what is told of those that cannot; the certificate for tests."""

from __future__ import annotations

import os
import shutil
import stat
from typing import TYPE_CHECKING, Any, Final

import pytest
from click.testing import CliRunner
from clipping import run
from signing import KINDS, NAME, SPAN, certificate, clip, manifest, options, signing, write

from player.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def _spoiled(folder: Path, spoil: Callable[[Path], object]) -> Path:
    signing(folder)
    spoil(folder)
    return folder


def _swap(folder: Path) -> None:
    certificate, key = (folder / name for name in ("certificate.pem", "key.pem"))
    data = certificate.read_bytes()
    certificate.write_bytes(key.read_bytes())
    key.write_bytes(data)


def _reversed(folder: Path) -> None:
    above, own = KINDS["P-384"](), KINDS["P-384"]()
    write(folder, [certificate(above, is_authority=True), certificate(own, above)], own)


def _unrelated(folder: Path) -> None:
    own = KINDS["P-384"]()
    write(folder, [certificate(own), certificate(KINDS["P-384"](), is_authority=True)], own)


def _alone(folder: Path, **named: Any) -> None:
    own = KINDS["P-384"]()
    write(folder, [certificate(own, **named)], own)


def _instead(path: Path) -> Path:
    path.unlink()
    return path


def _pipe(folder: Path) -> None:
    os.mkfifo(_instead(folder / "key.pem"))


def _locked(folder: Path) -> None:
    own = KINDS["P-384"]()
    write(folder, [certificate(own)], own, passphrase=b"harbour")


def _anothers(folder: Path) -> None:
    _alone(folder.parent / "another")
    shutil.copy(folder.parent / "another" / "key.pem", folder / "key.pem")


BAD: Final[dict[str, tuple[Callable[[Path], object], str]]] = {
    "no certificate": (
        lambda at: (at / "certificate.pem").unlink(),
        "certificate.pem: the file cannot be read (no such",
    ),
    "no key": (lambda at: (at / "key.pem").unlink(), "key.pem: the file cannot be read (no such file or directory)"),
    "a folder": (lambda at: _instead(at / "key.pem").mkdir(), "key.pem: the file cannot be read (it is a folder)"),
    "a pipe": (_pipe, "it is a pipe or a device"),
    "no PEM": (lambda at: (at / "certificate.pem").write_text("Ferry"), "this is not a certificate in PEM"),
    "a sound": (lambda at: (at / "key.pem").write_bytes(b"RIFF\0\0\0\0WAVE"), "this is not a private key in PEM"),
    "half a key": (lambda at: (at / "key.pem").write_bytes((at / "key.pem").read_bytes()[:90]), "not a private key in"),
    "swapped": (_swap, "certificate.pem: this is a private key, not a certificate; name it with --key"),
    "a certificate for a key": (
        lambda at: shutil.copy(at / "authority.pem", at / "key.pem"),
        "key.pem: this is a certificate, not a key; name it with --sign",
    ),
    "another's key": (_anothers, "this is not the key of the certificate in"),
    "the wrong order": (_reversed, "the certificate of the key is number 2 in the file; put it first"),
    "a chain of strangers": (_unrelated, "certificate 2 does not vouch for certificate 1; put them in order"),
    "expired": (lambda at: _alone(at, begins=-30, ends=-2), f"the certificate of {NAME} expired on "),
    "not yet": (lambda at: _alone(at, begins=2), f"the certificate of {NAME} holds only from "),
    "an authority": (
        lambda at: _alone(at, is_authority=True),
        "this certificate cannot sign Content Credentials (the c",
    ),
    "a passphrase": (_locked, "key.pem: the key is protected by a passphrase, for which the player does not ask"),
    "endless": (
        lambda at: os.truncate(at / "key.pem", 2_000_000),
        "key.pem: the file is too large for a certificate or",
    ),
}


@pytest.mark.parametrize("fault", BAD)
def test_what_cannot_sign_is_told_and_nothing_is_made(archive: Path, tmp_path: Path, fault: str) -> None:
    spoil, told = BAD[fault]
    folder = _spoiled(tmp_path / "signing", spoil)
    (tmp_path / "out").mkdir()
    result = run(archive, "clip", "tones", *SPAN, "-o", str(tmp_path / "out" / "clip.wav"), *options(folder))
    assert result.exit_code == 1, result.output
    assert told in result.stderr
    assert result.stderr.count("\n") == 1
    assert ";" in result.stderr
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.parametrize("kind", KINDS)
def test_other_kinds_of_keys_sign_and_a_lone_certificate_that_is_no_authority(
    archive: Path, tmp_path: Path, kind: str
) -> None:
    own = KINDS[kind]()
    write(tmp_path / "signing", [certificate(own)], own)
    path = clip(archive, tmp_path / "clip.wav", *options(tmp_path / "signing"))
    assert manifest(path)["signature_info"]["common_name"] == NAME


def test_a_key_that_others_can_read_signs_and_that_is_told(archive: Path, tmp_path: Path) -> None:
    sign = signing(tmp_path / "signing")
    key = tmp_path / "signing" / "key.pem"
    key.chmod(0o640)
    result = run(archive, "clip", "tones", *SPAN, "-o", str(tmp_path / "clip.wav"), *sign)
    assert result.exit_code == 0
    assert f"{key}: others on this computer can read the key; keep it for yourself: chmod 600 {key}" in result.stderr
    assert "PRIVATE" not in result.output + (tmp_path / "clip.wav.json").read_text(encoding="utf-8")


def test_the_certificate_for_tests_says_so_is_its_owners_and_is_not_replaced(archive: Path, tmp_path: Path) -> None:
    asked = ("credentials", "new", "--name", NAME, str(tmp_path / "signing"))
    assert CliRunner().invoke(main, asked).exit_code == 0
    sign = options(tmp_path / "signing")
    made = sorted((tmp_path / "signing").iterdir())
    assert [path.name for path in made] == ["authority.pem", "certificate.pem", "key.pem"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in made} == {0o600}
    before = [path.read_bytes() for path in made]
    again = CliRunner().invoke(main, asked)
    assert again.exit_code == 1
    assert "a file of that name exists, and keys are not replaced; name another folder" in again.stderr
    assert [path.read_bytes() for path in made] == before
    who = manifest(clip(archive, tmp_path / "clip.wav", *sign))["signature_info"]
    assert (who["common_name"], who["issuer"]) == (f"{NAME}, for tests only", "tape-player, for tests only")


@pytest.mark.parametrize(
    ("name", "folder", "told"),
    [
        (" ", "new", '" ": a certificate cannot have this name'),
        ("\x1b[2J", "new", '"\\x1b[2J": a certificate cannot have this name'),
        ("a" * 60, "new", "a certificate cannot have this name; write one of up to 48 letters"),
        (NAME, "nowhere/new", "the certificate cannot be written (no such file or directory); name a folder"),
        (NAME, "file", "file: a file of that name exists, and keys are not replaced; name another folder"),
    ],
)
def test_a_certificate_that_cannot_be_made_is_told(tmp_path: Path, name: str, folder: str, told: str) -> None:
    (tmp_path / "file").touch()
    result = CliRunner().invoke(main, ["credentials", "new", "--name", name, str(tmp_path / folder)])
    assert result.exit_code == 1, result.output
    assert told in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
