"""Certificates as archives have them and as they should not be, and signed clips: what the tests of signing share."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from clipping import run
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from player.clips.certificates import AUTHORITY, CERTIFICATE, KEY, make_for_tests

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Key: TypeAlias = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey
NAME: Final = "Harbour archive"
#: The passage of which clips are signed.
SPAN: Final = ("--from", "2", "--to", "4")
#: What else signs, by its name.
KINDS: Final[dict[str, Callable[[], Key]]] = {
    "P-384": lambda: ec.generate_private_key(ec.SECP384R1()),
    "RSA": lambda: rsa.generate_private_key(65537, 2048),
    "Ed25519": ed25519.Ed25519PrivateKey.generate,
}


def signing(folder: Path) -> tuple[str, ...]:
    """Give the options by which a clip is signed, with a certificate that is made in ``folder``."""
    certificate, key, _ = make_for_tests(NAME, folder)
    return ("--sign", str(certificate), "--key", str(key))


def options(folder: Path) -> tuple[str, ...]:
    """Give the options for what lies in a folder."""
    return ("--sign", str(folder / CERTIFICATE), "--key", str(folder / KEY))


def certificate(
    subject: Key, above: Key | None = None, *, is_authority: bool = False, begins: float = -1, ends: float = 30
) -> x509.Certificate:
    """Make a certificate, by default signed with its own key; it begins and ends so many days from now."""
    above = above or subject
    called = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = dt.datetime.now(dt.UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(called)
        .issuer_name(called)
        .public_key(subject.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + dt.timedelta(days=begins))
        .not_valid_after(now + dt.timedelta(days=ends))
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(subject.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(above.public_key()), critical=False)
        .add_extension(
            x509.KeyUsage(
                digital_signature=not is_authority,
                key_cert_sign=is_authority,
                crl_sign=is_authority,
                content_commitment=False,
                key_encipherment=False,
                data_encipherment=False,
                key_agreement=False,
                encipher_only=False,
                decipher_only=False,
            ),
            critical=True,
        )
    )
    if not is_authority:
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False)
    return builder.sign(above, None if isinstance(above, ed25519.Ed25519PrivateKey) else hashes.SHA256())


def write(folder: Path, chain: list[x509.Certificate], key: Key, passphrase: bytes | None = None) -> None:
    """Write a chain and a key where ``options`` looks for them."""
    folder.mkdir(exist_ok=True)
    encoding = serialization.Encoding.PEM
    (folder / CERTIFICATE).write_bytes(b"".join(each.public_bytes(encoding) for each in chain))
    (folder / AUTHORITY).write_bytes(chain[-1].public_bytes(encoding))
    hidden = serialization.BestAvailableEncryption(passphrase) if passphrase else serialization.NoEncryption()
    (folder / KEY).touch(0o600)
    (folder / KEY).write_bytes(key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, hidden))


def clip(archive: Path, target: Path, *more: str) -> Path:
    result = run(archive, "clip", "tones", *SPAN, "-o", str(target), *more)
    assert result.exit_code == 0, result.output
    return target


def manifest(path: Path) -> dict[str, Any]:
    """Read what is signed, as any program would that has C2PA's library."""
    import c2pa  # noqa: PLC0415  # what most tests of signing do without

    with c2pa.Reader(str(path)) as reader:
        assert reader.get_validation_state() == "Valid"
        found: dict[str, Any] = reader.get_active_manifest()
    return found
