import assert from "node:assert/strict";
import { BINDING } from "./musts/binding.ts";
import { CANCELING } from "./musts/canceling.ts";
import { CARDS } from "./musts/cards.ts";
import { DEMANDS } from "./musts/demands.ts";
import { OFFERS } from "./musts/offers.ts";
import { OPEN } from "./musts/open.ts";
import { PUSHING } from "./musts/pushing.ts";
import { READING } from "./musts/reading.ts";
import { SECURITY } from "./musts/security.ts";
import { SENDING } from "./musts/sending.ts";
import { STREAMING } from "./musts/streaming.ts";
import { VERSIONS } from "./musts/versions.ts";

/* What A2A 1.0 demands, by the numbers of tests/conformance/musts/demands.ts. What no test shows: musts/open.ts. */

const MUSTS = [SENDING, STREAMING, READING, CANCELING, PUSHING, VERSIONS, BINDING, OFFERS, SECURITY, CARDS].flat();

for (const { name, fn } of MUSTS) Deno.test(name, fn);

Deno.test("every demand has a test or a reason why it has none, and there is none that nobody demands", () => {
  const covered = new Set([...MUSTS, ...OPEN].map(({ number }) => number));
  assert.deepEqual([...covered].toSorted((a, b) => a - b), [...DEMANDS.keys()]);
  assert.equal(DEMANDS.size, 71);
});

Deno.test("only what is no demand on servers and clients such as ours has no test at all", () => {
  const tested = new Set(MUSTS.map(({ number }) => number));
  assert.deepEqual([...DEMANDS.keys()].filter((number) => !tested.has(number)), [47]);
});

Deno.test("no test has the name of another, and every reason says what is waited for or where it is shown", async () => {
  const names = MUSTS.map(({ name }) => name);
  assert.deepEqual(names.filter((name, at) => names.indexOf(name) !== at), []);
  for (const { reason } of OPEN) {
    const [, path] = /^shown by (\S+)$/.exec(reason) ?? [];
    if (path === undefined) assert.match(reason, /^(waits for|by its nature) /);
    else assert.ok((await Deno.stat(new URL(`../../${path}`, import.meta.url))).isFile, path);
  }
});
