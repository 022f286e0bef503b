"""Makes a certificate for tests, which says so in its name: nobody is to take it for more.

A lone certificate that signed itself and is marked as an authority may not sign Content Credentials. So there are two:
an authority, whose key is thrown away at once, and the one that it vouches for. What a certificate for real needs is in
C2PA 2.2, section 14.5.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

from player.clips.c2pa_library import library
from player.errors import CredentialsError, quoted, reason, shown
from player.files import new_files

if TYPE_CHECKING:
    from pathlib import Path

    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey, EllipticCurvePublicKey

#: What each of their names ends with.
FOR_TESTS: Final = "for tests only"
CERTIFICATE: Final = "certificate.pem"
KEY: Final = "key.pem"
AUTHORITY: Final = "authority.pem"
# What a name in a certificate may be long (RFC 5280, ub-common-name).
_LONGEST: Final = 64
_DAYS: Final = 365
_OWNERS: Final = 0o600


def make_for_tests(name: str, folder: Path) -> tuple[Path, Path, Path]:
    """Make a certificate in ``folder`` for whoever is called ``name``, its key, and the authority that vouches for it.

    :raise CredentialsError: where one of the files exists or cannot be written, or the name is none.
    """
    library()
    called = f"{' '.join(name.split())}, {FOR_TESTS}"
    if called.startswith(",") or not called.isprintable() or len(called) > _LONGEST:
        most = _LONGEST - len(f", {FOR_TESTS}")
        raise CredentialsError(
            f"{quoted(name)}: a certificate cannot have this name; write one of up to {most} letters"
        )
    contents = dict(zip((CERTIFICATE, KEY, AUTHORITY), _made(called), strict=True))
    targets = [folder / each for each in contents]
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        with new_files(targets) as places:
            for place, content in zip(places, contents.values(), strict=True):
                place.chmod(_OWNERS)
                place.write_bytes(content)
    except FileExistsError as error:
        there = folder if error.filename is None else error.filename
        raise CredentialsError(
            f"{there}: a file of that name exists, and keys are not replaced; name another folder"
        ) from None
    except OSError as error:
        raise CredentialsError(
            f"{shown(folder)}: the certificate cannot be written ({reason(error)}); name a folder that you can write to"
        ) from None
    certificate, key, authority = targets
    return certificate, key, authority


def _made(called: str) -> tuple[bytes, bytes, bytes]:
    from cryptography.hazmat.primitives import serialization as written  # noqa: PLC0415  # an extra
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415  # as above

    above, own = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    over = f"Authority, {FOR_TESTS}"
    authority = _certificate(over, over, above.public_key(), above, is_authority=True)
    leaf = _certificate(called, over, own.public_key(), above, is_authority=False)
    root, signers = (each.public_bytes(written.Encoding.PEM) for each in (authority, leaf))
    key = own.private_bytes(written.Encoding.PEM, written.PrivateFormat.PKCS8, written.NoEncryption())
    return signers + root, key, root


def _certificate(
    called: str, over: str, public: EllipticCurvePublicKey, above: EllipticCurvePrivateKey, *, is_authority: bool
) -> x509.Certificate:
    from cryptography import x509  # noqa: PLC0415  # an extra
    from cryptography.hazmat.primitives import hashes  # noqa: PLC0415  # as above
    from cryptography.x509.oid import ExtendedKeyUsageOID  # noqa: PLC0415  # as above

    # Clocks differ: by one that is behind, it would not hold yet.
    begins = dt.datetime.now(dt.UTC) - dt.timedelta(hours=1)
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(called))
        .issuer_name(_name(over))
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + dt.timedelta(days=_DAYS))
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=0 if is_authority else None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
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
    return builder.sign(above, hashes.SHA256())


def _name(called: str) -> x509.Name:
    from cryptography import x509  # noqa: PLC0415  # an extra
    from cryptography.x509.oid import NameOID  # noqa: PLC0415  # as above

    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, f"tape-player, {FOR_TESTS}"),
            x509.NameAttribute(NameOID.COMMON_NAME, called),
        ]
    )
