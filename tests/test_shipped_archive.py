"""The archive that ships is right, says what it is, and takes the real tape when somebody has it."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import checking
import pytest
from html_elements import parse
from small_archive import write_tones

from player import roots
from player.archive.archive import Archive
from player.audio import probe
from player.checks.quotations import read_texts
from player.web.app import create_app

if TYPE_CHECKING:
    from pathlib import Path

    from player.archive.recording import Recording

TAPE, READING = "1963-11-05-attwood", "1963-11-05-attwood-reading"
NOTICE = "Synthetic reading, not the tape. Kennedy and Bundy are not heard."
PREFACE = (
    "This is not the White House tape. It is a reading about it, made with synthetic voices and written by this "
    "project from published sources. You will not hear President Kennedy or McGeorge Bundy. We had neither the tape "
    "nor a transcript. Times here are this reading’s times, not the tape’s. Every line names its source. "
    "The account begins now."
)


@pytest.fixture(scope="module")
def shipped() -> Archive:
    return Archive(roots.SHIPPED_ARCHIVE)


@pytest.fixture(scope="module")
def reading(shipped: Archive) -> Recording:
    return shipped.recording(READING)


def test_nothing_is_wrong_with_it(shipped: Archive) -> None:
    assert shipped.slugs() == [TAPE, READING]
    assert [str(fault) for fault in checking.faults(shipped)] == []


def test_the_reading_begins_with_its_notice_and_the_account_at_25_seconds(reading: Recording) -> None:
    assert reading.transcript is not None
    preface = [cue for cue in reading.transcript.cues if cue.start < 25_000]
    assert " ".join(cue.text for cue in preface) == PREFACE
    assert preface[-1].end <= 25_000
    assert reading.transcript.cues[len(preface)].start == 25_000
    assert reading.begins == 0
    assert reading.substance == 25_000


def test_only_the_two_synthetic_voices_speak(reading: Recording) -> None:
    assert reading.transcript is not None
    assert {turn.speaker for cue in reading.transcript.cues for turn in cue.turns} == {"Narrator", "Document"}
    assert {speaker.kind for speaker in reading.speaker} == {"synthetic voice"}


def test_every_printed_word_of_the_reading_has_its_time(reading: Recording) -> None:
    assert reading.transcript is not None
    for cue in reading.transcript.cues:
        assert len(cue.words) == len(cue.text.split())
        assert None not in cue.words
        assert list(cue.words) == sorted(cue.words)  # type: ignore[type-var]  # none is None
        assert cue.words[-1] < cue.end - cue.start  # type: ignore[operator]


def test_the_sound_is_a_constant_bitrate_mp3_of_64_kbit_a_second(reading: Recording) -> None:
    assert reading.media is not None
    data = reading.media.read_bytes()
    tag = 10 + int.from_bytes(bytes(data[6:10]), "big") if data[:3] == b"ID3" else 0
    position, rates = next(i for i in range(tag // 2, len(data)) if data[i] == 0xFF and data[i + 1] >= 0xE0), set()
    while position < len(data) - 4 and data[position] == 0xFF:
        # MPEG 1 layer III (ISO 11172-3, 2.4.2.3): index 5 is 64 kbit/s, sampling index 0 is 44.1 kHz
        assert data[position + 1] & 0xFE == 0xFA
        rates.add(data[position + 2] >> 4)
        position += 144 * 64_000 // 44_100 + (data[position + 2] >> 1 & 1)
    assert rates == {5}
    assert 270_000 < probe.probe(reading.media).duration < 330_000


def test_the_script_is_what_is_printed(reading: Recording) -> None:
    from player.archive.script import read_script  # noqa: PLC0415

    assert reading.transcript is not None
    script = read_script(reading.folder / "script.toml")
    assert [(line.id, line.voice, line.text) for line in script.lines] == [
        (cue.id, cue.speaker, cue.text) for cue in reading.transcript.cues
    ]


def test_at_least_ten_timed_annotations_each_with_a_source(reading: Recording) -> None:
    assert len(reading.timed) >= 10
    assert all(annotation.citations for annotation in reading.annotations)
    titles = " ".join(annotation.title for annotation in reading.timed)
    for name in ("Bundy", "Attwood", "Howard", "Vallejo", "Lechuga"):
        assert name in titles
    assert {"document", "dispute", "person"} <= {annotation.kind for annotation in reading.timed}


def test_quotations_stand_in_the_full_texts_letter_for_letter(shipped: Archive, tmp_path: Path) -> None:
    folder = roots.SHIPPED_ARCHIVE.parent / "shared" / "sources"
    article, comparison = (next(folder.glob(f"{number}_*.txt"), None) for number in ("000", "002"))
    if article is None or comparison is None:
        pytest.skip("the full texts are not beside the repository, in ../shared/sources")
    reprinted = [source.id for source in shipped.sources.values() if "Hershberg’s comparison" in (source.via or "")]
    shutil.copy(article, tmp_path / "jfkfacts-1963-11-05.txt")
    for name in ("hershberg-1995", *reprinted):
        shutil.copy(comparison, tmp_path / f"{name}.txt")
    texts = read_texts(tmp_path, shipped.sources)
    assert set(texts) >= {"jfkfacts-1963-11-05", *reprinted}
    faults = checking.faults(shipped, texts)
    assert [str(fault) for fault in faults] == []
    texts["jfkfacts-1963-11-05"] = texts["jfkfacts-1963-11-05"].replace("was exploring the idea", "explored the idea")
    faults = checking.faults(shipped, texts)
    assert faults
    assert all("was exploring" in fault.what for fault in faults)


def test_whatever_a_dossier_says_of_an_account_names_its_source(shipped: Archive) -> None:
    for dossier in map(shipped.dossier, shipped.dossiers.slugs()):
        for name, question in dossier.questions.items():
            unsourced = [account for account, each in question.answers.items() if each.says and not each.source]
            assert not unsourced, (dossier.slug, name)


def test_a_contradiction_of_two_accounts_stands_on_both_sides(shipped: Archive) -> None:
    for dossier in map(shipped.dossier, shipped.dossiers.slugs()):
        for name, question in dossier.questions.items():
            pairs = {(account, other) for account, each in question.answers.items() for other in each.contradicts}
            assert pairs == {(other, account) for account, other in pairs}, (dossier.slug, name)


def test_the_notice_stands_in_the_head_and_in_the_transport() -> None:
    html = parse(create_app(roots.SHIPPED_ARCHIVE).test_client().get(f"/recordings/{READING}").text)
    link = "Why, and where the tape was published"
    assert html.one("p.notice").text == f"{NOTICE} {link}"
    assert html.one("p.provenance").one("strong").text == NOTICE
    assert html.one("p.notice").one("a")["href"] == f"#{html.one('section.about')['id']}"
    assert html.one("button.play")["aria-label"] == "Play the synthetic reading"
    assert html.one("meta", property="og:description")["content"].startswith(NOTICE)
    assert "Script prepared with automated tools; not reviewed by a historian." in html.one("section.about").text
    assert html.one("a.skip").text == "Skip to 0:25, where the account begins"
    assert "#t=" not in html.one("audio")["src"]


def test_the_tapes_own_record_says_what_is_known_and_what_is_not() -> None:
    html = parse(create_app(roots.SHIPPED_ARCHIVE).test_client().get(f"/recordings/{TAPE}").text)
    assert not html.all("audio")
    about = html.one("section.about").text
    for heading in ("The original", "Where it was published", "Rights", "What is not known"):
        assert heading in about
    assert html.one("section.background").all("aside.note")
    assert html.all("a", href=f"/recordings/{READING}")


def test_naming_an_audio_file_in_the_tapes_record_makes_it_play_from_25_seconds(tmp_path: Path) -> None:
    for folder in ("media", "transcripts"):
        shutil.copytree(roots.SHIPPED_ARCHIVE / folder, tmp_path / folder)
    write_tones(tmp_path / "media" / "tape.wav", seconds=40)
    record = tmp_path / "transcripts" / TAPE / "recording.toml"
    text = record.read_text(encoding="utf-8")
    record.write_text(text.replace('status = "not held"', 'media = "tape.wav"'), encoding="utf-8")
    assert checking.faults(tmp_path) == []
    client = create_app(tmp_path).test_client()
    html = parse(client.get(f"/recordings/{TAPE}").text)
    assert re.fullmatch(rf"/media/{TAPE}\?v=\w+-?\w*#t=25", html.one("audio")["src"])
    assert html.one("recording-player")["data-begin"] == "25000"
    assert "data-highlight" not in html.one("recording-player")
    with client.get(f"/media/{TAPE}", headers={"Range": "bytes=0-99"}) as answer:
        assert answer.status_code == 206


def test_the_one_record_can_never_come_to_mean_the_other(shipped: Archive) -> None:
    tape = shipped.recording(TAPE)
    assert tape.status == "not held"
    assert tape.media is None
    assert tape.transcript is None
    assert shipped.recording(READING).surrogate_for == TAPE
    assert not re.search(r"\d{2,3}[/.-]?A\d", str(tape.original)), "no tape number was found; none may be given"
