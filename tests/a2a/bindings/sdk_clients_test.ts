import { Message, type StreamResponse, Task } from "@a2a-js/sdk";
import { type Client, ClientFactory, JsonRpcTransportFactory, RestTransportFactory } from "@a2a-js/sdk/client";
import assert from "node:assert/strict";
import { A2AError } from "../../../src/a2a/errors.ts";
import { CARD, type FakeService, fakeService, replay, TURN } from "../fake_service.ts";
import { cardOffering, served } from "../loopback.ts";

/*
 * The clients of @a2a-js/sdk, of both generations and over both bindings, against our handlers on a real socket: an
 * implementation that is not ours reads what we write.
 */

const OFFERS = [["JSONRPC", "1.0"], ["HTTP+JSON", "1.0"], ["JSONRPC", "0.3"], ["HTTP+JSON", "0.3"]] as const;

/** Serves `fake` on a port of its own while `act` runs. */
async function withClient(
  [binding, version]: typeof OFFERS[number],
  fake: FakeService,
  act: (client: Client) => Promise<void>,
): Promise<void> {
  let url = "";
  const serve = served(fake.service, () => cardOffering([[binding, version]], url));
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, serve);
  url = `http://127.0.0.1:${server.addr.port}/agents/echo`;
  const legacyCompat = { enabled: true };
  const factory = new ClientFactory({
    transports: [new JsonRpcTransportFactory({ legacyCompat }), new RestTransportFactory({ legacyCompat })],
  });
  try {
    await act(await factory.createFromUrl(`${url}/.well-known/agent-card.json`, ""));
  } finally {
    await server.shutdown();
  }
}

const request = () => ({
  tenant: "",
  message: Message.fromJSON({ messageId: "m1", role: "ROLE_USER", parts: [{ text: "Hi" }] }),
  configuration: undefined,
  metadata: undefined,
});

/** The kinds of a stream's events, and the text that its artifacts carry. */
async function watch(stream: AsyncIterable<StreamResponse>) {
  const kinds: (string | undefined)[] = [];
  let text = "";
  for await (const { payload } of stream) {
    kinds.push(payload?.$case);
    if (payload?.$case !== "artifactUpdate") continue;
    for (const { content } of payload.value.artifact?.parts ?? []) if (content?.$case === "text") text += content.value;
  }
  return { kinds, text };
}

const KINDS = ["task", "statusUpdate", "artifactUpdate", "artifactUpdate", "statusUpdate"];

for (const offer of OFFERS) {
  const name = offer.join(" ");

  Deno.test(`@a2a-js/sdk over ${name} sends a message, reads, cancels and configures a task`, async () => {
    const fake = fakeService();
    await withClient(offer, fake, async (client) => {
      const sent = await client.sendMessage(request());
      assert.ok("status" in sent);
      assert.deepEqual(Task.toJSON(sent), {
        id: "t1",
        contextId: "x1",
        status: { state: "TASK_STATE_COMPLETED", timestamp: "2026-01-02T03:04:05.000Z" },
        artifacts: [{ artifactId: "answer", parts: [{ text: "Hello" }] }],
      });
      assert.equal((await client.getTask({ tenant: "", id: "t1", historyLength: 2 })).id, "t1");
      const canceled = Task.toJSON(await client.cancelTask({ tenant: "", id: "t1", metadata: undefined }));
      assert.match(JSON.stringify(canceled), /TASK_STATE_CANCELED/);
      const config = await client.getTaskPushNotificationConfig({ tenant: "", taskId: "t1", id: "c1" });
      assert.equal(config.url, "https://hook.example/a");
      await client.deleteTaskPushNotificationConfig({ tenant: "", taskId: "t1", id: "c1" });
    });
    assert.deepEqual(fake.asked.map(({ operation }) => operation), [
      "SendMessage",
      "GetTask",
      "CancelTask",
      "GetTaskPushNotificationConfig",
      "DeleteTaskPushNotificationConfig",
    ]);
    assert.deepEqual(fake.asked[1]?.request, { id: "t1", historyLength: 2 });
  });

  Deno.test(`@a2a-js/sdk over ${name} streams a turn and subscribes to a task`, async () => {
    await withClient(offer, fakeService(), async (client) => {
      assert.deepEqual(await watch(client.sendMessageStream(request())), { kinds: KINDS, text: "Hello, world" });
      const subscribed = await watch(client.resubscribeTask({ tenant: "", id: "t1" }));
      assert.deepEqual(subscribed, { kinds: KINDS, text: "Hello, world" });
    });
  });

  Deno.test(`@a2a-js/sdk over ${name} hears of errors, before a stream and within it`, async () => {
    const gone = new A2AError("TASK_NOT_FOUND", 'Task "t9" not found');
    const early = fakeService({
      unary: () => Promise.reject(gone),
      stream: () => {
        throw gone;
      },
    });
    await withClient(offer, early, async (client) => {
      await assert.rejects(client.getTask({ tenant: "", id: "t9" }), /t9/);
      await assert.rejects(watch(client.resubscribeTask({ tenant: "", id: "t9" })), /t9/);
    });
    const late = fakeService({
      stream: async function* () {
        yield* replay(TURN.slice(0, 2));
        throw new A2AError("UNAVAILABLE", "The model is gone");
      },
    });
    await withClient(offer, late, async (client) => {
      await assert.rejects(watch(client.sendMessageStream(request())), /The model is gone/);
    });
  });
}

Deno.test("@a2a-js/sdk over JSONRPC 1.0 and HTTP+JSON 1.0 lists tasks and reads the extended card", async () => {
  for (const offer of [OFFERS[0], OFFERS[1]]) {
    const fake = fakeService({
      unary: (operation) => operation === "GetExtendedAgentCard" ? { ...CARD, name: "Echo, extended" } : undefined,
    });
    await withClient(offer, fake, async (client) => {
      const { tasks, totalSize } = await client.listTasks({
        tenant: "",
        contextId: "x1",
        status: 3,
        pageSize: 5,
        pageToken: "",
        historyLength: 1,
        statusTimestampAfter: undefined,
        includeArtifacts: true,
      });
      assert.deepEqual([tasks.length, totalSize], [1, 1]);
    });
    assert.deepEqual(fake.asked[0]?.request, {
      contextId: "x1",
      status: "TASK_STATE_COMPLETED",
      pageSize: 5,
      historyLength: 1,
      includeArtifacts: true,
    });
  }
});
