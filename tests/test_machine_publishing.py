"""A machine's words are a draft until they are published, and each command that says what is shown says so."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from clipping import run
from machine_ferry import KEEPER, LABEL, SLUG, UNHEARD, write_archive
from small_archive import write_tones

from player.archive.archive import Archive
from player.archive.gate.shown import Audience

if TYPE_CHECKING:
    from pathlib import Path


def is_read(archive: Path, slug: str = SLUG) -> bool:
    return Archive(archive, Audience.VISITORS).recording(slug).transcript is not None


def record_of(archive: Path, slug: str = SLUG) -> Path:
    return archive / "transcripts" / slug / "recording.toml"


@pytest.mark.long
@pytest.mark.parametrize(
    ("access", "after"),
    [
        ("", '\n[access]\ntranscript = "open"\n'),
        ('record = "draft"', 'record = "open"\ntranscript = "open"\n'),
        ('record = "draft"\nuntil = "2041"', 'record = "open"\ntranscript = "open"\n'),
        ('notes = "closed"\nuntil = "2041"', 'notes = "closed"\nuntil = "2041"\ntranscript = "open"\n'),
        ('transcript = "draft"', 'transcript = "open"\n'),
    ],
)
def test_it_is_published_and_the_label_stays(access: str, after: str, tmp_path: Path) -> None:
    archive = write_archive(tmp_path / "archive", drafts="hidden", access=access)
    found = run(archive, "publish", SLUG)
    assert found.exit_code == 0, found.output
    assert "read its transcript (5 lines)" in found.output
    assert f'nobody has heard 4 of its 5 lines: "{LABEL}" stands' in found.output
    assert is_read(archive)
    assert record_of(archive).read_text(encoding="utf-8").endswith(after)
    again = run(archive, "publish", SLUG)
    is_open = 'notes = "closed"' not in access
    assert (again.exit_code, f"{SLUG} is open already" in again.output) == (int(not is_open), is_open)


@pytest.mark.parametrize("access", ['transcript = "closed"', 'record = "closed"', 'transcript = "on request"'])
def test_what_the_record_says_is_not_overruled(access: str, tmp_path: Path) -> None:
    archive = write_archive(tmp_path / "archive", drafts="hidden", access=access)
    before = record_of(archive).read_bytes()
    assert run(archive, "publish", SLUG).exit_code == 1
    assert record_of(archive).read_bytes() == before


@pytest.mark.long
def test_where_the_archive_shows_its_drafts_nothing_is_to_be_published(tmp_path: Path) -> None:
    archive = write_archive(tmp_path / "archive")
    assert is_read(archive)
    found = run(archive, "publish", SLUG)
    assert found.exit_code == 0
    assert f"{SLUG} is open already" in found.output
    assert f'nobody has heard 4 of its 5 lines: "{LABEL}" stands' in found.output


@pytest.mark.long
def test_what_is_reviewed_is_a_transcript_like_any_other(tmp_path: Path) -> None:
    archive = write_archive(tmp_path / "archive", drafts="hidden")
    run(archive, "reviewed", SLUG, "--by", KEEPER)
    assert is_read(archive)
    for words in (("list",), ("closed",), ("publish", SLUG)):
        found = run(archive, *words)
        assert LABEL not in found.output
        assert "transcript draft" not in found.output


@pytest.mark.long
def test_lists_say_that_it_is_a_draft_and_why(tmp_path: Path) -> None:
    archive = write_archive(tmp_path / "archive", drafts="hidden")
    assert f"[transcript draft]  [{LABEL}]" in run(archive, "list").output
    (closed,) = json.loads(run(archive, "closed", "--json").output)
    assert (closed["what"], closed["part"], closed["state"]) == ("transcript", "that a machine wrote", "draft")
    assert "transcript that a machine wrote  draft" in run(archive, "closed").output
    run(archive, "records", "--export", str(tmp_path / "all.csv"))
    assert "transcript draft" in (tmp_path / "all.csv").read_text(encoding="utf-8")
    run(archive, "publish", SLUG)
    assert run(archive, "closed").output == "nothing is closed\n"
    assert run(archive, "list").output.endswith(f"  [{LABEL}]\n")


def test_where_the_record_is_a_draft_its_words_are_not_named_besides(tmp_path: Path) -> None:
    archive = write_archive(tmp_path / "archive", drafts="hidden", access='record = "draft"')
    assert len(json.loads(run(archive, "closed", "--json").output)) == 1


@pytest.mark.long
@pytest.mark.parametrize("drafts", ["hidden", "labelled"])
@pytest.mark.parametrize(
    ("words", "access"),
    [((), 'record = "draft"'), (("--publish",), 'transcript = "open"'), (("--publish", "--checked-by", KEEPER), None)],
)
def test_what_is_added_is_published_only_where_that_is_said(
    words: tuple[str, ...], access: str | None, drafts: str, tmp_path: Path
) -> None:
    archive = write_archive(tmp_path / "archive", drafts=drafts)
    write_tones(tmp_path / "quay.wav", seconds=4)
    segment = {"start": 0.5, "end": 2.0, "text": f" A {UNHEARD} on the quay.", "avg_logprob": -0.1}
    (tmp_path / "quay.json").write_text(json.dumps({"segments": [segment]}))
    said = ("add", str(tmp_path / "quay.wav"), "--transcript", str(tmp_path / "quay.json"), "--title", "The quay")
    found = run(archive, *said, "--date", "1971", *words)
    assert found.exit_code == 0, found.output
    text = record_of(archive, "the-quay").read_text(encoding="utf-8")
    assert ("[access]" in text) == (access is not None)
    assert access is None or access in text
    if words:
        assert is_read(archive, "the-quay")


@pytest.mark.long
def test_an_archive_that_opens_what_is_added_keeps_a_machines_words_back(tmp_path: Path) -> None:
    archive = write_archive(tmp_path / "archive", drafts="hidden")
    about = archive / "transcripts" / "archive.toml"
    about.write_text(about.read_text() + 'added = "open"\n')
    write_tones(tmp_path / "quay.wav", seconds=4)
    (tmp_path / "quay.srt").write_text(f"1\n00:00:00,500 --> 00:00:02,000\nA {UNHEARD} on the quay.\n")
    said = ("add", str(tmp_path / "quay.wav"), "--transcript", str(tmp_path / "quay.srt"), "--machine", "Trint")
    found = run(archive, *said, "--title", "The quay", "--date", "1971")
    assert (
        "visitors do not see its words, which a machine wrote; to publish them: player publish the-quay" in found.output
    )
    assert not is_read(archive, "the-quay")
