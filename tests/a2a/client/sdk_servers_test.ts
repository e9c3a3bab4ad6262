import { AgentCard, Task, TaskArtifactUpdateEvent, TaskStatusUpdateEvent } from "@a2a-js/sdk";
import { LegacyJsonRpcTransportHandler } from "@a2a-js/sdk/compat/v0_3/server";
import {
  AgentEvent,
  type AgentExecutor,
  DefaultRequestHandler,
  InMemoryTaskStore,
  JsonRpcTransportHandler,
  ServerCallContext,
} from "@a2a-js/sdk/server";
import assert from "node:assert/strict";
import { apply } from "../../../src/a2a/apply.ts";
import type { Message, Task as CoreTask } from "../../../src/a2a/types.ts";
import { callWith, cardOffering, isError, loopback, testClient } from "../loopback.ts";

/*
 * Our client against the servers of @a2a-js/sdk, of both generations: they number no events and know nothing of ours.
 * What HTTP they need is written here; what stands on the wire is theirs.
 */

const GENERATIONS = ["1.0", "0.3"] as const;
const MESSAGE: Message = { messageId: "m1", role: "ROLE_USER", parts: [{ text: "Hi" }] };

/** Answers in two pieces. */
const executor: AgentExecutor = {
  execute: (context, bus) => {
    const { taskId, contextId, userMessage } = context;
    const status = (state: string) =>
      AgentEvent.statusUpdate(TaskStatusUpdateEvent.fromJSON({ taskId, contextId, status: { state } }));
    const artifact = (text: string, append: boolean) =>
      AgentEvent.artifactUpdate(
        TaskArtifactUpdateEvent.fromJSON({
          taskId,
          contextId,
          append,
          artifact: { artifactId: "a", parts: [{ text }] },
        }),
      );
    const submitted = { id: taskId, contextId, status: { state: "TASK_STATE_SUBMITTED" }, history: [] };
    bus.publish(AgentEvent.task({ ...Task.fromJSON(submitted), history: [userMessage] }));
    bus.publish(status("TASK_STATE_WORKING"));
    bus.publish(artifact("Hel", false));
    bus.publish(artifact("lo", true));
    bus.publish(status("TASK_STATE_COMPLETED"));
    bus.finished();
    return Promise.resolve();
  },
  cancelTask: () => Promise.resolve(),
};

function sdkServer(generation: typeof GENERATIONS[number]) {
  const offered = cardOffering([["JSONRPC", generation]]);
  const handler = new DefaultRequestHandler(AgentCard.fromJSON(offered), new InMemoryTaskStore(), executor);
  const transport = generation === "1.0"
    ? new JsonRpcTransportHandler(handler)
    : new LegacyJsonRpcTransportHandler(handler);
  return testClient({
    agent: offered,
    fetch: loopback(async (request) => {
      const context = new ServerCallContext({ requestedVersion: request.headers.get("a2a-version") ?? "" });
      const answer = await transport.handle(await request.text(), context);
      if (!(Symbol.asyncIterator in answer)) return Response.json(answer);
      const events = await Array.fromAsync(answer);
      const body = events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join("");
      return new Response(body, { headers: { "content-type": "text/event-stream" } });
    }),
  });
}

for (const generation of GENERATIONS) {
  Deno.test(`createClient() sends, reads and misses tasks of an SDK server of ${generation}`, async () => {
    const { client } = sdkServer(generation);
    const sent = await client.sendMessage({ message: MESSAGE }, callWith());
    assert.ok("task" in sent);
    assert.equal(sent.task.status.state, "TASK_STATE_COMPLETED");
    assert.deepEqual((sent.task.artifacts ?? [])[0]?.parts.map(({ text }) => text).join(""), "Hello");
    const read = await client.getTask({ id: sent.task.id, historyLength: 1 }, callWith());
    assert.deepEqual(read.history?.map(({ messageId, role, parts }) => ({ messageId, role, parts })), [MESSAGE]);
    await assert.rejects(client.getTask({ id: "nope" }, callWith()), isError("TASK_NOT_FOUND"));
    await assert.rejects(client.cancelTask({ id: sent.task.id }, callWith()), isError("TASK_NOT_CANCELABLE"));
  });

  Deno.test(`createClient() streams from an SDK server of ${generation} and numbers what it does not`, async () => {
    const { client, slept } = sdkServer(generation);
    const events = await Array.fromAsync(client.sendStreamingMessage({ message: MESSAGE }, callWith()));
    assert.deepEqual(events.map(({ seq }) => seq), [1, 2, 3, 4, 5]);
    const task = events.reduce<CoreTask | undefined>((known, { event }) => apply(known, event), undefined);
    assert.equal(task?.status.state, "TASK_STATE_COMPLETED");
    assert.deepEqual((task?.artifacts ?? [])[0]?.parts.map(({ text }) => text).join(""), "Hello");
    assert.deepEqual(slept, []);
  });
}
