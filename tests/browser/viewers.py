"""Viewers of IIIF on a site of somebody else's: Ramp, Clover and the Universal Viewer, as npm has them.

Of Ramp and Clover a page is made of their parts, as those do who use them; the third has a page of its own. Of that and
of Clover only the package itself is taken: what they need beside it to show pictures is 400 MB.
"""

from __future__ import annotations

import functools
import shutil
import subprocess
import tarfile
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler
from pathlib import Path
from typing import TYPE_CHECKING, Final

from programs import missing, program
from stand_in import answering
from started import port_of

if TYPE_CHECKING:
    from collections.abc import Iterator

#: The folder, within that into which they are brought, of the site that has them.
SITE: Final = "site"
_SOURCES: Final = Path(__file__).parents[1] / "viewers"
#: The versions that are looked at; what each does not show is in docs/standards.md.
UNIVERSAL_VIEWER: Final = "universalviewer@4.4.0"
CLOVER: Final = "@samvera/clover-iiif@3.3.8"
#: How a browser is told that the names of these sites lead here.
RULES: Final = "--host-resolver-rules=MAP *.example.org 127.0.0.1, MAP *.example.net 127.0.0.1"
#: What the archive and the viewers' site are called: neither is one's own machine.
ARCHIVE: Final = "tapes.example.org"
VIEWERS: Final = "viewers.example.net"
_PAGE: Final = "<!doctype html><html lang=en><meta charset=utf-8><title>A viewer</title>{}</html>\n"
_DEFINED: Final = ('--define:process.env.NODE_ENV="production"',)
_LIMIT: Final = 300  # seconds until npm is given up


def fetch(folder: Path) -> None:
    """Get the viewers, and make the site that has them, in a folder; skipped where npm has no way to them."""
    npm = str(program("npm"))
    shutil.copytree(_SOURCES, folder, dirs_exist_ok=True)
    _run(folder, npm, "install", "--no-audit", "--no-fund", "--ignore-scripts", "--legacy-peer-deps")
    _run(folder, npm, "pack", "--silent", "--ignore-scripts", UNIVERSAL_VIEWER, CLOVER)
    site, modules = folder / SITE, folder / "node_modules"
    _unpack(folder, "universalviewer", site / "uv")
    _unpack(folder, "samvera-clover-iiif", modules / "@samvera" / "clover-iiif")
    bundle = ("--bundle", "--loader:.js=jsx", "--loader:.svg=dataurl", "--log-level=error", f"--outdir={site}")
    _run(folder, str(modules / ".bin" / "esbuild"), "ramp.jsx", "clover.jsx", *bundle, *_DEFINED)
    for name in ("ramp", "clover"):
        body = f'<link rel=stylesheet href={name}.css><div id=viewer></div><script src="{name}.js"></script>'
        (site / f"{name}.html").write_text(_PAGE.format(body), encoding="utf-8")


def _unpack(folder: Path, name: str, to: Path) -> None:
    """Unpack what a package of npm has, and nothing that it needs."""
    (package,) = folder.glob(f"{name}-*.tgz")
    with tarfile.open(package) as opened:
        opened.extractall(folder / name, filter="data")
    shutil.copytree(folder / name / "package", to)


@contextmanager
def served(site: Path) -> Iterator[str]:
    """Serve the site while it is needed; give its address by its name."""
    with answering(functools.partial(_Quiet, directory=str(site))) as address:
        yield f"http://{VIEWERS}:{port_of(address)}"


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


def _run(folder: Path, *command: str) -> None:
    try:
        subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=_LIMIT)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        missing(f"{' '.join(command[:2])} fails: {error}: {(error.stderr or b'').decode()[-500:]}")
