"""Notes come in as W3C Web Annotations: the archive's own as they were, others' at the lines they quote, or refused."""

from __future__ import annotations

import json
import tomllib
from typing import TYPE_CHECKING, Any, Final

import pytest
from clipping import run
from drawing import examples
from exporting import write_words
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from web_notes import ADDRESS, PAGE, asked

from player.archive.annotations import ANNOTATION_KINDS
from player.archive.archive import Archive
from player.archive.prose import markdown
from player.archive.references import CERTAINTIES
from player.errors import ArchiveError
from player.intake import notes_toml
from player.intake.annotation_edits import changed_notes
from player.intake.html_words import paragraphs
from player.intake.web_annotations import read_annotations
from player.publish.web_annotations import CONTEXT, Places, page_of
from player.timecode import display
from player.web.app import create_app

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient


def notes_of(archive: Path) -> list[dict[str, Any]]:
    text = (archive / "transcripts" / "tones" / "annotations.toml").read_text("utf-8")
    found: list[dict[str, Any]] = tomllib.loads(text)["annotation"]
    return found


def bring(archive: Path, said: Any, *more: str) -> Any:
    path = archive / "other.json"
    path.write_bytes(said if isinstance(said, bytes) else json.dumps(said, indent=1).encode())
    return run(archive, "annotations", "tones", "--import", str(path), *more)


def note(**keys: Any) -> dict[str, Any]:
    """Give an annotation of somebody else's."""
    return {
        "@context": CONTEXT,
        "id": "https://elsewhere.example/1",
        "type": "Annotation",
        "body": {"type": "TextualBody", "value": "A bell rings.", "format": "text/plain"},
        "target": "https://elsewhere.example/tones.mp3#t=2,4.5",
        **keys,
    }


def quote(exact: str, **keys: str) -> dict[str, Any]:
    return {"source": "https://x.example/", "selector": {"type": "TextQuoteSelector", "exact": exact, **keys}}


def test_a_note_that_comes_back_without_its_markdown_keeps_it(archive: Path) -> None:
    path = archive / "transcripts" / "tones" / "annotations.toml"
    leading = path.read_text("utf-8").replace("Near the end.", "Near [the end](/recordings/quillwort#cue-c1).")
    path.write_text(leading, encoding="utf-8")
    (archive / "out.json").write_text(json.dumps(asked(create_app(archive).test_client())), encoding="utf-8")
    ran = run(archive, "annotations", "tones", "--import", str(archive / "out.json"))
    assert (ran.exit_code, path.read_text("utf-8")) == (0, leading), ran.output


def test_a_program_that_leaves_out_what_it_does_not_know_changes_no_note(archive: Path) -> None:
    path = archive / "transcripts" / "tones" / "annotations.toml"
    before, said = path.read_text("utf-8"), asked(create_app(archive).test_client())
    items = [{key: value for key, value in each.items() if not key.startswith("dcterms:")} for each in said["items"]]
    (archive / "out.json").write_text(json.dumps({**said, "items": items}), encoding="utf-8")
    ran = run(archive, "annotations", "tones", "--import", str(archive / "out.json"))
    assert (ran.exit_code, path.read_text("utf-8")) == (0, before), ran.output


def test_that_the_html_of_a_note_was_changed_and_its_markdown_was_not_is_told(archive: Path) -> None:
    whole = json.dumps(asked(create_app(archive).test_client()))
    (archive / "out.json").write_text(whole.replace("Near the end.</p>", "In the middle.</p>"), encoding="utf-8")
    ran = run(archive, "annotations", "tones", "--import", str(archive / "out.json"))
    assert (ran.exit_code, "1 whose HTML is not its Markdown any more" in ran.output) == (0, True), ran.output


