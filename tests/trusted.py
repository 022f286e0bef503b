"""An authority of a test's own, which signs certificates for this machine, and by whom it is trusted."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

import trustme

if TYPE_CHECKING:
    from pathlib import Path


def secured(name: str = "127.0.0.1", trusted_at: Path | None = None) -> ssl.SSLContext:
    """Give what a server needs to be ``name``; who is to trust it has the file ``trusted_at`` as ``SSL_CERT_FILE``."""
    authority = trustme.CA()
    found = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(found)
    if trusted_at is not None:
        authority.cert_pem.write_to_path(trusted_at)
    return found
