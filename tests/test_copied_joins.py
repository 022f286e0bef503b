"""``--join --format copy``: passages of several MP3s in one, with their own frames, each at a known place."""

from __future__ import annotations

import json
import random
import re
import subprocess
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import aac_tapes
import mutagen
import numpy as np
import pytest
from clipping import run
from closed_tone import write_tone
from drawing import SEED
from many_tapes import write_tapes
from mp3_tapes import KINDS, tape
from programs import find
from tone_heard import SILENT, tone_level
from tones import EXECUTABLE, ffmpeg, linear

from player.audio import aac_copied, aac_joined, cache, mp3_copied, mp3_joined, mp3_passage
from player.clips import copying

if TYPE_CHECKING:
    from click.testing import Result
    from numpy.typing import NDArray

RATE: Final = 22_050
LONG: Final = pytest.mark.long
TABLE: Final = "recording,start,end,name\nquay,1,2.5,office\ntones,3,4,three\nquay,6,8.2,again\n"
#: How each tape is held: one of variable bitrate, one constant.
OPTIONS: Final = {"quay": ("-q:a", "5"), "tones": ("-b:a", "64k"), "mole": ("-b:a", "48k")}


def hold(root: Path, slug: str, *options: str, sound: Path | None = None, rate: int = RATE, channels: int = 1) -> Path:
    """Let a tape have an MP3, and no words that were timed to another sound."""
    (wav,) = (root / "media").glob(f"{slug}.*") if sound is None else (sound,)
    media = root / "media" / f"{slug}.mp3"
    shape = ("-ar", str(rate), "-ac", str(channels))
    ffmpeg("-y", "-i", str(wav), *shape, "-c:a", "libmp3lame", *(options or OPTIONS[slug]), str(media))
    record = root / "transcripts" / slug / "recording.toml"
    text = record.read_text(encoding="utf-8")
    record.write_text(
        text.replace(f'"{slug}.wav"', f'"{slug}.mp3"').replace(f'"{slug}.flac"', f'"{slug}.mp3"'), "utf-8"
    )
    return media


