"""Reads the certificate and the key with which clips are signed, and says in plain words why they cannot sign.

What the library would refuse only when a clip has been cut, and in few words, is looked for here: a wrong key, a wrong
order, a certificate that has expired. Then it is tried: a moment of silence is signed in memory.
"""

from __future__ import annotations

import datetime as dt
import io
import itertools
import os
import stat
import struct
from dataclasses import field
from typing import TYPE_CHECKING, Any, Final

from player import files
from player.clips.c2pa_library import context, library
from player.errors import CredentialsError, printable, shown, unreadable
from player.values import value

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes

#: The formats in which c2pa-python writes Content Credentials: Ogg is none of them.
HOLDING: Final = (".mp3", ".wav", ".flac", ".m4a")
# A chain of certificates, or a key, is a few kilobytes.
_LARGEST: Final = 1_000_000
# The names that C2PA has for signatures, by the curve of the key.
_CURVES: Final = {"secp256r1": "es256", "secp384r1": "es384", "secp521r1": "es512"}
# What says of a moment of silence what a manifest has to say of anything.
_TRIAL: Final[Mapping[str, Any]] = {
    "assertions": [
        {
            "label": "c2pa.actions.v2",
            "data": {
                "actions": [
                    {
                        "action": "c2pa.created",
                        "digitalSourceType": "http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicMedia",
                    }
                ]
            },
        }
    ]
}
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


@value
class Signer:
    """A certificate, with those that vouch for it, and its key; ``called`` is whose it is.

    ``with_words`` says whether what is signed has the words and the names of who speaks. ``remarks`` are what should be
    known of the files.
    """

    certificates: bytes
    key: bytes = field(repr=False)
    algorithm: str
    called: str
    fingerprint: str
    with_words: bool = False
    remarks: tuple[str, ...] = ()

    @property
    def settled(self) -> dict[str, Any]:
        """What the sidecar says of it: a clip that somebody else signed, or otherwise, is another."""
        return {"by": self.called, "certificate_sha256": self.fingerprint, "words": self.with_words}

    def native(self) -> Any:
        """Give it as the library has it. Its times are its own: no authority is asked for one."""
        c2pa = library()
        return c2pa.Signer.from_info(c2pa.C2paSignerInfo(self.algorithm, self.certificates, self.key, None))


def check_format(suffix: str, place: str) -> None:
    """Refuse to sign a clip of a kind that cannot hold it; ``place`` is its file, or the option that asks for it.

    :raise CredentialsError: naming that.
    """
    if suffix not in HOLDING:
        raise CredentialsError(f"{place}: Content Credentials cannot be put into Ogg Opus; use mp3, wav, flac or m4a")


def read_signer(certificate: Path, key: Path, *, with_words: bool = False) -> Signer:
    """Read who signs, and try whether that can be done.

    :raise CredentialsError: where it cannot, or the library is not installed.
    """
    c2pa = library()
    # It comes with c2pa-python.
    from cryptography.hazmat.primitives import hashes, serialization  # noqa: PLC0415  # an extra

    chain = _chain(certificate)
    private = _private(key)
    _check_pair(certificate, key, chain, private)
    _check_order(certificate, chain)
    _check_times(certificate, chain)
    signer = Signer(
        b"".join(each.public_bytes(serialization.Encoding.PEM) for each in chain),
        private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ),
        _algorithm(key, private),
        _called(chain[0]),
        chain[0].fingerprint(hashes.SHA256()).hex(),
        with_words,
        tuple(_remarks(key)),
    )
    try:
        sign_stream(signer, _TRIAL, "audio/wav", io.BytesIO(_silence()), io.BytesIO())
    except c2pa.C2paError as error:
        why = printable(str(error).removeprefix("Signature: "))
        raise CredentialsError(
            f"{shown(certificate)}: this certificate cannot sign Content Credentials ({why}); use one made for that: "
            "not an authority's, with the extended key usage emailProtection or documentSigning"
        ) from None
    return signer


def sign_stream(signer: Signer, manifest: Mapping[str, Any], kind: str, source: Any, target: Any) -> None:
    """Write what is in ``source``, of the MIME type ``kind``, to ``target``, with a signed manifest in it.

    :raise c2pa.C2paError: where that fails.
    """
    with context() as settings, library().Builder({**manifest, "format": kind}, settings) as builder:
        builder.sign(signer.native(), kind, source, target)


