#!/usr/bin/env bash
# Ramp 3.3.0 (npm: @samvera/ramp): a manifest that is sent as application/ld+json is played, and its transcript is not there.
#
# IIIF Presentation 3.0, section 7.2, says that servers SHOULD send manifests as application/ld+json, with the profile of the specification, and
# MAY send application/json. One manifest is opened twice, sent as the one and as the other. Expected: the same of both. Seen: the sound and the
# title of both; lines of the transcript only where it is sent as application/json. Nothing says why: "No valid Transcript(s) found".
#
# Needs node 20 and npm. Exit code 0: seen again. 1: it has changed.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export TMPDIR="$work"
cd "$work"
npm install --silent --no-audit --no-fund --legacy-peer-deps --prefix "$work" @samvera/ramp@3.3.0 react@18.3.1 react-dom@18.3.1 \
  video.js@8.24.1 esbuild@0.28.2 @sparticuz/chromium@149.0.0 playwright-core@1.60.0 >/dev/null
cat >page.jsx <<'JSX'
import { IIIFPlayer, MediaPlayer, Transcript } from "@samvera/ramp";
import React from "react";
import { createRoot } from "react-dom/client";

const manifest = new URLSearchParams(location.search).get("manifest");
createRoot(document.getElementById("viewer")).render(
  <IIIFPlayer manifestUrl={manifest}>
    <MediaPlayer />
    <Transcript playerID="iiif-media-player" manifestUrl={manifest} />
  </IIIFPlayer>,
);
JSX
./node_modules/.bin/esbuild page.jsx --bundle --outfile=page.js --log-level=error '--define:process.env.NODE_ENV="production"'
cat >open.mjs <<'NODE'
import packed from "@sparticuz/chromium";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { chromium } from "playwright-core";

const CONTEXT = "http://iiif.io/api/presentation/3/context.json";
const KINDS = { json: "application/json", ld: `application/ld+json;profile="${CONTEXT}"` };
const SECONDS = 4, RATE = 8000;
const wav = Buffer.alloc(44 + SECONDS * RATE * 2);
wav.write("RIFF", 0);
wav.writeUInt32LE(wav.length - 8, 4);
wav.write("WAVEfmt ", 8);
[[16, 4], [1, 2], [1, 2], [RATE, 4], [RATE * 2, 4], [2, 2], [16, 2]].reduce((at, [value, size]) => (wav.writeUIntLE(value, at, size), at + size), 16);
wav.write("data", 36);
wav.writeUInt32LE(wav.length - 44, 40);
const cues = "WEBVTT\n\n00:00:00.000 --> 00:00:02.000\nThe ferry left.\n\n00:00:02.000 --> 00:00:04.000\nAt six.\n";

const manifest = (base, name) => {
  const canvas = `${base}/${name}/canvas`;
  const annotation = (id, motivation, body) => ({ id: `${canvas}/${id}`, type: "Annotation", motivation, body, target: canvas });
  const page = (id, items) => [{ id: `${canvas}/${id}`, type: "AnnotationPage", items }];
  const sound = { id: `${base}/ferry.wav`, type: "Sound", format: "audio/wav", duration: SECONDS };
  const text = { id: `${base}/ferry.vtt`, type: "Text", format: "text/vtt", language: "en", label: { en: ["Transcript"] } };
  return {
    "@context": CONTEXT, id: `${base}/${name}`, type: "Manifest", label: { en: ["The ferry"] },
    items: [{
      id: canvas, type: "Canvas", duration: SECONDS,
      items: page("sounds", [annotation("sound", "painting", sound)]),
      annotations: page("texts", [annotation("text", "supplementing", text)]),
    }],
  };
};
const server = createServer((request, response) => {
  const path = new URL(request.url, "http://localhost").pathname.slice(1);
  const base = `http://${request.headers.host}`;
  const [kind, content] = {
    "": ["text/html; charset=utf-8", "<!doctype html><title>Ramp</title><div id=viewer></div><script src=page.js></script>"],
    "page.js": ["text/javascript", readFileSync("page.js")],
    "ferry.wav": ["audio/wav", wav],
    "ferry.vtt": ["text/vtt; charset=utf-8", cues],
  }[path] ?? (path in KINDS ? [KINDS[path], JSON.stringify(manifest(base, path))] : ["text/plain", ""]);
  response.writeHead(200, { "Content-Type": kind, "Access-Control-Allow-Origin": "*" }).end(content);
});
await new Promise((done) => server.listen(0, "127.0.0.1", done));
const base = `http://127.0.0.1:${server.address().port}`;
const executablePath = await packed.executablePath();
const seen = {};
for (const name of Object.keys(KINDS)) {
  const browser = await chromium.launch({ executablePath, args: packed.args, headless: true });
  const page = await browser.newPage();
  await page.goto(`${base}/?manifest=${base}/${name}`);
  const sound = page.locator("audio, video").first();
  await sound.waitFor({ state: "attached", timeout: 30_000 });
  // Either its lines or that there are none is what it shows in the end.
  const lines = page.locator(".ramp--transcript_item");
  const none = page.getByText(/No valid Transcript/);
  await lines.or(none).first().waitFor({ state: "attached", timeout: 30_000 });
  seen[name] = { sound: await sound.count(), lines: await lines.count(), none: await none.count() };
  console.log(`${KINDS[name].split(";")[0]}: ${JSON.stringify(seen[name])}`);
  await browser.close();
}
server.close();
const isSeen = seen.json.sound === 1 && seen.ld.sound === 1 && seen.json.lines >= 2 && seen.ld.lines === 0;
console.log(isSeen ? "seen: lines only where it is application/json" : "not seen: this has changed");
process.exit(isSeen ? 0 : 1);
NODE
node open.mjs
