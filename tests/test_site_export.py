"""``player export --site``: the whole archive as files; which folders it refuses, what is closed in it."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import re
import zipfile
from typing import TYPE_CHECKING, NamedTuple

import pytest
from click.testing import CliRunner
from context_files import add_context
from held_sounds import hold_fed
from site_copy import astray, contents, copied, export
from small_archive import bind, write_archive

from player.archive.archive import Archive
from player.cli import main
from player.web.site.addresses import There, there

if TYPE_CHECKING:
    from pathlib import Path

RECORD = "transcripts/tones/recording.toml"


class Plain(NamedTuple):
    """A copy without any option: of which archive, where, and what was told as it was made."""

    archive: Path
    folder: Path
    told: str


@pytest.fixture
def folder(context_archive: Path, tmp_path: Path) -> Path:  # noqa: ARG001  # the archive is there first
    return tmp_path / "copy"


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Plain:
    """A copy that several tests look at, of an archive that none of them changes."""
    place = tmp_path_factory.mktemp("plain")
    archive = write_archive(place / "archive")
    bind(archive)
    add_context(archive)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PLAYER_CACHE", str(place / "cache"))  # before each test gets its own
        ran = export(archive, place / "copy")
    assert ran.exit_code == 0, ran.output
    return Plain(archive, place / "copy", ran.output)


def test_every_link_of_a_copy_leads_to_a_file_of_it(plain: Plain) -> None:
    context_archive, folder = plain.archive, plain.folder
    assert astray(folder) == []
    files = contents(folder)
    assert {"index.html", "recordings/tones/index.html", "recordings/tones/transcript.vtt"} <= files.keys()
    assert (
        files["recordings/tones/transcript.vtt"] == (context_archive / "transcripts/tones/transcript.vtt").read_bytes()
    )
    assert files["media/tones.wav"] == (context_archive / "media/tones.wav").read_bytes()
    assert b"static-copy.invalid" not in b"".join(files.values())


def test_what_is_told_of_a_copy_counts_all_of_its_files(plain: Plain) -> None:
    files = [path for path in plain.folder.rglob("*") if path.is_file()]
    assert f", {len(files):,} files, {sum(path.stat().st_size for path in files):,} bytes" in plain.told


def test_a_page_of_a_copy_offers_nothing_that_needs_a_server_and_shows_the_command(plain: Plain) -> None:
    page = (plain.folder / "recordings/tones/index.html").read_text(encoding="utf-8")
    assert 'http-equiv="Content-Security-Policy"' in page
    assert not re.search(r"clip\.(?:mp3|wav)|/basket|Add to basket|/cite\?", page)
    assert "player clip tones --from" in page
    assert "A copy without a server" in page


def test_all_lines_of_a_recording_stand_on_one_page_with_what_they_rest_on(plain: Plain) -> None:
    page = (plain.folder / "recordings/tones/lines/index.html").read_text(encoding="utf-8")
    assert page.count('class="facts about-line"') == page.count('<section id="line-') > 1
    assert "player clip tones --cue" in page


@pytest.mark.long
def test_made_twice_it_is_the_same_and_files_keep_their_times(context_archive: Path, folder: Path) -> None:
    # What Word reads names the moment at which it was packed, and so the list of files has another digest.
    but = (".docx", "static-copy.json")
    first = {name: each for name, each in contents(copied(context_archive, folder)).items() if not name.endswith(but)}
    times = {name: (folder / name).stat().st_mtime_ns for name in first}
    again = contents(copied(context_archive, folder))
    assert {name: each for name, each in again.items() if not name.endswith(but)} == first
    assert {name: (folder / name).stat().st_mtime_ns for name in times} == times
    assert [path.name for path in folder.parent.iterdir() if path.name.startswith(".tape-player")] == []


@pytest.mark.long
def test_with_its_address_links_for_citing_have_it(context_archive: Path, folder: Path) -> None:
    copied(context_archive, folder, "--address", "https://example.org/tapes/")
    page = (folder / "recordings/tones/index.html").read_text(encoding="utf-8")
    assert 'data-address="https://example.org/tapes/recordings/tones/"' in page
    assert '<link rel="canonical" href="https://example.org/tapes/recordings/tones/">' in page
    assert "example.org" in (folder / "recordings/tones/cite/index.html").read_text(encoding="utf-8")
    assert astray(folder) == []


@pytest.mark.long
def test_a_copy_whose_address_is_known_has_the_feed_and_what_it_leads_to(context_archive: Path, folder: Path) -> None:
    sound = hold_fed(context_archive)
    # It is in step with this sound too.
    transcript = context_archive / "transcripts" / "tones" / "transcript.vtt"
    digest = hashlib.sha256(sound.read_bytes()).hexdigest()
    transcript.write_text(re.sub(r"(?<=SHA-256\] )\w+", digest, transcript.read_text("utf-8")), encoding="utf-8")
    (context_archive / "transcripts" / "archive.toml").write_text('name = "Tones"\nfeed = true\n', encoding="utf-8")
    made = contents(copied(context_archive, folder, "--address", "https://tones.example/tapes"))
    addresses = re.findall(rb'(?:url|href)="([^"]*)"', made["feed.xml"])
    assert len(addresses) >= 6
    for each in addresses:
        name = each.decode().removeprefix("https://tones.example/tapes/")
        assert (f"{name}index.html" if name.endswith("/") or not name else name) in made, each
    assert b'type="application/rss+xml" title="Tones" href="feed.xml"' in made["index.html"]
    without = contents(copied(context_archive, folder.with_name("other")))
    assert "feed.xml" not in without, "a feed has to say where it is"
    assert b"rss+xml" not in without["index.html"]


@pytest.mark.parametrize(
    ("where", "why"),
    [
        ("archive", "this is in the archive"),
        ("archive/media/copy", "this is in the archive"),
        (".", "the archive is in this folder"),
        ("full", "there are other files in it"),
        ("full/a-file", "this is a file"),
    ],
)
def test_a_folder_that_has_something_else_is_refused(
    context_archive: Path, tmp_path: Path, where: str, why: str
) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "a-file").write_text("Somebody's own.", encoding="utf-8")
    before = contents(tmp_path / "full")
    ran = export(context_archive, tmp_path / where)
    assert (ran.exit_code, why in ran.output) == (1, True), ran.output
    assert contents(tmp_path / "full") == before


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_told(context_archive: Path, tmp_path: Path) -> None:
    (tmp_path / "locked").mkdir(mode=0o500)
    ran = export(context_archive, tmp_path / "locked" / "copy")
    assert ran.exit_code == 1
    assert "the copy cannot be written" in ran.output


def test_an_address_that_is_none_is_refused(context_archive: Path, folder: Path) -> None:
    ran = export(context_archive, folder, "--address", "tapes")
    assert (ran.exit_code, "--address is" in ran.output, folder.exists()) == (1, True, False)


@pytest.mark.parametrize(
    ("closing", "told"),
    [
        ('[access]\nrecord = "closed"\n', "tones is not shown any more"),
        pytest.param('[access]\nsound = "closed"\n', "its sound of tones", marks=pytest.mark.long),
        pytest.param('[[closed]]\nstart = "0:01"\nend = "0:02"\n', "1 passage of tones", marks=pytest.mark.long),
    ],
)
def test_an_older_copy_with_what_is_closed_now_is_replaced_only_when_asked_to(
    context_archive: Path, folder: Path, closing: str, told: str
) -> None:
    before = contents(copied(context_archive, folder))
    record = context_archive / RECORD
    record.write_text(f"{record.read_text(encoding='utf-8')}\n{closing}", encoding="utf-8")
    ran = export(context_archive, folder)
    assert (ran.exit_code, told in ran.output, "--replace" in ran.output) == (1, True, True), ran.output
    assert contents(folder) == before
    copied(context_archive, folder, "--replace")
    assert "media/tones.wav" not in contents(folder)
    assert export(context_archive, folder).exit_code == 0


@pytest.mark.long
def test_a_second_name_that_is_withheld_now_is_told_too(context_archive: Path, folder: Path) -> None:
    record = context_archive / RECORD
    whole = record.read_text(encoding="utf-8")
    one = whole.replace('name = "Ada"\n', 'name = "Ada"\ndisplay_name = "A guard"\n')
    record.write_text(one, encoding="utf-8")
    copied(context_archive, folder, "--no-epub")
    other = one.replace('name = "Ben"\n', 'name = "Ben"\ndisplay_name = "A pilot"\n')
    assert one not in {whole, other}
    record.write_text(other, encoding="utf-8")
    ran = export(context_archive, folder)
    assert (ran.exit_code, "a name in tones" in ran.output) == (1, True), ran.output
    # So is one that is withheld in place of another, which is shown now.
    record.write_text(whole.replace('name = "Ben"\n', 'name = "Ben"\ndisplay_name = "A pilot"\n'), encoding="utf-8")
    ran = export(context_archive, folder)
    assert (ran.exit_code, "a name in tones" in ran.output) == (1, True), ran.output
    # That a name is written otherwise closes nothing; nor does the list of a copy say one that is not shown.
    corrected = one.replace('name = "Ben"\n', 'name = "Benn"\n')
    record.write_text(corrected, encoding="utf-8")
    assert "a name in" not in export(context_archive, folder).output
    assert "Ada" not in (folder / "static-copy.json").read_text("utf-8")


@pytest.mark.long
def test_one_that_is_broken_off_leaves_the_copy_that_was_there(
    context_archive: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(copied(context_archive, folder))

    def broken_off(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("player.web.site.export._gather", broken_off)
    assert export(context_archive, folder).exit_code != 0
    assert contents(folder) == before
    assert [path.name for path in folder.parent.iterdir() if path.name.startswith(".tape-player")] == []


@pytest.mark.long
def test_a_copy_whose_list_cannot_be_read_is_left_alone(context_archive: Path, folder: Path) -> None:
    copied(context_archive, folder)
    (folder / "static-copy.json").write_text("{", encoding="utf-8")
    ran = export(context_archive, folder)
    assert (ran.exit_code, "remove the folder" in ran.output) == (1, True)


def test_a_copy_is_of_the_day_that_citations_in_it_say(
    context_archive: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    days = [dt.datetime.now(dt.UTC).date().isoformat()]
    monkeypatch.setattr(Archive, "day", lambda _: dt.date(2026, 1, 31))
    copied(context_archive, folder, "--no-epub")
    days.append(dt.datetime.now(dt.UTC).date().isoformat())
    assert json.loads((folder / "static-copy.json").read_text(encoding="utf-8"))["made"] in days


@pytest.mark.long
def test_a_copy_says_what_it_is_of_and_when(context_archive: Path, folder: Path) -> None:
    ran = export(context_archive, folder)
    told = json.loads((folder / "static-copy.json").read_text(encoding="utf-8"))
    files = contents(folder)
    assert told["files"].keys() == files.keys() - {"static-copy.json"}
    assert sum(size for size, _ in told["files"].values()) == sum(map(len, files.values())) - len(
        files["static-copy.json"]
    )
    assert list(told["recordings"]) == ["tones"]
    assert "1 recording" in ran.output
    assert "made on" in files["this-copy/index.html"].decode()


@pytest.mark.parametrize(
    ("address", "file", "end"),
    [
        ("/", "index.html", ""),
        ("/recordings/x?t=25,80#cue-c7", "recordings/x/index.html", "?t=25,80#cue-c7"),
        ("/recordings/x/lines/c7", "recordings/x/lines/index.html", "#line-c7"),
        ("/recordings/?page=2", "recordings/-page-2/index.html", ""),
        ("/feed.xml?page=2", "feed-page-2.xml", ""),
        ("/recordings/x/text?language=es", "recordings/x/text/-language-es/index.html", ""),
        ("/search?q=a+ferry", "search/index.html", "?q=a+ferry"),
        ("/recordings/x/waveform.svg?v=1-2", "recordings/x/waveform.svg", ""),
        ("/people/a?page=3#named", "people/a/-page-3/index.html", "#named"),
    ],
)
def test_addresses_are_files(address: str, file: str, end: str) -> None:
    found = there(address)
    assert isinstance(found, There)
    assert (found.file, found.end) == (file, end)


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("/recordings/x/clip.mp3?t=1,2", "clips"),
        ("/recordings/x?as-of=2", "earlier"),
        ("/recordings/x/cite?t=1", "citations"),
        ("/recordings/?tag=tide", "lists"),
        ("/recordings/?page=../../x", "lists"),
        ("/basket?p=x@1,2", "baskets"),
        ("/recordings/../../etc", "other"),
        ("/recordings/%2e%2e/x", "other"),
    ],
)
def test_what_needs_a_server_is_no_file(address: str, kind: str) -> None:
    assert there(address) == kind


@pytest.mark.long
def test_each_recording_is_there_as_a_book_unless_that_is_not_wanted(context_archive: Path, folder: Path) -> None:
    copied(context_archive, folder, "--address", "https://tones.example/tapes")
    name = "recordings/tones/recording.epub"
    with zipfile.ZipFile(folder / name) as book:
        sound = next(each for each in book.namelist() if each.endswith(".m4a"))
        assert len(book.read(sound)) > 1_000
        assert b"https://tones.example/tapes/recordings/tones" in book.read("EPUB/package.opf")
    page = (folder / "recordings/tones/text/index.html").read_text(encoding="utf-8")
    assert 'href="../recording.epub"' in page
    before = (folder / name).stat()
    listed = json.loads((folder / "static-copy.json").read_text(encoding="utf-8"))["files"][name]
    assert listed == [before.st_size, hashlib.sha256((folder / name).read_bytes()).hexdigest()]
    ran = export(context_archive, folder, "--no-epub")
    assert (ran.exit_code, "as --no-epub asks" in ran.output) == (0, True)
    assert not (folder / name).exists()
    assert "epub" not in (folder / "recordings/tones/text/index.html").read_text(encoding="utf-8").lower()


@pytest.mark.long
def test_a_sound_that_a_server_puts_into_no_book_is_in_none_and_the_list_says_so(
    context_archive: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("player.web.serving.clip_limits.Limits.longest", 6_000)
    ran = export(context_archive, folder)
    assert "without an EPUB: the sound of" in ran.output
    assert "player export tones --to epub" in ran.output
    assert astray(folder) == []
    assert not (folder / "recordings/tones/recording.epub").exists()


@pytest.mark.long
def test_without_its_address_nothing_that_is_packed_names_a_place(context_archive: Path, folder: Path) -> None:
    copied(context_archive, folder)
    for name in ("recording.epub", "transcript.docx"):
        with zipfile.ZipFile(folder / "recordings" / "tones" / name) as packed:
            assert not [each for each in packed.namelist() if b"recordings/tones" in packed.read(each)]


def test_no_epub_goes_with_a_copy_of_the_site_alone(context_archive: Path) -> None:
    ran = CliRunner().invoke(main, ["export", "tones", "--to", "srt", "--no-epub", "--archive", str(context_archive)])
    assert (ran.exit_code, "--no-epub go with --site" in ran.output) == (2, True)
