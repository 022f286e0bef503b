"""Only what a record may name, and the operator lets be asked, is asked for sounds; all else is refused in words."""

from __future__ import annotations

import ipaddress
import socket
import ssl
from typing import TYPE_CHECKING, Any

import pytest
from distant_server import Distant, distant
from small_archive import bind
from test_distant_sounds import ASKED, move, sound_of, there
from trusted import secured

from player.archive.archive import Archive
from player.audio import cache
from player.errors import AudioError
from player.storage import web
from player.storage.addresses import ALLOWED, is_within_reach, parsed, refusal
from player.web.app import create_app

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["there"]


def faults_of(archive: Path) -> str:
    return "\n".join(map(str, Archive(archive).record("tones").media_faults))


READ = {
    "s3://tapes/1963/5 november.flac": None,
    "s3://tapes/a.flac": "s3://tapes/a.flac",
    "https://sounds.example.org/a%20b.mp3": "https://sounds.example.org/a%20b.mp3",
    "https://sounds.example.org:8443/x/a.mp3": "https://sounds.example.org:8443/x/a.mp3",
    "https://[2001:db8::1]/a.mp3": "https://[2001:db8::1]/a.mp3",
    "http://127.0.0.1:8080/a.mp3": "http://127.0.0.1:8080/a.mp3",
    "http://sounds.example.org/a.mp3": None,
    "ftp://sounds.example.org/a.mp3": None,
    "file:///etc/passwd": None,
    "https://ada:secret@sounds.example.org/a.mp3": None,
    "https://sounds.example.org/a.mp3?X-Amz-Signature=0": None,
    "https://sounds.example.org/a.mp3#t=5": None,
    "https://sounds.example.org/../a.mp3": None,
    "https://sounds.example.org/%2e%2e/a.mp3": None,
    "https://sounds.example.org/a%2fb.mp3": None,
    "https://sounds.example.org/open/..%2Fclosed/a.mp3": None,
    "https://sounds.example.org/open/..%5cclosed/a.mp3": None,
    "https://sounds.example.org/": None,
    "https://sounds.example.org": None,
    "https:///a.mp3": None,
    "https://sounds.example.org:99999/a.mp3": None,
    "s3://tapes": None,
    "s3://ta pes/a.flac": None,
    "s3://../a.flac": None,
    "s3://tapes/.hidden": None,
    "https://sounds.example.org/a\\b.mp3": None,
    "https://sounds.example.org/a\u202eb.mp3": None,
    f"https://sounds.example.org/{'a' * 300}.mp3": None,
}


def test_only_what_is_the_address_of_a_sound_is_read_as_one() -> None:
    found = {text: parsed(text) for text in READ}
    assert {text: None if each is None else str(each) for text, each in found.items()} == READ


def test_only_places_that_the_operator_names_are_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ALLOWED, "s3://tapes, s3://other/open/ https://sounds.example.org 10.1.0.0/16")
    asked = {
        "s3://tapes/a.flac": True,
        "s3://tapes-too/a.flac": False,
        "s3://other/a.flac": False,
        "s3://other/open/a.flac": True,
        "s3://other/opened/a.flac": False,
        "https://sounds.example.org/a.flac": True,
        "https://sounds.example.org:8443/a.flac": False,
        "https://sounds.example.org.evil.example/a.flac": False,
        "https://tapes/a.flac": False,
    }
    found = {text: refusal(address) is None for text in asked if (address := parsed(text))}
    assert found == asked


def test_what_to_do_about_a_place_that_is_not_named_can_be_done(monkeypatch: pytest.MonkeyPatch) -> None:
    address = parsed("https://[2001:db8::1]:8443/a.mp3")
    assert address is not None
    told = refusal(address)
    assert told is not None
    name, _, listed = told[1].rpartition(" ")[2].partition("=")
    monkeypatch.setenv(name, listed)
    assert refusal(address) is None


