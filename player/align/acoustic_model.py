"""Reads an acoustic model of the Sphinx family, such as soundswallower carries, into arrays.

A model is phonetically tied: each base phone has a codebook of Gaussians for each of three streams (cepstra, their
first and their second differences), and a tied state (senone) weights those of its phone. The formats are those of
SphinxTrain (``bin_mdef.c``, ``s3io.c``, ``ptm_mgau.c`` of https://github.com/cmusphinx): the definition of phones and
states, the means and variances, the dumped weights and the transitions.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from player.errors import AlignError

if TYPE_CHECKING:
    from collections.abc import Sequence

Array = np.ndarray[Any, Any]

#: A weight is dumped as a whole number of steps of this many nepers: 1024 times the logarithm of the base 1.0001.
_WEIGHT_STEP: Final = 1024 * 9.9995000333e-05
_INTERNAL, _BEGIN, _END, _SINGLE = range(4)
STATES: Final = 3


@dataclass(frozen=True, eq=False)
class AcousticModel:
    """The parameters of one model.

    ``means`` and ``precisions`` have the axes stream, phone, density, dimension; ``constants`` the first three.
    ``weights`` (stream, density, senone) are natural logarithms. ``stays`` (phone, state) are the probabilities of
    staying in a state.
    """

    phones: tuple[str, ...]
    silence: int
    fillers: frozenset[int]
    means: Array
    precisions: Array
    constants: Array
    weights: Array
    stays: Array
    codebooks: Array
    _tree: Array
    _phone_states: Array
    _states: Array
    #: How much the cepstra of speech spread: a standard deviation for each.
    spread: Array
    feature_parameters: dict[str, Any]

    def senones(self, phones: Sequence[int], before: int, after: int) -> Array:
        """Give the senones of a word's phones, three each, between the phones ``before`` and ``after`` it."""
        count = len(phones)
        context = [before, *phones, after]
        rows = []
        for index in range(count):
            place = _SINGLE if count == 1 else _BEGIN if index == 0 else _END if index == count - 1 else _INTERNAL
            rows.append(self._states[self._phone_states[self._triphone(place, *context[index : index + 3])]])
        return np.concatenate(rows)

    def plain_senones(self, phone: int) -> Array:
        """Give the three senones of a phone whatever stands beside it."""
        states: Array = self._states[self._phone_states[phone]]
        return states

    def _triphone(self, place: int, left: int, base: int, right: int) -> int:
        """Find a phone in its context; where the model has none such, at another place of a word, or the bare phone."""
        if base == self.silence or base in self.fillers:
            return base
        left = self.silence if left in self.fillers else left
        right = self.silence if right in self.fillers else right
        for tried in (place, _INTERNAL, _BEGIN, _END, _SINGLE):
            found = self._search((tried, base, left, right))
            if found >= 0:
                return found
        return base

    def _search(self, path: tuple[int, ...]) -> int:
        first, count = 0, 4
        for step in path:
            nodes = self._tree[first : first + count]
            at = np.flatnonzero(nodes["context"] == step)
            if not at.size:
                return -1
            node = nodes[at[0]]
            if not node["count"]:
                return int(node["down"])
            first, count = int(node["down"]), int(node["count"])
        return -1


def model_folder(language: str) -> Path:
    """Give the folder of the model that soundswallower carries for ``en-us`` or ``fr-fr``."""
    import soundswallower  # noqa: PLC0415  an extra: it is there only where somebody aligns

    return Path(str(soundswallower.get_model_path(language)))


@lru_cache(maxsize=2)
def read_model(folder: Path) -> AcousticModel:
    """Read a model.

    :raise AlignError: where a file is missing, or is none of the format.
    """
    try:
        return _read(folder)
    except (OSError, ValueError, KeyError, IndexError) as error:
        raise AlignError(
            f"{folder.name}: the acoustic model cannot be read ({error}); install soundswallower again"
        ) from error


def _read(folder: Path) -> AcousticModel:
    phones, fillers, silence, tree, described, states = _definition(folder / "mdef")
    means = _gaussians(folder / "means")
    variances = np.maximum(_gaussians(folder / "variances"), 1e-4)
    weights = _weights(folder / "sendump")
    codebooks = np.zeros(weights.shape[2], np.int32)
    bases = np.where(np.arange(len(described)) < len(phones), np.arange(len(described)), described["base"])
    codebooks[states[described["states"]]] = bases[:, None]
    size = means.shape[-1]
    return AcousticModel(
        phones=phones,
        silence=silence,
        fillers=fillers,
        means=means,
        precisions=(1 / variances).astype(np.float32),
        constants=(-0.5 * (np.log(variances).sum(-1) + size * np.log(2 * np.pi))).astype(np.float32),
        weights=weights,
        stays=_stays(folder / "transition_matrices"),
        codebooks=codebooks,
        _tree=tree,
        _phone_states=described["states"].astype(np.int32),
        _states=states,
        spread=_spread(means[0], variances[0], weights[0], fillers),
        feature_parameters=json.loads((folder / "feat_params.json").read_text("utf-8")),
    )


