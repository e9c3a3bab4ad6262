import assert from "node:assert/strict";
import { RemoteRelay } from "../../../src/agent/many/remote_relay.ts";
import type { StreamResponse, Task, TaskState } from "../../../src/a2a/types.ts";
import { FakeTask } from "../fake_run.ts";

const IDS = { taskId: "there", contextId: "c" };
const piece = (text: string, append = true): StreamResponse => ({
  artifactUpdate: { ...IDS, artifact: { artifactId: "a", parts: [{ text }] }, append },
});
const snapshot = (text: string, state: TaskState = "TASK_STATE_WORKING"): StreamResponse => ({
  task: { id: "there", contextId: "c", status: { state }, artifacts: [{ artifactId: "a", parts: [{ text }] }] },
});

/** A task of this server, and the relay that tells of another. */
async function relayed(events: readonly StreamResponse[], task = new FakeTask()) {
  const relay = new RemoteRelay(task.run());
  for (const event of events) await relay.take(event);
  return { relay, task };
}

Deno.test("take() tells pieces of an answer as they come, whoever shows no task first", async () => {
  const { relay, task } = await relayed([piece("one", false), piece(" two")]);
  assert.deepEqual(task.answers, ["one two"]);
  assert.equal(relay.task?.id, "there");
});

Deno.test("take() tells of a snapshot what was not told before", async () => {
  const first = await relayed([piece("one", false)]);
  const before = first.task.entries.length;
  await relayed([snapshot("one")], first.task);
  assert.equal(first.task.entries.length, before);
  await relayed([snapshot("one two three", "TASK_STATE_COMPLETED")], first.task);
  assert.deepEqual(first.task.answers, ["one two three"]);
});

Deno.test("take() tells what the agent says while it works, and keeps an answer that is a message", async () => {
  const message = { messageId: "w", role: "ROLE_AGENT" as const, parts: [{ text: "looking" }] };
  const status: Task["status"] = { state: "TASK_STATE_WORKING", message };
  const { task } = await relayed([snapshot(""), { statusUpdate: { ...IDS, status } }]);
  assert.deepEqual(task.working.map(({ messageId, parts }) => [messageId, parts]), [["w", [{ text: "looking" }]]]);
  const { relay } = await relayed([{ message }]);
  assert.deepEqual([relay.message, relay.task], [message, undefined]);
});
