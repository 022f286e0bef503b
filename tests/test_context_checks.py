"""``player check`` follows every pointer and every quotation of people, chronology, dossiers and annotations."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import checking
import pytest

from player.cli import main

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import CliRunner

NOTES = "tones/annotations.toml"
DOSSIER = "dossiers/pitch.toml"


def replace(archive: Path, name: str, old: str, new: str) -> None:
    path = archive / "transcripts" / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def line_of(archive: Path, name: str, words: str) -> int:
    """Find the line of the table that holds ``words``, as a fault names it."""
    before = (archive / "transcripts" / name).read_text(encoding="utf-8").partition(words)[0]
    return before[: before.rindex("[[")].count("\n") + 1


def told(archive: Path, texts: dict[str, str] | None = None) -> list[str]:
    return [str(fault) for fault in checking.faults(archive, texts)]


def test_nothing_is_wrong_with_an_archive_that_has_all_of_it(context_archive: Path) -> None:
    assert told(context_archive) == []


AT_TABLE = [
    # file, what is there, what is put in its place, words of the message; the line is that of the table around it
    ("people.toml", 'id = "ben"', 'id = "benny"', None),
    (NOTES, 'people = ["ada"]', 'people = ["eve"]', 'no person has the id "eve"'),
    (NOTES, 'entries = ["made"]', 'entries = ["unmade"]', 'no entry of the chronology has the id "unmade"'),
    (NOTES, '"pitch", "pitch#high"', '"pitches"', 'no dossier is called "pitches"'),
    (NOTES, '"pitch#high"', '"pitch#low"', 'the dossier "pitch" has no question with the id "low"'),
    (NOTES, '"tones#first", ', '"tones#second", ', 'no line of "tones" has the identifier "second"'),
    (NOTES, '"tones#note-who"', '"tones#note-nobody"', '"tones" has no annotation with the id "nobody"'),
    (NOTES, '"tones#note-who"', '"tunes#note-who"', 'no recording is called "tunes"'),
    (NOTES, "“a low hum, no more”", "“a low ham, no more”", "“a low ham, no more” is in no excerpt"),
    (NOTES, '["memoir, p. 8"]', '["memoir"]', "the quotation “a low hum, no more” has no locator"),
    (NOTES, "There was *none*.", "[x](/people/eve)", 'has a link that leads nowhere: no person has the id "eve"'),
    (NOTES, "There was *none*.", "[x](/chronology#entry-no)", 'no entry of the chronology has the id "no"'),
    (NOTES, "There was *none*.", "[x](/dossiers/no)", 'no dossier is called "no"'),
    (NOTES, "There was *none*.", "[x](/dossiers/pitch#question-no)", 'has no question with the id "no"'),
    (NOTES, "There was *none*.", "[x](/recordings/tones?t=1#cue-no)", 'no line of "tones" has the identifier "no"'),
    (NOTES, "There was *none*.", "[x](/sources/no)", 'no source has the id "no"'),
    (NOTES, "There was *none*.", "[x](/elsewhere)", 'this site has no page "/elsewhere"'),
    (NOTES, 'sources = ["memoir, p. 8"]', 'sources = ["memo, p. 8"]', 'no source has the id "memo"'),
    ("people.toml", "She *hears* them.", "She said “hm”.", "“hm” is in no excerpt"),
    ("people.toml", 'sources = ["memoir, p. 7"]', 'sources = ["diary, p. 7"]', 'no source has the id "diary"'),
    ("chronology.toml", 'people = ["ada"]', 'people = ["eve"]', 'no person has the id "eve"'),
    ("chronology.toml", 'recording = "tones"', 'recording = "tunes"', 'no recording is called "tunes"'),
    ("chronology.toml", '"tones#first"', '"tones#second"', 'no line of "tones" has the identifier "second"'),
    ("chronology.toml", 'dossier = "pitch"', 'dossier = "pitches"', 'no dossier is called "pitches"'),
    ("chronology.toml", "2003~", "3003~", '"date" (about 3003) lies in the future'),
    ("chronology.toml", "2003~", "2003/3003", '"date" (2003 to 3003) lies in the future'),
    ("people.toml", '"1962-10"', '"1962"\nborn = "3003/.."', '"born" (since 3003) lies in the'),
    ("people.toml", '"1852"', '"3003"', '"died" (3003) lies in the future'),
    ("people.toml", '"1962-10"', '"3003-10"', '"role_date" (October 3003) lies in the future'),
    ("sources.toml", '"nobody"', '"nobody"\ndate = "3003"', '"date" (3003) lies in the future'),
    ("sources.toml", '"nobody"', '"nobody"\nseen_on = "3003"', '"seen_on" (3003) lies in'),
    (DOSSIER, 'written = "1970"', 'written = "3003"', '"written" (3003) lies in the future'),
    ("chronology.toml", "Ada plans it.", "“Ada plans it.”", "“Ada plans it.” is in no excerpt"),
    (DOSSIER, 'person = "ada"', 'person = "eve"', 'no person has the id "eve"'),
    (DOSSIER, 'moment = "tones#first"', 'moment = "tones#no"', 'no line of "tones" has the identifier "no"'),
    (DOSSIER, 'source = "log, p. 2"', 'source = "diary, p. 2"', 'no source has the id "diary"'),
    (DOSSIER, "It was the highest of all.", "It was “high”.", "“high” is in no excerpt"),
    (DOSSIER, "a low hum, no more", " ".join(["hum"] * 26), "a quotation of 26 words from memoir, a work in copyright"),
    (DOSSIER, '"a low hum, no more"', '"a low ham, no more"', "“a low ham, no more” is in no excerpt"),
    (DOSSIER, "Two lines are whited out.", "It says “nothing at all”.", "“nothing at all” is in no excerpt"),
    (DOSSIER, "Was it loud?", "Was it “loud”?", "“loud” is in no excerpt"),
    (DOSSIER, "The pitch sinks", "It “sinks”", "“sinks” is in no excerpt"),
    (DOSSIER, "The noise", "The “noise”", "“noise” is in no excerpt"),
    (NOTES, '"What is claimed"', '"What “is claimed”"', "“is claimed” is in no excerpt"),
    ("people.toml", 'name = "Ben"', 'name = "Ben “the ear”"', "“the ear” is in no excerpt"),
    ("sources.toml", '"nobody"', '"nobody"\nnote = "It has “a low ham”."', "“a low ham” is in no excerpt"),
    ("sources.toml", '"nobody"', '"nobody"\ntrust = "“Never” trust it."', "“Never” is in no excerpt"),
    (DOSSIER, "Here it begins.", "“It begins.", "a “ or a ” stands alone"),
    (DOSSIER, "From one telling to the next.", "&ldquo;Lower&rdquo; every time.", "“Lower” is in no excerpt"),
    (DOSSIER, "It was low.", '\\"Low enough\\", it says.', 'there are other quotation marks around "Low enough"'),
    (NOTES, '"tones#note-who"', '"tones#note-claims"', 'annotation "claims" points at itself in "see"'),
    (NOTES, "There was *none*.", "&laquo;None&raquo;.", "there are other quotation marks: « »"),
    (NOTES, "There was *none*.", "\\n> There was none.\\n", "a paragraph is set as a quotation, with >"),
    ("people.toml", "She *hears* them.", "She ‘*hears* them’.", "there are other quotation marks around ‘hears them’"),
    ("chronology.toml", "From the first to the last.", "From „first“ to last.", "there are other quotation marks: „"),
]


@pytest.mark.parametrize(("name", "old", "new", "words"), AT_TABLE)
def test_a_fault_is_told_at_its_table(context_archive: Path, name: str, old: str, new: str, words: str | None) -> None:
    replace(context_archive, name, old, new)
    found = told(context_archive)
    if words is None:  # what others point at has gone
        assert any("chronology.toml" in fault and 'no person has the id "ben"' in fault for fault in found), found
        return
    line = line_of(context_archive, name, new)
    assert any(f"{name}:{line}: " in fault and words in fault and "; " in fault for fault in found), (line, found)


AT_LINE = [
    # file, what is there, what is put in its place, words of the message; the line is that of what was put there
    ("people.toml", 'died = "1852"', 'died = "1802"', "the person died (1802) before being born (1815-12-10)"),
    ("people.toml", 'born = "1815-12-10"', 'born = "1815-13-10"', "not in the form of a date"),
    ("people.toml", 'name = "Ben"', 'name = "neB \u202eneB"', "has a control character in it"),
    ("people.toml", 'also = ["Ada"]', 'also = ["\u2066Ada"]', "has a control character in it, U+2066"),
    (DOSSIER, 'title = "The noise"', 'title = "The \u2069noise"', "has a control character in it"),
    ("people.toml", 'id = "ben"', 'id = "ada"', 'an earlier [[person]] has the same id, "ada"'),
    ("chronology.toml", 'date = "1963-21"', 'date = "1963-41"', "not in the form of a date"),
    ("chronology.toml", 'strand = "later"', 'strand = "latter"', 'no [[strand]] has the id "latter"'),
    ("chronology.toml", '["improvised"]', '["planned"]', 'no other entry has the id "planned"'),
    ("chronology.toml", 'id = "found"', 'id = "made"', 'an earlier [[entry]] has the same id, "made"'),
    (NOTES, 'contradicts = ["late"]', 'contradicts = ["claims"]', 'no other annotation or claim "claims"'),
    (NOTES, 'contradicts = ["around"]', 'contradicts = ["claims.no"]', 'no other annotation or claim "claims.no"'),
    (NOTES, 'contradicts = ["around"]', 'contradicts = ["claims.low"]', 'no other annotation or claim "claims.low"'),
    (NOTES, 'id = "none"', 'id = "low"', 'an earlier [[claim]] has the same id, "low"'),
    (NOTES, 'see = ["tones#first",', 'see = ["tones first",', "not a list of moments"),
    (NOTES, 'people = ["ada"]', "people = []", "is [], not a list of ids"),
    (DOSSIER, 'account = "the-memoir"', 'account = "the-diary"', 'no other account has the id "the-diary"'),
    (DOSSIER, 'accounts = ["the-log", "the-memoir"]', 'accounts = ["no"]', 'no other account has the id "no"'),
    (DOSSIER, 'contradicts = ["the-memoir"]', 'contradicts = ["the-log"]', 'no other account has the id "the-log"'),
    (DOSSIER, 'id = "loud"', 'id = "high"', 'an earlier [[question]] has the same id, "high"'),
    (DOSSIER, 'verdict = "denies"', 'verdict = "disputes"', "write one of affirms, denies, hedges, silent, not seen"),
    (DOSSIER, 'moment = "tones#first"', 'moment = "tones"', "not a moment"),
    ("tones/recording.toml", 'date = "1963-11-05"', 'date = "3003"', '"date" (3003) lies in the'),
]


@pytest.mark.parametrize(("name", "old", "new", "words"), AT_LINE)
def test_a_fault_is_told_at_its_line(context_archive: Path, name: str, old: str, new: str, words: str) -> None:
    replace(context_archive, name, old, new)
    text = (context_archive / "transcripts" / name).read_text(encoding="utf-8")
    lines = {text[: match.start()].count("\n") + 1 for match in re.finditer(re.escape(new), text)}
    found = told(context_archive)
    assert any(f"{name}:{line}: " in fault and words in fault for fault in found for line in lines), found


@pytest.mark.parametrize("key", ["what", "sought", "person", "identified_by"])
def test_what_a_record_says_of_voices_and_of_what_is_unknown_is_quoted_from_a_source(
    context_archive: Path, key: str
) -> None:
    path = context_archive / "transcripts" / "tones" / "recording.toml"
    said = dict.fromkeys(("what", "sought", "person", "identified_by"), "x") | {key: "“at the”"}
    path.write_text(
        path.read_text(encoding="utf-8")
        + f'\n[[unknown]]\nwhat = "{said["what"]}"\nsought = "{said["sought"]}"\nwhen = "2020"\n'
        + f'[[speaker]]\nname = "Ada"\nkind = "person"\nperson = "{said["person"]}"\n'
        + f'identified_by = "{said["identified_by"]}"\n',
        encoding="utf-8",
    )
    (fault,) = [each for each in told(context_archive) if "is in no excerpt" in each]
    assert "recording.toml:" in fault
    assert "“at the”" in fault


def test_a_remark_on_a_source_may_quote_what_another_has(context_archive: Path) -> None:
    replace(context_archive, "sources.toml", '"nobody"', '"nobody"\nnote = "The log has “higher than any”."')
    assert told(context_archive) == []


def test_a_dossiers_event_has_happened(context_archive: Path) -> None:
    replace(context_archive, DOSSIER, 'date = "1963-11-05"', 'date = "3003"')
    (fault,) = told(context_archive)
    assert f'{DOSSIER}:3: "date" (3003) lies in the future; correct the date' in fault


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ('[holding]\nobtained_from = "x"\nobtained = "3003"', '"obtained" (3003)'),
        ('[[publication]]\ntitle = "x"\ndate = "3003"', '"date" (3003)'),
        ('[[unknown]]\nwhat = "x"\nsought = "y"\nwhen = "3003"', '"when" (3003)'),
    ],
)
def test_nothing_of_a_record_lies_in_the_future(context_archive: Path, table: str, words: str) -> None:
    path = context_archive / "transcripts" / "tones" / "recording.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(f"{text}\n{table}\n", encoding="utf-8")
    (fault,) = told(context_archive)
    assert f"recording.toml:{text.count(chr(10)) + 2}: {words} lies in the future" in fault


def test_a_quotation_in_a_dossier_says_where_it_stands(context_archive: Path) -> None:
    replace(context_archive, DOSSIER, 'source = "memoir, p. 8"', 'source = "memoir"')
    assert any("a quotation has no locator" in fault for fault in told(context_archive))


def test_an_account_that_says_something_is_told_what(context_archive: Path) -> None:
    replace(context_archive, DOSSIER, 'says = "It was low."\n', "")
    assert any('denies, but "says" is missing' in fault for fault in told(context_archive))


def test_an_account_that_says_something_says_where(context_archive: Path) -> None:
    replace(context_archive, DOSSIER, 'quotation = "a low hum, no more"\nsource = "memoir, p. 8"\n', "")
    (fault,) = told(context_archive)
    line = line_of(context_archive, DOSSIER, 'verdict = "denies"')
    assert f"{DOSSIER}:{line}: " in fault
    assert 'the account "the-memoir" denies, but no place in its source is given; write source = "id, page"' in fault
    replace(context_archive, DOSSIER, 'source = "memoir"\n', 'source = "memoir, pp. 8 f."\n')
    assert told(context_archive) == []


def test_every_account_answers_every_question(context_archive: Path) -> None:
    replace(context_archive, DOSSIER, '[[question.answer]]\naccount = "the-memoir"\nverdict = "not seen"\n', "")
    (fault,) = told(context_archive)
    assert f"{DOSSIER}:{line_of(context_archive, DOSSIER, 'Was it loud?')}: " in fault
    assert 'the account "the-memoir" has no answer to this question; write silent or not seen' in fault


def test_an_account_that_is_silent_is_not_quoted(context_archive: Path) -> None:
    replace(context_archive, DOSSIER, 'verdict = "silent"', 'verdict = "silent"\nquotation = "x"\nsource = "log, p. 1"')
    assert any('the account "the-log" is silent, but is quoted' in fault for fault in told(context_archive))


@pytest.mark.parametrize("table", ["account", "question"])
def test_a_dossier_without_accounts_or_questions_is_none(context_archive: Path, table: str) -> None:
    path = context_archive / "transcripts" / DOSSIER
    text = path.read_text(encoding="utf-8")
    kept = [part for part in re.split(r"\n(?=\[\[)", text) if not part.startswith(f"[[{table}")]
    path.write_text("\n".join(kept), encoding="utf-8")
    assert any(f"there is no [[{table}]]; write at least one" in fault for fault in told(context_archive))


def test_an_annotation_says_something_and_cites_something(context_archive: Path) -> None:
    replace(context_archive, NOTES, 'body = "Near the end."\n', "")
    assert any('"late" says nothing' in fault for fault in told(context_archive))
    replace(context_archive, NOTES, 'sources = ["log, p. 1"]\n', "")
    assert any('annotations.toml:1: the key "sources" is missing' in fault for fault in told(context_archive))


@pytest.mark.parametrize("address", ["https://Example.ORG/Copy", "HTTPS://example.org/Copy#part"])
def test_a_copy_that_may_not_be_linked_is_known_however_its_host_is_written(
    context_archive: Path, address: str
) -> None:
    replace(context_archive, "sources.toml", '"nobody"', '"nobody"\naddress = "https://example.org/Copy"\nlink = false')
    replace(context_archive, NOTES, "There was *none*.", f"There was [none]({address}).")
    (fault,) = told(context_archive)
    assert "links to a copy that may not be linked; cite the source instead" in fault
    replace(context_archive, "sources.toml", "example.org/Copy", "EXAMPLE.org/Copy")
    assert told(context_archive) == [fault]


def test_an_excerpt_says_where_it_stands(context_archive: Path) -> None:
    replace(context_archive, "sources.toml", 'locator = "p. 8"\n', "")
    assert any('the key "locator" is missing' in fault for fault in told(context_archive))


def test_a_source_that_nothing_cites_is_told(context_archive: Path) -> None:
    path = context_archive / "transcripts" / "sources.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text + '\n[[source]]\nid = "x"\nkind = "press"\ntitle = "X"\nseen = "full"\nrights = "unknown"\n',
        encoding="utf-8",
    )
    line = text.count("\n") + 2
    assert [f'sources.toml:{line}: nothing cites the source "x"' in fault for fault in told(context_archive)] == [True]


def test_what_cannot_be_read_is_told_once_and_blames_nobody_else(context_archive: Path) -> None:
    (context_archive / "transcripts" / "people.toml").write_text("[[person]]\nid = 5\n", encoding="utf-8")
    found = told(context_archive)
    assert found
    assert all("people.toml:" in fault for fault in found)


def test_a_file_among_the_dossiers_that_is_read_as_none_is_told(context_archive: Path) -> None:
    (context_archive / "transcripts" / "dossiers" / "my pitch.toml").write_text("", encoding="utf-8")
    assert [fault for fault in told(context_archive) if "my pitch.toml: this is not read as a dossier" in fault]


@pytest.mark.parametrize("name", ["people.toml", "chronology.toml", DOSSIER, "dossiers"])
def test_a_link_out_of_the_archive_is_refused(context_archive: Path, name: str) -> None:
    linked = context_archive / "transcripts" / name
    linked.rename(context_archive.parent / "secret.toml")
    linked.symlink_to(context_archive.parent / "secret.toml")
    assert any("this link leads out of the archive" in fault for fault in told(context_archive))


def test_all_quotations_from_a_work_in_copyright_are_counted_together(context_archive: Path) -> None:
    """Twenty-four words five times are 120; the nine of the dossier's quotation are part of the excerpt."""
    path = context_archive / "transcripts" / "sources.toml"
    text = path.read_text(encoding="utf-8")
    start = text.rindex("[[source.excerpt]]")
    full = (
        "".join(
            f'[[source.excerpt]]\nlocator = "p. 8"\ntext = "{" ".join(f"{letter}{n}" for n in range(24))}"\n'
            for letter in "abcd"
        )
        + f'[[source.excerpt]]\nlocator = "p. 8"\ntext = "a low hum, no more, {" ".join(f"e{n}" for n in range(19))}"\n'
    )
    path.write_text(text[:start] + full, encoding="utf-8")
    assert told(context_archive) == []
    replace(context_archive, NOTES, "There was *none*.", "“a0 a1 a2”, again.")
    replace(context_archive, NOTES, '"unknown"\nsources = ["log"]', '"unknown"\nsources = ["memoir, p. 8"]')
    assert told(context_archive) == []
    replace(context_archive, DOSSIER, "a low hum, no more", "no hum at all")
    (fault,) = [each for each in told(context_archive) if "words are quoted from memoir" in each]
    assert "pitch.toml:" in fault
    assert "124 words" in fault