@pytest.fixture
def tapes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The archive of several tapes, two of which are MP3s of one kind; commands run in an empty folder beside it."""
    monkeypatch.setenv("PLAYER_CACHE", str(tmp_path / "cache"))
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    root = write_tapes(tmp_path / "archive")
    for slug in ("quay", "tones"):
        hold(root, slug)
    return root


def join(archive: Path, *more: str, rows: str = TABLE, name: str = "all.mp3") -> Result:
    Path("list.csv").write_text(rows, encoding="utf-8")
    asked = ("clips", "--from-csv", "list.csv", "--join", "--format", "copy", "-o", name)
    return run(archive, *asked, *more)


def sidecar(name: str = "all.mp3") -> dict[str, Any]:
    found: dict[str, Any] = json.loads(Path(f"{name}.json").read_bytes())
    return found


def rewrite(name: str = "all.mp3", **changes: Any) -> None:
    """Change the account of a clip, as a forger does, who corrects the digests."""
    own = {"file": name, "sha256": cache.digest(Path(name))}
    Path(f"{name}.json").write_text(json.dumps(sidecar(name) | {"clip": own} | changes), encoding="utf-8")


def test_each_passage_is_in_it_frame_by_frame_at_a_place_that_is_told(tapes: Path) -> None:
    result = join(tapes, "--gap", "0.75")
    assert result.exit_code == 0, result.output
    said = sidecar()
    assert result.stdout.startswith("all.mp3: 3 passages of 2 recordings, 0:06.")
    assert result.stdout.endswith(", copied without encoding it again\n")
    sound, data = linear(Path("all.mp3")), Path("all.mp3").read_bytes()
    begins = []
    for each, (slug, start, end) in zip(
        said["joined"], (("quay", 1, 2.5), ("tones", 3, 4), ("quay", 6, 8.2)), strict=True
    ):
        media = tapes / "media" / f"{slug}.mp3"
        first, last = each["placed"]["samples"]
        assert np.array_equal(sound[first:last], linear(media)[round(start * RATE) : round(end * RATE)])
        one, other = each["copied"]["bytes"]
        assert media.read_bytes()[one:other] in data
        assert each["chapter"]["start"] == first * 1000 // RATE
        begins.append((first, last))
    assert (begins[0][0], begins[-1][1]) == (0, len(sound)), "what is before and after, the tag leaves out"
    # As much silence as was asked for, to half a frame.
    for (_, end), (start, _) in pairwise(begins):
        assert abs(start - end - 0.75 * RATE) <= 288
    assert said["settings"]["format"] == "copy"
    assert said["encoder"] is None
    tags = mutagen.File("all.mp3").tags
    chapters = [tags[f"CHAP:chp{number}"] for number in range(3)]
    assert [each.start_time for each in chapters] == [first * 1000 // RATE for first, _ in begins]
    words = Path("all.mp3.vtt").read_text(encoding="utf-8")
    at = chapters[1].start_time
    assert f"00:00:0{at // 1000}.{at % 1000:03d} --> " in words


@pytest.mark.long
def test_what_is_heard_around_passages_is_counted_and_told(tapes: Path) -> None:
    result = join(tapes)
    placed = [each["placed"] for each in sidecar()["joined"]]
    assert placed[0]["heard_before"] == placed[-1]["heard_after"] == 0
    sound = linear(Path("all.mp3"))
    for number, (one, other) in enumerate(pairwise(placed), 1):
        after, before = one["heard_after"], other["heard_before"]
        assert f"join {number}: {after} ms after list.csv:{number + 1}, {before} ms before list.csv:{number + 2}\n" in (
            result.stderr
        )
        # Nothing else is heard between them, and something is in what is counted.
        heard = np.flatnonzero(sound[one["samples"][1] : other["samples"][0]])
        length = other["samples"][0] - one["samples"][1]
        inner = heard[(heard > after * RATE // 1000) & (heard < length - before * RATE // 1000 - 1)]
        assert inner.size == 0
        assert 0 < after <= 130
        assert 0 < before <= 130
        assert heard.size > 0
    most = max(each["heard_after"] for each in placed), max(each["heard_before"] for each in placed)
    told = f"at joins, a copy lets hear up to {most[0]} ms of the sound after a passage and {most[1]} ms of that before"
    assert told in result.stderr
    assert f"up to {most[0]} ms of the sound after a passage" in str(mutagen.File("all.mp3")["TXXX:COPY"])


@LONG
def test_places_of_one_recording_are_joined_by_player_clip_too(tapes: Path) -> None:
    asked = ("clip", "quay", "--match", "harbour office", "--join", "--format", "copy", "-o", "office.mp3")
    result = run(tapes, *asked)
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("office.mp3: 2 passages of 1 recording, ")
    assert "join 1: " in result.stderr
    sound, whole = linear(Path("office.mp3")), linear(tapes / "media" / "quay.mp3")
    for each in sidecar("office.mp3")["joined"]:
        (first, last), (start, end) = each["placed"]["samples"], each["cut"][0]["samples"]
        assert np.array_equal(sound[first:last], whole[start:end])
    assert run(tapes, "verify", "office.mp3").exit_code == 0
    for more in (("--bare",), ("-o", "-")):
        assert run(tapes, *asked, *more).exit_code == 2


@pytest.mark.long
def test_a_copy_that_is_current_is_left_alone_also_where_it_was_encoded(tapes: Path) -> None:
    assert join(tapes).exit_code == 0
    assert join(tapes).stdout == "all.mp3: already there\n"
    (tapes / "media" / "tones.mp3").write_bytes((tapes / "media" / "tones.mp3").read_bytes()[:-300])
    assert "a file of that name exists" in join(tapes).stderr
    rows = "recording,start,end,name\nquay,1,1.01,short\nquay,2,3,long\n"
    assert "encoded, not copied" in join(tapes, rows=rows, name="short.mp3").stderr
    assert join(tapes, rows=rows, name="short.mp3").stdout == "short.mp3: already there\n"


@pytest.mark.long
def test_verify_compares_its_bytes_and_places(tapes: Path) -> None:
    assert join(tapes).exit_code == 0
    result = run(tapes, "verify", "all.mp3")
    assert result.exit_code == 0, result.output
    assert "it is the same, byte for byte: its frames are those of the archive's file" in result.stdout
    whole, before = Path("all.mp3").read_bytes(), sidecar()
    data = bytearray(whole)
    data[-8000] ^= 1
    Path("all.mp3").write_bytes(data)
    rewrite()
    result = run(tapes, "verify", "all.mp3")
    assert (result.exit_code, "coded bytes are not those of the recordings' files" in result.stderr) == (1, True)
    Path("all.mp3").write_bytes(whole)
    for change, told in (
        ({"placed": {**before["joined"][1]["placed"], "heard_after": 1}}, "is not where its sidecar says"),
        ({"copied": {**before["joined"][1]["copied"], "after": 1}}, "differs from the archive in: copied"),
        ({"chapter": {**before["joined"][1]["chapter"], "start": 7}}, 'the chapter "three" is not where'),
    ):
        joined = [before["joined"][0], before["joined"][1] | change, before["joined"][2]]
        rewrite(joined=joined)
        result = run(tapes, "verify", "all.mp3")
        assert (result.exit_code, told in result.stderr) == (1, True), result.output


@pytest.mark.long
@pytest.mark.parametrize(
    ("rate", "channels", "told"),
    [
        (
            RATE,
            2,
            "mole is MPEG-2 with 22,050 samples a second and two channels, and quay, which comes first, is MPEG-2",
        ),
        (44_100, 1, "mole is MPEG-1 with 44,100 samples a second and one channel"),
    ],
)
def test_recordings_of_several_kinds_are_refused_by_name(tapes: Path, rate: int, channels: int, told: str) -> None:
    hold(tapes, "mole", rate=rate, channels=channels)
    result = join(tapes, rows=f"{TABLE}mole,0,2,ferry\n")
    assert result.exit_code == 1
    assert f"list.csv:5: {told}" in result.stderr
    assert "leave one out, or leave out --format copy" in result.stderr
    assert [each.name for each in Path().iterdir()] == ["list.csv"]


@pytest.mark.long
def test_what_is_no_mp3_and_what_changes_samples_is_refused(tapes: Path) -> None:
    result = join(tapes, rows=f"{TABLE}mole,0,2,ferry\n")
    assert result.exit_code == 1
    assert "mole: only MP3 and AAC in M4A can be copied, and its sound is FLAC; write a .flac" in result.stderr
    for more in (("--loudness", "-16"), ("--fade-in", "5"), ("--bitrate", "64")):
        result = join(tapes, *more)
        assert result.exit_code == 2
        assert more[0] in result.stderr
    result = join(tapes, name="all.m4a")
    assert result.exit_code == 1
    assert "a copy of its sound is an .mp3; name the file so" in result.stderr
    result = join(tapes, name="all.wav")
    assert result.exit_code == 2
    assert [each.name for each in Path().iterdir()] == ["list.csv"]


@pytest.fixture
def half_closed(tapes: Path) -> Path:
    """The quay tape has a rare tone between 1.3 and 2.1 seconds, which is closed."""
    hold(tapes, "quay", "-b:a", "64k", sound=write_tone(tapes.parent / "tone.wav"))
    record = tapes / "transcripts" / "quay" / "recording.toml"
    closing = (
        '\n[[closed]]\nstart = "0:01.3"\nend = "0:02.1"\nuntil = "2041"\nreason = "x"\ndecided_by = "The keeper"\n'
    )
    record.write_text(record.read_text(encoding="utf-8") + closing, encoding="utf-8")
    return tapes


def join_beside(half_closed: Path, end: str) -> Result:
    rows = f"recording,start,end,name\ntones,3,4,three\nquay,0.2,{end},office\ntones,5,6,five\n"
    return join(half_closed, rows=rows)


@pytest.mark.parametrize(("end", "is_copied"), [("1.29", False), pytest.param("1.1", True, marks=LONG)])
def test_nothing_closed_is_heard_at_a_join(half_closed: Path, end: str, *, is_copied: bool) -> None:
    result = join_beside(half_closed, end)
    assert result.exit_code == 0, result.output
    where = f"passage 2, 0:00.2 to 0:0{end} of quay"
    why = f"all.mp3: encoded, not copied: {where}: what lies next to the passage is closed"
    assert (why in result.stderr) is not is_copied
    assert ("copied without" in result.stdout) is is_copied
    assert tone_level(linear(Path("all.mp3")), RATE) < SILENT
    assert bool(sidecar().get("not_copied")) is not is_copied
    assert run(half_closed, "verify", "all.mp3").exit_code == 0


@LONG
def test_the_tone_would_be_heard_at_the_join(half_closed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copying, "keep_closed", lambda *_: None)
    assert "copied without" in join_beside(half_closed, "1.29").stdout
    assert tone_level(linear(Path("all.mp3")), RATE) > SILENT + 10


@pytest.mark.long
@pytest.mark.parametrize("what", ["damaged", "unproved", "changed"])
def test_what_is_not_certain_is_encoded_and_told(tapes: Path, monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    media = tapes / "media" / "tones.mp3"
    written = mp3_passage.write_all
    if what == "damaged":
        sound = media.read_bytes()
        media.write_bytes(sound[:24_000] + bytes(2000) + sound[26_000:])

    def wrongly(parts: Any, target: Any) -> None:
        written(parts, target)
        if what == "unproved":
            # In the silence before the second passage is what it refers back to.
            target.seek(parts[0].size + 200)
            target.write(bytes(parts[1].size // 2))
        elif what == "changed":
            media.write_bytes(media.read_bytes()[:-1])

    monkeypatch.setattr(mp3_passage, "write_all", wrongly)
    result = join(tapes)
    if what == "changed":
        assert (result.exit_code, "the sound of tones changed while it was copied" in result.stderr) == (1, True)
        assert [each.name for each in Path().iterdir()] == ["list.csv"]
        return
    assert result.exit_code == 0, result.output
    assert "all.mp3: encoded, not copied: " in result.stderr
    assert ("passage 2, 0:03 to 0:04 of tones: " in result.stderr) is (what == "damaged")
    assert sidecar()["settings"]["fade_in"] == 5
    assert sidecar()["encoder"]


def hold_aac(root: Path, slug: str, *options: str, rate: int = RATE, channels: int = 1) -> Path:
    """Let a tape have AAC in an M4A."""
    media, (sound,) = root / "media" / f"{slug}.m4a", (root / "media").glob(f"{slug}.[wf]*")
    shape = ("-ar", str(rate), "-ac", str(channels))
    ffmpeg("-y", "-i", str(sound), *shape, "-c:a", "aac", "-aac_pns", "0", *(options or ("-b:a", "48k")), str(media))
    record = root / "transcripts" / slug / "recording.toml"
    text = record.read_text(encoding="utf-8")
    record.write_text(re.sub(rf'"{slug}\.(wav|mp3|flac)"', f'"{slug}.m4a"', text), encoding="utf-8")
    return media


@pytest.mark.long
def test_aac_is_joined_so_too_with_its_chapters(tapes: Path) -> None:
    held = {"quay": hold_aac(tapes, "quay"), "tones": hold_aac(tapes, "tones", "-b:a", "64k")}
    result = join(tapes, name="all.m4a")
    assert result.exit_code == 0, result.output
    assert "copied without encoding it again" in result.stdout
    assert "join 2: " in result.stderr
    sound = linear(Path("all.m4a"))
    joined = sidecar("all.m4a")["joined"]
    for each in joined:
        (first, last), (start, end) = each["placed"]["samples"], each["cut"][0]["samples"]
        assert np.array_equal(sound[first:last], linear(held[each["recording"]])[start:end])
    # Between them nothing is heard but what is counted.
    for one, other in pairwise(each["placed"] for each in joined):
        begin = one["samples"][1] + one["heard_after"] * RATE // 1000
        assert not sound[begin : other["samples"][0] - other["heard_before"] * RATE // 1000 - 1].any()
    assert joined[-1]["placed"]["samples"][1] == len(sound)
    read = mutagen.File("all.m4a")
    titles = ["office", "three", "again"]
    assert [each.title for each in read.chapters] == titles
    assert [round(each.start * 1000) for each in read.chapters] == [each["chapter"]["start"] for each in joined]
    assert read["----:com.apple.iTunes:RECORDING"][0] == b"quay; tones"
    assert run(tapes, "verify", "all.m4a").exit_code == 0
    data = bytearray(Path("all.m4a").read_bytes())
    data[-3000] ^= 1
    Path("all.m4a").write_bytes(data)
    rewrite("all.m4a")
    result = run(tapes, "verify", "all.m4a")
    assert (result.exit_code, "coded bytes are not those of the recordings' files" in result.stderr) == (1, True)


@LONG
def test_aac_and_mp3_or_of_other_channels_are_refused_by_name(tapes: Path) -> None:
    hold_aac(tapes, "quay")
    result = join(tapes, name="all.m4a")
    assert (result.exit_code, "tones is MP3, and quay, which comes first, is AAC in M4A" in result.stderr) == (1, True)
    hold_aac(tapes, "tones", channels=2)
    result = join(tapes, name="all.m4a")
    told = "tones is AAC with 22,050 samples a second and two channels, and quay, which comes first, is AAC with 22,050"
    assert (result.exit_code, told in result.stderr) == (1, True), result.output
    told = "a copy of its sound is an .m4a; name the file so"
    assert told in join(tapes, rows=TABLE.replace("tones", "quay")).stderr
    assert [each.name for each in Path().iterdir()] == ["list.csv"]


@LONG
@pytest.mark.parametrize("rate", sorted({kind.rate for kind in aac_tapes.KINDS.values()}))
def test_passages_of_all_kinds_of_aac_are_exact_at_their_places(
    folder: Path, rate: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PLAYER_CACHE", str(tmp_path))
    kinds = {name: kind for name, kind in aac_tapes.KINDS.items() if kind.rate == rate}
    for channels in {kind.channels for kind in kinds.values()}:
        names = [name for name, kind in kinds.items() if kind.channels == channels]
        found = {name: aac_tapes.tape(folder, name) for name in names}
        chance = random.Random(f"{SEED} {names}")  # noqa: S311  # which passages
        wanted = []
        for _ in range(6):
            name = chance.choice(names)
            size = chance.choice((chance.randrange(100, 2000), chance.randrange(100, 3 * rate)))
            first = chance.choice((0, chance.randrange(len(found[name][1]) - size), len(found[name][1]) - size))
            wanted.append((name, first, first + size))
        joined = aac_joined.join(
            [aac_copied.find(found[name][0], first, last) for name, first, last in wanted], rate // 3
        )
        clip = folder / "joined.m4a"
        with clip.open("wb") as target:
            joined.write(target)
        assert joined.is_in(clip)
        sound = decoded(EXECUTABLE, clip, channels)
        assert len(sound) == joined.placed[-1].last
        for (name, first, last), place in zip(wanted, joined.placed, strict=True):
            assert np.array_equal(sound[place.first : place.last], found[name][1][first:last]), name


def kinds_alike() -> list[list[str]]:
    """Group the kinds of tape that can be joined: constant and variable, with checksums and without."""
    found: dict[tuple[int, int], list[str]] = {}
    for name, kind in KINDS.items():
        found.setdefault((kind.rate, kind.channels), []).append(name)
    return list(found.values())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("kinds")


@pytest.mark.long
@pytest.mark.parametrize(
    "names", [pytest.param(each, marks=() if len(each) > 3 else LONG, id=each[0]) for each in kinds_alike()]
)
def test_passages_of_all_kinds_are_exact_at_their_places(
    folder: Path, names: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PLAYER_CACHE", str(tmp_path))
    kind, chance = KINDS[names[0]], random.Random(f"{SEED} {names}")  # noqa: S311  # which passages
    found = {name: tape(folder, name) for name in names}
    for gap in (0, kind.rate // 2):
        wanted = []
        for _ in range(6):
            name = chance.choice(names)
            # Some shorter than a frame and what a decoder needs before it.
            size = chance.choice((chance.randrange(1153, 2304), kind.rate // 3, chance.randrange(1153, 3 * kind.rate)))
            length = len(found[name][1])
            first = chance.choice((0, length - size, *(chance.randrange(length - size) for _ in range(6))))
            wanted.append((name, first, first + size))
        # After another, the head of a file: it may have no samples before it, in which a decoder finds its way in.
        wanted.extend((name, 0, kind.rate // 3) for name in names)
        found_alone = [mp3_copied.find(found[name][0], first, last) for name, first, last in wanted]
        joined = mp3_joined.join(found_alone, gap)
        clip = folder / "joined.mp3"
        with clip.open("wb") as target:
            joined.write(target)
        assert joined.is_in(clip)
        placed = joined.placed
        for program in (EXECUTABLE, str(find("ffmpeg") or EXECUTABLE)):
            sound = decoded(program, clip, kind.channels)
            assert len(sound) == placed[-1].last
            for (name, first, last), place in zip(wanted, placed, strict=True):
                assert np.array_equal(sound[place.first : place.last], found[name][1][first:last]), (name, program)


def decoded(program: str, clip: Path, channels: int) -> NDArray[Any]:
    command = [program, "-v", "error", "-nostdin", "-i", str(clip), "-f", "s16le", "-"]
    made = subprocess.run(command, check=True, capture_output=True).stdout
    return np.frombuffer(made, "<i2").reshape(-1, channels)
