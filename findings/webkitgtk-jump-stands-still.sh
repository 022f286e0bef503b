#!/usr/bin/env bash
# WebKitGTK 2.50.6 (Debian 12): after some jumps made while it plays, a sound stands still for good; only loading it anew helps.
#
# A plain page plays a WAV of 20 minutes from a server that answers ranges (206), and jumps every third of a second. Expected: wherever
# it lands, it plays on. Seen: after one jump in some tens it stands where it landed. It says that it is neither paused, nor seeking, nor
# ended, and that all of the sound is buffered; further jumps land and do not play either, nor does pause() and play(). Another
# address of the same sound plays at once. No error is told, and often no event after `seeked`; a player has to see it by the clock.
#
# Needs webkit2gtk-driver, xvfb, pulseaudio and python3. Exit code 0: seen again. 1: not seen in 1,000 jumps.
set -euo pipefail
work=$(mktemp -d)
started=()
trap 'kill "${started[@]}" 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$work"' EXIT
export HOME="$work" XDG_RUNTIME_DIR="$work" DBUS_SESSION_BUS_ADDRESS=disabled: NO_AT_BRIDGE=1 GDK_BACKEND=x11
chmod 700 "$work"
# A sound device that plays nowhere, in its own time.
pulseaudio -n --daemonize=no --exit-idle-time=-1 --log-level=error -L "module-null-sink norewinds=1" \
  -L "module-native-protocol-unix socket=$work/sound auth-anonymous=1" 2>/dev/null &
started+=($!)
export PULSE_SERVER="unix:$work/sound"
mkfifo "$work/display"
Xvfb -displayfd 3 -screen 0 1280x1024x24 -nolisten tcp 3>"$work/display" 2>/dev/null &
started+=($!)
read -r number <"$work/display"
export DISPLAY=":$number"
port=$(python3 -c 'import socket; taken = socket.socket(); taken.bind(("127.0.0.1", 0)); print(taken.getsockname()[1])')
WebKitWebDriver --host=127.0.0.1 --port="$port" 2>/dev/null &
started+=($!)
python3 - "$port" <<'PYTHON'
import http.client
import http.server
import json
import pathlib
import re
import struct
import sys
import threading
import time

RATE, SECONDS, JUMPS = 4000, 1200, 1000
samples = struct.pack("<16h", *(80 * (step % 8 - 4) for step in range(16))) * (RATE * SECONDS // 16)
SOUND = b"RIFF" + struct.pack("<I", 36 + len(samples)) + b"WAVEfmt " + struct.pack("<IHHIIHH", 16, 1, 1, RATE, 2 * RATE, 2, 16)
SOUND += b"data" + struct.pack("<I", len(samples)) + samples
PAGE = b"<!doctype html><title>A sound</title><audio controls src=/sound.wav></audio>"


class Site(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        whole, kind = (SOUND, "audio/wav") if self.path.startswith("/sound") else (PAGE, "text/html")
        asked = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        first, last = (int(asked[1]), int(asked[2] or len(whole) - 1)) if asked else (0, len(whole) - 1)
        self.send_response(206 if asked else 200)
        for name, value in (("Content-Type", kind), ("Accept-Ranges", "bytes"), ("Content-Length", last + 1 - first)):
            self.send_header(name, str(value))
        if asked:
            self.send_header("Content-Range", f"bytes {first}-{last}/{len(whole)}")
        self.end_headers()
        try:
            self.wfile.write(whole[first : last + 1])
        except OSError:
            self.close_connection = True

    def log_message(self, *_: object) -> None:
        pass


site = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site)
threading.Thread(target=site.serve_forever, daemon=True).start()


def call(method: str, path: str, **body: object) -> object:
    connection = http.client.HTTPConnection("127.0.0.1", int(sys.argv[1]), timeout=120)
    connection.request(method, path, json.dumps(body) if method == "POST" else None)
    value = json.load(connection.getresponse())["value"]
    if isinstance(value, dict) and "error" in value:
        raise SystemExit(f"{value['error']}: {value['message']}")
    return value


for _ in range(200):
    try:
        call("GET", "/status")
        break
    except OSError:
        time.sleep(0.05)
browser = max(pathlib.Path("/usr/lib").glob("*/webkit2gtk-4.*/MiniBrowser"))
wanted = {"webkitgtk:browserOptions": {"binary": str(browser), "args": ["--automation"]}, "timeouts": {"script": 100_000}}
session = "/session/" + call("POST", "/session", capabilities={"alwaysMatch": wanted})["sessionId"]


def run(script: str, *arguments: object) -> object:
    return call("POST", f"{session}/execute/sync", script="const audio = document.querySelector('audio'); " + script, args=arguments)


def plays(place: float, patience: float) -> bool:
    """Tell whether it is heard from there within so many seconds."""
    return run("""const [place, patience] = arguments, given = performance.now() + 1000 * patience;
        return new Promise((done) => { const look = () => {
          if (!audio.seeking && audio.currentTime > place + 0.3) done(true);
          else if (performance.now() < given) setTimeout(look, 20);
          else done(false);
        }; look(); })""", place, patience)


call("POST", f"{session}/url", url=f"http://127.0.0.1:{site.server_address[1]}/")
element = next(iter(call("POST", f"{session}/element", using="css selector", value="audio").values()))
call("POST", f"{session}/element/{element}/click")
run("return audio.play()")
assert plays(0, 30)
places = [(37 * jump * 7) % (SECONDS - 60) + 0.5 for jump in range(JUMPS)]
for jump, place in enumerate(places, 1):
    run("audio.currentTime = arguments[0]", place)
    if plays(place, 10):
        continue
    state = run("""return ["currentTime", "paused", "seeking", "ended", "error"].map((name) => `${name} ${audio[name]}`).join(", ")
        + `, buffered ${audio.buffered.start(0)} to ${audio.buffered.end(audio.buffered.length - 1)}`""")
    print(f"jump {jump}, to {place} s: {state}")
    others = []
    for other in (place + 20, 5, 600):
        run("audio.currentTime = arguments[0]", other)
        others.append(plays(other, 10))
    run("audio.pause(); audio.play()")
    others.append(plays(600, 10))
    run("audio.src = '/sound.wav?again'; audio.addEventListener('loadedmetadata', () => { audio.currentTime = 600; audio.play(); }, { once: true })")
    anew = plays(600, 30)
    print(f"heard after three more jumps, and after pause() and play(): {others}; loaded anew: {anew}")
    call("DELETE", session)
    raise SystemExit(any(others) or not anew)
print(f"all {JUMPS} jumps went on")
call("DELETE", session)
raise SystemExit(1)
PYTHON
