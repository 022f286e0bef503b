#!/usr/bin/env bash
# soundswallower 0.6.7: the same error, which names no word, for a capital letter, a comma, digits and a word that its dictionary lacks.
#
# Decoder.set_align_text takes a sentence; its documentation says "You must do any text normalization yourself", "All words must be
# present in the dictionary", and "RuntimeError: If text is invalid somehow".
# Expected: an error that says which word is not in the dictionary, so that it can be added. Decoder.add_word is documented to give
# the "Word ID of added word", and KeyError "If word already exists in dictionary".
# Seen: "Failed to set up alignment of" and the whole text, whatever is wrong with it (the word is told on standard error alone, by its
# log). So each word has to be looked up first, which works: lookup_word gives its phones, or None. An empty text is taken. add_word
# gives None, and says of a word whose second pronunciation comes before its first that it "already exists".
#
# Needs python3 with venv. Exit code 0: seen again. 1: it has changed.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check soundswallower==0.6.7
cd "$work"
venv/bin/python - <<'PYTHON'
from soundswallower import Decoder, get_model_path

decoder = Decoder(hmm=get_model_path("en-us"), loglevel="FATAL")
seen = []


def tried(what, call):
    try:
        seen.append(repr(call()))
    except (RuntimeError, KeyError) as error:
        seen.append(f"{type(error).__name__}: {error.args[0]}")
    print(f"{what}: {seen[-1]}")


for text in ("the ferry", "The ferry", "the ferry,", "ferry 310", "the kelpwick", ""):
    tried(repr(text), lambda text=text: decoder.set_align_text(text))
for word in ("ferry", "Ferry", "ferry,", "310", "kelpwick"):
    tried(f"lookup_word {word!r}", lambda word=word: decoder.lookup_word(word))
tried("add_word 'kelpwick'", lambda: decoder.add_word("kelpwick", "K EH L P W IH K"))
tried("add_word 'kelpwick(2)'", lambda: decoder.add_word("kelpwick(2)", "K EH L P IH K"))
tried("add_word 'kelpmere(2)'", lambda: decoder.add_word("kelpmere(2)", "K EH L P M IH R"))
expected = [
    "None",
    "RuntimeError: Failed to set up alignment of The ferry",
    "RuntimeError: Failed to set up alignment of the ferry,",
    "RuntimeError: Failed to set up alignment of ferry 310",
    "RuntimeError: Failed to set up alignment of the kelpwick",
    "None",
    "'F EH R IY'",
    "None",
    "None",
    "None",
    "None",
    "None",
    "None",
    "KeyError: Word kelpmere(2) already exists",
]
raise SystemExit(seen != expected)
PYTHON
