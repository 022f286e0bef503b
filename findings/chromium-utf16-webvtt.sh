#!/usr/bin/env bash
# Chromium 149 (npm: @sparticuz/chromium 149.0.0) reads a WebVTT file in UTF-16, if it begins with a byte order mark.
#
# A WebVTT file is decoded as UTF-8 whatever it is (WebVTT, section 6.1: "UTF-8 decode"). Expected: a file in UTF-16 gives no cues,
# with or without a mark, as in any reader that keeps to this. Seen: with a mark it gives its cue; without one it gives an error. Who
# tries a transcript in this browser alone publishes a file that other programs cannot read.
#
# Needs node 20 and npm. Exit code 0: seen again. 1: it has changed.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export TMPDIR="$work"
cd "$work"
npm install --silent --no-audit --no-fund --prefix "$work" @sparticuz/chromium@149.0.0 playwright-core@1.60.0 >/dev/null
cat >measure.mjs <<'NODE'
import { createServer } from "node:http";
import packed from "@sparticuz/chromium";
import { chromium } from "playwright-core";

const TEXT = "WEBVTT\n\n00:01.000 --> 00:02.000\nThe tape turns\n";
const FILES = {
  "/utf-8": Buffer.from(TEXT),
  "/utf-16-with-mark": Buffer.from(`\ufeff${TEXT}`, "utf16le"),
  "/utf-16-without-mark": Buffer.from(TEXT, "utf16le"),
};
const server = createServer(({ url }, response) => {
  if (url in FILES) response.setHeader("Content-Type", "text/vtt").end(FILES[url]);
  else response.setHeader("Content-Type", "text/html").end("<!doctype html><video></video>");
});
await new Promise((done) => server.listen(0, "127.0.0.1", done));

const cues = (file) => new Promise((done) => {
  const track = document.createElement("track");
  track.src = file;
  track.addEventListener("load", () => done([...track.track.cues].map((cue) => cue.text)));
  track.addEventListener("error", () => done("error"));
  document.querySelector("video").append(track);
  track.track.mode = "hidden";
});

const browser = await chromium.launch({ executablePath: await packed.executablePath(), args: ["--no-sandbox"] });
const page = await browser.newPage();
await page.goto(`http://127.0.0.1:${server.address().port}/`);
const found = {};
for (const file of Object.keys(FILES)) found[file] = await page.evaluate(cues, file);
console.log(browser.version(), found);
await browser.close();
server.close();
const wanted = { "/utf-8": ["The tape turns"], "/utf-16-with-mark": ["The tape turns"], "/utf-16-without-mark": "error" };
process.exitCode = JSON.stringify(found) === JSON.stringify(wanted) ? 0 : 1;
NODE
node measure.mjs
