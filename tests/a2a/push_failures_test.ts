import assert from "node:assert/strict";
import { PUSH_METADATA, pushFailuresOf } from "../../src/a2a/push_failures.ts";
import type { JsonObject } from "../../src/lib/json.ts";
import type { Task } from "../../src/a2a/types.ts";

const FAILED = {
  id: "w1",
  toldSeq: 4,
  at: "2026-11-21T19:10:18.575Z",
  attempts: 20,
  reason: "The receiver answered 500",
};

function task(metadata?: JsonObject): Task {
  return { id: "t1", status: { state: "TASK_STATE_COMPLETED" }, ...(metadata === undefined ? {} : { metadata }) };
}

const ROWS: readonly (readonly [name: string, metadata: JsonObject | undefined, found: number])[] = [
  ["a webhook that was given up", { [PUSH_METADATA]: { failed: [FAILED] }, other: 1 }, 1],
  ["no metadata", undefined, 0],
  ["metadata of others", { other: { failed: [FAILED] } }, 0],
  ["what another server keeps there", { [PUSH_METADATA]: { failed: [{ id: 7 }] } }, 0],
];
for (const [name, metadata, found] of ROWS) {
  Deno.test(`pushFailuresOf() reads ${name}`, () => {
    assert.deepEqual(pushFailuresOf(task(metadata)), found === 0 ? [] : [FAILED]);
  });
}
