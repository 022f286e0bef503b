#!/usr/bin/env bash
# c2pa-python 0.38.1 writes the whole ID3 tag of an MP3 anew when it signs it: what was ID3v2.3 is ID3v2.4, in UTF-8.
#
# A tag of ID3v2.3, in UTF-16, which more programs read, stands before one frame of silence; the file is signed. Expected: the frames
# of the tag are as they were, with one more for the manifest. Seen: the same texts, but the tag is of version 2.4, and the encoding
# of each is another. Nothing says so; whoever chose 2.3 for old players finds out by the file.
#
# Needs python3 with venv, and openssl. Exit code 0: seen again. 1: it has changed.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check c2pa-python==0.38.1 mutagen==1.47.0
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
venv/bin/python - <<'PYTHON'
import io

import c2pa
from mutagen.id3 import ID3, TIT2
from signing import TOLD, signer

# Four frames of MPEG-1 layer III, 128 kbit/s at 44.1 kHz, without sound in them.
with open("silence.mp3", "wb") as file:
    file.write((b"\xff\xfb\x90\xc4" + bytes(413)) * 4)
tags = ID3()
tags.add(TIT2(encoding=1, text=["The ferry left at six"]))
tags.save("silence.mp3", v1=0, v2_version=3)
with open("silence.mp3", "rb") as source, open("signed.mp3", "w+b") as target:
    c2pa.Builder(TOLD).sign(signer(), "audio/mpeg", source, target)
for name in ("silence.mp3", "signed.mp3"):
    found = ID3(name, translate=False)
    print(name, found.version, repr(found["TIT2"]))
found = ID3("signed.mp3", translate=False)
raise SystemExit(found.version != (2, 4, 0) or found["TIT2"].encoding == 1)
PYTHON
