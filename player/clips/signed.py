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
from player.clips.credentials import ACTIONS, OWN, RECORDINGS, TRIMMED, named_by_digest, words_digest
from player.clips.joined_account import PASSAGES
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
class CutFrom:
    """A recording that a signed clip was cut from, as the signer says: its title, its name, its SHA-256."""

    title: str | None
    slug: str | None
    digest: str


@dataclass(frozen=True)
class Credentials:
    """What is signed of a file: whether that fits it, who signed it, and what they say of it.

    ``wrong`` says why it is not to be believed; ``state`` what it is worth where nothing is wrong. ``when`` is by the
    signer's own clock; ``own`` is the player's assertion, empty where another program signed.
    """

    wrong: tuple[str, ...]
    state: str
    signer: str
    when: str | None
    recordings: tuple[CutFrom, ...]
    own: Mapping[str, Any]

    def differs_from(self, sidecar: Mapping[str, Any]) -> list[str]:
        """List what the player signed of a clip and is otherwise in its sidecar; nothing where another program did."""
        if not self.own:
            return []
        parts = _tables(sidecar.get(PASSAGES)) if PASSAGES in sidecar else [sidecar]
        passages = []
        for part in parts:
            for each in _tables(part.get("cut")):
                span = {name: each.get(name) for name in ("start", "end")}
                joined = {"recording": part.get("recording"), "gain": part.get("gain")} if PASSAGES in sidecar else {}
                passages.append({**span, **joined})
        words = [str(text) for part in parts for text in _list(part.get("words"))]
        said = {
            "recordings": {part.get("recording"): part.get("media_sha256") for part in parts},
            "passages": passages,
            "settings": sidecar.get("settings"),
            # Older clips have empty texts where no line is heard.
            "words": words_digest(words if any(words) else []),
        }
        signed = {
            "recordings": {each.slug: each.digest for each in self.recordings},
            "passages": self.own.get("passages"),
            "settings": self.own.get("settings"),
            "words": self.own.get("words_sha256"),
        }
        return [name for name, value in said.items() if value != signed[name]]


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
    signature = _table(manifest.get("signature_info"))
    named = [_text(signature.get(name)) for name in ("common_name", "issuer")]
    called, issuer = named
    signer = (f"{called} ({issuer})" if issuer and issuer != called else called) if called else issuer
    return Credentials(
        wrong=wrong,
        state=LISTED if is_listed and state == "Trusted" else UNLISTED,
        signer=signer or "somebody whom the certificate does not name",
        when=_when(_tables(assertions.get(ACTIONS, {}).get("actions"))),
        recordings=tuple(_recordings(manifest, own)),
        own=own,
    )


def _recordings(manifest: Mapping[str, Any], own: Mapping[str, Any]) -> Iterator[CutFrom]:
    """Give what a clip was cut from, of which each has to be named twice alike: for every reader, and for this one."""
    ingredients = {each.get("instance_id"): each for each in _tables(manifest.get("ingredients"))}
    for said in _tables(own.get(RECORDINGS)):
        slug, digest = said.get("slug"), said.get("sha256")
        if isinstance(digest, str) and _DIGEST.fullmatch(digest) and named_by_digest(digest) in ingredients:
            is_name = isinstance(slug, str) and slug.isprintable()
            yield CutFrom(_text(ingredients[named_by_digest(digest)].get("title")), slug if is_name else None, digest)


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


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _tables(value: Any) -> list[Mapping[str, Any]]:
    return [each for each in _list(value) if isinstance(each, dict)]


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
