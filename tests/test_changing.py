"""Lines of a WebVTT file give way to others, and not one other byte of it changes."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from player.archive.line_marks import with_confidences
from player.archive.transcript import Cue, Turn, UntimedLine
from player.archive.webvtt.changing import Splice, spliced, with_lines, with_names
from player.archive.webvtt.reading import parse
from player.desk.operations import perform
from player.errors import ArchiveError

if TYPE_CHECKING:
    from player.archive.transcript import Line

PATH: Final = Path("transcript.vtt")
FILE: Final = """\
WEBVTT - of the quay
Type: caption
X-Unknown:   kept as it is
NOTE no comment

STYLE
::cue { color: lime }

REGION
id:below

NOTE This file is ours.
It has two lines.

NOTE page: 1

NOTE  source:  log, p. 2

c1
00:01.000 --> 00:02.000 align:start
<v.loud Ada>By <i>hand</i> &amp; by <b>foot</b>.

2
0:00:02.000  -->  0:00:04.500 line:0
<v Ada>The <lang en>pocket</lang> left.</v>
<v Ben><00:00:03.000>So <00:00:03.500>they <c.x>say</c>.</v>

NOTE untimed k2
<v Ben>The ferry &lt;late&gt; &#8212; and the <b>quay</b>.


NOTE page:  2

NOTE paragraph

NOTE heard: 2026-11-28, Ada Reader

k3
00:00:05.000 --> 00:00:07.000
<v Ada><ruby>ferry<rt>boat</rt></ruby> at noon.

stray text

00:00:09.000 --> 00:00:10.000
Numbered by its place.

NOTE untimed k5
Never said.

