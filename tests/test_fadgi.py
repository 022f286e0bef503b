"""The elements of FADGI in the header of a WebVTT file are written, kept, shown and advised on."""

from __future__ import annotations

from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Final

import checking
import pytest
import webvtt
from clipping import cut, run
from drawing import examples
from exporting import READING, add_to_record
from html_elements import parse
from hypothesis import given, settings
from hypothesis import strategies as st
from test_translation import SPANISH

from player.archive.languages import three_letters
from player.archive.webvtt.fadgi import ELEMENTS, ONCE, described, elements_in, stated, with_elements
from player.archive.webvtt.reading import parse as parse_vtt
from player.archive.webvtt.reading import read_transcript
from player.intake.transcripts.captions import vtt
from player.publish.citation import NOTICE
from player.web.app import create_app

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask.testing import FlaskClient

PAGE: Final = "/recordings/tones"
ADDRESS: Final = f"{PAGE}/transcript.fadgi.vtt"
CUE: Final = "00:01.000 --> 00:02.000\n<v Ada>The ferry left.\n"
PAIRS: Final = (
    ("Type", "caption"),
    ("Language", "eng"),
    ("Responsible Party", "US, Harbour Library"),
    ("Media Identifier", "tape_12, local"),
    ("Originating File", "tape_12.mp3"),
    ("File Creator", "Ines Keeper"),
    ("File Creation Date", "2026-11-02"),
    ("Origin History", "Typed from the tape"),
    ("Local Usage Element", "[Review history] unreviewed; [Shelf] 4"),
)
BLOCK: Final = "\n".join(f"{name}: {value}" for name, value in PAIRS)
# The same as version 2.0 has it.
NOTE: Final = f"NOTE\n{BLOCK.rpartition('Local')[0]}_Review history: unreviewed\n_Shelf: 4"


def path_of(archive: Path) -> Path:
    return archive / "transcripts" / "tones" / "transcript.vtt"


def write(archive: Path, header: str) -> None:
    path_of(archive).write_text(f"WEBVTT\n{header}\n\n{CUE}", encoding="utf-8")
    (path_of(archive).parent / "annotations.toml").unlink(missing_ok=True)


def advised(archive: Path, header: str) -> list[tuple[int | None, str]]:
    write(archive, header)
    return [(each.line, str(each)) for each in checking.advice(archive) if "header" in each.what]


def test_what_the_archive_knows_goes_into_the_header_and_nothing_else_changes(
    archive: Path, client: FlaskClient
) -> None:
    add_to_record(archive, 'identifier = "ark:/1234/tones"\n')
    (archive / "transcripts" / "archive.toml").write_text('name = "Harbour; & <Tapes>"\n', encoding="utf-8")
    answer = client.get(ADDRESS)
    assert (answer.status_code, answer.mimetype) == (HTTPStatus.OK, "text/vtt")
    assert answer.headers["Content-Disposition"] == "attachment; filename=tones.fadgi.vtt"
    first, below = answer.data.split(b"\n", 1)
    lines, rest = below.decode().split("\nType: caption", 1)
    assert first == b"WEBVTT"
    assert lines.split("\n") == [
        "Responsible Party: Harbour, & <Tapes>",
        "Media Identifier: ark:/1234/tones, ARK; tones, local",
        "Originating File: tones.wav",
        "Title: A tape of tones",
    ]
    assert f"WEBVTT\nType: caption{rest}".encode() == path_of(archive).read_bytes()
    done = run(archive, "export", "tones", "--to", "fadgi", "-o", "-")
    assert done.stdout_bytes == answer.data


def test_another_reader_finds_the_elements(archive: Path, client: FlaskClient, tmp_path: Path) -> None:
    add_to_record(archive, READING)
    (tmp_path / "out.vtt").write_bytes(client.get(ADDRESS).data)
    found = webvtt.read(str(tmp_path / "out.vtt"))
    assert "Responsible Party: the keepers" in found.metadata
    assert f"Title: {NOTICE}: A tape of tones" in found.metadata
    assert len(found.captions) == len(webvtt.read(str(path_of(archive))).captions)


def test_what_the_file_says_already_stays_as_it_says_it(archive: Path, client: FlaskClient) -> None:
    for header in (BLOCK, f"\n{NOTE}"):
        write(archive, header)
        sent = client.get(ADDRESS).data.decode()
        assert sent == path_of(archive).read_text().replace("WEBVTT\n", "WEBVTT\nTitle: A tape of tones\n", 1)


def test_a_translation_has_its_own_language(archive: Path, client: FlaskClient) -> None:
    (path_of(archive).parent / "transcript.es.vtt").write_text(SPANISH, encoding="utf-8")
    sent = client.get(f"{PAGE}/transcript.es.fadgi.vtt").data
    assert b"\nType: caption\n" in sent
    assert b"Language: eng" not in sent
    assert client.get(f"{PAGE}/transcript.fr.fadgi.vtt").status_code == HTTPStatus.NOT_FOUND


