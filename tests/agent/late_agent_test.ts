import assert from "node:assert/strict";
import type { Task } from "../../src/a2a/types.ts";
import { lateAgent } from "../../src/agent/late_agent.ts";

const TASK: Task = { id: "t1", contextId: "c1", status: { state: "TASK_STATE_CANCELED" } };

Deno.test("lateAgent() opens its agent when it is first needed, and once", async () => {
  let opened = 0;
  const told: string[] = [];
  const agent = lateAgent(() => {
    opened++;
    return Promise.resolve({
      run: () => Promise.reject(new Error("not asked")),
      canceled: (task: Task) => Promise.resolve(void told.push(task.id)),
    });
  });
  assert.equal(opened, 0);
  await agent.canceled?.(TASK);
  await agent.canceled?.({ ...TASK, id: "t2" });
  assert.equal(opened, 1);
  assert.deepEqual(told, ["t1", "t2"]);
});

Deno.test("lateAgent() has nothing to call off for an agent that waits for nobody", async () => {
  const agent = lateAgent(() => Promise.resolve({ run: () => Promise.reject(new Error("not asked")) }));
  await agent.canceled?.(TASK);
});

Deno.test("lateAgent() passes on what its agent throws", async () => {
  const agent = lateAgent(() => Promise.reject(new Error("gone")));
  await assert.rejects(async () => await agent.canceled?.(TASK), /gone/);
});
