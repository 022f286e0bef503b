"""Signs a clip: puts into it what C2PA calls a manifest, which says what it was cut from, and who says so.

The manifest names the recording as an ingredient, by its title and its SHA-256, without a copy; says that it was
opened, or of several that they were placed, and then trimmed to the passages; and has an assertion of the player's own
with what is needed to cut the clip again. The words, and the names of who speaks, are in it only if that is asked for:
what is signed and handed on cannot be taken back. Without them it has their digest. Specification: C2PA 2.2, sections
10 (ingredients) and 18.15 (actions).
"""

from __future__ import annotations

import base64
import contextlib
import datetime as dt
import hashlib
from io import BufferedRandom, FileIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from player.audio.formats import TYPES
from player.clips import provenance as accounts
from player.clips.c2pa_library import library
from player.clips.signer import sign_stream
from player.errors import WriteError, printable
from player.files import unfinished_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from _typeshed import ReadableBuffer

    from player.clips.cut import ClipSound, Cut
    from player.clips.joined import Joined, JoinedSound
    from player.clips.joined_account import Account
    from player.clips.provenance import Provenance
    from player.clips.signer import Signer

#: The label of the player's own assertion. They are domains turned round; below ``alt`` nobody can own one (RFC 9476).
OWN: Final = "alt.tape-player.clip"
ACTIONS: Final = "c2pa.actions.v2"
TRIMMED: Final = "c2pa.trimmed"
#: How an ingredient that is not there is named by its digest (RFC 6920).
NAMED_BY_DIGEST: Final = "ni:///sha-256;"
#: Under which key of that assertion the recordings are.
RECORDINGS: Final = "recordings"
#: What a reading's voices are, in IPTC's list of digital source types (https://cv.iptc.org/newscodes/digitalsourcetype/):
#: the name that readers show most plainly, for voices that were made from recorded ones.
SYNTHETIC: Final = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
#: What a joined clip is, with a reading in it and without.
COMPOSITE_SYNTHETIC: Final = "http://cv.iptc.org/newscodes/digitalsourcetype/compositeSynthetic"
COMPOSITE: Final = "http://cv.iptc.org/newscodes/digitalsourcetype/composite"