def test_an_archives_own_notes_come_back_as_they_are(archive: Path, client: FlaskClient) -> None:
    before = notes_of(archive)
    path = archive / "transcripts" / "tones" / "annotations.toml"
    said = client.get(ADDRESS).data
    assert bring(archive, said).output == "tones: nothing to change\n"
    path.unlink()
    done = bring(archive, said)
    assert (done.exit_code, done.output.startswith("tones: 3 added; now check")) == (0, True)
    assert notes_of(archive) == before


TEXT: Final = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp", "Co", "Cn")), max_size=20
)
LINES: Final = ("opening", "first", "c3", "last")


@st.composite
def some_notes(draw: st.DrawFn) -> list[dict[str, Any]]:
    found = []
    for number in range(draw(st.integers(1, 4))):
        kind = draw(st.sampled_from(tuple(ANNOTATION_KINDS)))
        where = draw(st.sampled_from(("line", "times", "whole")))
        each: dict[str, Any] = {"id": f"n{number}", "kind": kind, "title": f"T {draw(TEXT)}".strip()}
        under = draw(st.sampled_from(("", "\n\n- a\n    - b\n\n      c", "\n\n    code")))
        body = f"{draw(TEXT)} *{draw(st.sampled_from(('one', '<b>', '&')))}*{under}".strip()
        if kind != "segment" or draw(st.booleans()):
            each["body"] = body
            each["sources"] = draw(st.sampled_from((["log"], ["log, p. 1", "log, p. 2"])))
        if draw(st.booleans()):
            each["certainty"] = draw(st.sampled_from(CERTAINTIES))
        if where == "line":
            first = draw(st.integers(0, 3))
            last = draw(st.integers(first, 3))
            each["cue"] = LINES[first] if first == last else f"{LINES[first]}..{LINES[last]}"
        elif where == "times":
            start = draw(st.integers(0, 9_000))
            each["start"], each["end"] = display(start), display(draw(st.integers(start + 1, 10_000)))
        found.append(each)
    return found