def _definition(path: Path) -> tuple[tuple[str, ...], frozenset[int], int, Array, Array, Array]:
    """Read which phones there are, in which contexts, and the senones of each."""
    raw = path.read_bytes()
    if raw[:4] != b"BMDF":
        raise ValueError(f"{path.name} is no binary definition of a model")
    at = 12 + int(np.frombuffer(raw, "<i4", 1, 8)[0])
    counts = np.frombuffer(raw, "<i4", 10, at)
    bases, total, _emitting, _, _, _, sequences, _, nodes, silence = (int(count) for count in counts)
    at += 40
    begun, names = at, []
    for _ in range(bases):
        end = raw.index(b"\0", at)
        names.append(raw[at:end].decode("ascii"))
        at = end + 1
    at += -(at - begun) % 4
    tree = np.frombuffer(raw, np.dtype([("context", "<i2"), ("count", "<i2"), ("down", "<i4")]), nodes, at)
    at += tree.nbytes
    layout = np.dtype(
        [("states", "<i4"), ("transitions", "<i4"), ("place", "u1"), ("base", "u1"), ("left", "u1"), ("right", "u1")]
    )
    described = np.frombuffer(raw, layout, total, at)
    at += described.nbytes
    at += 4  # the number of entries of the table that follows
    states = np.frombuffer(raw, "<i2", sequences * STATES, at).reshape(sequences, STATES).astype(np.int32)
    fillers = frozenset(index for index in range(bases) if described["place"][index])
    return tuple(names), fillers, silence, tree, described, states


def _spread(means: Array, variances: Array, weights: Array, fillers: frozenset[int]) -> Array:
    """Give the standard deviation of the first stream over all states of all phones that are speech."""
    phones = [phone for phone in range(len(means)) if phone not in fillers]
    states = np.array([[STATES * phone + state for state in range(STATES)] for phone in phones])
    shares = np.exp(weights[:, states]).transpose(1, 2, 0)
    shares /= shares.sum(-1, keepdims=True)
    centres = np.einsum("psd,pdc->psc", shares, means[phones]).reshape(-1, means.shape[-1])
    squares = np.einsum("psd,pdc->psc", shares, (variances + means**2)[phones]).reshape(-1, means.shape[-1])
    spread: Array = np.sqrt(squares.mean(0) - centres.mean(0) ** 2)
    return spread.astype(np.float32)


def _payload(path: Path) -> tuple[bytes, int]:
    """Give a file's bytes and where its numbers begin."""
    raw = path.read_bytes()
    at = raw.index(b"endhdr\n") + len(b"endhdr\n") + 4  # after a word that tells the order of bytes
    return raw, at


def _gaussians(path: Path) -> Array:
    raw, at = _payload(path)
    books, streams, densities = (int(count) for count in np.frombuffer(raw, "<i4", 3, at))
    lengths = np.frombuffer(raw, "<i4", streams, at + 12)
    if len(set(lengths.tolist())) != 1:
        raise ValueError(f"{path.name}: streams of different widths")
    size = int(lengths[0])
    values = np.frombuffer(raw, "<f4", books * streams * densities * size, at + 12 + 4 * streams + 4)
    return np.ascontiguousarray(values.reshape(books, streams, densities, size).transpose(1, 0, 2, 3))


def _stays(path: Path) -> Array:
    raw, at = _payload(path)
    books, rows, columns = (int(count) for count in np.frombuffer(raw, "<i4", 3, at))
    values = np.frombuffer(raw, "<f4", books * rows * columns, at + 16).reshape(books, rows, columns)
    values = values / np.maximum(values.sum(-1, keepdims=True), 1e-9)
    stays: Array = np.stack([values[:, state, state] for state in range(STATES)], 1)
    return stays.clip(0.05, 0.98)


def _weights(path: Path) -> Array:
    raw = path.read_bytes()
    at, told = 0, {}
    while length := int(np.frombuffer(raw, "<i4", 1, at)[0]):
        name, _, value = raw[at + 4 : at + 3 + length].decode("latin-1").partition(" ")
        told[name] = value
        at += 4 + length
    densities, senones = (int(count) for count in np.frombuffer(raw, "<i4", 2, at + 4))
    streams = int(told.get("feature_count", 3))
    if told.get("cluster_count", "0") != "0":
        raise ValueError(f"{path.name}: weights in clusters")
    values = np.frombuffer(raw, np.uint8, streams * densities * senones, at + 12)
    return (values.reshape(streams, densities, senones) * np.float32(-_WEIGHT_STEP)).astype(np.float32)
