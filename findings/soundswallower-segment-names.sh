#!/usr/bin/env bash
# soundswallower 0.6.7: the segments of an alignment name other words than the text that was aligned.
#
# Seg.text is documented as "Word text", and the segments of an alignment as "Word segmentation".
# Expected: the words of the text, as Hyp.text has them, so that each can be given its time.
# Seen: where a word has several pronunciations and another than the first fits better, its segment is called "kelpwick(2)", by its
# entry in the dictionary; Hyp.text says "kelpwick". Silences are segments too, called "<sil>".
#
# The sound is noise with a seed: of two words with the same two pronunciations in either order, one has to be called so.
#
# Needs python3 with venv. Exit code 0: seen again. 1: it has changed.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check soundswallower==0.6.7
cd "$work"
venv/bin/python - <<'PYTHON'
import random
import struct

from soundswallower import Decoder, get_model_path

decoder = Decoder(hmm=get_model_path("en-us"), loglevel="FATAL", beam=0, wbeam=0, pbeam=0)
for name, phones in (("kelpwick", "AA"), ("kelpwick(2)", "S"), ("kelpmere", "S"), ("kelpmere(2)", "AA")):
    decoder.add_word(name, phones)
drawn = random.Random(1)
noise = struct.pack("<16000h", *(drawn.randrange(-3000, 3000) for _ in range(16000)))
called = []
for word in ("kelpwick", "kelpmere"):
    decoder.set_align_text(word)
    decoder.start_utt()
    decoder.process_raw(noise, full_utt=True)
    decoder.end_utt()
    names = [segment.text for segment in decoder.seg if segment.text != "<sil>"]
    called += names
    print(f"aligned {word!r}: text {decoder.hyp.text!r}, segments {names}")
raise SystemExit(called not in (["kelpwick(2)", "kelpmere"], ["kelpwick", "kelpmere(2)"]))
PYTHON
