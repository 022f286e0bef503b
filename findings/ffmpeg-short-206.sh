#!/usr/bin/env bash
# ffmpeg 7.0.2 (imageio-ffmpeg 0.6.0) reads a sound over HTTP from a server that answers "bytes=0-" with its first 2 MiB.
#
# RFC 9110, section 15.3.7, lets a 206 hold less than was asked for; Content-Range says how much, and of how much. Expected:
# ffmpeg asks for the rest, or fails. Seen: it decodes 262 of 600 seconds, says "Stream ends prematurely" on standard error,
# asks no second time, and leaves with exit code 0: a script that looks at the code alone keeps less than half a recording.
#
# Needs python3 with venv. Exit code 0: seen again. 1: it has changed.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check imageio-ffmpeg==0.6.0
cd "$work"
venv/bin/python - <<'PYTHON'
import http.server
import re
import subprocess
import threading
from pathlib import Path

import imageio_ffmpeg

FFMPEG = imageio_ffmpeg.get_ffmpeg_exe()
SECONDS, RATE, MOST = 600, 22050, 2 * 1024 * 1024
asked = []

tone = ["-f", "lavfi", "-i", f"sine=frequency=440:sample_rate={RATE}:duration={SECONDS}"]
subprocess.run([FFMPEG, "-loglevel", "error", *tone, "-c:a", "libmp3lame", "-b:a", "64k", "tone.mp3"], check=True)
SOUND = Path("tone.mp3").read_bytes()


class Capped(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        asked.append(self.headers.get("Range"))
        first = int(re.fullmatch(r"bytes=(\d+)-", asked[-1])[1])
        part = SOUND[first : first + MOST]
        self.send_response(206)
        self.send_header("Content-Type", "audio/mpeg")
        self.send_header("Content-Range", f"bytes {first}-{first + len(part) - 1}/{len(SOUND)}")
        self.send_header("Content-Length", str(len(part)))
        self.end_headers()
        self.wfile.write(part)

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Capped)
threading.Thread(target=server.serve_forever, daemon=True).start()
address = f"http://127.0.0.1:{server.server_port}/tone.mp3"
done = subprocess.run(
    [FFMPEG, "-hide_banner", "-i", address, "-f", "s16le", "tone.raw"], capture_output=True, text=True, check=False
)
seconds = Path("tone.raw").stat().st_size / 2 / RATE
told = [line for line in done.stderr.splitlines() if "prematurely" in line]
print(f"exit code {done.returncode}, {seconds:.0f} of {SECONDS} seconds, asked for {asked}, told {told}")
seen = done.returncode == 0 and round(seconds) == 262 and asked == ["bytes=0-"] and len(told) == 1
raise SystemExit(not seen)
PYTHON
