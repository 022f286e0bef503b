"""Lays the words of some lines out as a hidden Markov model, and finds how probable it is that each word starts when.

The words follow one another; between them there may be silence, or sound that the text has not; and a line may be left
out. The forward-backward algorithm (Rabiner 1989, section III) gives for each word the probability that it starts at a
frame, given all of the sound, and so also that it is not there at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from player.align.acoustic_model import AcousticModel
    from player.align.acoustics import Scores

Array = np.ndarray[Any, Any]
# How probable it is that a phone of one state lasts another 30 ms: phones last about 80 ms.
_PLAIN_STAYS: Final = 0.6
# A word that is not there at all has so many nepers a frame less than any speech.
_WORST: Final = -8.0
# What is less probable than this beside all else is lost, before numbers get too small for quick reckoning.
_NOTHING: Final = 1e-200
# How many frames' fits are reckoned with at a time.
_AT_ONCE: Final = 256
#: How well senones fit frames: all of them, or so that some frames can be asked for.
Fits: TypeAlias = "Array | Scores"
#: A token of the text: the ways in which it may be said, each of words, each of phones by number.
Token = Sequence[Sequence[Sequence[int]]]


@dataclass(frozen=True)
class Costs:
    """What the passes hold for probable. ``scale`` weighs the sound against these.

    Sound that the text has not fits each frame ``other`` nepers less than any speech: between what right words and
    wrong ones lose on it.
    """

    scale: float = 0.25
    other: float = 2.7
    pause: float = 0.05
    pause_at_line: float = 0.5
    other_in_line: float = 1e-5
    other_at_line: float = 1e-3
    pause_stays: float = 0.93
    other_stays: float = 0.97
    skip: float = 1e-6


@dataclass(frozen=True, eq=False)
class Lattice:
    """The states of some lines' words. Chains are pronunciations, one behind the other; a word has one or more."""

    senones: Array
    stays: Array
    firsts: Array
    lasts: Array
    #: The first chain of each word, and of each chain its word and its share.
    word_chains: Array
    chain_words: Array
    shares: Array
    #: The first word of each line, and how many words there are at all.
    line_starts: Array
    words: int


def lattice(model: AcousticModel, lines: Sequence[Sequence[Token]], *, plain: bool = False) -> Lattice:
    """Lay out the words of lines that follow one another; each token has a way of being said.

    ``plain`` gives each phone one state, whose "senone" is the phone's number: rough, and a tenth of the work.
    """
    senones: list[Array] = []
    stays: list[Array] = []
    firsts: list[int] = []
    lasts: list[int] = []
    word_chains: list[int] = []
    chain_words: list[int] = []
    shares: list[float] = []
    line_starts: list[int] = []
    at = word = 0
    for line in lines:
        line_starts.append(word)
        for index, token in enumerate(line):
            before = line[index - 1][0][-1][-1] if index else model.silence
            after = line[index + 1][0][0][0] if index + 1 < len(line) else model.silence
            word_chains.append(len(firsts))
            for way in token:
                phones = [phone for spoken in way for phone in spoken]
                states = np.array(phones) if plain else _states(model, way, before, after)
                senones.append(states)
                stays.append(np.full(len(phones), _PLAIN_STAYS) if plain else model.stays[phones].ravel())
                firsts.append(at)
                at += len(states)
                lasts.append(at - 1)
                chain_words.append(word)
                shares.append(1 / len(token))
            word += 1
    return Lattice(
        np.concatenate(senones),
        np.concatenate(stays),
        np.array(firsts),
        np.array(lasts),
        np.array(word_chains),
        np.array(chain_words),
        np.array(shares),
        np.array(line_starts),
        word,
    )


def _states(model: AcousticModel, way: Sequence[Sequence[int]], before: int, after: int) -> Array:
    """Give the senones of a token said in one way, each of its words between the phones beside it."""
    rows = []
    for index, spoken in enumerate(way):
        left = way[index - 1][-1] if index else before
        right = way[index + 1][0] if index + 1 < len(way) else after
        rows.append(model.senones(spoken, left, right))
    return np.concatenate(rows)


@dataclass(frozen=True, eq=False)
class Posteriors:
    """How probable it is that each word asked about starts at each frame, and that it ends there: frames, words."""

    starts: Array
    ends: Array
    #: The mean log likelihood a frame of all paths, against that of sound of any kind.
    likelihood: float