def test_what_is_closed_stays_so_in_that_file(archive: Path) -> None:
    add_to_record(archive, '\n[[closed]]\ncue = "c3"\nwhat = "words"\nuntil = "2941"\n\n[access]\nsound = "closed"\n')
    sent = create_app(archive).test_client().get(ADDRESS).data.decode()
    assert "Type: caption" in sent
    assert not any(each in sent for each in ("second voice", "tones.wav"))


ENDS: Final = st.sampled_from(["\n", "\r\n", "\r"])
VALUE: Final = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=12).map(
    lambda text: " ".join(text.replace("-->", "").split())
)


@pytest.mark.long
@settings(max_examples=examples(300), deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(ELEMENTS), VALUE), max_size=5),
    st.lists(st.tuples(st.sampled_from(ELEMENTS[:-1]), VALUE), max_size=8, unique_by=lambda pair: pair[0]),
    ENDS,
    st.booleans(),
)
def test_elements_are_added_to_any_file_and_its_lines_stay(
    there: Sequence[tuple[str, str]], new: Sequence[tuple[str, str]], end: str, has_mark: bool
) -> None:
    head = "".join(f"{name}: {value}\n" for name, value in there)
    before = (("\ufeff" if has_mark else "") + f"WEBVTT\n{head}\n{CUE}\n\n{CUE}").replace("\n", end).encode()
    after = with_elements(before, new)
    old, now = (parse_vtt(Path("x.vtt"), each.decode("utf-8-sig")) for each in (before, after))
    assert [(line.text, line.turns, line.start) for line in now.cues] == [
        (line.text, line.turns, line.start) for line in old.cues
    ]
    names = {name for name, _ in there}
    wanted = "".join(f"{name}: {value}\n" for name, value in new if name not in names and value)
    # As if somebody had typed them: a value that names what recognises speech says more than itself.
    typed = parse_vtt(Path("x.vtt"), f"WEBVTT\n{wanted}{head}\n{CUE}")
    assert now.header == typed.header
    assert with_elements(after, new) == after
    lines = iter(after.splitlines(keepends=True))
    assert all(line in lines for line in before.splitlines(keepends=True))


def test_a_file_without_an_empty_line_below_webvtt_has_one_then() -> None:
    after = with_elements(b"WEBVTT\n" + CUE.encode(), [("Type", "caption")])
    assert after.decode() == f"WEBVTT\nType: caption\n\n{CUE}"
    assert with_elements(b"WEBVTT", [("Type", "caption")]) == b"WEBVTT\nType: caption\n"


@pytest.mark.parametrize(
    "text", [f"WEBVTT\n{BLOCK}\n\n{CUE}", f"WEBVTT\n\n{BLOCK}\n\n{CUE}", f"WEBVTT\n\n{NOTE}\n\n{CUE}"]
)
def test_they_are_read_wherever_files_have_them_and_an_import_has_them_in_the_header(text: str, archive: Path) -> None:
    expected = list(PAIRS[:-1])
    assert [pair for pair in stated(text) if pair in expected] == expected
    found = vtt.read(Path("talk.vtt"), text.encode())
    assert [pair for pair in found.header if pair in expected] == expected
    assert [line.text for line in found.lines] == ["The ferry left."]
    assert found.language == "eng"
    write(archive, "")
    path = archive / "other.vtt"
    path.write_text(text, encoding="utf-8")
    done = run(archive, "import", "tones", str(path), "--force")
    assert done.exit_code == 0, done.output
    there = read_transcript(path_of(archive))
    assert [pair for pair in there.header if pair in expected] == expected
    said = str(there.header)
    assert "unreviewed" in said
    assert "Shelf" in said
    assert not any(line.comments for line in there.lines)
    assert ("below the header or in a comment" in done.output) == ("WEBVTT\n\n" in text)


@pytest.mark.parametrize(
    "comment",
    [
        "NOTE Title: The ferry",
        "NOTE\nLanguage: en\nTitle: The ferry",
        "NOTE Type: caption",
        "NOTE\nType: caption\nLanguage: eng\nand words",
        "NOTE source: log\nType: caption\nLanguage: eng",
        "STYLE\n::cue { color: red }",
    ],
)
def test_a_comment_that_is_about_something_else_is_none(comment: str) -> None:
    assert elements_in(comment.split("\n")) == ()
    found = vtt.read(Path("talk.vtt"), f"WEBVTT\n\n{comment}\n\n{CUE}".encode())
    assert found.header == ()


