#!/usr/bin/env bash
# Werkzeug 3.1.9 with Flask 3.1.3: an address made for a host with an underscore has no host at all.
#
# Container engines name their services so ("tape_player"), browsers and curl ask for them, and the host in a URI may hold an
# underscore (RFC 3986, section 3.2.2, reg-name). Expected: url_for("home", _external=True) gives http://tape_player:8000/, or the
# request is refused. Seen: the answer is 200, and the address in it is "http:///"; with a hyphen it is whole. Whatever is built from it
# (a citation, a feed, a link in a mail) leads nowhere, without an error.
#
# Needs python3 with venv. Exit code 0: seen again. 1: it has changed.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check flask==3.1.3 werkzeug==3.1.9
cd "$work"
venv/bin/python - <<'PYTHON'
import http.client
import threading

from flask import Flask, url_for
from werkzeug.serving import make_server

app = Flask("page")


@app.get("/")
def home():
    return url_for("home", _external=True)


server = make_server("127.0.0.1", 0, app)
threading.Thread(target=server.serve_forever, daemon=True).start()
given = {}
for host in ("tape_player:8000", "tape-player:8000"):
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port)
    connection.request("GET", "/", headers={"Host": host})
    answer = connection.getresponse()
    given[host] = (answer.status, answer.read().decode())
    print(host, *given[host])
server.shutdown()
wanted = {"tape_player:8000": (200, "http:///"), "tape-player:8000": (200, "http://tape-player:8000/")}
raise SystemExit(given != wanted)
PYTHON
