"""``player import`` reads back the CSV and the JSON that were exported, and tables of others; wrong ones it refuses."""

from __future__ import annotations

import contextlib
import copy
import csv
import io
import json
from typing import TYPE_CHECKING, Any, Final

import jsonschema
import pytest
from clipping import run
from drawing import examples
from exporting import add_to_record, write_words, written
from hypothesis import given, settings
from hypothesis import strategies as st
from small_archive import write_archive
from test_export_rounds import HOSTILE, VOICES

from player.archive.archive import Archive
from player.archive.doubts import Doubt, Reading, with_doubts
from player.archive.references import Citation
from player.archive.transcript import Cue, Turn, UntimedLine
from player.archive.webvtt.header import USAGE
from player.archive.webvtt.writing import write_transcript
from player.errors import ArchiveError
from player.intake.transcripts import formats
from player.intake.transcripts.bringing import prepared
from player.intake.transcripts.exported.json_shape import misfits
from player.intake.transcripts.names import Speakers
from player.publish.transcripts.json_lines import schema

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from player.archive.transcript import Line
    from player.intake.transcripts.bringing import Brought
    from player.intake.transcripts.imported import Imported

SCHEMA: Final = json.loads(schema())
MACHINE: Final = ((USAGE, "[Machine Transcript] Scribe 1.2, tiny.en, 2026-11-29"),)
COPY: Final = 'title = "The copy"\ndate = "1963"\n'
CITED: Final = (Citation("log"), Citation("log", "p. 2"), Citation("log", "a; b | c\\"), Citation("unknown", '"x"'))


@st.composite
def _lines(draw: st.DrawFn) -> list[Line]:
    """Draw lines with all that a transcript can say of them."""
    lines: list[Line] = []
    start, page = 0, None
    for number in range(draw(st.integers(1, 5))):
        said = st.lists(st.sampled_from((*HOSTILE, "one", "boat")), min_size=1, max_size=4)
        voices = draw(st.sampled_from([(VOICES[number % 2],), VOICES, (VOICES[0], None), ()]))
        turns = tuple(Turn(voice, " ".join(draw(said))) for voice in voices)
        text = "\n".join(turn.text for turn in turns) or " ".join(draw(said))
        page = draw(st.sampled_from([page, f"{number + 1}"]))
        about: Any = {
            "citations": tuple(draw(st.lists(st.sampled_from(CITED), max_size=2, unique=True))),
            "opens_paragraph": draw(st.booleans()),
            "page": page,
        }
        start += draw(st.integers(0, 3_000))
        end = start + draw(st.integers(1_000, 9_000))
        count = len(text.split())
        if draw(st.integers(0, 5)) == 0:
            lines.append(_doubted(draw, UntimedLine(f"L{number}", text, turns, line=0, **about)))
            continue
        times = sorted(draw(st.lists(st.integers(1, end - start - 1), min_size=count, max_size=count)))
        words = (0, *times[1:]) if draw(st.booleans()) and count > 1 else ()
        is_rough = draw(st.booleans())
        cue = Cue(f"L{number}", start, end, text, turns, words, line=0, is_approximate=is_rough, **about)
        lines.append(_doubted(draw, cue))
        start = end
    return lines


def _doubted(draw: st.DrawFn, line: Any) -> Any:
    first = draw(st.integers(0, len(line.text.split()) - 1))
    readings = st.sampled_from([(), (Reading("pack ice", "the typescript"),), (Reading('a "b" --> \\|'), Reading("c"))])
    doubt = Doubt(first, first, draw(readings), is_doubtful=draw(st.booleans()))
    is_one = draw(st.booleans()) and (doubt.is_doubtful or doubt.readings)
    return with_doubts(line, [doubt]) if is_one else line