class _Written(BufferedRandom):
    """A file that keeps why it could not be written: the library, which writes to it, says only that it could not."""

    refused: OSError | None = None

    def write(self, data: ReadableBuffer, /) -> int:
        with self._kept():
            return super().write(data)

    def flush(self) -> None:
        with self._kept():
            super().flush()

    def seek(self, target: int, whence: int = 0, /) -> int:
        with self._kept():
            return super().seek(target, whence)

    @contextlib.contextmanager
    def _kept(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            self.refused = self.refused or error
            raise


def sign(place: Path, suffix: str, manifest: Mapping[str, Any], signer: Signer) -> None:
    """Sign the finished clip at ``place``, in the format of ``suffix``; nobody may change it after that.

    :raise WriteError: where it cannot be signed.
    :raise OSError: where it cannot be written.
    """
    import shutil  # noqa: PLC0415  # 2 ms, and hardly any clip is signed

    c2pa = library()
    with unfinished_file(place.parent) as beside:
        try:
            with place.open("rb") as source, _Written(FileIO(beside, "r+b")) as target:
                sign_stream(signer, manifest, TYPES[suffix], source, target)
        except c2pa.C2paError as error:
            if target.refused is not None:
                raise target.refused from None
            raise WriteError(f"the clip cannot be signed ({printable(str(error))})") from None
        shutil.copyfile(beside, place)


def manifest_of(provenance: Provenance, cut: Cut, sound: ClipSound, signer: Signer) -> dict[str, Any]:
    """Give what is signed of a clip of one recording."""
    opened: dict[str, Any] = {"action": "c2pa.opened", "parameters": {"ingredientIds": [_name(0)]}}
    if provenance.notice:
        opened["digitalSourceType"] = SYNTHETIC
    own = {
        RECORDINGS: [_recording(provenance)],
        "passages": passages(cut),
        "samples": [list(each) for each in sound.ranges],
        "rate": sound.decoding.rate,
        "settings": accounts.settings(cut),
    }
    return _manifest(provenance, [_ingredient(provenance, 0, "parentOf")], [opened], own, signer)


def manifest_of_joined(joined: Joined, account: Account, sound: JoinedSound, signer: Signer) -> dict[str, Any]:
    """Give what is signed of a clip that was joined from passages of several recordings."""
    said = {each.recording: each for each in account.passages}
    is_reading = any(each.notice for each in said.values())
    created = {"action": "c2pa.created", "digitalSourceType": COMPOSITE_SYNTHETIC if is_reading else COMPOSITE}
    placed = [
        {"action": "c2pa.placed", "parameters": {"ingredientIds": [_name(number)]}} for number, _ in enumerate(said)
    ]
    own = {
        RECORDINGS: [_recording(each) for each in said.values()],
        "passages": [
            {"recording": each.recording.slug, "start": each.span.start, "end": each.span.end, "gain": each.gain}
            for each in joined.pieces
        ],
        "samples": [list(each) for each in sound.ranges],
        "rate": sound.decoding.rate,
        "settings": {**accounts.settings(joined.cut), "loudness": joined.loudness},
    }
    ingredients = [_ingredient(each, number, "componentOf") for number, each in enumerate(said.values())]
    return _manifest(account.whole, ingredients, [created, *placed], own, signer)


def _manifest(
    provenance: Provenance,
    ingredients: Sequence[Mapping[str, Any]],
    actions: Sequence[Mapping[str, Any]],
    own: Mapping[str, Any],
    signer: Signer,
) -> dict[str, Any]:
    program, _, version = accounts.made_by().partition(" ")
    trimmed = {
        "action": TRIMMED,
        "when": dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "description": provenance.passages,
        "parameters": {f"{OWN}.passages": own["passages"]},
    }
    return {
        "claim_generator_info": [{"name": program, "version": version}],
        "title": provenance.title,
        "ingredients": list(ingredients),
        "assertions": [
            {"label": ACTIONS, "data": {"actions": [*actions, trimmed]}},
            {"label": OWN, "data": {**own, **_said(provenance, signer)}},
        ],
    }


def _name(number: int) -> str:
    """Give what an ingredient is called within the manifest until it is written."""
    return f"recording-{number + 1}"


def _ingredient(provenance: Provenance, number: int, relationship: str) -> dict[str, Any]:
    return {
        "title": provenance.recording_title,
        "format": TYPES.get(Path(provenance.media).suffix.lower(), "application/octet-stream"),
        "relationship": relationship,
        "label": _name(number),
        "instance_id": named_by_digest(provenance.media_sha256),
        "description": f"SHA-256 {provenance.media_sha256}",
    }


def _recording(provenance: Provenance) -> dict[str, str]:
    return {"slug": provenance.recording, "sha256": provenance.media_sha256}


def signed_by(path: Path, sidecar: Mapping[str, Any]) -> str:
    """Say at the end of a line about the clip at ``path`` who signed it; nothing where nobody did."""
    if accounts.SIGNED not in sidecar:
        return ""
    parts = [sidecar, *sidecar.get("joined", ())]
    labels = [label for part in parts for label in part.get("closed") or ()]
    closed = f", with what is closed: {'; '.join(dict.fromkeys(labels))}" if labels else ""
    # The signature stands before the sound (tests/browser/others/test_signed_elsewhere.py).
    flac = "; signed FLAC: Firefox does not play it" if path.suffix.lower() == ".flac" else ""
    return f"; signed by {sidecar[accounts.SIGNED]['by']}{closed}{flac}"


def passages(cut: Cut) -> list[dict[str, int]]:
    """Give the passages of a clip, in milliseconds."""
    return [{"start": span.start, "end": span.end} for span in cut.spans]


def words_digest(words: Sequence[str]) -> str | None:
    """Give the SHA-256 of the words of a clip, one line for each passage; None where there are none."""
    return hashlib.sha256("\n".join(words).encode()).hexdigest() if words else None


def named_by_digest(digest: str) -> str:
    """Give the address that names a file by its SHA-256 (RFC 6920)."""
    return NAMED_BY_DIGEST + base64.urlsafe_b64encode(bytes.fromhex(digest)).decode().rstrip("=")


def _said(provenance: Provenance, signer: Signer) -> dict[str, Any]:
    """Give what is signed of the words and the kind of a clip."""
    machine = provenance.machine
    said: dict[str, Any] = {
        "words_sha256": words_digest(provenance.words),
        "notice": provenance.notice,
        "closed": provenance.closed and list(provenance.closed),
        "machine": provenance.unchecked,
        "approximate": provenance.approximate,
        "copied": provenance.copied and str(provenance.copied),
    }
    if signer.with_words and provenance.words:
        said |= {
            "words": list(provenance.words),
            "speakers": list(provenance.speakers),
            "machine": machine and (machine.label or "Machine transcript, every line heard"),
        }
    return {name: value for name, value in said.items() if value}
