#!/usr/bin/env bash
# Chromium 149 (npm: @sparticuz/chromium 149.0.0): after a second jump in FLAC in Ogg, currentTime is not what is heard.
#
# Two media elements play the same sound at once, one as WAV and one as FLAC in Ogg (22,050 Hz, by ffmpeg 7.0.2), through one
# AudioContext that records both. Expected: at equal currentTime both are heard alike, whatever was jumped to before. Seen: after
# currentTime = 19.2 in a fresh element they are; but after 19.3 and then 19.2, as who looks for the beginning of a word does, the
# clock runs 313 ms (three frames of FLAC) ahead of the sound, and stays so.
#
# Needs node 20, npm and python3 with venv. Exit code 0: seen again. 1: it has changed.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export TMPDIR="$work"
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check imageio-ffmpeg==0.6.0 numpy==2.4.6
npm install --silent --no-audit --no-fund --prefix "$work" @sparticuz/chromium@149.0.0 playwright-core@1.60.0 >/dev/null
venv/bin/python - <<'PYTHON'
import subprocess
import wave

import imageio_ffmpeg
import numpy as np

RATE, SECONDS = 22050, 40
sound = np.random.default_rng(1).normal(0, 0.1, RATE * SECONDS)  # noise, which repeats nowhere
with wave.open("tone.wav", "wb") as file:
    file.setparams((1, 2, RATE, 0, "NONE", ""))
    file.writeframes((sound * 32767).astype("<i2").tobytes())
encode = ["-i", "tone.wav", "-c:a", "flac", "tone.ogg"]
subprocess.run([imageio_ffmpeg.get_ffmpeg_exe(), "-loglevel", "error", *encode], check=True)
PYTHON
cat >measure.mjs <<'NODE'
import { createReadStream, statSync } from "node:fs";
import { createServer } from "node:http";
import packed from "@sparticuz/chromium";
import { chromium } from "playwright-core";

const PAGE = "<!doctype html><audio id=one></audio><audio id=other></audio>";
const server = createServer((request, response) => {
  const name = request.url.slice(1).split("?")[0];
  if (!/^tone\.(ogg|wav)$/.test(name)) return response.setHeader("Content-Type", "text/html").end(PAGE);
  const { size } = statSync(name);
  const first = Number(/bytes=(\d+)-/.exec(request.headers.range ?? "")?.[1] ?? 0);
  response.writeHead(request.headers.range ? 206 : 200, {
    "Content-Type": name.endsWith("wav") ? "audio/wav" : "audio/ogg", "Accept-Ranges": "bytes", "Content-Length": size - first,
    ...(request.headers.range ? { "Content-Range": `bytes ${first}-${size - 1}/${size}` } : {}),
  });
  createReadStream(name, { start: first }).pipe(response).on("error", () => {});
});
await new Promise((done) => server.listen(0, "127.0.0.1", done));

const hear = async ({ kinds, jumps }) => {
  const RATE = 22050;
  const context = new AudioContext({ sampleRate: RATE });
  const code = `registerProcessor("recorder", class extends AudioWorkletProcessor {
    process([one, other]) { this.port.postMessage([one[0]?.slice(), other[0]?.slice()]); return true; } });`;
  await context.audioWorklet.addModule(URL.createObjectURL(new Blob([code], { type: "text/javascript" })));
  const recorder = new AudioWorkletNode(context, "recorder", { numberOfInputs: 2 });
  const players = ["one", "other"].map((id) => document.getElementById(id));
  const heard = [[], []];
  recorder.port.onmessage = ({ data }) => data.forEach((block, at) => heard[at].push(...(block ?? new Float32Array(128))));
  for (const [at, player] of players.entries()) {
    player.src = `/tone.${kinds[at]}?${at}`;
    await new Promise((done) => player.addEventListener("loadedmetadata", done, { once: true }));
    for (const moment of jumps) {
      player.currentTime = moment;
      await new Promise((done) => player.addEventListener("seeked", done, { once: true }));
    }
    context.createMediaElementSource(player).connect(recorder, 0, at);
  }
  await Promise.all(players.map((player) => player.play()));
  await new Promise((done) => setTimeout(done, 5000));
  const clocks = players.map((player) => player.currentTime);
  const [one, other] = heard;
  const begin = one.length - 3 * RATE;
  let best = { sum: 0, lag: 0 };
  for (let lag = -RATE / 2; lag <= RATE / 2; lag++) {
    let sum = 0;
    for (let at = begin; at < begin + 2 * RATE; at++) sum += one[at] * (other[at - lag] ?? 0);
    if (sum > best.sum) best = { sum, lag };
  }
  return 1000 * (best.lag / RATE + clocks[0] - clocks[1]); // ms by which the first one's clock is ahead of its sound
};

const browser = await chromium.launch({
  executablePath: await packed.executablePath(),
  args: ["--no-sandbox", "--autoplay-policy=no-user-gesture-required"],
});
const found = [];
for (const [kind, ...jumps] of [["wav", 19.3, 19.2], ["ogg", 19.2], ["ogg", 19.3, 19.2]]) {
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  found.push(await page.evaluate(hear, { kinds: [kind, "wav"], jumps }));
  const told = `${kind} beside wav, after jumps to ${jumps.join(", ")}`;
  console.log(`${browser.version()}: ${told}: the clock is ${found.at(-1).toFixed(1)} ms ahead of the sound`);
  await page.close();
}
await browser.close();
server.close();
const isNear = (value, wanted) => Math.abs(value - wanted) < 8;
process.exitCode = [0, 0, 313].every((wanted, at) => isNear(found[at], wanted)) ? 0 : 1;
NODE
node measure.mjs