@pytest.mark.long
@settings(max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(some_notes())
def test_any_notes_come_back_into_an_archive_without_them(archive: Path, notes: list[dict[str, Any]]) -> None:
    path = archive / "transcripts" / "tones" / "annotations.toml"
    path.write_text(notes_toml.changed("", {}, notes), encoding="utf-8")
    opened = Archive(archive)
    recording = opened.recording("tones")
    assert not recording.unread.annotations
    places = Places(PAGE, f"{PAGE}/annotations.json", markdown().render, str, text=f"{PAGE}/text", sound="/media/tones")
    file = archive / "out.json"
    file.write_text(json.dumps(page_of(recording, places, opened.sources)), encoding="utf-8")
    rows, told = read_annotations(file, recording)
    assert not told
    assert changed_notes(recording, file, rows, is_removing=False).is_nothing
    path.unlink()
    empty = Archive(archive).recording("tones")
    rows, told = read_annotations(file, empty)
    assert not told
    made = notes_toml.tables(changed_notes(empty, file, rows, is_removing=False).after.decode())
    path.write_bytes(changed_notes(empty, file, rows, is_removing=False).after)
    again = Archive(archive).recording("tones")
    assert not again.unread.annotations
    kept = ("id", "kind", "title", "body", "certainty", "citations", "cue", "span")
    theirs = {each.id: [getattr(each, name) for name in kept] for each in again.annotations}
    for each in recording.annotations:
        own = [getattr(each, name) for name in kept]
        other = theirs[each.id]
        # A passage that is that of lines becomes these; of what is said twice, nobody can tell.
        if each.cue is None and other[6] is not None:
            own[6], own[7] = other[6], own[7]
        assert [str(part).strip() if isinstance(part, str) else part for part in other] == [
            str(part).strip() if isinstance(part, str) else part for part in own
        ]
    assert len(made) == len(notes)


def test_what_somebody_else_wrote_comes_in_at_the_lines_it_quotes(archive: Path) -> None:
    first = note(target=[quote("two three", prefix="One "), "https://x.example/a.mp3#t=2.2,4"])
    said = {
        "@context": [CONTEXT, "https://unknown.example/context.json"],
        "type": "AnnotationCollection",
        "first": {
            "type": "AnnotationPage",
            "items": [
                note(target=quote("A second voice. The end.")),
                {**first, "id": "https://elsewhere.example/2"},
                note(id=None, target="x#xywh=1,1,2,2&t=npt:8,9", body="Words with *stars*", label="A bell"),
                note(
                    target=None,
                    creator="Ines",
                    body=[
                        {
                            "type": "TextualBody",
                            "value": "<h2>Bells</h2><p>Rung &amp; <script>x()</script>heard</p>",
                            "format": "text/html",
                        },
                        {"type": "TextualBody", "value": "harbour", "purpose": "tagging"},
                        {"id": "https://elsewhere.example/film.mp4", "type": "Video"},
                    ],
                ),
            ],
        },
    }
    done = bring(archive, said)
    assert done.exit_code == 0, done.output
    added = notes_of(archive)[3:]
    assert [each.get("cue") for each in added] == ["c3..last", None, None, None]
    assert (added[1]["start"], added[1]["end"]) == ("0:02.2", "0:04")
    assert (added[2]["start"], added[2]["title"], added[2]["body"]) == ("0:08", "A bell", "Words with \\*stars\\*")
    assert added[3]["body"] == "Bells\n\nRung & heard\n\nKeywords: harbour\n".replace("& ", "\\& ")
    assert "start" not in added[3]
    assert {each["kind"] for each in added} == {"segment"}
    assert "1 without a body that stands elsewhere" in done.output
    assert "1 without who wrote it, and when" in done.output
    assert run(archive, "check").exit_code == 0
    again = bring(archive, said)
    assert "nothing to change" in again.output


def test_of_words_that_are_said_twice_those_around_them_tell_which(archive: Path) -> None:
    cues = "".join(
        f"00:0{at}.000 --> 00:0{at + 1}.000\n{words}\n\n" for at, words in enumerate(("A bell", "one", "A bell", "two"))
    )
    write_words(archive, cues)
    bring(archive, [note(target=quote("A bell", prefix="one ")), note(target=quote("A bell", suffix=" one"))])
    assert [each["cue"] for each in notes_of(archive)] == ["c3", "c1"]
    lost = bring(archive, [note(body="Another.", target=quote("A bell")), note(body="Third.", target="x#t=1,2")])
    assert "1 left out: its place is not found in this recording (line 2)" in lost.output
    assert len(notes_of(archive)) == 3


@pytest.mark.parametrize(
    ("data", "line", "told"),
    [
        (b'{\n "a": 1,\n}', 3, "this is no JSON"),
        (b"", 1, "this is no JSON"),
        (b'{\n "a": "\xff"}', 2, "byte 0xff is not UTF-8"),
        (b"[" * 100_000, None, "nobody can have meant"),
        (b'{"@context": "x", "n": ' + b"9" * 10_000 + b"}", None, "nobody can have meant"),
        (b'{"@context": "http://elsewhere.example/"}', 1, "does not say that it is Web Annotations"),
        (b'{"@context": 7, "items": []}', 1, "does not say that it is Web Annotations"),
        (b'"http://www.w3.org/ns/anno.jsonld"', 1, "does not say that it is Web Annotations"),
        (b'{"@context": "http://www.w3.org/ns/anno.jsonld", "items": []}', None, "it has no annotations"),
        (
            b'{"@context": "http://www.w3.org/ns/anno.jsonld", "items": [1, [], {"type": 3}]}',
            None,
            "3 left out: no annotation",
        ),
        (b'{"@context": "http://www.w3.org/ns/anno.jsonld", "first": {"first": {"first": {}}}}', None, "no annotation"),
    ],
)
def test_files_that_are_none_are_refused_with_their_line(
    data: bytes, line: int | None, told: str, archive: Path
) -> None:
    before = notes_of(archive)
    done = bring(archive, data)
    assert done.exit_code == 1
    at = f":{line}: " if line else ": "
    assert f"other.json{at}" in done.output
    assert told in done.output
    assert notes_of(archive) == before


ODD: Final[list[Any]] = [
    None,
    1,
    "",
    "\ud800",
    [],
    {},
    [[]],
    {"type": []},
    "x" * 100_000,
    "\0",
    "t=-1,9",
    "#t=9,1",
    {"value": {}},
    True,
]


@pytest.mark.sampled(1)
@pytest.mark.parametrize(
    "key",
    ["id", "body", "target", "label", "creator", "dcterms:source", "dcterms:hasPart", "type", "dcterms:description"],
)
def test_whatever_stands_anywhere_is_read_or_left_out_and_never_half(key: str, archive: Path) -> None:
    selectors = [{"selector": odd} for odd in ODD]
    values = [
        {"selector": {"type": kind, "value": odd, "exact": odd, "t": odd, "prefix": odd}}
        for kind in ("FragmentSelector", "TextQuoteSelector", "PointSelector", ["x"])
        for odd in ODD
    ]
    for odd in [
        *ODD,
        *(selectors if key == "target" else ()),
        *(values if key == "target" else ()),
        *(
            [{"type": "TextualBody", "value": each, "purpose": each, "format": each} for each in ODD]
            if key == "body"
            else ()
        ),
    ]:
        before = notes_of(archive)
        done = bring(archive, {"@context": CONTEXT, "items": [note(**{key: odd})]})
        assert done.exit_code in {0, 1}, (odd, done.output)
        assert done.exception is None or isinstance(done.exception, SystemExit)
        opened = Archive(archive).recording("tones")
        assert not opened.unread.annotations
        if done.exit_code:
            assert notes_of(archive) == before


@pytest.mark.parametrize(
    "body", [None, [], "", "https://elsewhere.example/words", {"type": "TextualBody", "value": "<p> </p>"}, [{}]]
)
def test_one_with_neither_words_nor_a_place_is_no_note(archive: Path, body: Any) -> None:
    before = notes_of(archive)
    empty = {name: each for name, each in note(body=body).items() if name != "target"}
    alone = bring(archive, [empty])
    assert (alone.exit_code, notes_of(archive)) == (1, before)
    assert "1 left out: it has neither words nor a place (line 2)" in alone.output
    beside = bring(archive, [note(), empty])
    assert (beside.exit_code, len(notes_of(archive))) == (0, len(before) + 1)
    assert "1 left out: it has neither words nor a place (line " in beside.output
    # A place alone is a mark that somebody made there, words alone are about the whole.
    assert bring(archive, [note(body=body)]).exit_code == bring(archive, [{**empty, "body": "A bell."}]).exit_code == 0


def test_a_note_of_another_recording_is_left_out(archive: Path) -> None:
    other = note(id="https://tapes.example/recordings/other/annotations.json#x")
    mine = note(id="https://tapes.example/recordings/other#note-who")
    done = bring(archive, [other, mine])
    assert "left out: a note of another recording" in done.output
    assert len(notes_of(archive)) == 4


def test_too_many_are_refused(archive: Path) -> None:
    path = archive / "many.json"
    path.write_text(json.dumps([note()] + [{}] * 20_000), encoding="utf-8")
    recording = Archive(archive).recording("tones")
    with pytest.raises(ArchiveError, match="20,000 are the most"):
        read_annotations(path, recording)


@pytest.mark.parametrize(
    ("html", "said"),
    [
        ("a<br>b", ["a", "b"]),
        ("<p>one <b>two</b>\n three</p><style>p{}</style><p onclick=x()>&lt;four</p>", ["one two three", "<four"]),
        ("<script><p>x</script>a</script>", ["a"]),
        ("<svg><p>x</svg></svg><![CDATA[y]]>z<!-- c -->", ["z"]),
        ("<" * 1000, ["<" * 1000]),
    ],
)
def test_the_words_of_html_are_read_and_nothing_else(html: str, said: list[str]) -> None:
    assert paragraphs(html) == said
