"""Makes many copies at a time: one ffmpeg proves the copies of several clips before these are put in place.

To start ffmpeg for each would take as long as all else that a copy needs.
"""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from player.arenas import share_one
from player.audio import mp3_copied
from player.errors import PlayerError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from player.audio.copied_sound import Claim
    from player.clips.clip import Clip, Making

_Job = TypeVar("_Job")

#: How many are proved by one ffmpeg; twice as many are begun and wait, as files that are not in their place yet.
AT_A_TIME: Final = 16


@dataclass
class _Begun(Generic[_Job]):
    """A clip that was begun: what it claims, while it waits for proof, and then what came of it."""

    job: _Job
    making: Making | None = None
    claim: Claim | None = None
    done: Clip | PlayerError | None = None

    def go_on(self, *, is_so: bool | None = None) -> None:
        """Go on until it claims something, or is made."""
        try:
            if self.making is not None:
                self.claim = next(self.making) if self.claim is None else self.making.send(is_so)
        except StopIteration as made:
            self.claim, self.done = None, made.value
        except PlayerError as refusal:
            self.claim, self.done = None, refusal

    def end(self, *, is_so: bool | None) -> None:
        """Go on to its end."""
        while self.claim is not None:
            self.go_on(is_so=is_so)
            is_so = None

    def close(self) -> None:
        """Leave nothing of it, if it is not made."""
        if self.making is not None:
            self.making.close()


def make_together(
    jobs: Sequence[_Job], start: Callable[[_Job], Making | None], at_once: int
) -> Iterator[tuple[_Job, Clip | PlayerError | None]]:
    """Make what ``start`` starts to make of each job, ``at_once`` at a time, and give what came of each, in order.

    That is the clip; the reason why it cannot be made; None where nothing is to be made. While some are proved, others
    are begun.
    """
    share_one()
    pool = ThreadPoolExecutor(at_once)
    begun: list[Future[_Begun[_Job]]] = []
    try:
        batches = [jobs[at : at + AT_A_TIME] for at in range(0, len(jobs), AT_A_TIME)]
        waiting: list[Future[_Begun[_Job]]] = []
        for batch in [*batches, []]:
            coming = [pool.submit(_begin, job, start) for job in batch]
            begun = waiting + coming
            clips = [each.result() for each in waiting]
            ending = [pool.submit(clip.end, is_so=is_so) for clip, is_so in zip(clips, _proofs(clips), strict=True)]
            for clip, end in zip(clips, ending, strict=True):
                end.result()
                yield clip.job, clip.done
            waiting = coming
    finally:
        # After Ctrl-C what is being written is finished, and nothing else is begun; what is not proved goes.
        pool.shutdown(cancel_futures=True)
        for each in begun:
            if not each.cancelled() and each.exception() is None:
                each.result().close()


def _begin(job: _Job, start: Callable[[_Job], Making | None]) -> _Begun[_Job]:
    clip = _Begun(job)
    try:
        clip.making = start(job)
    except PlayerError as refusal:
        clip.done = refusal
    clip.go_on()
    return clip


def _proofs(clips: Sequence[_Begun[_Job]]) -> list[bool | None]:
    """Tell of each clip whether its claim is so; None where it claims nothing, or that could not be found out."""
    claims = {number: clip.claim for number, clip in enumerate(clips) if clip.claim is not None}
    if not claims:
        return [None] * len(clips)
    try:
        told = dict(zip(claims, mp3_copied.are_in(list(claims.values())), strict=True))
    except (PlayerError, OSError):
        told = {}
    return [told.get(number) for number in range(len(clips))]
