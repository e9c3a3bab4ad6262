import assert from "node:assert/strict";
import { createAgentClient } from "../../../src/a2a/client/agent_client.ts";
import type { A2AClient } from "../../../src/a2a/client/create_client.ts";
import { CARD, fakeService, TURN } from "../fake_service.ts";

function agent() {
  const { service, asked } = fakeService();
  let closed = 0;
  let ids = 0;
  const client: A2AClient = { ...service, card: () => Promise.resolve(CARD), close: () => void closed++ };
  return { agent: createAgentClient(client, { newId: () => `m${++ids}` }), asked, closed: () => closed };
}

Deno.test("createAgentClient() makes a message of what is said", async () => {
  const { agent: client, asked } = agent();
  const own = { messageId: "mine", role: "ROLE_USER" as const, parts: [{ text: "Hi" }] };
  await client.send("Hi");
  await client.send([{ data: 1 }], { contextId: "x", configuration: { returnImmediately: true } });
  await client.send(own, { taskId: "t" });
  assert.deepEqual(asked.map(({ request }) => request), [
    { message: { messageId: "m1", role: "ROLE_USER", parts: [{ text: "Hi" }] } },
    {
      message: { messageId: "m2", contextId: "x", role: "ROLE_USER", parts: [{ data: 1 }] },
      configuration: { returnImmediately: true },
    },
    { message: { ...own, taskId: "t" } },
  ]);
});

Deno.test("createAgentClient() asks for tasks, in the caller's time and with its extensions", async () => {
  const { agent: client, asked } = agent();
  const { signal } = new AbortController();
  await client.getTask("t1", { historyLength: 2, signal });
  await client.listTasks({ pageSize: 3 }, { extensions: ["urn:x"] });
  await client.cancelTask("t1");
  assert.deepEqual(await Array.fromAsync(client.watchTask("t1", { afterSeq: 4 })), TURN.slice(-2));
  assert.deepEqual(await Array.fromAsync(client.stream("Hi")), TURN);
  assert.deepEqual(asked.map(({ operation, request }) => [operation, request]).slice(0, 4), [
    ["GetTask", { id: "t1", historyLength: 2 }],
    ["ListTasks", { pageSize: 3 }],
    ["CancelTask", { id: "t1" }],
    ["SubscribeToTask", { id: "t1" }],
  ]);
  assert.equal(asked[0]?.call.signal, signal);
  assert.deepEqual(asked[1]?.call.extensions, ["urn:x"]);
});

Deno.test("createAgentClient() tells the card, and closes with its block", async () => {
  const { agent: client, closed } = agent();
  {
    await using one = client;
    assert.equal((await one.card()).name, CARD.name);
  }
  assert.equal(closed(), 1);
});
