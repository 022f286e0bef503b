// Reads a manifest or a collection as @iiif/parser does, and prints what it finds wrong and what it has read.
import { readFileSync } from "node:fs";
import { normalize, serialize, serializeConfigPresentation3 } from "@iiif/parser";
import { presentation3StrictUpgrade } from "@iiif/parser/strict";

const said = JSON.parse(readFileSync(0, "utf8"));
const state = { warnings: [] };
presentation3StrictUpgrade(structuredClone(said), state);
const read = normalize(structuredClone(said));
const written = serialize({ ...read, requests: {} }, read.resource, serializeConfigPresentation3);
process.stdout.write(JSON.stringify({ state, written }));
