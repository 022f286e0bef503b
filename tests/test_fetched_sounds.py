"""A sound is fetched from the address that a person names, as far as it may be, and goes on where it was broken off."""

from __future__ import annotations

import ssl
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any

import pytest
import trustme
from small_archive import write_tones
from stand_in import answering

from player.archive.archive import Archive
from player.errors import AddError
from player.intake import addresses, fetching
from player.intake.adding import Wanted, add
from player.intake.beginning import begin

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Kept:
    """What a server has, how it behaves, and what it was asked for."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.tag = '"one"'
        #: After so many bytes it breaks off; None where it does not.
        self.breaks: int | None = None
        self.leads: str | None = None
        self.says_length = True
        #: What it says of the size of the whole, where that is not true.
        self.size: str | None = None
        self.asked: list[dict[str, str]] = []


@contextmanager
def served(kept: Kept, secured: ssl.SSLContext | None = None) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            kept.asked.append(dict(self.headers))
            if kept.leads is not None and not self.path.startswith("/there"):
                self.send_response(302)
                self.send_header("Location", kept.leads)
                self.end_headers()
                return
            if self.path.startswith("/none"):
                self.send_error(404)
                return
            start = 0
            if self.headers.get("If-Range") == kept.tag and "Range" in self.headers:
                start = int(self.headers["Range"].removeprefix("bytes=").removesuffix("-"))
            size = len(kept.content)
            self.send_response(206 if start else 200)
            self.send_header("ETag", kept.tag)
            if start:
                self.send_header("Content-Range", f"bytes {start}-{size - 1}/{kept.size or size}")
            if kept.says_length:
                self.send_header("Content-Length", str(size - start))
            self.end_headers()
            end = size if kept.breaks is None else start + kept.breaks
            self.wfile.write(kept.content[start:end])

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    with answering(Handler, secured=secured) as address:
        yield address


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Kept:
    monkeypatch.setenv("PLAYER_CACHE", str(tmp_path / "cache"))
    write_tones(tmp_path / "there.wav", seconds=2)
    return Kept((tmp_path / "there.wav").read_bytes())


def fetched(address: str) -> fetching.Fetched:
    return fetching.fetched(address, lambda _what, _done: None)


def test_a_sound_at_an_address_becomes_a_recording_that_says_where_it_came_from(kept: Kept, tmp_path: Path) -> None:
    begin(tmp_path / "archive")
    with served(kept) as site:
        wanted = Wanted((f"{site}/quay%20talk.wav?token=secret#t=3",), title="x", date="1971")
        add(Archive(tmp_path / "archive"), wanted)
    record = Archive(tmp_path / "archive").record("x")
    assert record.media is not None
    assert record.media.read_bytes() == kept.content
    assert record.holding is not None
    assert record.holding.obtained_from == f"{site}/quay%20talk.wav"
    assert list((tmp_path / "cache" / "fetched-1").iterdir()) == []
    everything = [path for folder in ("archive", "cache") for path in (tmp_path / folder).rglob("*") if path.is_file()]
    assert not [path for path in everything if b"secret" in path.read_bytes()]


def test_what_was_broken_off_goes_on_where_it_was(kept: Kept) -> None:
    kept.breaks = 10_000
    with served(kept) as site:
        with pytest.raises(AddError, match=r"have come, and the same command goes on from there"):
            fetched(f"{site}/a.wav")
        assert len(kept.asked) == 3
        kept.breaks = None
        found = fetched(f"{site}/a.wav")
    assert found.path.read_bytes() == kept.content
    assert [each.get("Range") for each in kept.asked] == [None, "bytes=10000-", "bytes=20000-", "bytes=30000-"]


def test_another_file_at_the_same_address_begins_anew(kept: Kept) -> None:
    kept.breaks = 5_000
    with served(kept) as site:
        with pytest.raises(AddError):
            fetched(f"{site}/a.wav")
        kept.content, kept.tag, kept.breaks = kept.content[::-1], '"two"', None
        assert fetched(f"{site}/a.wav").path.read_bytes() == kept.content


@pytest.mark.long
def test_https_is_trusted_by_its_certificate_alone(
    kept: Kept, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    authority = trustme.CA()
    secured = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(secured)
    with served(kept, secured) as site:
        with pytest.raises(AddError, match=r"could not be fetched \(.*certificate verify failed.*; try again later"):
            fetched(f"{site}/a.wav")
        assert kept.asked == []
        authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
        assert fetched(f"{site}/a.wav").path.read_bytes() == kept.content
    assert caplog.records == []


def test_what_has_come_is_not_asked_for_again(kept: Kept) -> None:
    with served(kept) as site:
        fetched(f"{site}/a.wav")
        fetched(f"{site}/a.wav")
    assert len(kept.asked) == 1


def test_what_is_no_sound_is_not_kept(kept: Kept, tmp_path: Path) -> None:
    begin(tmp_path / "archive")
    kept.content = b"<html>log in first</html>" * 20
    with served(kept) as site, pytest.raises(AddError, match="what is there is no sound"):
        add(Archive(tmp_path / "archive"), Wanted((f"{site}/a.mp3?key=secret",), title="x", date="1971"))
    assert list((tmp_path / "cache" / "fetched-1").iterdir()) == []


def test_what_is_too_large_is_refused(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "MOST", 20_000)
    with served(kept) as site:
        with pytest.raises(AddError, match="the most that is fetched"):
            fetched(f"{site}/a.wav")
        kept.says_length = False
        with pytest.raises(AddError, match="which is the most that is fetched"):
            fetched(f"{site}/b.wav")


def test_a_refusal_is_told_without_the_query(kept: Kept) -> None:
    with served(kept) as site, pytest.raises(AddError) as caught:
        fetched(f"{site}/none.wav?token=secret")
    assert str(caught.value).startswith(f"{site}/none.wav: the server does not give it (404 ")
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("leads", "told"),
    [
        ("http://192.0.2.1/a.wav", "only https is asked"),
        ("http://127.0.0.1:1/a.wav", "it leads on to http://127.0.0.1:1/a.wav, which is not https"),
        ("file:///etc/passwd", "is not an address"),
        ("ftp://192.0.2.1/a.wav", "only https is asked"),
        ("https://10.0.0.1/a.wav", "the address leads on to 10.0.0.1, in a private network"),
        ("https://[::1]/a.wav", "in a private network"),
        ("https://169.254.169.254/latest", "in a private network"),
        ("https://localhost/a.wav", "in a private network"),
        ("/again", "it leads on and on"),
        ("", "it leads on and on, or nowhere"),
    ],
)
def test_an_address_leads_on_only_where_it_may(
    kept: Kept, monkeypatch: pytest.MonkeyPatch, leads: str, told: str
) -> None:
    monkeypatch.delenv("https_proxy", raising=False)
    monkeypatch.delenv("HTTPS_PROXY", raising=False)
    kept.leads = leads
    with served(kept) as site, pytest.raises(AddError, match=told.replace("[", r"\[")):
        fetched(f"{site}/a.wav")


def test_an_address_may_lead_on_within_its_own_place(kept: Kept) -> None:
    kept.leads = "/there.wav"
    with served(kept) as site:
        assert fetched(f"{site}/a.wav").path.read_bytes() == kept.content


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("http://example.org/a.mp3", "only https is asked, so that what comes is what was sent"),
        ("ftp://example.org/a.mp3", "only https is asked"),
        ("file:///etc/passwd", "is not an address"),
        ("https://me:secret@example.org/a.mp3", "example.org: an address with a name or a password in it is not asked"),
        ("https://exa mple.org/a.mp3", "is not an address"),
        ("https:///a.mp3", "is not an address"),
        ("https://example.org:99999/a.mp3", "is not an address"),
        ("https://example.org/a\r\nX: y", "is not an address"),
    ],
)
def test_an_address_that_may_not_be_asked_is_refused(address: str, told: str) -> None:
    with pytest.raises(AddError, match=told) as caught:
        addresses.noted(address)
    assert "secret" not in str(caught.value)


def test_a_server_that_is_not_there_is_told(kept: Kept) -> None:
    with served(kept) as site:
        pass
    with pytest.raises(AddError, match=r"it could not be fetched \(connection refused\); try again later"):
        fetched(f"{site}/a.wav")


@pytest.mark.parametrize(
    "leads",
    ["https://[::1/x", f"https://{'a' * 70}.example/x", "https://a..b/x", "https://a:99999/x", "https://a:x/", "//[", "https://\x7f/"],
)  # fmt: skip
def test_an_answer_that_leads_to_what_is_no_address_is_refused_in_words(kept: Kept, leads: str) -> None:
    kept.leads = leads
    with served(kept) as site, pytest.raises(AddError, match=r"is not an address|leads on|could not be fetched \(Inv"):
        fetched(f"{site}/a.wav")


@pytest.mark.parametrize("size", ["9" * 400, "9" * 5000, "-1", "x"])
def test_a_size_that_is_none_is_refused_in_words(kept: Kept, size: str) -> None:
    kept.breaks = 5_000
    with served(kept) as site:
        with pytest.raises(AddError):
            fetched(f"{site}/a.wav")
        kept.breaks, kept.size = None, size
        with pytest.raises(AddError, match="the server sends another part than the one that is missing"):
            fetched(f"{site}/a.wav")


@pytest.mark.parametrize("address", ["https://a..b/x.wav", f"https://{'a' * 70}.example/x.wav", "https://[::1/x.wav"])
def test_what_is_no_address_is_refused_before_it_is_asked(address: str) -> None:
    with pytest.raises(AddError, match="is not an address; write one that begins with https://"):
        fetching.fetched(address, lambda _what, _done: None)