NOTE the end
"""
UNUSED: Final = frozenset[str]().__contains__


def lines_of(text: str | bytes) -> dict[str, Line]:
    text = text.decode("utf-8-sig") if isinstance(text, bytes) else text
    return {line.id: line for line in parse(PATH, text).lines}


def after(*operations: dict[str, Any], text: str = FILE) -> str:
    """Perform operations one after another, and give the file; what it says is what they gave."""
    splices: list[Splice] = []
    lines = parse(PATH, text).lines
    for operation in operations:
        splice = perform(lines, operation, used=UNUSED)
        lines = spliced(lines, [splice])
        splices.append(splice)
    found = with_lines(PATH, text.encode(), splices).decode()
    assert [(line.id, line.text, line.turns, line.page) for line in parse(PATH, found).lines] == [
        (line.id, line.text, line.turns, line.page) for line in lines
    ]
    return found


NAMED: Final = FILE.replace("\n2\n0:00", "\nc2\n0:00").replace("\n00:00:09", "\nc4\n00:00:09")


def test_each_cue_gets_its_present_identifier_and_nothing_else_changes() -> None:
    assert with_names(PATH, FILE.encode()).decode() == NAMED
    assert with_names(PATH, NAMED.encode()).decode() == NAMED


def words(name: str, turn: int, text: str) -> dict[str, Any]:
    return {"do": "words", "id": name, "turn": turn, "text": text}


@pytest.mark.parametrize(
    ("operation", "old", "new"),
    [
        (words("c2", 0, "The packet left."), ">pocket<", ">packet<"),
        (words("c2", 1, "So we say."), "they <c.x>", "we <c.x>"),
        (words("c1", 0, "By hand & by wheel."), "<b>foot</b>.", "<b>wheel</b>."),
        (words("c1", 0, "By <hand> & by foot."), "<i>hand</i>", "<i>&lt;hand&gt;</i>"),
        (words("k2", 0, "The old ferry <late> — and the quay."), "The ferry", "The old ferry"),
        ({"do": "speaker", "id": "c2", "turn": 1, "speaker": "Cy & Co"}, "<v Ben><00:", "<v Cy &amp; Co><00:"),
        ({"do": "speaker", "id": "c1", "turn": 0, "speaker": "Cy"}, "<v.loud Ada>", "<v Cy>"),
        ({"do": "speaker", "id": "c4", "turn": 0, "speaker": "Cy"}, "Numbered", "<v Cy>Numbered"),
        ({"do": "speaker", "id": "k2", "turn": 0, "speaker": None}, "<v Ben>The", "The"),
        (
            {"do": "times", "id": "c2", "start": 2100, "end": 4500},
            *("0:00:02.000  -->  0:00:04.500", "00:00:02.100  -->  00:00:04.500"),
        ),
        ({"do": "times", "id": "c4", "start": 8000, "end": 9000}, "09.000 --> 00:00:10", "08.000 --> 00:00:09"),
        ({"do": "heard", "id": "k3", "on": False}, "NOTE heard: 2026-11-28, Ada Reader\n\n", ""),
        ({"do": "doubt", "id": "c4", "first": 1, "last": 1, "on": True}, "c4\n", 'NOTE doubtful: 2 "by"\n\nc4\n'),
        ({"do": "remove", "id": "k5"}, "NOTE untimed k5\nNever said.\n\n", ""),
        ({"do": "remove", "id": "c4"}, "c4\n00:00:09.000 --> 00:00:10.000\nNumbered by its place.\n\n", ""),
    ],
)  # fmt: skip
def test_only_what_is_meant_changes(operation: dict[str, Any], old: str, new: str) -> None:
    assert NAMED.count(old) == 1
    assert after(operation) == NAMED.replace(old, new)


def test_a_divided_line_keeps_tags_settings_and_comments() -> None:
    found = after({"do": "split", "id": "c1", "at": 8, "time": None})
    (first, second) = [line.id for line in parse(PATH, found).lines][:2]
    old = "c1\n00:01.000 --> 00:02.000 align:start\n<v.loud Ada>By <i>hand</i> &amp; by <b>foot</b>.\n"
    middle = 1000 + 1000 * 8 // 18
    new = (
        f"{first}\n00:00:01.000 --> 00:00:01.{middle - 1000} align:start\n<v.loud Ada>By <i>hand</i>\n\n"
        f"NOTE source: log, p. 2\n\n"
        f"{second}\n00:00:01.{middle - 1000} --> 00:00:02.000 align:start\n<v.loud Ada>&amp; by <b>foot</b>.\n"
    )
    assert found == NAMED.replace(old, new)
    text = found
    joined = after({"do": "join", "id": first}, text=text)
    (name, *_) = [line.id for line in parse(PATH, joined).lines]
    whole = old.replace("c1\n00:01.000 --> 00:02", f"{name}\n00:00:01.000 --> 00:00:02")
    assert joined.replace("<00:00:01.444>", "") == NAMED.replace(old, whole)


def test_a_page_stays_with_the_line_that_begins_it() -> None:
    found = after({"do": "join", "id": "k2"})
    assert "NOTE page:  2\n\nstray" in found or "NOTE page:  2\n\nc4" in found
    assert parse(PATH, found).lines[-1].page == "2"


@pytest.mark.parametrize("splices", [[], [Splice("c5", (), ())]])
def test_what_is_no_transcript_is_refused(splices: list[Splice]) -> None:
    """Also where only a part of it would be read."""
    cues = "".join(f"c{number}\n00:0{number}.000 --> 00:0{number}.500\nA\n\n" for number in range(1, 10))
    with pytest.raises(ArchiveError, match="does not begin with WEBVTT"):
        with_lines(PATH, f"WEBVT\n\n{cues}".encode(), splices)
    with pytest.raises(ArchiveError, match="does not begin with WEBVTT"):
        with_names(PATH, f"WEBVT\n\n{cues}".encode())


@pytest.mark.parametrize("eol", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("ends", [True, False])
def test_ends_of_lines_and_of_the_file_stay(eol: str, mark: str, ends: bool) -> None:
    text = (mark + (NAMED if ends else NAMED.rstrip("\n"))).replace("\n", eol)
    lines = lines_of(text.encode())
    new = replace(lines["k3"], text="ferryboat", turns=(Turn("Ada", "ferryboat"),))
    last = UntimedLine("k6", "At last.", (Turn(None, "At last."),), (), 0, page="2")
    splices = [Splice("k2", ("k3",), (new,)), Splice("k5", (), (last,))]
    found = with_lines(PATH, text.encode(), splices).decode()
    wanted = text.replace(f"</ruby> at noon.{eol}", f"</ruby>{eol}")
    wanted = wanted.replace(f"{eol}NOTE the end", f"{eol}NOTE untimed k6{eol}At last.{eol}{eol}NOTE the end")
    assert found == wanted
    # Nothing stands below the line that is changed.
    short = text.partition(f"{eol}{eol}NOTE the end")[0] + (eol if ends else "")
    (changed,) = (replace(each, text="Said.", turns=(Turn(None, "Said."),)) for each in [lines["k5"]])
    found = with_lines(PATH, short.encode(), [Splice("c4", ("k5",), (changed,))]).decode()
    assert found == short.replace("Never said.", "Said.")
    found = with_lines(PATH, short.encode(), [Splice("k5", (), (last,))]).decode()
    assert found == short.rstrip(eol) + f"{eol}{eol}NOTE untimed k6{eol}At last." + (eol if ends else "")
    assert with_lines(PATH, found.encode(), [Splice("k5", ("k6",), ())]).decode() == short


def test_a_line_that_is_moved_takes_its_comments_along() -> None:
    found = after({"do": "times", "id": "k3", "start": 9500, "end": 9900})
    assert found.endswith(
        "NOTE page:  2\n\nstray text\n\nc4\n00:00:09.000 --> 00:00:10.000\nNumbered by its place.\n\n"
        "NOTE untimed k5\nNever said.\n\n"
        "NOTE paragraph\n\nNOTE heard: 2026-11-28, Ada Reader\n\nk3\n00:00:09.500 --> 00:00:09.900\n"
        "<v Ada><ruby>ferry<rt>boat</rt></ruby> at noon.\n\nNOTE the end\n"
    )


def test_lines_that_are_out_of_order_in_the_file_stay_so() -> None:
    text = "WEBVTT\n\nb\n00:05.000 --> 00:06.000\nB\n\nNOTE ours\n\na\n00:01.000 --> 00:02.000\nA\n"
    assert after(words("a", 0, "Aye"), text=text) == text.replace("\nA\n", "\nAye\n")
    assert after(words("b", 0, "Bay"), text=text) == text.replace("\nB\n", "\nBay\n")


def test_what_follows_without_an_empty_line_stays_what_it_is() -> None:
    text = "WEBVTT\n00:01.000 --> 00:02.000\nA\n00:03.000 --> 00:04.000\nB\n"
    found = after(words("c1", 0, "Aye"), text=text)
    assert found == "WEBVTT\n\nc1\n00:01.000 --> 00:02.000\nAye\n\nc2\n00:03.000 --> 00:04.000\nB\n"
    assert after({"do": "remove", "id": "c1"}, text=text) == "WEBVTT\n\nc2\n00:03.000 --> 00:04.000\nB\n"


def test_that_a_machine_wrote_the_words_is_still_said() -> None:
    cues = "c1\n00:01.000 --> 00:02.000\nSo there\n\nc2\n00:02.000 --> 00:03.000\nB\n"
    text = f"WEBVTT\n\nNOTE word confidence: 0.9 0.8\n\n{cues}"
    old = parse(PATH, text)
    assert old.is_draft
    first = with_confidences(old.cues[0], None)
    found = with_lines(PATH, text.encode(), [Splice(None, ("c1",), (first,))]).decode()
    assert parse(PATH, found).is_draft
    assert "word confidence" not in found


@pytest.mark.parametrize(
    ("splice", "what"),
    [
        (Splice("zz", (), ()), 'there is no line "zz"'),
        (Splice("c1", ("k3",), ()), "the lines after c1 are not k3"),
        (Splice("k3", (), (Cue("n", 1, 2, "x", (), (), (), 0),)), "order of their times"),
        (Splice("k3", (), (Cue("c1", 5000, 6000, "x", (), (), (), 0, page="2"),)), "more of them, or fewer|c1"),
        (Splice("k3", (), (Cue("n", 5000, 6000, "x", (Turn(None, "y"),), (), (), 0, page="2"),)), "the line n"),
        (Splice("k3", (), (Cue("n", 5000, 6000, "x", (), (0, 1), (), 0, page="2"),)), "the line n"),
        (Splice("k3", (), (UntimedLine("n", "x", (), (), 0),)), "no page"),
        (Splice("k3", (), (UntimedLine("n", "x", (), (), 0, page="2", comments=("a --> b",)),)), "the line n|fewer"),
        (Splice("k3", (), (UntimedLine("no name", "x", (), (), 0, page="2"),)), "no name|fewer"),
    ],
)
def test_what_would_be_read_as_something_else_is_refused(splice: Splice, what: str) -> None:
    with pytest.raises(ArchiveError, match=what):
        with_lines(PATH, FILE.encode(), [splice])


def line(name: str, start: int, text: str = "x", page: str | None = None) -> Cue:
    return Cue(name, start, start + 400, text, (Turn(None, text.strip()),), (), (), 0, page=page)


def tidy(*starts: int, between: str = "") -> str:
    """Write a file of cues c1, c2 … that begin at these milliseconds, in this order."""
    cues = (f"c{number}\n{clock(start)} --> {clock(start + 400)}\nA\n\n" for number, start in enumerate(starts, 1))
    return f"WEBVTT\n\n{between.join(cues)}"


def clock(moment: int) -> str:
    return f"00:00:{moment // 1000:02d}.{moment % 1000:03d}"


MANY: Final = tidy(*range(1000, 20_000, 1000))


@pytest.mark.parametrize(
    ("text", "splice"),
    [
        # Far away in the file, and next in time, is a cue that begins before the new one.
        (tidy(1000, 20_000, 3000, 4000, 5000, 6000), Splice("c6", (), (line("n", 25_000),))),
        (tidy(9000, 10_000).replace("c2\n", "NOTE untimed u\nNo.\n\nc2\n"), Splice("u", (), (line("n", 5000),))),
        # Another line, which is written in a way of its own, has the name.
        (MANY.replace("c2\n", "NOTE  untimed u\nNo.\n\nc2\n"), Splice("c9", (), (line("u", 9500),))),
        (MANY, Splice("c9", (), (line("c2", 9500),))),
    ],
)  # fmt: skip
def test_what_is_refused_of_a_file_is_refused_where_only_a_part_would_be_read(text: str, splice: Splice) -> None:
    with pytest.raises(ArchiveError):
        with_lines(PATH, text.encode(), [splice])


def test_who_did_not_move_stays_where_it_is() -> None:
    text = tidy(1000, 2000, between="stray\n\n")
    one, other = text.split("\n\n")[1], text.split("\n\n")[3]
    found = after({"do": "times", "id": "c2", "start": 500, "end": 900}, text=text)
    other = other.replace("02.000", "00.500").replace("02.400", "00.900")
    assert found == f"WEBVTT\n\n{other}\n\n{one}\n\nstray\n\n".rstrip("\n") + "\n\n"


def test_a_page_is_begun_once() -> None:
    text = tidy(1000, 2000).replace("c1\n", "NOTE page:  1\n\nc1\n")
    new = {"do": "new", "after": None, "start": 100, "end": 500, "speaker": None, "text": "So."}
    found = after(new, text=text)
    assert found.count("page:") == 1
    assert found.startswith("WEBVTT\n\nNOTE page:  1\n\n")


def test_a_page_that_was_begun_far_above_is_known() -> None:
    text = MANY.replace("\nc2\n", "\nNOTE\npage: 1\n\nc2\n")
    text = text.replace("\nc9\n", "\nNOTE page: 2\n\nc9\n").replace("A\n\nc7\n", "The page: 7\n\nc7\n")
    found = after(words("c8", 0, "So"), {"do": "join", "id": "c8"}, text=text)
    assert found.count("page: 1") == found.count("page: 2") == 1
    assert [each.page for each in parse(PATH, found).lines][6:10] == ["1", "1", "2", "2"]


def test_what_says_nothing_any_more_stays_unless_it_would_say_something() -> None:
    text = tidy(1000, 2000).replace("c1\n", "NOTE word confidence: 0.9 0.8 0.7\n\nc1\n")
    text = text.replace("WEBVTT\n", "WEBVTT\nLocal Usage Element: [Machine Transcript] whistler, tiny, 2026-11-29\n")
    spoken = after({"do": "speaker", "id": "c1", "turn": 0, "speaker": "Ada"}, text=text)
    assert "NOTE word confidence: 0.9 0.8 0.7\n\nc1\n" in spoken
    assert "confidence" not in after(words("c1", 0, "So it was"), text=text)


@pytest.mark.parametrize(
    ("old", "new", "raw"),
    [
        ("x > y", "x --> y", "x --&gt; y"),
        ("x <i>> y</i>", "x --> y", "x --&gt; y"),
        ("a b", "a\n\nb", "a&#10;\nb"),
        ("a b", "\na b\n", "&#10;a b&#10;"),
        ("a&#10;&#10;b c", "a\n\nb d", "a&#10;&#10;b d"),
        ("a &ampb", "a &b c", "a &ampb c"),
        ("a &ampb", "a &c", "a &amp;c"),
        ("a <b>b</b", "a c", "a <b>c"),
        ("<c.x><00:00:01.100>a</c> <c>b</c>", "a bc", "<c.x>a</c> <c>bc</c>"),
        ("<v>a b", "a c", "a c"),
    ],
)
def test_words_that_are_hard_to_write_are_read_back(old: str, new: str, raw: str) -> None:
    text = tidy(1000, 2000).replace("A\n", f"{old}\n", 1)
    found = with_lines(PATH, text.encode(), [Splice(None, ("c1",), (line("c1", 1000, new),))]).decode()
    assert lines_of(found)["c1"].text == new
    assert found == text.replace(f"\n{old}\n", f"\n{raw}\n", 1)


#: How three voices of one cue are written; and tags within them.
VOICES: Final = (
    "<v A>One two. </v><v B>Three four. </v><v C>Five six.</v>",
    "<v A>One two.</v>\n<v B>Three four.</v>\n<v C>Five six.</v>",
    "<v A>One two.\n<v B>Three four.\n<v C>Five six.",
    "<v A>One two. <v B>Three four. <v C>Five six.",
    "<v A>One <b>two.</b></v>\n<v.loud B><i>Three</i> four.</v>\n<v C>Five <00:00:03.000>six.</v>",
    "<i><v A>One two.</v> <v B>Three four.</v> <v C>Five six.</v></i>",
)


@pytest.mark.parametrize("raw", VOICES)
def test_no_edit_of_a_cue_with_several_voices_leaves_an_empty_tag(raw: str) -> None:
    above, below = "WEBVTT\n\nx\n00:02.000 --> 00:04.000 line:0\n", "\n\nNOTE the end\n"
    data = f"{above}{raw}{below}".encode()
    (before,) = parse(PATH, data.decode()).lines
    own = [turn.text for turn in before.turns]
    edits = [(turn, text) for turn in range(3) for text in ("", f"{own[turn]} more", f"New {own[turn]}", "Quite")]
    for first in edits:
        for then in (None, *edits):
            lines = [before]
            for turn, text in filter(None, (first, then)):
                if turn < len(lines[0].turns):
                    asked = {"do": "words", "id": "x", "turn": turn, "text": text}
                    lines = [*perform(lines, asked, used=lambda _: False).new]
            after = with_lines(PATH, data, [Splice(None, ("x",), (lines[0],))]).decode()
            assert after.startswith(above)
            assert after.endswith(below)
            assert re.search(r"<(v|b|i)\b[^>]*>\s*</\1>|<v[^>]*>\s*(<v|\n\n)", after) is None, (first, then, after)
            (read,) = parse(PATH, after).lines
            assert (read.text, read.turns) == (lines[0].text, lines[0].turns)


def test_a_line_that_is_moved_away_from_the_times_of_its_words_leaves_them_behind() -> None:
    data = b"WEBVTT\n\nx\n00:02.000 --> 00:04.000\n<v.loud A>One <00:03.000>two <b>three</b>.\n"
    (line,) = parse(PATH, data.decode()).lines
    asked = {"do": "times", "id": "x", "start": 7_000, "end": 9_000}
    (moved,) = perform([line], asked, used=lambda _: False).new
    after = with_lines(PATH, data, [Splice(None, ("x",), (moved,))])
    assert after.endswith(b"00:07.000 --> 00:00:09.000\n<v.loud A>One two <b>three</b>.\n")
    assert parse(PATH, after.decode()).faults == ()
