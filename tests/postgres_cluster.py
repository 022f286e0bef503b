"""PostgreSQL servers of the tests' own: Debian's, in a folder that goes with them, on a port of this machine.

They run as nobody's superuser: PostgreSQL refuses to be root, so that root starts them as Debian's user ``postgres``.
"""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from programs import program

if TYPE_CHECKING:
    from collections.abc import Iterator

#: What makes a server forget nothing that a test waits for, and lets others follow it.
_SETTINGS: Final = (
    "fsync = off",
    "listen_addresses = '127.0.0.1'",
    "wal_level = replica",
    "hot_standby_feedback = on",
    "max_wal_senders = 4",
)


@dataclass(frozen=True)
class Cluster:
    """A server: its folder and its port."""

    folder: Path
    port: int

    @property
    def address(self) -> str:
        """What PLAYER_INDEX says of it."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/player"

    def start(self) -> None:
        """Start it, and wait until it answers."""
        self._control("start", "-w", "-t", "60", "-l", str(self.folder / "log"))

    def stop(self, how: str = "fast") -> None:
        """Stop it; ``immediate`` is as if the machine had gone."""
        self._control("stop", "-w", "-m", how)

    def promote(self) -> None:
        """Make one that follows another go on alone."""
        self._control("promote", "-w")

    def ask(self, sql: str) -> str:
        """Give what ``psql`` answers."""
        return run("psql", "-h", "127.0.0.1", "-p", str(self.port), "-d", "player", "-Atc", sql)

    def _control(self, *words: str) -> None:
        run("pg_ctl", "-D", str(self.folder / "base"), "-s", *words)


def run(name: str, *words: str) -> str:
    """Run one of PostgreSQL's programs as a user who may; give what it says."""
    # All are where this one is; Debian has some on the PATH, behind a wrapper of its own.
    command = [str(program("pg_ctl").resolve().parent / name), *words]
    user = pwd.getpwnam("postgres") if os.geteuid() == 0 else None
    done = subprocess.run(
        command,
        check=False,
        text=True,
        stdin=subprocess.DEVNULL,
        # A server that it starts keeps what it inherits open.
        stdout=subprocess.DEVNULL if name == "pg_ctl" else subprocess.PIPE,
        stderr=subprocess.DEVNULL if name == "pg_ctl" else subprocess.PIPE,
        cwd="/",
        env={"PATH": os.defpath, "LC_ALL": "C.UTF-8", "PGUSER": "postgres"},
        user=user and user.pw_uid,
        group=user and user.pw_gid,
        extra_groups=[] if user else None,
    )
    assert done.returncode == 0, f"{name}: {done.stderr}"
    return (done.stdout or "").strip()


@contextmanager
def cluster(following: Cluster | None = None) -> Iterator[Cluster]:
    """Start a server with an empty database, or one that follows another; it ends with the test."""
    program("pg_ctl")
    # Not among pytest's own folders, which nobody but root enters.
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))  # made for us alone
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    made = Cluster(folder, _free_port())
    base = str(folder / "base")
    try:
        if following is None:
            run("initdb", "-D", base, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        else:
            there = ("-h", "127.0.0.1", "-p", str(following.port), "-U", "postgres")
            run("pg_basebackup", "-D", base, *there, "-R", "-X", "stream", "-c", "fast", "--no-sync")
        settings = (*_SETTINGS, f"port = {made.port}", f"unix_socket_directories = '{folder}'")
        with (folder / "base" / "postgresql.conf").open("a", encoding="utf-8") as conf:
            conf.writelines(f"{line}\n" for line in settings)
        made.start()
        try:
            if following is None:
                run("createdb", "-h", "127.0.0.1", "-p", str(made.port), "player")
            yield made
        finally:
            if (folder / "base" / "postmaster.pid").exists():
                made.stop("immediate")
    finally:
        shutil.rmtree(folder)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
