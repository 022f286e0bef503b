"""Leaves it to nginx to send the sounds, where ``PLAYER_ACCEL=/sounds`` says so; ``X-Accel-Redirect`` names the file.

The header names ``/sounds/`` and the path of the file below the archive's ``media/``. For that nginx has a location of
its own, which only such an answer leads to::

    location /sounds/ {
        internal;
        alias /srv/archive/media/;
    }

Of an answer nginx keeps type, disposition and caching. It gives entity tag and date of its own, and holds conditions
and ranges against them, so those are left to it.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from flask import current_app

from player.errors import ServeError, quoted

if TYPE_CHECKING:
    from flask import Flask, Response

_PREFIX: Final = re.compile(r"(/(?!\.{1,2}(/|$))[A-Za-z0-9._~-]+)+")
#: What nginx gives its own of, and would give twice.
_OF_NGINX: Final = ("Accept-Ranges", "ETag", "Last-Modified")


@dataclass(frozen=True)
class _Accel:
    prefix: str
    media: Path

    def address(self, path: Path) -> str | None:
        """Give the address by which nginx has the file; None where it lies elsewhere than in ``media/``."""
        real, home = Path(os.path.realpath(path)), os.path.realpath(self.media)
        if not real.is_relative_to(home):
            return None
        return f"{self.prefix}/{quote(os.fsencode(real.relative_to(home)))}"


def init_app(app: Flask, media: Path) -> None:
    """Let nginx send what lies in ``media``, if the environment says so. The addresses of ``app`` must be known.

    :raise ServeError: where PLAYER_ACCEL is no address that nginx could have for it.
    """
    value = os.environ.get("PLAYER_ACCEL", "").strip()
    if not value:
        return
    prefix = value.rstrip("/")
    if not _PREFIX.fullmatch(prefix):
        raise ServeError(f"PLAYER_ACCEL is {quoted(value)}; give the path of nginx's internal location, as in /sounds")
    first = prefix.split("/")[1]
    if any(rule.rule.split("/")[1] == first for rule in app.url_map.iter_rules()):
        raise ServeError(f"PLAYER_ACCEL is {quoted(value)}, but /{first} is the player's own; choose another")
    app.extensions["accel"] = _Accel(prefix, media)


def hand_over(response: Response, path: Path) -> bool:
    """Have nginx send the file ``path`` in place of the body of ``response``; tell whether it will."""
    accel: _Accel | None = current_app.extensions.get("accel")
    address = accel.address(path) if accel else None
    if address is None:
        return False
    for name in _OF_NGINX:
        response.headers.remove(name)
    response.headers["X-Accel-Redirect"] = address
    return True
