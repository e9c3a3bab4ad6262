import assert from "node:assert/strict";
import { CpuProfile, selfTimes, totalTimes } from "./cpu_profile.ts";
import type { LoadResult } from "./load.ts";
import { median, quantiles } from "./quantiles.ts";
import { formatReport } from "./report.ts";
import { medianQuantiles, paired } from "./rounds.ts";

Deno.test("quantiles() are of the values, in any order, and 0 of none", () => {
  const values = Array.from({ length: 100 }, (_, at) => 100 - at);
  assert.deepEqual(quantiles(values), { p50: 51, p95: 96, p99: 100 });
  assert.deepEqual(quantiles([]), { p50: 0, p95: 0, p99: 0 });
  assert.equal(median([3, 1, 2]), 2);
});

const round = (perSecond: number): LoadResult => {
  const ms = { p50: perSecond, p95: perSecond, p99: perSecond };
  return { count: 1, errors: 0, perSecond, ms, expectedMs: ms };
};

Deno.test("paired() compares what ran in one round, so that a slow round spoils no ratio", () => {
  const ratio = (one: LoadResult, other: LoadResult) => one.perSecond / other.perSecond;
  assert.equal(paired([round(50), round(5), round(49)], [round(100), round(10), round(98)], ratio), 0.5);
  assert.equal(paired([round(50)], undefined, ratio), undefined);
});

Deno.test("medianQuantiles() takes each quantile's own median", () => {
  const all = [{ p50: 1, p95: 9, p99: 30 }, { p50: 2, p95: 8, p99: 10 }, { p50: 3, p95: 7, p99: 20 }];
  assert.deepEqual(medianQuantiles(all), { p50: 2, p95: 8, p99: 20 });
});

Deno.test("formatReport() puts each column under its name and a dash where there is no value", () => {
  const text = formatReport({
    title: "Speed",
    notes: ["Measured."],
    rows: [
      { name: "one", values: { "× echo": 0.123, "/s": 12_345.6 } },
      { name: "other", values: { "× echo": 1, "/s": undefined, failed: 0 } },
    ],
  });
  assert.equal(
    text,
    [
      "",
      "## Speed",
      "   Measured.",
      "",
      "       × echo     /s  failed",
      "one      0.12  12346       –",
      "other       1      –       0",
    ].join("\n"),
  );
});

/** main calls work twice over: main → work → work; four samples of one millisecond. */
const PROFILE = CpuProfile.parse({
  nodes: [
    { id: 1, callFrame: { functionName: "main", url: "file:///a.ts" }, children: [2] },
    { id: 2, callFrame: { functionName: "work", url: "file:///b.ts" }, children: [3] },
    { id: 3, callFrame: { functionName: "work", url: "file:///b.ts" } },
  ],
  samples: [1, 2, 3, 3],
  timeDeltas: [1000, 1000, 1000, 1000],
});

Deno.test("selfTimes() sums what stands on top of the stack by name, the largest first", () => {
  assert.deepEqual(selfTimes(PROFILE, ({ functionName }) => functionName), [
    { name: "work", ms: 3 },
    { name: "main", ms: 1 },
  ]);
});

Deno.test("totalTimes() counts a recursion once", () => {
  assert.deepEqual(totalTimes(PROFILE, ({ functionName }) => functionName), [
    { name: "main", ms: 4 },
    { name: "work", ms: 3 },
  ]);
});
