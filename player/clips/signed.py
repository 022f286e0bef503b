"""Finds out whether a file is signed, reads its Content Credentials, and says what they are worth.

That there are some is seen without the library: each kind of file has one place for them (C2PA 2.2, appendix A.3).
A manifest is somebody else's text: nothing in it is believed to be of the form that it should have.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from player import files
from player.audio.formats import TYPES
from player.clips.c2pa_library import context, library
from player.clips.credentials import ACTIONS, NAMED_BY_DIGEST, OWN, TRIMMED, named_by_digest
from player.errors import CredentialsError, printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from io import FileIO
    from pathlib import Path

#: What is said of a signature that fits, and nothing more than that is known of.
UNLISTED: Final = "signed, signer not on a trust list"
LISTED: Final = "signed, signer on the trust list"
_BOX: Final = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")
# Where a file names an address at which its manifest is to lie; in its tags, which are at its beginning or its end.
_ELSEWHERE: Final = re.compile(rb"dcterms:provenance\s*=\s*[\"']([^\"'<>]{1,500})[\"']")
_TAGS: Final = 1 << 20  # bytes
_UNLISTED_CODE: Final = "signingCredential.untrusted"
# What the library calls what is wrong, in a reader's words.
_WRONG: Final = {
    "assertion.dataHash.mismatch": "it was changed after it was signed",
    "assertion.bmffHash.mismatch": "it was changed after it was signed",
    "assertion.hashedURI.mismatch": "what it says of itself was changed after it was signed",
    "claimSignature.mismatch": "its signature is not the signer's",
    "claimSignature.outsideValidity": "the signer's certificate is not valid at this time",
    "signingCredential.expired": "the signer's certificate has expired",
    "signingCredential.invalid": "the signer's certificate is none that may sign",
    "signingCredential.revoked": "the signer's certificate was revoked",
}
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_TIME: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[\d.]*(?:Z|[+-]\d\d:\d\d)")


@dataclass(frozen=True)
class Credentials:
    """What is signed of a file: whether that fits it, who signed it, and what they say of it.

    ``wrong`` says why it is not to be believed; ``state`` what it is worth where nothing is wrong. ``recording`` and
    ``digest`` are of what it was cut from, None where it does not say so; ``when`` is by the signer's own clock.
    """

    wrong: tuple[str, ...]
    state: str
    signer: str
    when: str | None
    title: str | None
    ingredient: str | None
    recording: str | None
    digest: str | None
    own: Mapping[str, Any]

    def differs_from(self, sidecar: Mapping[str, Any]) -> list[str]:
        """List what was signed of a clip and is otherwise in its sidecar."""
        cut = sidecar.get("cut")
        passages = [
            {name: each.get(name) for name in ("start", "end")} if isinstance(each, dict) else None
            for each in (cut if isinstance(cut, list) else [])
        ]
        pairs = {
            "recording": (self.recording, sidecar.get("recording")),
            "the recording's SHA-256": (self.digest, sidecar.get("media_sha256")),
            "passages": (self.own.get("passages"), passages),
            "settings": (self.own.get("settings"), sidecar.get("settings")),
        }
        return [name for name, (signed, said) in pairs.items() if signed is not None and signed != said]


def is_signed(path: Path) -> bool:
    """Tell whether Content Credentials are in a file, without looking into them.

    :raise OSError: where it cannot be read.
    """
    with files.opened(path) as file:
        head = file.read(12)
        if head[:3] == b"ID3":
            return any(b"c2pa" in frame[:100] for frame in _frames(file, head))
        if head[:4] in {b"RIFF", b"RF64"}:
            return any(name == b"C2PA" for name, _ in _chunks(file))
        if head[4:8] == b"ftyp":
            return any(name == b"uuid" and inside == _BOX for name, inside in _boxes(file))
    return False


def elsewhere(path: Path) -> str | None:
    """Give the address at which a file says that its Content Credentials lie; None where it does not.

    :raise OSError: where it cannot be read.
    """
    with files.opened(path) as file:
        head = file.read(_TAGS)
        file.seek(max(len(head), path.stat().st_size - _TAGS))
        found = _ELSEWHERE.search(head) or _ELSEWHERE.search(file.read(_TAGS))
    return None if found is None else printable(found[1].decode("utf-8", "replace"))


def read(path: Path, authorities: str | None = None) -> Credentials:
    """Read what is signed of a file; signers that the ``authorities``, in PEM, vouch for are on the trust list.

    :raise CredentialsError: where the library is not installed, or cannot read them.
    :raise OSError: where the file cannot be read.
    """
    c2pa = library()
    kind = TYPES.get(path.suffix.lower())
    with files.opened(path) as file, context(authorities) as settings:
        try:
            with c2pa.Reader(kind, file, context=settings) as reader:
                manifest, results, state = (
                    reader.get_active_manifest(),
                    reader.get_validation_results(),
                    reader.get_validation_state(),
                )
        except c2pa.C2paError as error:
            what = printable(" ".join(str(error).split()))[:100]
            raise CredentialsError(f"its Content Credentials cannot be read ({what})") from None
    return _credentials(_table(manifest), _table(results), state, is_listed=authorities is not None)


def _credentials(
    manifest: Mapping[str, Any], results: Mapping[str, Any], state: Any, *, is_listed: bool
) -> Credentials:
    codes = [code for code in _failures(results) if code != _UNLISTED_CODE]
    if not codes and state not in {"Valid", "Trusted"}:
        codes = [str(state)]
    wrong = tuple(
        dict.fromkeys(_WRONG.get(code, f"its Content Credentials are wrong: {printable(code)}") for code in codes)
    )
    assertions = {each.get("label"): _table(each.get("data")) for each in _tables(manifest.get("assertions"))}
    own = assertions.get(OWN, {})
    said = _table(own.get("recording"))
    ingredient = next(
        (
            each
            for each in _tables(manifest.get("ingredients"))
            if each.get("relationship") == "parentOf" and str(each.get("instance_id")).startswith(NAMED_BY_DIGEST)
        ),
        {},
    )
    digest = said.get("sha256")
    # It has to be named twice alike: once for every reader, once for this one.
    if not (isinstance(digest, str) and _DIGEST.fullmatch(digest)) or named_by_digest(digest) != ingredient.get(
        "instance_id"
    ):
        digest = None
    slug = said.get("slug")
    signature = _table(manifest.get("signature_info"))
    named = [_text(signature.get(name)) for name in ("common_name", "issuer")]
    called, issuer = named
    signer = (f"{called} ({issuer})" if issuer and issuer != called else called) if called else issuer
    return Credentials(
        wrong=wrong,
        state=LISTED if is_listed and state == "Trusted" else UNLISTED,
        signer=signer or "somebody whom the certificate does not name",
        when=_when(_tables(assertions.get(ACTIONS, {}).get("actions"))),
        title=_text(manifest.get("title")),
        ingredient=_text(ingredient.get("title")),
        recording=slug if isinstance(slug, str) and slug.isprintable() else None,
        digest=digest,
        own=own,
    )


def _failures(results: Mapping[str, Any]) -> Iterator[str]:
    """Give the codes of all that is wrong: in the manifest, and in those of what the file was made from."""
    active = _table(results.get("activeManifest"))
    deltas = [_table(each.get("validationDeltas")) for each in _tables(results.get("ingredientDeltas"))]
    for each in (active, *deltas):
        yield from (str(failure.get("code")) for failure in _tables(each.get("failure")))


def _when(actions: Sequence[Mapping[str, Any]]) -> str | None:
    for each in actions:
        when = each.get("when")
        if each.get("action") == TRIMMED and isinstance(when, str) and _TIME.fullmatch(when):
            return when
    return None


def _table(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _tables(value: Any) -> list[Mapping[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _text(value: Any) -> str | None:
    text = printable(" ".join(value.split()))[:200] if isinstance(value, str) else ""
    return text or None


def _frames(file: FileIO, head: bytes) -> Iterator[bytes]:
    """Give the beginnings of the objects in a file's ID3 tag, 2.3 or 2.4."""
    file.seek(10)
    end = 10 + _synchsafe(head[6:10])
    while file.tell() + 10 <= end:
        frame = file.read(10)
        name, length = frame[:4], frame[4:8]
        if len(frame) < 10 or not name.strip(b"\0"):  # noqa: PLR2004  # the length of a frame's head
            return
        size = _synchsafe(length) if head[3] == 4 else int.from_bytes(length)  # noqa: PLR2004  # ID3v2.4
        start = file.tell()
        if name == b"GEOB":
            yield file.read(min(size, 100))
        file.seek(start + size)


def _synchsafe(data: bytes) -> int:
    """Read a number of which each byte has seven bits (ID3v2.4.0, section 6.2)."""
    number = 0
    for byte in data:
        number = number << 7 | byte & 0x7F
    return number


def _chunks(file: FileIO) -> Iterator[tuple[bytes, int]]:
    """Give the chunks of a WAV, by their names, with their lengths."""
    file.seek(12)
    while len(head := file.read(8)) == 8:  # noqa: PLR2004  # the length of a chunk's head
        name, size = struct.unpack("<4sI", head)
        yield name, size
        file.seek(file.tell() + size + size % 2)


def _boxes(file: FileIO) -> Iterator[tuple[bytes, bytes]]:
    """Give the outermost boxes of an MP4, by their names, with the sixteen bytes that follow."""
    start = 0
    while True:
        file.seek(start)
        head = file.read(32)
        if len(head) < 8:  # noqa: PLR2004  # the length of a box's head
            return
        size, name = struct.unpack(">I4s", head[:8])
        header = 8
        if size == 1:
            size, header = int.from_bytes(head[8:16]), 16
        yield name, head[header : header + 16]
        if size < header:
            return
        start += size
