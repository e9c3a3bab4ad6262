import assert from "node:assert/strict";
import { A2AError } from "../../src/a2a/errors.ts";
import type { ServedAgent } from "../../src/server/directory.ts";
import { appUnderTest } from "./app_under_test.ts";
import { servedAgent } from "./served_agent.ts";

function owning(id: string, taskId: string, over: Partial<ServedAgent> = {}) {
  const asked: string[] = [];
  const agent: ServedAgent = {
    ...servedAgent(id),
    cancelToolCall: (ref, { caller }) => {
      asked.push(`${ref.taskId} ${ref.callId} ${caller.subject}`);
      if (ref.taskId !== taskId) return Promise.reject(new A2AError("TASK_NOT_FOUND", "not here"));
      return Promise.resolve(ref.callId === "c1");
    },
    ...over,
  };
  return { agent, asked };
}

const post = { method: "POST" };

Deno.test("POST /api/tasks/{id}/toolCalls/{callId}/cancel finds the agent whose task it is", async () => {
  const one = owning("one", "t1");
  const two = owning("two", "t2");
  const app = appUnderTest([one.agent, two.agent]);
  const response = await app("/api/tasks/t2/toolCalls/c1/cancel", post);
  assert.equal(response.status, 200);
  assert.deepEqual(await response.json(), { cancelled: true, task_id: "t2", call_id: "c1" });
  assert.deepEqual([one.asked, two.asked], [["t2 c1 anonymous"], ["t2 c1 anonymous"]]);
  const over = await app("/api/tasks/t2/toolCalls/c%2F9/cancel?agent=two", post);
  assert.deepEqual(await over.json(), { cancelled: false, task_id: "t2", call_id: "c/9" });
  assert.equal(one.asked.length, 1);
});

Deno.test("POST /api/tasks/{id}/toolCalls/{callId}/cancel tells nothing of tasks of private agents, nor of unknown ones", async () => {
  const hidden = owning("hidden", "t1", { visibility: "private" });
  const app = appUnderTest([hidden.agent, owning("one", "t2").agent]);
  for (
    const path of [
      "/api/tasks/t1/toolCalls/c1/cancel",
      "/api/tasks/t9/toolCalls/c1/cancel",
      "/api/tasks/t1/toolCalls/c1/cancel?agent=hidden",
    ]
  ) {
    assert.equal((await app(path, post)).status, 404, path);
  }
  assert.deepEqual(hidden.asked, []);
});