def posteriors(
    lattice: Lattice,
    fits: Fits,
    grounds: tuple[Array, Array],
    costs: Costs,
    *,
    free: bool = False,
    asked: range | None = None,
) -> Posteriors:
    """Run both passes. ``fits`` (frames, senones) are log likelihoods; ``grounds`` those of silence and of any speech.

    ``senones`` of the lattice are columns of ``fits``. Where it is ``free``, the sound may begin and end amid lines,
    and the answer has the start of each line's first word and the end of its last; else it holds all lines, but for
    what it skips, and the answer has the words that are ``asked`` about, or all.
    """
    return _Passes(lattice, fits, grounds, costs, free=free, asked=asked).run()


def states(lattice: Lattice, word: int) -> slice:
    """Tell which states a word has, those of all ways of saying it."""
    first, last = _chains(lattice, word)
    return slice(int(lattice.firsts[first]), int(lattice.lasts[last - 1]) + 1)


def best(lattice: Lattice, word: int, fits: Array) -> float:
    """Give the fit of the best way of saying a word over all of some frames; each misses a little where it is short.

    ``fits`` are those of its own ``states``.
    """
    found = -1e9
    begin = states(lattice, word).start
    for chain in range(*_chains(lattice, word)):
        own = fits[:, lattice.firsts[chain] - begin : lattice.lasts[chain] - begin + 1].astype(np.float64)
        score = np.full(own.shape[1], -1e9)
        score[0] = 0.0
        for row in own:
            score[1:] = np.maximum(score[1:], score[:-1])
            score += row
        found = max(found, float(score[-1]))
    return max(found, _WORST * len(fits))


def _chains(lattice: Lattice, word: int) -> tuple[int, int]:
    last = lattice.word_chains[word + 1] if word + 1 < lattice.words else len(lattice.firsts)
    return int(lattice.word_chains[word]), int(last)


