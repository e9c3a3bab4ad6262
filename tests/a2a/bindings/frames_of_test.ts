import assert from "node:assert/strict";
import { jsonRpcHandler } from "../../../src/a2a/bindings/jsonrpc.ts";
import { restHandler } from "../../../src/a2a/bindings/rest.ts";
import type { DialectName } from "../../../src/a2a/dialects/dialect.ts";
import { A2AError } from "../../../src/a2a/errors.ts";
import { type FakeAnswers, fakeService, replay, TURN } from "../fake_service.ts";
import { eventsOf, finding, testDeps } from "./binding_deps.ts";

/* Streams of the dialects whose frames depend on the events before, through both HTTP bindings. */

const MESSAGE = { role: "user", parts: [{ text: "Hi" }] };

interface Sent {
  readonly answers?: FakeAnswers;
  readonly headers?: Record<string, string>;
  readonly body?: Record<string, unknown>;
}

function post(dialect: DialectName, body: unknown, headers: Record<string, string> = {}): Request {
  return new Request("http://agent.example/", {
    method: "POST",
    headers: { "content-type": "application/json", "x-hector-dialect": dialect, ...headers },
    body: JSON.stringify(body),
  });
}

async function subscribe(dialect: DialectName, { answers, headers, body = {} }: Sent = {}) {
  const fake = fakeService(answers);
  const route = { operation: "SubscribeToTask", pathParams: { id: "t1" } } as const;
  const response = await restHandler(testDeps())(post(dialect, body, headers), route, finding(fake));
  return { events: await eventsOf(response), afterSeq: fake.asked[0]?.call.afterSeq };
}

async function streamRpc(dialect: DialectName, { answers, headers }: Sent = {}) {
  const fake = fakeService(answers);
  const body = { jsonrpc: "2.0", id: 7, method: "message/stream", params: { message: MESSAGE } };
  const response = await jsonRpcHandler(testDeps())(post(dialect, body, headers), finding(fake));
  return { events: await eventsOf(response), afterSeq: fake.asked[0]?.call.afterSeq };
}

Deno.test("an event without a frame is not told, and one of several has its number on the last", async () => {
  const answers = { stream: () => replay([...TURN.slice(0, 3), { seq: 9, event: TURN[4]?.event ?? assert.fail() }]) };
  const { events } = await subscribe("hector_v1_rest", { answers });
  assert.deepEqual(events.map(({ id, data }) => [id, data]), [
    ["4", '{"response":{"content":[{"text":"Hello"}]}}'],
    ["9", "[DONE]"],
  ]);
  const failed = { taskId: "t1", contextId: "x1", status: { state: "TASK_STATE_FAILED" as const } };
  const message = { messageId: "m2", role: "ROLE_AGENT" as const, parts: [{ text: "No model" }] };
  const end = { seq: 5, event: { statusUpdate: { ...failed, status: { ...failed.status, message } } } };
  const { events: [, , words, state] } = await subscribe("hector_v1", {
    answers: { stream: () => replay([...TURN.slice(0, 2), end]) },
  });
  // The words came without a number of their own: a reader keeps the one before (WHATWG HTML §9.2.6).
  assert.deepEqual([words?.event, words?.id, state?.event, state?.id], ["message", "2", "status", "5"]);
});

for (
  const [where, sent] of [
    ["in the body", { body: { last_event_id: "4" } }],
    ["in the header", { headers: { "last-event-id": "4" } }],
  ] as const
) {
  Deno.test(`a subscription goes on behind the event that is named ${where}, and knows what came before`, async () => {
    const { events, afterSeq } = await subscribe("hector_v2", sent);
    assert.equal(afterSeq, 0);
    assert.deepEqual(events.map(({ id }) => id), ["5", "8"]);
    assert.match(events.at(-1)?.data ?? "", /"state":"completed","message":.*"text":"Hello, world"/);
  });
}

Deno.test("a subscription that names no event, or none of ours, is told everything", async () => {
  for (const body of [{}, { last_event_id: "optional-event-id" }]) {
    const { events, afterSeq } = await subscribe("hector_v2", { body });
    assert.equal(afterSeq, 0);
    assert.deepEqual(events.map(({ id }) => id), TURN.map(({ seq }) => String(seq)));
  }
});

Deno.test("a message that is sent again is answered from the beginning: its numbers may be another task's", async () => {
  const { events, afterSeq } = await streamRpc("hector_v2", { headers: { "last-event-id": "5" } });
  assert.equal(afterSeq, undefined);
  assert.equal(events.length, TURN.length);
});

Deno.test("over JSON-RPC a frame is a response, or stands alone where its description has it so", async () => {
  const alone = await streamRpc("hector_v2");
  assert.equal(JSON.parse(alone.events[0]?.data ?? "").type, "task.status_update");
  const responses = await streamRpc("hector_v1_rest");
  assert.deepEqual(responses.events.map(({ data }) => JSON.parse(data)), [
    { jsonrpc: "2.0", id: 7, result: { response: { content: [{ text: "Hello" }] } } },
    { jsonrpc: "2.0", id: 7, result: { response: { content: [{ text: ", world" }] } } },
  ]);
  const named = await streamRpc("hector_v1");
  assert.deepEqual([named.events[0]?.event, JSON.parse(named.events[0]?.data ?? "").id], ["status", 7]);
});

Deno.test("a failure within a stream is told in its dialect", async () => {
  const answers = {
    stream: async function* () {
      yield* replay(TURN.slice(0, 2));
      throw new A2AError("UNAVAILABLE", "The model is gone");
    },
  };
  const rest = (await subscribe("hector_v1", { answers })).events.at(-1);
  assert.deepEqual([rest?.event, JSON.parse(rest?.data ?? "").error.code], ["error", "SERVICE_UNAVAILABLE"]);
  const rpc = (await streamRpc("hector_v2", { answers })).events.at(-1);
  assert.deepEqual(JSON.parse(rpc?.data ?? "").error.data.detail, "The model is gone");
});
