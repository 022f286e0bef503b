#!/usr/bin/env bash
# Chromium 149 (npm: @sparticuz/chromium 149.0.0): what content-visibility: auto skips is missing from Accessibility.getFullAXTree.
#
# A page of 2,000 blocks with one link each, once plain and once with content-visibility: auto. CSS Containment Level 2 (section 4)
# says that skipped contents stay available to the user agent's own features, such as find-in-page and tab order, as normal; and
# Playwright's locators, which compute roles from the DOM, find 2,000 links in both. The accessibility tree that the DevTools
# protocol gives has 2,000 links of the plain page, and only those on or near the screen of the other: a test that reads a long page
# in order by that tree passes or fails by what is scrolled to.
#
# Needs node 20 and npm. Exit code 0: seen again. 1: it has changed.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export TMPDIR="$work"
cd "$work"
npm install --silent --no-audit --no-fund --prefix "$work" @sparticuz/chromium@149.0.0 playwright-core@1.60.0 >/dev/null
cat >count.mjs <<'NODE'
import packed from "@sparticuz/chromium";
import { chromium } from "playwright-core";

const BLOCKS = 2000;
const browser = await chromium.launch({ executablePath: await packed.executablePath(), args: packed.args, headless: true });
const counted = {};
for (const visibility of ["visible", "auto"]) {
  const page = await browser.newPage({ viewport: { width: 800, height: 600 } });
  const blocks = Array.from({ length: BLOCKS }, (_, n) => `<div><p><a href="#b${n}">Block ${n}</a></p></div>`).join("");
  const style = `div { content-visibility: ${visibility}; contain-intrinsic-block-size: auto 40px }`;
  await page.setContent(`<!doctype html><title>Blocks</title><style>${style}</style>${blocks}`);
  const session = await page.context().newCDPSession(page);
  await session.send("Accessibility.enable");
  const { nodes } = await session.send("Accessibility.getFullAXTree");
  const inTree = nodes.filter((node) => !node.ignored && node.role?.value === "link").length;
  counted[visibility] = { inTree, located: await page.getByRole("link").count() };
  console.log(`content-visibility: ${visibility}: ${inTree} links in the tree, ${counted[visibility].located} by role`);
}
console.log(`Chromium ${browser.version()}`);
await browser.close();
const isSeen =
  counted.visible.inTree === BLOCKS &&
  counted.auto.located === BLOCKS &&
  counted.auto.inTree > 0 && counted.auto.inTree < BLOCKS / 4;
console.log(isSeen ? "seen: the tree has only what is near the screen" : "not seen: this has changed");
process.exit(isSeen ? 0 : 1);
NODE
node count.mjs