def _chain(path: Path) -> list[x509.Certificate]:
    from cryptography import x509  # noqa: PLC0415  # an extra

    data = _read(path)
    try:
        return x509.load_pem_x509_certificates(data)
    except ValueError:
        what, remedy = "this is not a certificate in PEM", "give the certificate, and after it those that vouch for it"
        if b"PRIVATE KEY-" in data:
            what, remedy = (
                "this is a private key, not a certificate",
                "name it with --key, and the certificate with --sign",
            )
        raise CredentialsError(f"{shown(path)}: {what}; {remedy}") from None


def _private(path: Path) -> PrivateKeyTypes:
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415  # an extra
    from cryptography.hazmat.primitives.serialization import load_pem_private_key  # noqa: PLC0415  # as above

    data = _read(path)
    try:
        return load_pem_private_key(data, None)
    except TypeError:
        raise CredentialsError(
            f"{shown(path)}: the key is protected by a passphrase, for which the player does not ask; "
            "write it without one, into a file that only you can read: openssl pkey -in KEY -out OTHER"
        ) from None
    except (ValueError, UnsupportedAlgorithm):
        what, remedy = "this is not a private key in PEM", "give the one that belongs to the certificate"
        if b"BEGIN CERTIFICATE-" in data:
            what, remedy = "this is a certificate, not a key", "name it with --sign, and its key with --key"
        raise CredentialsError(f"{shown(path)}: {what}; {remedy}") from None


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > _LARGEST:
            raise CredentialsError(
                f"{shown(path)}: the file is too large for a certificate or a key; name the right one"
            )
        return files.content(path)
    except OSError as error:
        raise CredentialsError(unreadable(path, error)) from None


def _check_pair(certificate: Path, key: Path, chain: list[x509.Certificate], private: PrivateKeyTypes) -> None:
    public = private.public_key()
    fitting = [place for place, each in enumerate(chain) if each.public_key() == public]
    if not fitting:
        raise CredentialsError(
            f"{shown(key)}: this is not the key of the certificate in {shown(certificate)}; give its own"
        )
    if fitting[0] != 0:
        raise CredentialsError(
            f"{shown(certificate)}: the certificate of the key is number {fitting[0] + 1} in the file; "
            "put it first, and after each the one that vouches for it"
        )


def _check_order(path: Path, chain: list[x509.Certificate]) -> None:
    for place, (each, above) in enumerate(itertools.pairwise(chain), 1):
        try:
            each.verify_directly_issued_by(above)
        except Exception:  # noqa: BLE001  # of several libraries: whatever it is, the one does not vouch for the other
            raise CredentialsError(
                f"{shown(path)}: certificate {place + 1} does not vouch for certificate {place}; "
                "put them in order: first the signer's, and after each the one that vouches for it"
            ) from None


def _check_times(path: Path, chain: list[x509.Certificate]) -> None:
    now = dt.datetime.now(dt.UTC)
    for each in chain:
        whose = f"{shown(path)}: the certificate of {_called(each)}"
        if now > each.not_valid_after_utc:
            raise CredentialsError(f"{whose} expired on {each.not_valid_after_utc.date()}; get a new one")
        if now < each.not_valid_before_utc:
            raise CredentialsError(
                f"{whose} holds only from {each.not_valid_before_utc.date()} on; look at the computer's clock, or wait"
            )


def _algorithm(path: Path, private: PrivateKeyTypes) -> str:
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa  # noqa: PLC0415  # an extra

    found = None
    if isinstance(private, ec.EllipticCurvePrivateKey):
        found = _CURVES.get(private.curve.name)
    elif isinstance(private, rsa.RSAPrivateKey):
        found = "ps256"
    elif isinstance(private, ed25519.Ed25519PrivateKey):
        found = "ed25519"
    if found is None:
        raise CredentialsError(
            f"{shown(path)}: Content Credentials cannot be signed with a key of this kind; "
            "use one of the curves P-256, P-384 and P-521, Ed25519 or RSA"
        )
    return found


def _called(certificate: x509.Certificate) -> str:
    from cryptography.x509.oid import NameOID  # noqa: PLC0415  # an extra

    for kind in (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME):
        for each in certificate.subject.get_attributes_for_oid(kind):
            return printable(str(each.value))
    return "nobody"


def _remarks(key: Path) -> list[str]:
    if os.name == "posix" and key.stat().st_mode & _OTHERS:
        return [f"{shown(key)}: others on this computer can read the key; keep it for yourself: chmod 600 {shown(key)}"]
    return []


def _silence() -> bytes:
    """Give the shortest WAV there is: one sample, which is nothing."""
    sound = b"\0\0"
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, 8000, 16000, 2, 16)
    return (
        struct.pack("<4sI4s", b"RIFF", 4 + len(form) + 8 + len(sound), b"WAVE")
        + form
        + struct.pack("<4sI", b"data", 2)
        + sound
    )
