"""Makes the downloads of a basket, once for all who ask for the same: its clips in a ZIP, or one clip of all of it.

They are kept as single clips are (``kept_clips``). A clip of all passages comes alone, with its provenance in its tags,
or in a ZIP, with its account and its words beside it.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from player.clips.cut import Cut
from player.clips.defaults import GAP
from player.clips.joined import Joined, Piece
from player.clips.make_joined import make_joined
from player.clips.zipped import zip_clips, zip_joined
from player.web.serving.kept_clips import OF_MANY, names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from player.archive.recording import Recording
    from player.archive.sources import Source
    from player.timecode import Span
    from player.web.serving.kept_clips import KeptClip, KeptClips


@dataclass(frozen=True)
class KeptBasket:
    """Passages of recordings that are wanted as ``suffix``, or as copies, each as its recording has it.

    ``kept`` keeps what is made of them; ``sources`` is the bibliography.
    """

    kept: KeptClips
    passages: tuple[tuple[Recording, Span], ...]
    suffixes: tuple[str, ...]
    sources: Mapping[str, Source]
    is_copy: bool = False

    @contextlib.contextmanager
    def zipped(self) -> Iterator[KeptClip]:
        """Give a ZIP of a clip of each passage, with their accounts; errors are those of ``KeptClips.file``."""

        def zip_them(target: Path) -> bool:
            cuts = [self._cut(suffix, span) for suffix, (_, span) in zip(self.suffixes, self.passages, strict=True)]
            return zip_clips(
                [(it, cut) for (it, _), cut in zip(self.passages, cuts, strict=True)], target, self.sources
            )

        with self._kept("zip", ".zip", zip_them) as made:
            yield made

    @contextlib.contextmanager
    def joined(self) -> Iterator[KeptClip]:
        """Give one clip of all passages, one after another, as ``zipped`` gives a ZIP of them."""

        def join_them(target: Path) -> bool:
            return make_joined(self._joined, target, self.sources).not_copied is None

        with self._kept("joined", self.suffixes[0], join_them) as made:
            yield made

    @contextlib.contextmanager
    def zipped_join(self, name: str) -> Iterator[KeptClip]:
        """Give a ZIP of that clip, under a ``name``, with its account and its words."""

        def zip_it(target: Path) -> bool:
            return zip_joined(self._joined, name, target, self.sources)

        with self._kept(f"joined {name}", ".zip", zip_it) as made:
            yield made

    @property
    def _joined(self) -> Joined:
        cut = replace(self._cut(self.suffixes[0], *(span for _, span in self.passages)), gap=GAP)
        return Joined(tuple(Piece(*each) for each in self.passages), cut)

    def _cut(self, suffix: str, *spans: Span) -> Cut:
        return Cut(spans, suffix, 0, 0, is_copy=True) if self.is_copy else Cut(spans, suffix)

    @contextlib.contextmanager
    def _kept(self, kind: str, ending: str, make: Callable[[Path], bool]) -> Iterator[KeptClip]:
        def names_now() -> list[str]:
            each = zip(self.suffixes, self.passages, strict=True)
            parts = [kind, *(names(recording, self._cut(suffix, span))[0] for suffix, (recording, span) in each)]
            ways = ("", "encoded") if self.is_copy else ("",)
            digests = (hashlib.sha256(json.dumps([*parts, way] if way else parts).encode()).hexdigest() for way in ways)
            return [f"{OF_MANY}{digest}{ending}" for digest in digests]

        with self.kept.kept(names_now, ending, make) as (made, is_first):
            yield replace(made, is_copy=self.is_copy and is_first)
