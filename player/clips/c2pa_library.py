"""Loads the library that writes and reads Content Credentials, which only some need, and lets it use no network.

They are those of C2PA (https://spec.c2pa.org). c2pa-python is told where its compiled part is, so that the folder in
which the command runs plays no part. Left to itself, it also fetches manifests that a file names by an address
(findings/c2pa-remote-fetch.sh).
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from player.errors import CredentialsError
from player.roots import installing

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

#: The extra that brings it.
EXTRA: Final = "credentials"
#: What it is told, so that nothing is sent or fetched: no manifest, no state of a certificate, no identity.
_SETTINGS: Final[Mapping[str, Any]] = {
    "verify": {"verify_after_sign": True, "remote_manifest_fetch": False, "ocsp_fetch": False},
    "core": {"allowed_network_hosts": [], "decode_identity_assertions": False},
    "builder": {"thumbnail": {"enabled": False}},
}
# Its compiled part, on the systems for which there is one.
_COMPILED: Final = ("libc2pa_c.so", "libc2pa_c.dylib", "c2pa_c.dll")
_NAMED: Final = "C2PA_LIBRARY_NAME"
_loading = threading.Lock()


def library() -> Any:
    """Give the module ``c2pa``.

    :raise CredentialsError: where it is not installed, with the command that does it, or cannot be loaded.
    """
    found = importlib.util.find_spec("c2pa")
    own = [] if found is None or found.origin is None else _compiled(Path(found.origin).parent)
    if not own:
        raise CredentialsError(f"Content Credentials need c2pa-python, which is not installed; {installing(EXTRA)}")
    with _loading, _naming(own[0]):
        try:
            return importlib.import_module("c2pa")
        except (ImportError, OSError, RuntimeError, AttributeError) as error:
            raise CredentialsError(
                f"c2pa-python cannot be loaded ({type(error).__name__}); install another version of it"
            ) from None


def context(authorities: str | None = None) -> Any:
    """Give the settings with which it works here; signers that the ``authorities``, in PEM, vouch for are trusted.

    :raise CredentialsError: as ``library`` does, or where these are no authorities.
    """
    c2pa = library()
    settings = dict(_SETTINGS)
    if authorities is not None:
        settings["verify"] = {**settings["verify"], "verify_trust": True}
        settings["trust"] = {"trust_anchors": authorities}
    try:
        return c2pa.Context.from_dict(settings)
    except c2pa.C2paError as error:
        raise CredentialsError(f"c2pa-python does not take its settings ({error}); install another version") from None


def _compiled(folder: Path) -> list[Path]:
    return [path for name in _COMPILED if (path := folder / "libs" / name).is_file()]


@contextmanager
def _naming(compiled: Path) -> Iterator[None]:
    before = os.environ.get(_NAMED)
    os.environ[_NAMED] = str(compiled)
    try:
        yield
    finally:
        if before is None:
            del os.environ[_NAMED]
        else:
            os.environ[_NAMED] = before
