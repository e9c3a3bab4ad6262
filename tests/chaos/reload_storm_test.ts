import assert from "node:assert/strict";
import { runStorm } from "./reload_storm.ts";

Deno.test("reloads, half of them broken, under open streams and steady requests: nothing fails, nothing is dropped", async () => {
  const { failures, ...seen } = await runStorm({ reloads: 60, streams: 20, senders: 2 });
  assert.deepEqual(failures, []);
  assert.deepEqual([seen.applied, seen.refused], [30, 30]);
  assert.ok(seen.streamed >= 20 && seen.answered > 0, JSON.stringify(seen));
});
