"""Where a passage is closed, a copy for browsers is silent there, and no copy that is not is ever played."""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from closed_tone import CLOSED, KINDS, write_kind, write_tone
from tone_heard import SILENT, decoded, level_in
from tones import linear

from player.audio import access, access_room, forgetting, silence
from player.audio.access_worker import AccessWorker
from player.errors import AudioError, WriteError
from player.timecode import Span

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

SLUG = "held"
OTHER = Span(2000, 2600)
#: Frames of AAC overlap by 1,024 samples: so far into a silence what is beside it may reach.
FRAME = 1024
LIMIT = 120  # seconds until a test is given up; none is measured by it


@pytest.fixture
def media(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PLAYER_CACHE", str(tmp_path / "cache"))
    (tmp_path / "media").mkdir()
    return tmp_path / "media"


@pytest.fixture
def held(media: Path) -> Path:
    return write_tone(media / "held.wav", rate=8000)


def ship(media: Path, held: Path, silent: Sequence[Span] = (), kind: str = "m4a") -> Path:
    return access.make(held, access.place(media, SLUG, kind), kind=kind, force=True, silent=silent).path


def played(media: Path, held: Path, silent: Sequence[Span]) -> list[str]:
    return [copy.path.name for copy in access.of(media, SLUG, held, silent)]


def in_cache(media: Path) -> int:
    return len([path for path in (media.parent / "cache" / access.CACHE_KIND).iterdir() if path.suffix == ".m4a"])


def edges(samples: NDArray[Any], rate: int) -> tuple[int, int]:
    """Give by how many samples a sound reaches into the passage that is closed, at its start and at its end."""
    first, last = CLOSED.start * rate // 1000, -(-CLOSED.end * rate // 1000)
    loud = np.flatnonzero(samples)
    middle = (first + last) // 2
    return int(loud[loud < middle].max() + 1 - first), int(last - loud[loud > middle].min())


@pytest.mark.parametrize(
    "kind", [pytest.param(kind, marks=[pytest.mark.long] if kind != "wav" else []) for kind in KINDS]
)
def test_the_tone_is_in_the_sound_and_not_in_its_copy(media: Path, kind: str) -> None:
    held = write_kind(media, kind)
    assert level_in(held.read_bytes()) > -15
    for copied in ("m4a", "flac"):
        copy = ship(media, held, [CLOSED], copied)
        assert level_in(copy.read_bytes()) < SILENT
        samples, rate = decoded(copy.read_bytes())
        start, end = edges(samples[:, 0], rate)
        if copied == "flac":
            assert (start, end) == (0, 0)
        else:
            # M4A has no 96 kHz; what a resampler reaches is silent too.
            assert start in range(-33, FRAME)
            assert end in range(-33, FRAME)


def test_a_flac_has_all_other_samples_as_they_are(media: Path, held: Path) -> None:
    copy = ship(media, held, [CLOSED], "flac")
    wanted = linear(held).copy()
    wanted[CLOSED.start * 8 : CLOSED.end * 8] = 0
    assert np.array_equal(linear(copy), wanted)


@pytest.mark.long
@pytest.mark.parametrize("channels", [2, 6])
def test_all_channels_are_silent(media: Path, channels: int) -> None:
    held = write_tone(media / "held.wav", channels=channels)
    kind = access.kind_for(held)
    assert kind == ("m4a" if channels == 2 else "flac")
    assert level_in(ship(media, held, [CLOSED], kind).read_bytes()) < SILENT


@pytest.mark.long
def test_thousands_of_passages_may_be_silent(media: Path, held: Path) -> None:
    silent = [Span(at, at + 1) for at in range(0, 4000, 2)]
    ship(media, held, silent)
    assert played(media, held, silent) == ["held.m4a"]


@pytest.mark.long
def test_a_sound_may_be_silent_as_a_whole(media: Path, held: Path) -> None:
    copy = ship(media, held, [Span(0, 4500)])
    assert not linear(copy).any()


def test_what_is_encoded_is_proven_to_be_silent(media: Path, held: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(silence, "silenced", lambda read, *_: read)
    with pytest.raises(WriteError, match=r"is not silent at 0:01\.\d+, where it is closed, so it was not kept"):
        ship(media, held, [CLOSED])
    assert not list((media / "access").iterdir())


def test_only_a_copy_that_is_silent_where_it_is_closed_now_is_played(media: Path, held: Path) -> None:
    ship(media, held, [CLOSED])
    assert json.loads(access.place(media, SLUG, "json").read_text())["silent"] == [[CLOSED.start, CLOSED.end]]
    assert played(media, held, [CLOSED]) == ["held.m4a"]
    for now in ([], [OTHER], [CLOSED, Span(3000, 3500)], [Span(CLOSED.start, CLOSED.end + 1)]):
        assert played(media, held, now) == []
        wrong = access.fault(media, SLUG, held, now)
        assert wrong is not None
        assert wrong.what == "other passages are silent in it than are closed now"
    ship(media, held)
    assert "silent" not in json.loads(access.place(media, SLUG, "json").read_text())
    assert played(media, held, [CLOSED]) == []
    assert played(media, held, []) == ["held.m4a"]


WRONG = ["[[1300]]", *(pytest.param(each, marks=pytest.mark.long) for each in ('"all"', "[[2100, 1300]]", "{}"))]


@pytest.mark.parametrize("silent", WRONG)
def test_a_sidecar_that_says_it_wrongly_vouches_for_nothing(media: Path, held: Path, silent: str) -> None:
    ship(media, held, [CLOSED])
    sidecar = access.place(media, SLUG, "json")
    told = json.loads(sidecar.read_text())
    sidecar.write_text(json.dumps({**told, "silent": json.loads(silent)}))
    assert played(media, held, [CLOSED]) == []


@pytest.mark.parametrize("span", [Span(4000, 4500), Span(3000, 5001), Span(60_000, 61_000)])
def test_of_a_passage_past_the_end_no_copy_is_made(media: Path, held: Path, span: Span) -> None:
    with pytest.raises(
        AudioError, match=r"the record closes the passage .*, but the sound ends at 0:04; .* none of the recording is"
    ):
        ship(media, held, [CLOSED, span])
    assert not list(media.glob("access/*"))


@pytest.mark.long
def test_nor_where_the_sound_has_to_be_decoded_to_know_its_end(media: Path) -> None:
    held = write_kind(media, "opus")
    with pytest.raises(AudioError, match=r"held\.opus: the record closes the passage 0:06 to 0:07, but the sound ends"):
        ship(media, held, [Span(6000, 7000)])
    assert not list(media.glob("access/*"))


def test_a_cached_copy_is_of_its_passages_and_its_recording(media: Path, held: Path) -> None:
    """Two recordings that name one sound keep a copy each; of one, only that of now is kept."""
    worker = AccessWorker(10_000_000)

    def make(slug: str, *silent: Span) -> None:
        worker.want(media, slug, held, silent)
        worker.join()

    make("one", CLOSED)
    make("other", OTHER)
    assert in_cache(media) == 2
    for slug, span, not_its in (("one", CLOSED, OTHER), ("other", OTHER, CLOSED)):
        (copy,) = access.of(media, slug, held, [span])
        assert level_in(copy.path.read_bytes()) < (SILENT if span == CLOSED else 0)
        assert access.of(media, slug, held, [not_its]) == []
        assert access.of(media, slug, held) == []
    access_room.sweep()
    assert in_cache(media) == 2
    make("one", CLOSED, Span(3000, 3200))
    assert in_cache(media) == 2
    assert access.of(media, "one", held, [CLOSED]) == []
    assert access.of(media, "other", held, [OTHER])
    # Whoever withdraws a recording finds them all.
    assert {*(media.parent / "cache" / access.CACHE_KIND).iterdir()} <= {*forgetting.derived(held)}


@pytest.mark.long
def test_a_copy_in_which_all_is_heard_goes_when_a_passage_is_closed(media: Path) -> None:
    held = write_kind(media, "mp3")
    worker = AccessWorker(10_000_000)
    for silent in ((), (CLOSED,), ()):
        worker.want(media, SLUG, held, silent)
        worker.join()
        assert in_cache(media) == 1
        (copy,) = access.of(media, SLUG, held, silent)
        assert (level_in(copy.path.read_bytes()) < SILENT) == bool(silent)


def test_where_no_copies_are_made_it_is_told_what_that_means(
    media: Path, held: Path, caplog: pytest.LogCaptureFixture
) -> None:
    worker = AccessWorker(0)
    assert not worker.want(media, SLUG, held, [CLOSED])
    worker.join()
    assert "passages of held are closed, and no copies are made in which these are silent" in caplog.text
    assert "so none of the recording is played; make one with: player access held" in caplog.text


def test_a_copy_until_which_nothing_plays_is_made_before_others(media: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[str] = []
    begun, go_on = threading.Event(), threading.Event()

    def make(wanted: Any, _: object) -> None:
        begun.set()
        go_on.wait(LIMIT)
        order.append(wanted.slug)

    worker = AccessWorker(10_000_000)
    monkeypatch.setattr(worker, "_make", make)
    held = media / "held.wav"
    held.write_bytes(b"sound")
    worker.want(media, "first", held)
    assert begun.wait(LIMIT)
    for slug, silent in (("second", ()), ("third", ()), ("silenced", (CLOSED,)), ("also silenced", (OTHER,))):
        worker.want(media, slug, held, silent)
    go_on.set()
    worker.join()
    assert order == ["first", "silenced", "also silenced", "second", "third"]


def test_a_cached_copy_has_to_say_that_it_is_silent(media: Path, held: Path) -> None:
    silent = access.silence_of(media, SLUG, [CLOSED])
    sidecar = access.make_cached(held, silent=silent).path.with_suffix(".json")
    assert access.of(media, SLUG, held, [CLOSED])
    told = json.loads(sidecar.read_text())
    sidecar.write_text(json.dumps({**told, "silent": [[0, 1]]}))
    assert access.of(media, SLUG, held, [CLOSED]) == []
