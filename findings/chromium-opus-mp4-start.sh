#!/usr/bin/env bash
# Chromium 149 (npm: @sparticuz/chromium 149.0.0): Opus in MP4 that plays from 0 is heard 6.5 ms early; after a jump it is not.
#
# Two media elements play the same sound at once, one as WAV and one as Opus in MP4 with an edit list that takes off the encoder's
# delay (48 kHz, by ffmpeg 7.0.2), through one AudioContext that records both. Expected: at equal currentTime both are heard alike,
# whether anything was jumped to or not, as AAC in MP4 is. Seen: played from 0, the clock is 6.5 ms (312 samples, the delay) behind
# the sound, as if the delay were taken off twice; after currentTime = 9.9 it is right. So two takes of one passage differ.
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

RATE, SECONDS = 48000, 30
chance = np.random.default_rng(1)
sound = np.zeros(RATE * SECONDS)
for second in range(SECONDS):  # a burst of noise of 60 ms, another one at every second
    sound[second * RATE : second * RATE + RATE * 60 // 1000] = chance.uniform(-0.5, 0.5, RATE * 60 // 1000)
with wave.open("tone.wav", "wb") as file:
    file.setparams((1, 2, RATE, 0, "NONE", ""))
    file.writeframes((sound * 32767).astype("<i2").tobytes())
for codec in ("libopus", "aac"):
    encode = ["-i", "tone.wav", "-c:a", codec, "-b:a", "96k", f"{codec}.mp4"]
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
  if (!/^(tone\.wav|\w+\.mp4)$/.test(name)) return response.setHeader("Content-Type", "text/html").end(PAGE);
  const { size } = statSync(name);
  const first = Number(/bytes=(\d+)-/.exec(request.headers.range ?? "")?.[1] ?? 0);
  response.writeHead(request.headers.range ? 206 : 200, {
    "Content-Type": name.endsWith("wav") ? "audio/wav" : "audio/mp4", "Accept-Ranges": "bytes", "Content-Length": size - first,
    ...(request.headers.range ? { "Content-Range": `bytes ${first}-${size - 1}/${size}` } : {}),
  });
  createReadStream(name, { start: first }).pipe(response).on("error", () => {});
});
await new Promise((done) => server.listen(0, "127.0.0.1", done));

const hear = async ({ names, from }) => {
  const RATE = 48000;
  const context = new AudioContext({ sampleRate: RATE });
  const code = `registerProcessor("recorder", class extends AudioWorkletProcessor {
    process([one, other]) { this.port.postMessage([one[0]?.slice(), other[0]?.slice()]); return true; } });`;
  await context.audioWorklet.addModule(URL.createObjectURL(new Blob([code], { type: "text/javascript" })));
  const recorder = new AudioWorkletNode(context, "recorder", { numberOfInputs: 2 });
  const players = ["one", "other"].map((id) => document.getElementById(id));
  const heard = [[], []];
  recorder.port.onmessage = ({ data }) => data.forEach((block, at) => heard[at].push(...(block ?? new Float32Array(128))));
  for (const [at, player] of players.entries()) {
    player.src = `/${names[at]}?${at}`;
    await new Promise((done) => player.addEventListener("loadedmetadata", done, { once: true }));
    if (from) {
      player.currentTime = from;
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
for (const [name, from] of [["tone.wav", 0], ["aac.mp4", 0], ["libopus.mp4", 0], ["libopus.mp4", 9.9]]) {
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  found.push(await page.evaluate(hear, { names: [name, "tone.wav"], from }));
  console.log(`${browser.version()}: ${name} beside WAV, from ${from} s: its clock is ${found.at(-1).toFixed(1)} ms ahead`);
  await page.close();
}
await browser.close();
server.close();
const isNear = (value, wanted) => Math.abs(value - wanted) < 2.5;
process.exitCode = [0, 0, -6.5, 0].every((wanted, at) => isNear(found[at], wanted)) ? 0 : 1;
NODE
node measure.mjs
