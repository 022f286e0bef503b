"""The archive on a server as docs/deploy.md has it: its blocks as written, but for ports and folders, run for real."""

from __future__ import annotations

import os
import re
import shlex
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from programs import program
from started import port_of, started

if TYPE_CHECKING:
    from collections.abc import Iterator

DOCUMENT: Final = (Path(__file__).parents[1] / "docs" / "deploy.md").read_text(encoding="utf-8")
LIMIT: Final = 120  # seconds until a start is given up; nothing is measured by it
#: What tests send as a proxy would without care: more lines than docs/deploy.md has, as many sites have them.
USUAL: Final = """\
location /tapes/ {
    proxy_pass http://127.0.0.1:8000/;
    proxy_set_header Host $host;
    proxy_set_header X-Real-IP $remote_addr;
    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    proxy_set_header X-Forwarded-Proto $scheme;
    proxy_set_header X-Forwarded-Host $host;
    proxy_set_header X-Forwarded-Port $server_port;
    proxy_set_header X-Forwarded-Prefix /tapes/;
}
"""

_FRAME: Final = """\
{user}
daemon off;
pid {folder}/nginx.pid;
events {{ }}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    access_log {folder}/access.log;
{servers}
}}
"""


def blocks(kind: str) -> list[str]:
    """Give the blocks of the document of one kind: nginx, ini, sh."""
    return re.findall(rf"^```{kind}\n(.*?)^```", DOCUMENT, flags=re.DOTALL | re.MULTILINE)


def host_of_its_own() -> str:
    """Give the lines for a host of its own."""
    return blocks("nginx")[0]


def below_a_path(name: str = "tapes", block: str | None = None) -> str:
    """Give the lines for an archive below a path."""
    return (block or blocks("nginx")[1]).replace("/tapes", f"/{name}")


def unit() -> tuple[list[str], dict[str, str]]:
    """Give the command and the environment of the service."""
    (text,) = blocks("ini")
    (command,) = re.findall(r"^ExecStart=(.*)$", text, flags=re.MULTILINE)
    return shlex.split(command), dict(re.findall(r"^Environment=(\w+)=(.*)$", text, flags=re.MULTILINE))


@contextmanager
def service(archive: Path, cache: Path, **changed: str) -> Iterator[int]:
    """Run the service's own command in its own environment, over an archive, at any free port; give the port."""
    (_, *told), variables = unit()
    command = [str(Path(sys.executable).with_name("player")), *told[:-1], "0"]
    assert told[-2:] == ["--port", "8000"]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PLAYER_")}
    own = {"PLAYER_ARCHIVE": str(archive), "PLAYER_CACHE": str(cache)}
    environment = {name: value for name, value in {**kept, **variables, **own, **changed}.items() if value}
    with started(command, env=environment) as address:
        yield port_of(address)


@contextmanager
def nginx(folder: Path, server: str) -> Iterator[int]:
    """Run nginx over the lines of a server, at any free port; give the port."""
    found = program("nginx")
    folder.mkdir()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    if "server {" not in server:
        server = f"server {{\nlisten 80;\n{server}}}\n"
    written = server.replace("listen 80;", f"listen 127.0.0.1:{port};")
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(_FRAME.format(user=user, folder=folder, servers=written), encoding="utf-8")
    errors = folder / "error.log"
    command = list(map(str, (found, "-p", folder, "-c", folder / "nginx.conf", "-e", errors)))
    with subprocess.Popen(command) as process:
        try:
            _wait_for(process, port, errors)
            yield port
        finally:
            process.terminate()


@contextmanager
def deployed(folder: Path, server: str, archives: dict[str, Path], **changed: str) -> Iterator[tuple[str, Path]]:
    """Run archives, each by the port that ``server`` has for it, behind nginx; give the address and the access log."""
    with _services(folder, archives, changed) as ports:
        for named, port in ports.items():
            server = server.replace(f"127.0.0.1:{named}", f"127.0.0.1:{port}")
        with nginx(folder / "nginx", server) as port:
            yield f"http://127.0.0.1:{port}", folder / "access.log"


@contextmanager
def _services(folder: Path, archives: dict[str, Path], changed: dict[str, str]) -> Iterator[dict[str, int]]:
    if not archives:
        yield {}
        return
    (named, archive), *others = archives.items()
    told = {"PLAYER_URL": "", "PLAYER_ACCESS_LOG": str(folder / "access.log"), **changed}
    with service(archive, folder / "cache", **told) as port, _services(folder, dict(others), changed) as ports:
        yield {named: port, **ports}


def _wait_for(process: subprocess.Popen[bytes], port: int, errors: Path) -> None:
    until = time.monotonic() + LIMIT
    while time.monotonic() < until and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=LIMIT).close()
        except ConnectionRefusedError:
            time.sleep(0.02)
        else:
            return
    raise AssertionError(errors.read_text(encoding="utf-8"))
