#!/usr/bin/env bash
# c2pa-python 0.38.1: Reader(path) asks the address that a file names for its manifest, without being asked to.
#
# A WAV is signed with its manifest left out and an address of this computer in its place (set_no_embed, set_remote_url). Expected:
# reading it asks no address unless that is asked for. Seen: Reader(path) gets the address; whoever made a file hears from which
# address and when it was looked at. With {"verify": {"remote_manifest_fetch": false}} in its context it is refused instead.
#
# Needs python3 with venv, and openssl. Exit code 0: seen again. 1: it has changed.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check c2pa-python==0.38.1
cat >leaf.cnf <<'CONFIG'
[req]
distinguished_name = name
x509_extensions = leaf
[name]
[leaf]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = emailProtection
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid:always
CONFIG
openssl req -x509 -config leaf.cnf -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=For tests only" -days 2 \
    -keyout key.pem -out certificate.pem 2>/dev/null
cat >signing.py <<'PYTHON'
import io
import wave
from pathlib import Path

import c2pa

CREATED = {"action": "c2pa.created", "digitalSourceType": "http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicMedia"}
TOLD = {"assertions": [{"label": "c2pa.actions.v2", "data": {"actions": [CREATED]}}]}


def signer():
    certificate, key = (Path(name).read_bytes() for name in ("certificate.pem", "key.pem"))
    return c2pa.Signer.from_info(c2pa.C2paSignerInfo("es256", certificate, key, None))


def silence():
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setparams((1, 2, 8000, 0, "NONE", ""))
        sound.writeframes(bytes(16000))
    return io.BytesIO(file.getvalue())
PYTHON
cat >fetch.py <<'PYTHON'
import http.server
import io
import sys
import threading

import c2pa
from signing import TOLD, signer, silence

asked = []


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        asked.append(self.path)
        self.send_error(404)

    def log_message(self, *_):
        pass


server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
builder = c2pa.Builder(TOLD)
builder.set_no_embed()
builder.set_remote_url(f"http://127.0.0.1:{server.server_port}/manifest")
signed = io.BytesIO()
builder.sign(signer(), "audio/wav", silence(), signed)
counts = []
for settings in (None, {"verify": {"remote_manifest_fetch": False}}):
    signed.seek(0)
    try:
        c2pa.Reader("audio/wav", signed, context=settings and c2pa.Context.from_dict(settings))
    except c2pa.C2paError as error:
        print(error)
    counts.append(len(asked))
print(f"asked {counts[0]} times by itself, {counts[1] - counts[0]} times where it was told not to")
sys.exit(counts != [1, 1])
PYTHON
venv/bin/python fetch.py || { echo "changed: it does not ask, or asks where it was told not to"; exit 1; }
