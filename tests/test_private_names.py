"""``player check`` lists where visitors still read the name of somebody who is private, and nothing else."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Final

import checking
import pytest
from small_archive import bind
from test_translation import SPANISH

from player.archive.archive import Archive
from player.archive.gate.shown import Audience
from player.archive.people import Person
from player.checks import walking
from player.checks.kept import Kept
from player.checks.private_names import PrivateNames
from player.checks.shown_texts import ShownText
from player.cli import main
from player.index.database import Database
from player.web.app import create_app

if TYPE_CHECKING:
    from click.testing import CliRunner

PEOPLE = """\
[[person]]
id = "p1"
name = "Rose Quint"
also = ["Quint", "Mrs Quint", "R. Q."]
role = "another voice"
sources = ["log"]
private = true
display_name = "A neighbour"
"""


@pytest.fixture
def archive(archive: Path) -> Path:
    """The small archive with somebody private in it, who is named nowhere."""
    bind(archive)
    (archive / "transcripts" / "people.toml").write_text(PEOPLE, encoding="utf-8")
    return archive


DATA: Final = Path(__file__).parent / "data" / "private"
#: What keeps people.toml from being read: the line that is told, words of it.
REFUSED: Final = {
    "display_name_is_a_list": (7, "['A neighbour'], not text"),
    "display_name_is_empty": (7, '"display_name" is "", not text'),
    "no_toml": (6, "TOML"),
    "private_is_a_number": (6, '"private" is 1, neither true nor false'),
    "private_is_a_word": (6, '"private" is "yes", neither true nor false'),
    "private_is_misspelt": (6, 'unknown key "privat"'),
    "private_twice": (7, "TOML"),
}


def rewrite(archive: Path, name: str, old: str, new: str) -> None:
    path = archive / "transcripts" / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def told(archive: Path) -> list[str]:
    assert checking.faults(archive) == []
    folder = f"{archive / 'transcripts'}/"
    return [str(each).removeprefix(folder) for each in checking.advice_on_texts(archive)]


def test_every_file_of_the_data_is_in_the_table() -> None:
    assert {path.stem for path in DATA.iterdir()} == REFUSED.keys()


@pytest.mark.parametrize("name", REFUSED)
def test_who_is_private_where_nobody_can_read_it_is_everybody(archive: Path, name: str) -> None:
    path = archive / "transcripts" / "people.toml"
    shutil.copy(DATA / f"{name}.toml", path)
    line, words = REFUSED[name]
    (fault,) = checking.faults(archive)
    assert (fault.path, fault.line) == (path, line)
    assert words in str(fault)
    recording = Archive(archive, Audience.VISITORS).recording("tones")
    # Ben is "unidentified", and may have the name of somebody all the same.
    assert [speaker.name for speaker in recording.speaker] == ["Name withheld", "Name withheld (2)"]
    assert recording.transcript is not None
    assert {cue.speaker for cue in recording.transcript.cues} == {"Name withheld", "Name withheld (2)"}


def test_a_browser_reads_no_name_either_where_nobody_can_read_who_is_private(archive: Path) -> None:
    shutil.copy(DATA / "private_is_misspelt.toml", archive / "transcripts" / "people.toml")
    client = create_app(archive).test_client()
    for address in ("/recordings/tones", "/recordings/tones/text", "/recordings/tones/transcript.vtt", "/people"):
        text = client.get(address).text.replace("Who Ada is", "")  # a note's own words
        assert re.search(r"\bAda\b|Quint", text) is None, address


def test_somebody_private_whom_nobody_names_is_no_matter(archive: Path) -> None:
    assert told(archive) == []


PLACES = [
    # file, what is there, what is put in its place, where it is told, and how it begins
    ("tones/transcript.vtt", "Silence", "Ask Rose Quint, silence", "tones/transcript.vtt:8: line opening has the name"),
    ("tones/transcript.vtt", "One <", "QUINT <", "tones/transcript.vtt:14: line first has the name"),
    ("tones/transcript.vtt", "last\n", "mrs-quint\n", "tones/transcript.vtt:21: the identifier of line mrs-quint has"),
    ("tones/transcript.vtt", "Language: en", "Title: Quint's tones", "tones/transcript.vtt:1: its header has the name"),
    ("tones/recording.toml", "A tape", "Quint's tape", 'tones/recording.toml:1: "title" has the name'),
    ("tones/recording.toml", "Each second", "Mrs. Quint’s", 'tones/recording.toml:4: "summary" has the name'),
    ("tones/recording.toml", 'place = "Nowhere"', 'tags = ["a", "quint"]', ""),
    ("tones/recording.toml", 'place = "Nowhere"', 'tags = ["a", "Quint"]', 'tones/recording.toml:3: "tags" has the'),
    ("tones/annotations.toml", "Near the end", "Near R. Q.", 'tones/annotations.toml:13: "body" has the name'),
    ("tones/annotations.toml", "Something late", "Róse Quint", 'tones/annotations.toml:12: "title" has the name'),
    ("tones/annotations.toml", 'id = "late"', 'id = "rose-quint"', 'tones/annotations.toml:10: "id" has the name'),
    ("sources.toml", "The log of", "Quint on", 'sources.toml:4: "title" has the name'),
    ("people.toml", "another voice", "what Quint does", ""),  # it is not shown
]


@pytest.mark.parametrize(("name", "old", "new", "place"), PLACES)
def test_a_name_is_told_in_all_its_forms_wherever_visitors_read_it(
    archive: Path, name: str, old: str, new: str, place: str
) -> None:
    rewrite(archive, name, old, new)
    found = [each for each in told(archive) if "somebody who is private" in each]
    assert len(found) == bool(place)
    for each in found:
        assert each.startswith(place)
        is_name = "id" in place.split(":")[2]
        assert each.endswith("before it is published" if is_name else "write it without the name")


def test_the_name_of_a_folder_of_a_sound_and_of_a_dossier_is_read_too(context_archive: Path) -> None:
    archive = context_archive
    rewrite(archive, "people.toml", '[[person]]\nid = "ben"', f'{PEOPLE}\n[[person]]\nid = "ben"')
    transcripts = archive / "transcripts"
    (transcripts / "quint_1963").mkdir()
    sound = archive / "media" / "rose.quint-1963.wav"
    sound.hardlink_to(archive / "media" / "tones.wav")
    text = f'title = "x"\ndate = "1963"\nmedia = "{sound.name}"\n'
    (transcripts / "quint_1963" / "recording.toml").write_text(text, encoding="utf-8")
    (transcripts / "dossiers" / "pitch.toml").rename(transcripts / "dossiers" / "the-quint-case.toml")
    (transcripts / "dossiers" / "pitch.toml").write_text(
        (transcripts / "dossiers" / "the-quint-case.toml").read_text(encoding="utf-8"), encoding="utf-8"
    )
    rewrite(archive, "chronology.toml", "Nobody had planned it.", "Quint had planned it.")
    found = [each for each in told(archive) if "somebody who is private" in each]
    assert [each.partition(" has the name")[0] for each in found] == [
        f'chronology.toml:{line_of(archive, "Quint had")}: "event"',
        "dossiers/the-quint-case.toml: the name of the file",
        "quint_1963/recording.toml: the name of its folder",
        'quint_1963/recording.toml:3: "media"',
    ]


def line_of(archive: Path, words: str) -> int:
    before = (archive / "transcripts" / "chronology.toml").read_text(encoding="utf-8").partition(words)[0]
    return before.count("\n") + 1


def test_what_visitors_do_not_see_may_name_anybody(archive: Path) -> None:
    rewrite(archive, "tones/transcript.vtt", "<v Ada>One", "<v Ada>Quint")
    rewrite(archive, "tones/annotations.toml", "A *person*", "Rose Quint")
    assert len(told(archive)) == 2
    record = archive / "transcripts" / "tones" / "recording.toml"
    text = record.read_text(encoding="utf-8")
    reasons = 'reason = "x"\ndecided_by = "Rose Quint"\n'
    record.write_text(f'{text}\n[[closed]]\ncue = "first"\n{reasons}', encoding="utf-8")
    assert told(archive) == []
    reasons = reasons.replace('"x"', '"Rose Quint asked for it."')
    record.write_text(f'{text}\n[access]\nrecord = "closed"\n{reasons}', encoding="utf-8")
    assert told(archive) == []


@pytest.mark.parametrize("table", ['[access]\nsound = "closed"\ntranscript = "open"', '[[closed]]\ncue = "first"'])
def test_the_reason_that_visitors_read_may_not_name_anybody(archive: Path, table: str) -> None:
    record = archive / "transcripts" / "tones" / "recording.toml"
    text = record.read_text(encoding="utf-8")
    record.write_text(f'{text}\n{table}\nreason = "Rose Quint asked for it."\ndecided_by = "x"\n', encoding="utf-8")
    (each,) = told(archive)
    assert '"reason" has the name of somebody who is private: "Rose Quint"' in each


def test_a_speaker_who_is_private_is_replaced_and_needs_no_advice(archive: Path) -> None:
    rewrite(archive, "tones/recording.toml", 'name = "Ben"\nkind = "unidentified"', 'name = "Quint"\nkind = "person"')
    rewrite(archive, "tones/transcript.vtt", "<v Ben>", "<v Quint>")
    assert told(archive) == []


def test_what_the_archive_itself_calls_somebody_is_no_name_to_look_for(archive: Path) -> None:
    rewrite(archive, "people.toml", '"A neighbour"', '"Mrs Quint"')
    rewrite(archive, "tones/annotations.toml", "Near the end", "Mrs Quint speaks, née Quint")
    assert told(archive) == []
    rewrite(archive, "tones/annotations.toml", "Mrs Quint speaks", "Rose Quint speaks")
    assert len(told(archive)) == 1


WEAVER: Final = 'name = "Agnes Pell"\ndisplay_name = "A weaver"\n'
SPEAKER_PLACES = [
    # file, what is there, what is put in its place, where it is told
    ("tones/transcript.vtt", "Silence", "I am Agnes Pell, silence", "tones/transcript.vtt:8: line opening"),
    ("tones/transcript.vtt", "Language: en", "Title: Agnes Pell", "tones/transcript.vtt:1: its header"),
    ("tones/transcript.vtt", "last\n", "agnes-pell\n", "tones/transcript.vtt:21: the identifier of line agnes-pell"),
    ("tones/transcript.es.vtt", "Silencio", "Soy Agnes Pell", "tones/transcript.es.vtt:9: line opening"),
    ("tones/transcript.es.vtt", "Ben\n", "Agnes Pell\n", "tones/transcript.es.vtt:1: its header"),
    ("tones/recording.toml", "A tape", "Agnes Pell: the mill", 'tones/recording.toml:1: "title"'),
    ("tones/recording.toml", "Each second", "Agnes Pell’s", 'tones/recording.toml:4: "summary"'),
    ("tones/annotations.toml", "Near the end", "Near AGNES PELL", 'tones/annotations.toml:13: "body"'),
    ("sources.toml", "The log of", "Agnes Pell on", ""),  # it is not the recording's own
    ("tones/recording.toml", "A tape", "Agnes and Pell", ""),
    ("tones/recording.toml", "A tape", "A weaver", ""),
    ("tones/transcript.vtt", "Silence", "Silence", ""),  # her voice is called by the other name
]


@pytest.mark.parametrize(("name", "old", "new", "place"), SPEAKER_PLACES)
def test_the_name_of_a_speaker_who_is_called_otherwise_is_told_in_the_recording(
    archive: Path, name: str, old: str, new: str, place: str
) -> None:
    (archive / "transcripts" / "people.toml").unlink()
    if name.endswith("es.vtt"):
        text = SPANISH.replace("<v Ada>", "<v Agnes Pell>")
        (archive / "transcripts" / name).write_text(text, encoding="utf-8")
    rewrite(archive, "tones/recording.toml", 'name = "Ada"\n', WEAVER)
    path = archive / "transcripts" / "tones" / "transcript.vtt"
    path.write_text(path.read_text(encoding="utf-8").replace("<v Ada>", "<v Agnes Pell>"), encoding="utf-8")
    rewrite(archive, name, old, new)
    found = [each for each in told(archive) if "the name of" in each]
    assert len(found) == bool(place), found
    for each in found:
        assert each.startswith(f'{place} has the name of a speaker who has a display_name: "Agnes Pell"; ')


def test_the_name_of_a_speaker_who_is_private_too_is_told_once(archive: Path) -> None:
    rewrite(archive, "tones/recording.toml", 'name = "Ada"\n', 'name = "Quint"\ndisplay_name = "A weaver"\n')
    path = archive / "transcripts" / "tones" / "transcript.vtt"
    path.write_text(path.read_text(encoding="utf-8").replace("<v Ada>", "<v Quint>"), encoding="utf-8")
    rewrite(archive, "tones/recording.toml", "A tape", "Quint's tape")
    (each,) = [each for each in told(archive) if "the name of" in each]
    assert 'has the name of somebody who is private: "Quint"' in each


@pytest.mark.parametrize(
    ("called", "text", "is_told"),
    [
        ("A weaver", "Narrator of the mill", True),
        ("A weaver", "The narrator and the mill", False),
        ("Narrator of the mill", "Narrator", False),  # what visitors read in its place
        (None, "Narrator", False),
    ],
)
def test_a_speaker_called_by_one_word_is_looked_for_with_a_capital(
    archive: Path, called: str | None, text: str, *, is_told: bool
) -> None:
    otherwise = f'display_name = "{called}"\n' if called else ""
    rewrite(archive, "tones/recording.toml", 'name = "Ada"\n', f'name = "Narrator"\n{otherwise}')
    path = archive / "transcripts" / "tones" / "transcript.vtt"
    path.write_text(path.read_text(encoding="utf-8").replace("<v Ada>", "<v Narrator>"), encoding="utf-8")
    rewrite(archive, "tones/annotations.toml", "Near the end", text)
    assert len([each for each in told(archive) if "the name of" in each]) == is_told


def names(*forms: str) -> PrivateNames:
    return PrivateNames([Person(id="p", name=forms[0], also=forms[1:], role="x", citations=(), private=True)])


@pytest.mark.parametrize(
    ("form", "text", "is_there"),
    [
        ("Rose", "Rose came.", True),
        ("Rose", "ROSE CAME.", True),
        ("Rose", "The sun rose.", False),
        ("Rose", "Roses and primrose.", False),
        ("Rose", "Rose's boat, Rose’s oars", True),
        ("Rose Quint", "a rose quint", True),
        ("Rose Quint", "Rose, Quint", True),
        ("Rose Quint", "Rose and Quint", False),
        ("Rose Quint", "**Rose** Quint", True),
        ("O'Hara", "Ask O’Hara.", True),
        ("José", "Jose said so", True),
        ("ibn Sina", "IBN SINA", True),
        ("陳大文", "他叫陳大文。", True),
        ("陳大文", "大文", False),
        ("...", "What ... ?", False),
    ],
)
def test_names_are_whole_words_and_one_word_needs_its_capital(form: str, text: str, is_there: bool) -> None:
    assert bool([*names(form).advice([ShownText(text, Path("x"), 1, "x")])]) is is_there


def test_who_becomes_private_is_looked_for_in_files_that_have_not_changed(
    archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Files count as settled at once.
    monkeypatch.setattr(walking, "_TICK", 0)
    monkeypatch.setattr(walking, "_COARSE_TICK", 0)
    root = Archive(archive).root
    kept = Kept(Database(root), root)
    rewrite(archive, "people.toml", "private = true\n", "")
    rewrite(archive, "tones/transcript.vtt", "Silence", "Rose Quint")
    assert checking.outcome(archive, kept=kept).advice == []
    rewrite(archive, "people.toml", "display_name", "private = true\ndisplay_name")
    assert len(checking.outcome(archive, kept=kept).advice) == 1
    assert len(checking.outcome(archive, kept=kept).advice) == 1
    rewrite(archive, "people.toml", '"Quint", ', "")
    rewrite(archive, "people.toml", "Rose Quint", "Rosa Quint")
    assert checking.outcome(archive, kept=kept).advice == []


def test_many_places_of_a_file_are_told_as_one(archive: Path, runner: CliRunner) -> None:
    path = archive / "transcripts" / "tones" / "transcript.vtt"
    path.write_text(path.read_text(encoding="utf-8").replace(">", "> Quint ").replace("-- ", "-->"), encoding="utf-8")
    text = path.read_text(encoding="utf-8").replace("--> Quint", "-->").replace("<b> Quint", "<b>")
    path.write_text(text, encoding="utf-8")
    result = runner.invoke(main, ["check", "--archive", str(archive)])
    lines = [line for line in result.stdout.splitlines() if "somebody who is private" in line]
    assert len(lines) == 1
    assert "(and 3 more like it, the last on line" in lines[0]


def test_who_is_private_is_not_in_the_cache_by_the_id_either(archive: Path) -> None:
    root = Archive(archive).root
    kept = Kept(Database(root), root)
    rewrite(archive, "tones/annotations.toml", 'start = "0:08.5"', 'people = ["p1"]\nstart = "0:08.5"')
    assert checking.outcome(archive, kept=kept).advice == []
    assert [tuple(row) for row in kept.database.rows("SELECT kind, name FROM examined")] == [("sources", "")]


def test_nothing_that_has_a_private_name_in_it_is_kept_in_the_cache(archive: Path) -> None:
    root = Archive(archive).root
    kept = Kept(Database(root), root)
    rewrite(archive, "tones/annotations.toml", "Near the end.", "Mrs Quint says “a purple ferry”.")
    assert len(checking.outcome(archive, kept=kept).advice) == 1
    rows = [tuple(row) for row in kept.database.rows("SELECT * FROM examined")]
    assert [row[:2] for row in rows] == [("sources", "")]
    assert "Quint" not in repr(rows)