class _Passes:
    def __init__(
        self,
        lattice: Lattice,
        fits: Fits,
        grounds: tuple[Array, Array],
        costs: Costs,
        *,
        free: bool,
        asked: range | None,
    ) -> None:
        self._free = free
        self._lattice = lattice
        self._fits = fits
        # Of a rough pass only the rims of lines are asked about, and a long text has many words.
        self._firsts = lattice.line_starts if free else np.array(asked or range(lattice.words))
        self._ends = np.append(lattice.line_starts[1:], lattice.words) - 1 if free else self._firsts
        silences, speech = grounds
        self._silent = np.exp(np.clip(costs.scale * silences, -60, 60))
        self._other = np.exp(np.clip(costs.scale * (speech - costs.other), -60, 60))
        junctions = lattice.words + 1
        self._to_pause = np.full(junctions, costs.pause)
        self._to_other = np.full(junctions, costs.other_in_line)
        rims = [*lattice.line_starts, lattice.words]
        self._to_pause[rims] = costs.pause_at_line
        self._to_other[rims] = costs.other_at_line
        self._to_word = 1 - self._to_pause - self._to_other
        self._rims = np.array(rims)
        self._leaves = 1 - lattice.stays
        self._moves = self._leaves.copy()
        self._moves[lattice.lasts] = 0
        self._exits = self._leaves[lattice.lasts]
        self._costs = costs

    def run(self) -> Posteriors:
        shape, costs = self._lattice, self._costs
        frames, states = len(self._fits), len(shape.senones)
        junctions = shape.words + 1
        odds = self._odds()
        chain = np.zeros(states)
        pause, other = np.zeros(junctions), np.zeros(junctions)
        entered, left = np.zeros((frames, len(self._firsts))), np.zeros((frames, len(self._ends)))
        scales = np.zeros(frames)
        for frame in range(frames):
            over = np.zeros(junctions)
            over[1:] = np.add.reduceat(chain[shape.lasts] * self._exits, shape.word_chains)
            entry = (
                over * self._to_word + pause * (0.9 * (1 - costs.pause_stays)) + other * (0.8 * (1 - costs.other_stays))
            )
            if frame:
                now_pause = pause * costs.pause_stays + over * self._to_pause + other * (0.2 * (1 - costs.other_stays))
                now_other = (
                    other * costs.other_stays
                    + over * self._to_other
                    + pause * (0.1 * (1 - costs.pause_stays)) * self._to_other
                )
                now_pause[self._rims[1:]] += pause[self._rims[:-1]] * costs.skip
                now_other[self._rims[1:]] += other[self._rims[:-1]] * costs.skip
            else:
                begins = np.full(junctions, 1 / junctions) if self._free else np.eye(1, junctions)[0]
                entry, now_pause, now_other = 0.2 * begins, 0.6 * begins, 0.2 * begins
            moved = chain * shape.stays
            moved[1:] += chain[:-1] * self._moves[:-1]
            moved[shape.firsts] += entry[shape.chain_words] * shape.shares
            moved *= next(odds)[shape.senones]
            now_pause *= self._silent[frame]
            now_other *= self._other[frame]
            scale = moved.sum() + now_pause.sum() + now_other.sum()
            chain, pause, other = moved / scale, now_pause / scale, now_other / scale
            chain[chain < _NOTHING] = 0
            entered[frame], left[frame], scales[frame] = entry[self._firsts], over[self._ends + 1], scale
        return self._back(entered, left, scales, chain, pause, other)

    def _back(self, entered: Array, left: Array, scales: Array, chain: Array, pause: Array, other: Array) -> Posteriors:
        shape, costs = self._lattice, self._costs
        frames, states = len(self._fits), len(shape.senones)
        # The sound ends behind the last word: in a pause, in other sound, or with the last word's last state.
        after, after_pause, after_other = np.zeros(states), np.zeros(shape.words + 1), np.zeros(shape.words + 1)
        after[shape.lasts[shape.word_chains[-1] :]] = self._exits[shape.word_chains[-1] :]
        after_pause[-1] = after_other[-1] = 1
        if self._free:
            after[:] = after_pause[:] = after_other[:] = 1
        total = (chain * after).sum() + (pause * after_pause).sum() + (other * after_other).sum()
        likelihood = (np.log(scales).sum() + np.log(max(total, 1e-300))) / frames
        total = max(total, 1e-300)
        after, after_pause, after_other = after / total, after_pause / total, after_other / total
        odds = self._odds(is_back=True)
        for frame in range(frames - 1, -1, -1):
            value = np.minimum(after * next(odds)[shape.senones] / scales[frame], 1e250)
            value_pause = np.minimum(after_pause * self._silent[frame] / scales[frame], 1e250)
            value_other = np.minimum(after_other * self._other[frame] / scales[frame], 1e250)
            enter = np.zeros(shape.words + 1)
            enter[:-1] = np.add.reduceat(value[shape.firsts] * shape.shares, shape.word_chains)
            leave = enter * self._to_word + value_pause * self._to_pause + value_other * self._to_other
            # In place: they are frames by words, which of two minutes is much.
            entered[frame] = np.minimum(entered[frame] * enter[self._firsts], 1)
            left[frame] = np.minimum(left[frame] * leave[self._ends + 1], 1)
            after = value * shape.stays
            after[:-1] += value[1:] * self._moves[:-1]
            after[shape.lasts] += self._exits * leave[shape.chain_words + 1]
            after_pause = value_pause * costs.pause_stays + enter * (0.9 * (1 - costs.pause_stays))
            after_pause += value_other * (0.1 * (1 - costs.pause_stays)) * self._to_other
            after_other = value_other * costs.other_stays + enter * (0.8 * (1 - costs.other_stays))
            after_other += value_pause * (0.2 * (1 - costs.other_stays))
            after_pause[self._rims[:-1]] += value_pause[self._rims[1:]] * costs.skip
            after_other[self._rims[:-1]] += value_other[self._rims[1:]] * costs.skip
        return Posteriors(entered, left, float(likelihood))

    def _odds(self, *, is_back: bool = False) -> Iterator[Array]:
        """Give of each frame, in their order or back, how well every senone fits: some at a time, for they are many."""
        for begin in range(0, len(self._fits), _AT_ONCE)[:: -1 if is_back else 1]:
            scaled = self._costs.scale * self._fits[begin : begin + _AT_ONCE]
            some = np.exp(np.clip(scaled, -60, 60)).astype(np.float32)
            yield from some[:: -1 if is_back else 1]
