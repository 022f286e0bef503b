#!/usr/bin/env bash
# VLC 3.0.24 (Debian 12): an M4A begins 1,024 samples late, 23 ms at 44.1 kHz, though its edit list says where it begins.
#
# The first packet of AAC holds the encoder's delay, and an edit list has players leave out its 1,024 samples (ISO/IEC 14496-12, 8.6.6).
# Expected: the file that was encoded is played from its first sample on, as ffmpeg decodes it. Seen: the first 1,024 samples that are to be
# heard are lost, as if the decoder had given nothing for the first packet, and the edit were left out of what follows. Whoever
# notes moments while listening with VLC finds them 23 ms too early.
#
# Needs VLC, ffmpeg and python3. Exit code 0: seen again. 1: it has changed.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 777 "$work"
# A click every tenth of a second, the first after 0.1 s.
ffmpeg -v error -f lavfi -i 'aevalsrc=if(lt(mod(t\,0.1)\,0.001)*gt(t\,0.05)\,0.8\,0):s=44100:d=2' -ac 2 -c:a aac -b:a 192k "$work/clicks.m4a"
ffmpeg -v error -i "$work/clicks.m4a" "$work/ffmpeg.wav"
# VLC refuses to run as root.
as=()
[ "$(id -u)" -ne 0 ] || as=(setpriv --reuid=65534 --regid=65534 --clear-groups env HOME=/tmp)
chmod 644 "$work/clicks.m4a"
"${as[@]}" cvlc -q -I dummy --aout afile --audiofile-file "$work/vlc.wav" "$work/clicks.m4a" vlc://quit 2>/dev/null
ffmpeg -v error -i "$work/vlc.wav" -c:a pcm_s16le "$work/plain.wav"
python3 - "$work" <<'PYTHON'
import struct
import sys
import wave


def first(name: str) -> int:
    with wave.open(f"{sys.argv[1]}/{name}.wav") as file:
        samples = struct.iter_unpack(f"<{file.getnchannels()}h", file.readframes(file.getnframes()))
        return next(at for at, sample in enumerate(samples) if abs(sample[0]) > 8000)


by_ffmpeg, by_vlc = first("ffmpeg"), first("plain")
print(f"the first click is at sample {by_ffmpeg} as ffmpeg decodes it, and at {by_vlc} as VLC does")
raise SystemExit(by_ffmpeg - by_vlc != 1024)
PYTHON