def test_a_work_of_the_government_may_be_quoted_at_length(context_archive: Path) -> None:
    for name in (DOSSIER, "sources.toml"):
        replace(context_archive, name, "higher than any before", " ".join(["higher"] * 200))
    assert told(context_archive) == []


def test_a_text_proves_what_is_quoted_from_it(context_archive: Path) -> None:
    text = "He wrote: It\nwas a low  hum, no more, and soon over. It was higher."
    assert told(context_archive, {"memoir": text}) == []
    found = told(context_archive, {"memoir": text.replace("low  hum", "high hum")})
    assert any(
        "pitch.toml" in fault and "“a low hum, no more” is not in the text of memoir in these words" in fault
        for fault in found
    )
    assert any(
        "annotations.toml" in fault and "“a low hum, no more” is not in the text of memoir" in fault for fault in found
    )
    assert any("sources.toml" in fault and "and soon over.” is not in the text of memoir" in fault for fault in found)


def test_words_that_only_the_text_has_may_be_quoted_too(context_archive: Path) -> None:
    replace(context_archive, NOTES, "“a low hum, no more”", "“soon forgotten”")
    assert any("“soon forgotten” is in no excerpt" in fault for fault in told(context_archive))
    text = "It was a low hum, no more, and soon over. It was soon forgotten."
    assert told(context_archive, {"memoir": text}) == []


def test_the_command_reads_texts_by_the_names_of_sources(
    context_archive: Path, runner: CliRunner, tmp_path: Path
) -> None:
    texts = tmp_path / "texts"
    texts.mkdir()
    asked = ["check", "--archive", str(context_archive), "--texts", str(texts)]
    assert runner.invoke(main, asked).exit_code == 2
    (texts / "memoir.txt").write_text("It was a low hum, no more, and soon over.", encoding="utf-8")
    result = runner.invoke(main, asked)
    assert (result.exit_code, "found in the texts of these sources: memoir" in result.stdout) == (0, True)
    (texts / "memoir.txt").write_text("Nothing of the kind.", encoding="utf-8")
    result = runner.invoke(main, asked)
    assert (result.exit_code, "“a low hum, no more” is not in the text of memoir in these words" in result.stdout) == (
        1,
        True,
    )
    (texts / "memoir.txt").write_bytes(b"\xff")
    result = runner.invoke(main, asked)
    assert (result.exit_code, "is not UTF-8" in result.stderr) == (1, True)
