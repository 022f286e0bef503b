#!/usr/bin/env bash
# c2pa-python 0.38.1: Reader(path) asks the address that a file names for its manifest, without being asked to.
#
# A WAV is signed with its manifest left out and an address of this computer in its place (set_no_embed, set_remote_url). Expected:
# reading it asks no address unless that is asked for. Seen: Reader(path) gets the address; whoever made a file hears from which
# address and when it was looked at. With {"verify": {"remote_manifest_fetch": false}} in its context it is refused instead.
#
# Needs python3 with venv. Exit code 0: seen again. 1: it has changed.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check c2pa-python==0.38.1
cat >signing.py <<'PYTHON'
"""Make a certificate that C2PA's library takes, and sign a second of silence with it."""

import datetime as dt
import io
import wave

import c2pa
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

CREATED = {"action": "c2pa.created", "digitalSourceType": "http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicMedia"}
TOLD = {"assertions": [{"label": "c2pa.actions.v2", "data": {"actions": [CREATED]}}]}


def signer() -> c2pa.Signer:
    key = ec.generate_private_key(ec.SECP256R1())
    public, now = key.public_key(), dt.datetime.now(dt.timezone.utc)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "For tests only")])
    usage = dict.fromkeys(
        ("content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign",
         "encipher_only", "decipher_only"), False)
    certificate = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(public).serial_number(1963)
        .not_valid_before(now - dt.timedelta(days=1)).not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(public), critical=False)
        .add_extension(x509.KeyUsage(digital_signature=True, **usage), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False)
        .sign(key, hashes.SHA256()))
    pem = serialization.Encoding.PEM
    written = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return c2pa.Signer.from_info(c2pa.C2paSignerInfo("es256", certificate.public_bytes(pem), written, None))


def silence() -> io.BytesIO:
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