def test_servers_in_networks_that_are_not_public_are_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:

    private = (
        *("127.0.0.1", "10.1.2.3", "169.254.169.254", "192.168.0.1", "172.16.0.1", "100.64.0.1", "0.0.0.1", "::1"),
        *("fe80::1", "fd00::1", "::ffff:127.0.0.1", "::ffff:169.254.169.254", "224.0.0.1", "64:ff9b:1::7f00:1"),
        *("64:ff9b::10.0.0.1", "2002:7f00:1::", "2002:a00:1::1", "::127.0.0.1", "::ffff:0:127.0.0.1", "fec0::1"),
    )
    for each in private:
        assert not is_within_reach(ipaddress.ip_address(each)), each
    for each in ("93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "::ffff:93.184.216.34", "64:ff9b::5db8:d822"):
        assert is_within_reach(ipaddress.ip_address(each)), each
    monkeypatch.setenv(ALLOWED, "10.1.0.0/16")
    assert is_within_reach(ipaddress.ip_address("10.1.2.3"))
    assert not is_within_reach(ipaddress.ip_address("10.2.2.3"))


def test_a_place_that_is_not_named_is_not_asked_and_the_record_says_so(
    archive: Path, there: Distant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(ALLOWED)
    told = faults_of(archive)
    assert "recording.toml:6: the sound lies at http://127.0.0.1:" in told
    assert f"where this archive does not ask for sounds; if you trust that place, add it to {ALLOWED}" in told
    client = create_app(archive).test_client()
    assert client.get("/recordings/tones").status_code == 200
    assert client.get(ASKED).status_code == 500
    assert there.asked == []


def test_a_list_of_places_with_a_slip_allows_none(
    archive: Path, there: Distant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ALLOWED, f"{there.address} sounds.example.org")
    assert f'{ALLOWED} has "sounds.example.org", which is nothing that could be asked; correct it' in faults_of(archive)
    monkeypatch.setenv(ALLOWED, "https://ada:sesame@sounds.example.org/open")
    assert f'{ALLOWED} has "https://…@sounds.example.org/open", which is nothing' in faults_of(archive)


def test_a_name_that_comes_to_stand_for_a_private_address_is_not_followed(
    archive: Path, there: Distant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where it was allowed as a name, what it stands for is judged at each connection, and that is connected to."""
    record = archive / "transcripts" / "tones" / "recording.toml"
    port = there.address.rpartition(":")[2]
    text = record.read_text("utf-8").replace(there.address, f"https://sounds.example.org:{port}")
    record.write_text(text, "utf-8")
    monkeypatch.setenv(ALLOWED, f"https://sounds.example.org:{port}")
    looked = []

    def stands_for(host: str, port: int, **_: Any) -> list[tuple[Any, ...]]:
        looked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(socket, "getaddrinfo", stands_for)
    media = sound_of(archive)
    with pytest.raises(AudioError, match=r"sounds\.example\.org is 127\.0\.0\.1, in a network that is not public"):
        cache.digest(media)
    assert looked == ["sounds.example.org"]
    assert there.asked == []


def test_an_address_that_this_machine_cannot_speak_to_is_passed_over(
    archive: Path, there: Distant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where there is no IPv6, names of servers stand for such addresses all the same."""
    find = socket.getaddrinfo
    unknown = 12345  # a family of addresses that no system has

    def both(*given: Any, **more: Any) -> list[tuple[Any, ...]]:
        found = find(*given, **more)
        return [*((unknown, *each[1:]) for each in found), *found]

    monkeypatch.setattr(socket, "getaddrinfo", both)
    assert len(cache.digest(sound_of(archive))) == 64
    assert there.asked


@pytest.mark.parametrize("is_trusted", [True, False])
def test_a_server_that_shows_the_wrong_certificate_is_refused_in_words(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_trusted: bool
) -> None:
    """One of another name, and one that an authority has signed which nobody knows."""
    bind(archive)
    known = tmp_path / "trusted.pem"
    shown = secured("sounds.example.org" if is_trusted else "127.0.0.1", known)
    if not is_trusted:
        secured(trusted_at=known)
    monkeypatch.setenv("SSL_CERT_FILE", str(known))
    monkeypatch.setattr(web, "_secured", ssl.create_default_context)
    with distant(tmp_path / "there", shown) as server:
        move(archive, server)
        monkeypatch.setenv(ALLOWED, f"{server.address} 127.0.0.0/8")
        told = r"/tones\.wav: its server does not show who it is \(certificate verify failed\); ask its keeper"
        with pytest.raises(AudioError, match=told):
            cache.digest(sound_of(archive))
        assert create_app(archive).test_client().get(ASKED).status_code == 502
        assert server.asked == []