class _Held:
    """Two recordings of one archive: the transcript of one is brought into the other."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "transcripts" / "copy").mkdir()

    def put(self, lines: Sequence[Line], header: Sequence[tuple[str, str]] = ()) -> None:
        write_transcript(self.root / "transcripts" / "tones" / "transcript.vtt", lines, header)

    def brought(self, form: str) -> tuple[Imported, Brought]:
        """Export, and bring what was exported into the recording that has no transcript."""
        path, folder = self.root / f"back.{form}", self.root / "transcripts" / "copy"
        path.write_bytes(written(self.root, form))
        (folder / "recording.toml").write_text(COPY, encoding="utf-8")
        (folder / "transcript.vtt").unlink(missing_ok=True)
        imported = formats.read(path)
        record = Archive(self.root).record("copy")
        # Of what looks like an account, such as @SUM(1), nothing is said in a transcript unless that is wanted.
        made = prepared(record, imported, speakers=Speakers(), digest=None, length=None, keep_ids=True, file=path)
        (folder / "transcript.vtt").write_bytes(made.transcript)
        (folder / "recording.toml").write_text(made.record_text, encoding="utf-8")
        return imported, made

    def both(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """Give both transcripts as JSON."""
        before, after = (json.loads(written(self.root, "json", slug)) for slug in ("tones", "copy"))
        return before, after


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> _Held:
    root = write_archive(tmp_path_factory.mktemp("back") / "archive")
    (root / "transcripts" / "tones" / "annotations.toml").unlink()
    (root / "transcripts" / "archive.toml").write_text('machine_drafts = "labelled"\n', encoding="utf-8")
    return _Held(root)


@pytest.mark.long
@settings(max_examples=examples(60), deadline=None)
@given(lines=_lines(), header=st.sampled_from([(), MACHINE]))
def test_json_comes_back_as_it_was_exported(held: _Held, lines: list[Line], header: Any) -> None:
    held.put(lines, header)
    held.brought("json")
    before, after = held.both()
    assert after["lines"] == before["lines"]
    assert (after["sources"], after["machine"]) == (before["sources"], before["machine"])


@pytest.mark.long
@settings(max_examples=examples(60), deadline=None)
@given(lines=_lines(), header=st.sampled_from([(), MACHINE]))
def test_csv_comes_back_but_for_times_of_words_and_breaks_in_lines(held: _Held, lines: list[Line], header: Any) -> None:
    held.put(lines, header)
    held.brought("csv")
    before, after = held.both()
    for each in (*before["lines"], *after["lines"]):
        each["words"] = []
        for said in (each, *each["turns"]):
            said["text"] = " ".join(said["text"].split())
    assert after["lines"] == before["lines"]
    assert (after["sources"], after["machine"]) == (before["sources"], before["machine"])


@pytest.mark.parametrize("form", ["csv", "json"])
def test_all_that_is_said_of_lines_comes_back(held: _Held, form: str) -> None:
    doubt = Doubt(1, 1, (Reading("pack ice", "the typescript"),))
    first = Cue(
        *("L0", 1_000, 4_000, "One <b> -->\n=Two | \\", (Turn("Ada", "One <b> -->"), Turn("Ben Reed", "=Two | \\"))),
        *((), CITED, 0),
        page="12",
        is_approximate=True,
    )
    second = UntimedLine("L1", "Three.", (), (), 0, opens_paragraph=True, page="12")
    held.put([with_doubts(first, [doubt]), second], MACHINE)
    imported, _ = held.brought(form)
    before, after = held.both()
    if form == "csv":
        before["lines"][0]["text"] = before["lines"][0]["text"].replace("\n", " ")
        after["lines"][0]["text"] = after["lines"][0]["text"].replace("\n", " ")
    assert after["lines"] == before["lines"]
    assert after["machine"] == before["machine"]
    assert imported.machine is not None


def test_the_command_brings_both_back_and_says_what_does_not_return(archive: Path, tmp_path: Path) -> None:
    add_to_record(archive, '\nadvice = "A door is shut."\n')
    (archive / "transcripts" / "copy").mkdir()
    (archive / "transcripts" / "copy" / "recording.toml").write_text(COPY, encoding="utf-8")
    for form in ("csv", "json"):
        path = tmp_path / f"tones.{form}"
        path.write_bytes(written(archive, form))
        done = run(archive, "import", "copy", str(path), "--force")
        assert done.exit_code == 0, done.output
        assert f"{form.upper()} of tape-player, 4 lines, 0:00 to 0:10" in done.output
        assert 'recording.toml does not have: "Before you listen: A door is shut."' in done.output
        assert "citation" in done.output
    # The recording that it came from has the notice itself.
    assert "does not have" not in run(archive, "import", "tones", str(path), "--force", "--dry-run").output


def test_what_is_there_of_a_line_and_no_table_can_say_stays(archive: Path, tmp_path: Path) -> None:
    words = (
        '00:01.000 --> 00:03.000\n<v Ada>One <00:01.500>two.\n\nNOTE\nheard in the harbour\n\nNOTE doubtful: 2 "b."\n\n'
    )
    write_words(archive, f"{words}second\n00:04.000 --> 00:06.000\n<v Ben>A b.\n")
    path = tmp_path / "tones.csv"
    path.write_bytes(written(archive, "csv"))
    assert run(archive, "import", "tones", str(path), "--force").exit_code == 0
    text = (archive / "transcripts" / "tones" / "transcript.vtt").read_text(encoding="utf-8")
    assert "<00:00:01.500>two." in text
    assert text.count("heard in the harbour") == text.count("doubtful: 2") == 1
    # A doubt that somebody has taken out of the table is gone; what the table cannot say is not.
    path.write_text(path.read_text(encoding="utf-8").replace('doubtful: 2 ""b.""', ""), encoding="utf-8")
    assert run(archive, "import", "tones", str(path), "--force").exit_code == 0
    text = (archive / "transcripts" / "tones" / "transcript.vtt").read_text(encoding="utf-8")
    assert ("heard in the harbour" in text, "doubtful: 2" in text) == (True, False)


def test_what_stands_in_place_of_closed_lines_is_no_line_and_a_translation_is_refused(
    archive: Path, tmp_path: Path
) -> None:
    add_to_record(archive, '\n[[closed]]\ncue = "first"\nuntil = "2041"\nreason = "She asked."\n')
    folder = archive / "transcripts" / "tones"
    (folder / "transcript.es.vtt").write_text("WEBVTT\n\nlast\n00:08.000 --> 00:10.000\nEl fin.\n", encoding="utf-8")
    for form in ("csv", "json"):
        path = tmp_path / f"tones.{form}"
        path.write_bytes(written(archive, form))
        found = formats.read(path)
        assert [line.id for line in found.lines] == ["opening", "c3", "last"]
        assert "1 line that stands in place of what is closed" in [each.what for each in found.remarks]
        path.write_bytes(written(archive, form, language="es"))
        with pytest.raises(ArchiveError, match=r"tones\.\w+:[0-9]+: this is a translation.*; export .*--language"):
            formats.read(path)


def _as_excel(data: bytes, delimiter: str, encoding: str) -> bytes:
    rows = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows(
        [cell.replace(".", ",") if number in {2, 3} and delimiter == ";" else cell for number, cell in enumerate(row)]
        for row in rows
    )
    return out.getvalue().encode(encoding)


@pytest.mark.parametrize(
    ("delimiter", "encoding"), [(";", "utf-8-sig"), ("\t", "utf-16"), (";", "cp1252"), (",", "utf-8")]
)
def test_what_spreadsheets_save_of_it_is_the_same(archive: Path, tmp_path: Path, delimiter: str, encoding: str) -> None:
    write_words(archive, "00:01.500 --> 00:03.000\n<v Ada>=1+1; é\n\n00:04.000 --> 00:06.000\n<v Ada>'-2, ''@x\n")
    path = tmp_path / "tones.csv"
    path.write_bytes(written(archive, "csv"))
    assert b"'=1+1" in path.read_bytes()
    plain = formats.read(path)
    assert [(line.start, line.end, line.text) for line in plain.lines] == [
        (1_500, 3_000, "=1+1; é"),
        (4_000, 6_000, "'-2, ''@x"),
    ]
    path.write_bytes(_as_excel(path.read_bytes(), delimiter, encoding))
    assert formats.read(path).lines == plain.lines


@pytest.mark.parametrize(
    ("table", "lines"),
    [
        ("Start,End,Speaker,Text\n1.5,3,Ada,One two.\n", [(1_500, 3_000, "Ada", "One two.")]),
        ("Speaker Name;Start Time;End Time;Text\nAda;00:00:01,500;0:03;One\n", [(1_500, 3_000, "Ada", "One")]),
        (
            "start\tend\ttext\n0\t5000\tone two three\n5000\t9480\tfour\n",
            [(0, 5_000, None, "one two three"), (5_000, 9_480, None, "four")],
        ),
        ("start_s,end_s,text\n0,500,one\n", [(0, 500_000, None, "one")]),
        ("start,text\n0:05,one\n1:02:03.5,two\n", [(5_000, None, None, "one"), (3_723_500, None, None, "two")]),
        ("voice,utterance\nAda,Yes.\n,No.\n", [(None, None, "Ada", "Yes."), (None, None, None, "No.")]),
    ],
)
def test_tables_of_others_are_read_by_the_usual_names_of_columns(tmp_path: Path, table: str, lines: list[Any]) -> None:
    path = tmp_path / "talk.csv"
    path.write_text(table, encoding="utf-8")
    found = formats.read(path)
    assert found.format == "CSV"
    voices = [next((turn.speaker for turn in line.turns), None) for line in found.lines]
    assert [(line.start, line.end, voice, line.text) for line, voice in zip(found.lines, voices, strict=True)] == lines


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ("", "talk.csv:1: the table is empty; its first row names"),
        ("name,age\nx,1\n", "talk.csv:1: no column says what is said; call it text"),
        ("text\nOne\n", "talk.csv:1: no column says when a line begins, or who speaks; "),
        (
            "start,begin,text\n1,1,One\n",
            'talk.csv:1: the columns "start" and "begin" may both be the start of a line; ',
        ),
        ("start,text\n1,One\n2\n", "talk.csv:3: this row has 1 cells, and the first row has 2; correct the row"),
        ("start,text\nsoon,One\n", 'talk.csv:2: "soon" is not a time; write it as 12.5'),
        ("start,text\n00:00:01:12,One\n", 'talk.csv:2: "00:00:01:12" counts frames, '),
        ('start,text\n"1,500",One\n', 'talk.csv:2: "1,500" may be one number or another; write it with a point'),
        (
            "start,end,text\n0,90,One\n90,200,Two\n",
            "talk.csv:2: times are whole numbers, which may be seconds or milli",
        ),
        ("start,end,text\n2.5,1,One\n", "talk.csv:2: the line ends (0:01) no later than it begins; "),
        ('start,text\n1,"One\n', "talk.csv:2: this cannot be read as a table "),
        ('sep="\nstart"text\n1"One\n', "talk.csv:1: no column says what is said; "),
        ("start,text\n99999999999,One\n", "talk.csv:2: no recording is so long as "),
    ],
)
def test_a_table_that_is_wrong_is_refused_with_its_line_and_what_to_do(tmp_path: Path, table: str, told: str) -> None:
    path = tmp_path / "talk.csv"
    path.write_text(table, encoding="utf-8")
    with pytest.raises(ArchiveError) as refused:
        formats.read(path)
    assert told in str(refused.value)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (",2.000,", ",2000,", '2: "end" says 33:20, and "to" says 0:02; correct one of them, or empty it'),
        ('"source: log, p. 1"', "sauce: log", '2: the mark "sauce: log" cannot be read; write it as it was exported'),
        ("tones,first,", "tones,opening,", '2: another row is called "opening", too; empty the cell in all but one'),
        ("tones,first,", "other,first,", "the rows are of 2 recordings; bring in those of one at a time"),
    ],
)
def test_our_own_table_that_was_spoilt_is_refused(
    archive: Path, tmp_path: Path, before: str, after: str, told: str
) -> None:
    path = tmp_path / "tones.csv"
    text = written(archive, "csv").decode()
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(ArchiveError) as refused:
        formats.read(path)
    assert told in str(refused.value)


def test_words_that_were_changed_are_not_given_to_another_voice(archive: Path, tmp_path: Path) -> None:
    write_words(archive, "00:01.000 --> 00:03.000\n<v Ada>One two.\n<v Ben>Aye.\n")
    path = tmp_path / "tones.csv"
    text = written(archive, "csv").decode()
    path.write_text(text.replace("One two. Aye.", "One two three. Aye."), encoding="utf-8")
    with pytest.raises(ArchiveError, match="does not fit the words, which were changed; correct its number"):
        formats.read(path)


def _set(place: Sequence[Any], value: Any) -> Any:
    def change(document: dict[str, Any]) -> None:
        found: Any = document
        for each in place[:-1]:
            found = found[each]
        found[place[-1]] = value

    return change


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (_set(["version"], 2), ': its "version" is 2, and 1 is what can be read here; export it again'),
        (
            _set(["lines", 1, "start"], "2"),
            ': "lines[1].start" is not as it should be: it has to be a whole number or null; ',
        ),
        (_set(["lines", 1, "more"], 2), ': "lines[1].more" is not as it should be: nothing is called so there; '),
        (_set(["lines", 1, "end"], 1_000), ': "lines[1].end" is not as it should be: the line ends no later than it'),
        (_set(["lines", 1, "text"], "x"), ': "lines[1].turns" is not as it should be: they do not say the words'),
        (_set(["lines", 1, "words"], [2_000]), ': "lines[1].words" is not as it should be: there are 1 times, and 3'),
        (_set(["lines", 1, "id"], "last"), ': "lines[3].id" is not as it should be: another line has this'),
        (_set(["lines", 1, "unsure"], [3]), ': "lines[1].unsure" is not as it should be: the text has 3 words'),
        (
            _set(["lines", 1, "sources"], [{"source": "a b", "locator": None}]),
            "it does not name a source by its identifier",
        ),
        (_set(["lines", 1, "id"], ""), '"lines[1].id" is not as it should be: it is too short; '),
        (_set(["lines"], 7), '"lines" is not as it should be: it has to be a list; '),
    ],
)
def test_json_that_is_wrong_is_refused_with_its_line_and_what_to_do(
    archive: Path, tmp_path: Path, change: Any, told: str
) -> None:
    document = json.loads(written(archive, "json"))
    change(document)
    path = tmp_path / "tones.json"
    path.write_text(json.dumps(document, indent=1), encoding="utf-8")
    with pytest.raises(ArchiveError) as refused:
        formats.read(path)
    assert told in str(refused.value)
    name, _, rest = str(refused.value).partition(".json:")
    number = int(rest.partition(":")[0])
    place = told.partition('"')[2].partition('"')[0].rpartition(".")[2]
    assert name
    if place:
        assert f'"{place}"' in path.read_text(encoding="utf-8").splitlines()[number - 1]


JSON: Final = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 9) | st.floats() | st.sampled_from(["", "x", "reading", "person"]),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["first", "text", "x"]), inner, max_size=2)
    ),
    max_leaves=4,
)


@pytest.mark.long
@settings(max_examples=examples(150), deadline=None)
@given(draw=st.data())
def test_what_is_refused_is_what_the_published_schema_refuses(held: _Held, draw: st.DataObject) -> None:
    held.put([Cue("L0", 1_000, 2_000, "One two", (Turn("Ada", "One two"),), (0, 500), (CITED[1],), 0)], MACHINE)
    document = json.loads(written(held.root, "json"))
    changed = copy.deepcopy(document)
    at: Any = changed
    while True:
        key = draw.draw(st.sampled_from(sorted(at) if isinstance(at, dict) else range(len(at))))
        if isinstance(at[key], dict | list) and at[key] and draw.draw(st.integers(0, 3)):
            at = at[key]
            continue
        break
    if isinstance(at, dict) and draw.draw(st.booleans()):
        del at[key]
    else:
        at[key] = draw.draw(JSON)
    validator = jsonschema.Draft202012Validator(SCHEMA)
    assert (not list(misfits(changed, SCHEMA))) == validator.is_valid(changed)


@settings(max_examples=examples(60), deadline=None)
@given(draw=st.data())
def test_hostile_files_are_read_or_refused_and_never_crash(held: _Held, draw: st.DataObject) -> None:
    held.put([Cue("L0", 1_000, 2_000, "One two", (Turn("Ada", "One two"),), (0, 500), (CITED[1],), 0)], MACHINE)
    form = draw.draw(st.sampled_from(["csv", "json"]))
    data = bytearray(written(held.root, form))
    for _ in range(draw.draw(st.integers(1, 4))):
        at = draw.draw(st.integers(0, len(data) - 1))
        data[at : at + draw.draw(st.integers(0, 9))] = draw.draw(
            st.sampled_from([b"", b'"', b"\0", b"\xff", b"[{", b"\n", b"9" * 9])
        )
    path = held.root / f"hostile.{form}"
    path.write_bytes(bytes(data))
    with contextlib.suppress(ArchiveError):
        assert not formats.read(path).is_whole