def test_the_page_of_the_text_says_where_the_file_comes_from(archive: Path, client: FlaskClient) -> None:
    for header in (BLOCK.replace("Ines", "<i>Ines</i> &"), f"\n{NOTE.replace('Ines', '<i>Ines</i> &')}"):
        write(archive, header)
        section = parse(client.get(f"{PAGE}/text").text).one("section", **{"aria-labelledby": "of-file"})
        said = {name: value for name, _, value in (each.text.partition(": ") for each in section.all("li"))}
        assert said["Responsible Party"] == "US, Harbour Library"
        assert said["File Creator"] == "<i>Ines</i> & Keeper"
        assert (said["Review history"], said["Shelf"]) == ("unreviewed", "4")
        assert not {"Type", "Language", "Local Usage Element", "Media SHA-256"} & set(said)
    write(archive, "Kind: captions")
    assert "of-file" not in client.get(f"{PAGE}/text").text


def test_the_names_of_reviewers_that_are_not_shown_are_not_shown_there(archive: Path, client: FlaskClient) -> None:
    write(archive, f"{BLOCK}\nOrigin History: Made by a machine; reviewed by Ada on 2026-11-20")
    assert "reviewed by Ada" in client.get(f"{PAGE}/text").text
    record = archive / "transcripts" / "tones" / "recording.toml"
    named = record.read_text(encoding="utf-8").replace('name = "Ada"', 'name = "Ada"\ndisplay_name = "A keeper"')
    record.write_text(named, encoding="utf-8")
    page = create_app(archive).test_client().get(f"{PAGE}/text").text
    assert "Harbour Library" in page
    assert "reviewed by Ada" not in page


@pytest.mark.parametrize(
    ("old", "new", "line", "told"),
    [
        ("Type: caption", "Type: transcript", 2, 'type of the file as "transcript", which the guidelines'),
        ("Language: eng", "Language: fra", 3, 'language as "fra", the record as "en"; correct one of them; in the'),
        ("2026-11-02", "2 November", 8, 'as "2 November", which is no date; write it as 2026-11-29'),
        ("2026-11-02", "2026-13-02", 8, "which is no date"),
        ("2026-11-02", "2026-11-02 10:56:44.008719", 8, "which is no date"),
        ("Responsible Party", "Responsible party", 4, 'says "Responsible party" for Responsible Party'),
        ("File Creator: Ines Keeper\n", "", 2, "not all that FADGI strongly recommends: File Creator; add"),
        ("Origin History", "Type: subtitle\nOrigin History", 9, "has Type 2 times, and may have it once; keep one"),
    ],
)
def test_what_other_archives_would_not_understand_is_advised_on(
    old: str, new: str, line: int, told: str, archive: Path
) -> None:
    ((at, said),) = advised(archive, BLOCK.replace(old, new))
    assert at == line
    assert told in said


@pytest.mark.parametrize(
    "header",
    [
        BLOCK,
        BLOCK.replace("eng", "en"),
        BLOCK.replace("eng", "spa; eng"),
        BLOCK.replace("2026-11-02", "2026"),
        BLOCK.replace("2026-11-02", "2026-11-02T10:56:44Z"),
        "Kind: captions\nLanguage: en",
        f"\n{NOTE}",
    ],
)
def test_nothing_is_advised_on_headers_that_are_right_or_were_never_meant_as_such(header: str, archive: Path) -> None:
    assert advised(archive, header) == []


def test_advice_on_elements_is_no_fault(archive: Path) -> None:
    write(archive, BLOCK.replace("caption", "words"))
    assert run(archive, "check").exit_code == 0


def test_the_words_of_a_clip_have_a_type_and_a_language_of_the_guidelines(archive: Path, tmp_path: Path) -> None:
    cut(archive, tmp_path / "clip.wav")
    header = dict(read_transcript(tmp_path / "clip.wav.vtt").header)
    assert (header["Type"], header["Language"]) == ("caption", "eng")


@pytest.mark.parametrize(
    ("tag", "code"),
    [
        *(("en", "eng"), ("en-GB", "eng"), ("es", "spa"), ("zh-Hant", "zho"), ("de", "deu"), ("fr", "fra")),
        *(("ar", "ara"), ("fa", "fas"), ("ms", "msa"), ("gu", "guj"), ("ak", "aka"), ("sr", "srp"), ("cy", "cym")),
        *(("eng", "eng"), ("gsw", "gsw"), ("und", "und"), ("qu", "que"), ("sq", "sqi"), ("my", "mya")),
    ],
)
def test_languages_have_their_codes_of_three_letters(tag: str, code: str) -> None:
    assert three_letters(tag) == code


def test_what_may_stand_once_is_among_the_elements() -> None:
    assert set(ELEMENTS) > ONCE
    assert described(parse_vtt(Path("x.vtt"), f"WEBVTT\n{BLOCK}\n\n{CUE}")) == PAIRS
