import assert from "node:assert/strict";
import { checkExample } from "./check_example.ts";
import type { Row } from "./example.ts";
import { load, openLiveApp } from "./live_app.ts";
import { SEED_000 } from "./seed_000.ts";
import { SEED_001 } from "./seed_001.ts";
import { SEED_002 } from "./seed_002.ts";
import { SEED_003 } from "./seed_003.ts";
import { SEED_004 } from "./seed_004.ts";

const SEEDS: readonly (readonly [string, readonly Row[]])[] = [
  ["seed 000", SEED_000],
  ["seed 001", SEED_001],
  ["seed 002", SEED_002],
  ["seed 003", SEED_003],
  ["seed 004", SEED_004],
];
for (const [seed, rows] of SEEDS) {
  for (const row of rows) {
    const title = `${seed}, ${row.section}: ${row.name}`;
    switch (row.kind) {
      case "http":
        // A guarded server needs a port of its own: guarded_test.ts.
        if (row.guard !== undefined) break;
        Deno.test(title, async () => {
          const live = await openLiveApp();
          try {
            await checkExample(row, live);
          } finally {
            await live.close();
          }
        });
        break;
      case "config":
        Deno.test(title, () => void load(row.yaml));
        break;
      case "held":
        Deno.test(`${title} (${row.by.join(", ")})`, async () => {
          for (const path of row.by) {
            assert.ok((await Deno.stat(new URL(`../../${path}`, import.meta.url))).isFile, path);
          }
        });
        break;
      case "skip":
        Deno.test({ name: `${title} (${row.reason})`, ignore: true, fn: () => {} });
        break;
      case "socket":
      case "grpc":
        // They need a port: pasted_test.ts, guarded_test.ts.
        break;
    }
  }
}

Deno.test("all examples of the descriptions that speak HTTP work on one server, one after the other", async () => {
  const live = await openLiveApp();
  try {
    for (const row of SEEDS.flatMap(([, rows]) => rows)) {
      if (row.kind === "http" && row.guard === undefined) await checkExample(row, live);
    }
  } finally {
    await live.close();
  }
});
