import assert from "node:assert/strict";
import { missedBy, runAgentsChaos } from "./agents.ts";

Deno.test("kill -9: agents of every kind end right, and nothing that may be done once is done twice", async () => {
  const { failures, kinds } = await runAgentsChaos({ kills: 3, clients: 1, maxLifeMs: 900, seed: 4 });
  assert.deepEqual(failures, []);
  assert.deepEqual(Object.keys(kinds).sort(), [
    "approval",
    "ask",
    "once",
    "parallel",
    "plan",
    "remote",
    "safe",
    "stream",
  ]);
});

Deno.test("missedBy() tells what no kill has struck", () => {
  const kind = { tasks: 1, struck: 1, inTool: 1, waiting: 1, asked: 0 };
  assert.deepEqual(missedBy({ kills: 1, kinds: { once: kind }, failures: [] }), []);
  const missed = missedBy({ kills: 1, kinds: { once: { ...kind, struck: 0, inTool: 0, waiting: 0 } }, failures: [] });
  assert.equal(missed.length, 3);
});
