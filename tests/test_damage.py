"""Whatever is in a file of the archive, nothing ends in a traceback: it is read, or refused in words."""

from __future__ import annotations

import logging
import shutil
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from context_files import add_context
from drawing import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from small_archive import bind, write_archive

from player.cli import main
from player.web.app import create_app

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask import Flask

TRANSLATION = """\
WEBVTT
Language: spa
Local Usage Element: [Translated by] Ada's sister

last
00:00:08.000 --> 00:00:10.000
El fin.
"""
FILES = [
    *("tones/recording.toml", "tones/transcript.vtt", "tones/transcript.es.vtt", "tones/annotations.toml"),
    *("sources.toml", "people.toml", "chronology.toml", "dossiers/pitch.toml"),
]

#: What is put into a file, or in place of a part of it: hostile, or what a hand or a program writes by mistake.
PIECES = st.one_of(
    st.binary(max_size=8),
    st.text(max_size=8).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.sampled_from(
        [
            *(
                b"\0",
                b"\xff\xfe",
                b"\xef\xbb\xbf",
                b"\xed\xa0\x80",
                b"\r",
                b"\r\n",
                b"\n\n",
                b"\x1b[31m",
                b"\xe2\x80\xae",
            ),
            *(
                b'"',
                b"'",
                b'"""',
                b"[",
                b"]",
                b"[[",
                b"]]",
                b"{",
                b"}",
                b"=",
                b"#",
                b"\\",
                b".",
                b",",
                b"-->",
                b"<",
                b"&",
            ),
            *(b"9" * 5000, b"-1", b"0", b"1e999", b"nan", b"inf", b"true", b"1979-05-27T07:32:00Z", b"0x_", b"[" * 500),
            *(b"999:59:59.999", b"1000:00:00", b"0:00", b"-0:01", b"9999-12-31", b"0000", b"1963-02-30", b"1963-11-31"),
            *(b"../../x", b"/etc/passwd", b"tones.wav", b"", b"a" * 300, b"http://[", b"//[", b"javascript:x", b"%00"),
            *(b"(//[)", b"[x](//[)", b"<http://[>", b"![x](x)", b"first..last", b"last..first", b"tones#first"),
            *(
                b"<00:00:01.000>",
                b"<v Ada>",
                b"</v>",
                b"<ruby>",
                b"&#x110000;",
                b"00:01.000 --> 00:02.000",
                b"NOTE source: log",
            ),
        ]
    ),
)
#: Where, in thousandths of the file, how many bytes go, and what comes.
DAMAGE = st.lists(st.tuples(st.integers(0, 1000), st.sampled_from([0, 0, 1, 7, 40]), PIECES), min_size=1, max_size=4)


@pytest.fixture(scope="module")
def damaged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive whose files are damaged again and again."""
    root = write_archive(tmp_path_factory.mktemp("damaged") / "archive")
    bind(root)
    add_context(root)
    (root / "transcripts" / "tones" / "transcript.es.vtt").write_text(TRANSLATION, encoding="utf-8")
    shutil.copytree(root / "transcripts", root.parent / "whole")
    return root


@pytest.fixture(scope="module")
def served(damaged: Path) -> Flask:
    """The application over it, which does not hide a fault of its own."""
    app = create_app(damaged)
    app.testing = True
    return app


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """Let what is told of every damage not be kept."""
    logging.disable(logging.ERROR)
    yield
    logging.disable(logging.NOTSET)


def _hurt(content: bytes, damage: list[tuple[int, int, bytes]]) -> bytes:
    for place, length, piece in damage:
        at = place * len(content) // 1000
        content = content[:at] + piece + content[at + length :]
    return content


@pytest.mark.long
@pytest.mark.parametrize("name", FILES)
@settings(max_examples=examples(10))
@given(damage=DAMAGE)
def test_whatever_is_in_a_file_nothing_ends_in_a_traceback(
    damaged: Path, served: Flask, name: str, damage: list[tuple[int, int, bytes]]
) -> None:
    path = damaged / "transcripts" / name
    whole = (damaged.parent / "whole" / name).read_bytes()
    path.write_bytes(_hurt(whole, damage))
    try:
        runner = CliRunner()
        clip = ["clip", "tones", "--from", "2", "--to", "3", "--force", "-o", str(damaged / "clip.wav")]
        for arguments in (["check"], ["list"], ["annotations", "tones"], clip):
            result = runner.invoke(main, [*arguments, "--archive", str(damaged)])
            assert result.exit_code in {0, 1}, result.output
            assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
            if name != "tones/recording.toml" and arguments is clip:
                assert result.exit_code == 0, result.output
        client = served.test_client()
        for address in (
            *(
                "/",
                "/recordings/tones",
                "/recordings/tones?q=one",
                "/recordings/tones/cite?t=2,3",
                "/recordings/tones/cite.bib",
            ),
            *("/recordings/tones/transcript.vtt", "/recordings/tones/transcript.es.vtt"),
            *("/people", "/people/ada", "/chronology", "/dossiers", "/dossiers/pitch", "/sources", "/sources/log"),
        ):
            status = client.get(address).status_code
            assert status in {200, 404, 500}
            if address.startswith("/recordings/tones") and "vtt" not in address and name != "tones/recording.toml":
                assert status == 200, address
            assert status == 200 or address != "/"
        with client.get("/media/tones") as answer:
            assert answer.status_code == 200 or name == "tones/recording.toml"
    finally:
        path.write_bytes(whole)
