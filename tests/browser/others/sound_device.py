"""A sound device that plays nowhere, in its own time, so that what browsers play is not heard.

Where Firefox finds none at all, it ends what it plays with an error.
"""

from __future__ import annotations

import os
import socket
import subprocess
import tempfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from browser.player_page import LIMIT
from programs import program

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def sound_device() -> Iterator[dict[str, str]]:
    """Start it, and give the environment in which a program finds it."""
    # A socket's path may have no more than 107 letters, and those of pytest's folders are long.
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "sound"
        command = [str(program("pulseaudio")), "-n", "--daemonize=no", "--exit-idle-time=-1", "--log-level=error"]
        # Without `norewinds` it takes sound two seconds ahead, and after each jump Firefox waits until that has played.
        for module in ("module-null-sink norewinds=1", f"module-native-protocol-unix socket={place} auth-anonymous=1"):
            command += ["-L", module]
        environment = {**quiet_environment(Path(folder)), "XDG_RUNTIME_DIR": folder}
        with subprocess.Popen(command, stderr=subprocess.DEVNULL, env=environment) as server:
            try:
                _await(place)
                yield {"PULSE_SERVER": f"unix:{place}"}
            finally:
                server.terminate()


def quiet_environment(home: Path) -> dict[str, str]:
    """Give an environment in which a program keeps all under ``home``, and finds nothing of the user's."""
    mine = {name: value for name, value in os.environ.items() if not name.startswith(("DBUS_", "PULSE_", "XDG_"))}
    kept = {f"XDG_{what}_HOME": str(home / what.lower()) for what in ("CACHE", "CONFIG", "DATA", "STATE")}
    return {**mine, **kept, "HOME": str(home), "DBUS_SESSION_BUS_ADDRESS": "disabled:"}


def _await(place: Path) -> None:
    for _ in range(LIMIT // 50):
        with suppress(OSError), socket.socket(socket.AF_UNIX) as asking:
            asking.connect(str(place))
            return
        time.sleep(0.05)
    raise TimeoutError("pulseaudio does not answer")
