"""The programs that tests need and Python does not bring: where they are, and what Debian calls what brings them.

``program("nginx")`` gives the path of one. Where it is missing the test is skipped, and in CI (``$CI`` is set) it
fails. Run as a program, this names the packages that the machine lacks, and ``.ci/run`` installs them: so it needs
nothing but Python.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

#: A program, and the package of Debian that brings it.
PACKAGES = {
    "chromium": "chromium",
    "curl": "curl",
    "docker-compose": "docker-compose",
    "epubcheck": "epubcheck",
    "ffmpeg": "ffmpeg",
    "ffprobe": "ffmpeg",
    "firefox-esr": "firefox-esr",
    "flite": "flite",
    "java": "default-jre-headless",
    "nginx": "nginx-light",
    "node": "nodejs",
    "npm": "npm",
    "pdftoppm": "poppler-utils",
    "pdftotext": "poppler-utils",
    "pg_ctl": "postgresql",
    "ps": "procps",
    "pulseaudio": "pulseaudio",
    "sha256sum": "coreutils",
    "systemd-analyze": "systemd",
    "WebKitWebDriver": "webkit2gtk-driver",
    "wget": "wget",
    "Xvfb": "xvfb",
}
#: Packages that bring no program of their own, and what needs them.
LIBRARIES = {
    "libatomic1": "the node that Playwright brings",
    "gstreamer1.0-plugins-base": "sound in WebKitGTK",
    "gstreamer1.0-plugins-good": "MP3, FLAC and WAV in WebKitGTK",
    "gstreamer1.0-libav": "AAC in WebKitGTK",
}
#: Where Debian keeps what servers are; the PATH of a user who is not root leaves it out.
_SYSTEM = ("/usr/local/sbin", "/usr/sbin", "/sbin")
#: And where it keeps the programs of each version of PostgreSQL.
_VERSIONS = Path("/usr/lib/postgresql")


def program(name: str) -> Path:
    """Give the path of a program of ``PACKAGES``. Without it the test that asks is skipped, and fails in CI."""
    package = PACKAGES[name]
    return find(name) or missing(f"{name} is not installed (on Debian: apt-get install {package})")


def node() -> Path:
    """Give the path of the node that Playwright brings: no other is needed."""
    from browser.get_browser import NO_NODE, find_node, why_not  # noqa: PLC0415  # needs more than Python

    found = find_node()
    why = why_not(found)
    return missing(f"{NO_NODE}{why}") if why else found


def missing(told: str) -> NoReturn:
    """Skip the test for want of something, and in CI fail it; say what to install."""
    import pytest  # noqa: PLC0415  # where .ci/run asks for packages, pytest is not yet installed

    (pytest.fail if os.environ.get("CI") else pytest.skip)(told)


def find(name: str) -> Path | None:
    """Give the path of a program, None where there is none."""
    versions = sorted(map(str, _VERSIONS.glob("*/bin")), reverse=True)
    found = shutil.which(name, path=os.pathsep.join((os.environ.get("PATH", os.defpath), *_SYSTEM, *versions)))
    return Path(found) if found else None


def lacking() -> list[str]:
    """List the packages to install, so that every program is found and starts."""
    libraries = {package for package in LIBRARIES if find("dpkg-query") and not _is_installed(package)}
    return sorted(libraries | {package for name, package in PACKAGES.items() if find(name) is None})


def _is_installed(package: str) -> bool:
    asked = ["dpkg-query", "--show", "--showformat", "${db:Status-Status}", package]
    return subprocess.run(asked, capture_output=True, text=True, check=False).stdout == "installed"


if __name__ == "__main__":
    sys.stdout.writelines(f"{package}\n" for package in lacking())
