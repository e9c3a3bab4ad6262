import assert from "node:assert/strict";
import { A2AError } from "../../../src/a2a/errors.ts";
import type { AgentCard } from "../../../src/a2a/card/card_types.ts";
import type { Task } from "../../../src/a2a/types.ts";
import { createRemote } from "../../../src/agent/many/remote.ts";
import { callOffRemote } from "../../../src/agent/many/remote_peer.ts";
import { FakeTask, inputOf } from "../fake_run.ts";
import { fakeService } from "./fake_colleagues.ts";

const CARD: AgentCard = {
  name: "There",
  description: "",
  version: "1",
  supportedInterfaces: [],
  capabilities: { streaming: false },
  defaultInputModes: [],
  defaultOutputModes: [],
  skills: [],
};

const ASKS: Task = { id: "there", contextId: "c", status: { state: "TASK_STATE_INPUT_REQUIRED" } };

/** Sleeps for as long as it is not called off. */
function sleep(_ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
}

Deno.test("createRemote() calls off over there whom an answer cannot be brought to", async () => {
  const service = fakeService([]);
  const peer = {
    ...service,
    card: () => Promise.resolve(CARD),
    sendMessage: ({ message: { taskId } }: { message: { taskId?: string } }) =>
      taskId === undefined
        ? Promise.resolve({ task: ASKS })
        : Promise.reject(new A2AError("INTERNAL", "It cannot be brought")),
  };
  const policy = { maxRetries: 0, baseMs: 1, maxDelayMs: 1 };
  const parts = { id: "r", peer, timeoutSeconds: 60, retry: policy, random: () => 0, now: () => 0, sleep };
  const input = inputOf("go");
  const answers = [{ message: { ...input.message, messageId: "answer" }, at: "1970-01-01T00:00:00Z" }];
  const end = await createRemote(parts).run({ ...input, answers }, new FakeTask().run());
  assert.equal(end.state, "TASK_STATE_FAILED");
  assert.deepEqual(service.canceled, ["there"]);
});

Deno.test("callOffRemote() does not wait for ever for a peer that does not answer", async () => {
  const peer = {
    ...fakeService([]),
    card: () => Promise.resolve(CARD),
    cancelTask: (_request: unknown, { signal }: { signal: AbortSignal }) =>
      new Promise<Task>((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
  };
  await callOffRemote("there", { peer, sleep: () => Promise.resolve() });
});
