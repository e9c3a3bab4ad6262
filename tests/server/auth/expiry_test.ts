import assert from "node:assert/strict";
import type { FindTarget } from "../../../src/a2a/bindings/binding.ts";
import { webSocketBinding } from "../../../src/a2a/bindings/websocket.ts";
import { loadCodec } from "../../../src/a2a/proto/codec.ts";
import { ANONYMOUS, type Call } from "../../../src/a2a/service.ts";
import type { StreamResponse } from "../../../src/a2a/types.ts";
import type { Guard } from "../../../src/guard/guard.ts";
import { SILENT } from "../../../src/lib/log.ts";
import { createGrpcFace } from "../../../src/server/grpc_face.ts";
import type { WebSockets } from "../../../src/server/websocket.ts";
import { answerOf, beginCall, messagesOf } from "../../lib/grpc/grpc_client.ts";
import { http2Pair } from "../../lib/http2/http2_pair.ts";
import { manualTimers } from "../../lib/manual_timers.ts";
import { appUnderTest, bindings } from "../app_under_test.ts";
import { fakeService, servedAgent } from "../served_agent.ts";

/* A stream lasts no longer than its credential. It ends as if the server stopped, so that it is taken up again. */

const LIFE_MS = 60_000;
const WORKING: StreamResponse = {
  statusUpdate: { taskId: "t", contextId: "c", status: { state: "TASK_STATE_WORKING" } },
};

/** An agent whose stream tells one event and then waits, under a guard whose credentials last a minute. */
function house() {
  const timers = manualTimers();
  const identity = { caller: { ...ANONYMOUS, anonymous: false }, remainingMs: () => LIFE_MS - timers.now() };
  const guard: Guard = { identify: () => Promise.resolve(identity), admit: () => {}, headers: [] };
  const service = fakeService({
    subscribeToTask: async function* (_request, { signal }: Call) {
      yield { seq: 7, event: WORKING };
      await new Promise<void>((resolve) => {
        signal.addEventListener("abort", () => resolve());
        if (signal.aborted) resolve();
      });
    },
    listTasks: () => Promise.resolve({ tasks: [], nextPageToken: "", pageSize: 50, totalSize: 0 }),
  });
  const agent = servedAgent("desk", "public", service);
  return { timers, guard, agent, deps: { ...bindings(), timers } };
}

Deno.test("a stream over HTTP ends with its credential, without an event that says it is over", async () => {
  const { timers, guard, agent, deps } = house();
  const ask = appUnderTest([agent], { guard, bindings: deps });
  const response = await ask("/agents/desk/tasks/t:subscribe", { method: "POST", headers: { "a2a-version": "1.0" } });
  assert.ok(response.body);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  assert.match((await reader.read()).value ?? "", /^id: 7$/m);
  const rest = reader.read();
  timers.advance(LIFE_MS);
  assert.equal((await rest).done, true);
});

Deno.test("a stream over gRPC ends with its credential as UNAVAILABLE, and names its last event", async () => {
  const { timers, guard, agent } = house();
  const onStream = await createGrpcFace({
    directory: () => ({ agents: new Map([[agent.id, agent]]), defaultAgent: undefined }),
    baseUrl: () => "http://agents.example",
    profile: "1.0.1",
    newId: () => "made-up",
    body: { maxBytes: 100_000, timeoutMs: 60_000 },
    unreadyBecause: () => undefined,
    guard,
    timers,
    log: SILENT,
  });
  await using pair = http2Pair({ onStream });
  const codec = (await loadCodec()).message("lf.a2a.v1.SubscribeToTaskRequest");
  const path = "/lf.a2a.v1.A2AService/SubscribeToTask";
  const stream = await beginCall(pair.client, path, { messages: [codec.encode({ id: "t" })] });
  const messages = messagesOf(stream);
  assert.equal((await messages.next()).done, false);
  timers.advance(LIFE_MS);
  const { trailers } = await answerOf(stream);
  assert.deepEqual([trailers.get("grpc-status"), trailers.get("last-event-id")], ["14", "7"]);
});

Deno.test("a socket outlives its credential, but nothing can be asked on it any more", async () => {
  const { timers, guard, agent, deps } = house();
  const found = Promise.withResolvers<{ request: Request; find: FindTarget }>();
  const sockets: WebSockets = {
    upgrade: (request, finderFor) => {
      found.resolve({ request, find: finderFor(request) });
      return Promise.resolve(new Response());
    },
    drain: () => Promise.resolve(),
  };
  await appUnderTest([agent], { guard, sockets, bindings: deps })("/agents/desk/ws?A2A-Version=1.0");
  const { request, find } = await found.promise;
  const heard: string[] = [];
  let told = Promise.withResolvers<void>();
  const send = (text: string) => {
    heard.push(text);
    told.resolve();
    told = Promise.withResolvers();
  };
  const close = () => assert.fail("the socket was closed");
  const conversation = webSocketBinding(deps)({ send, close, bufferedAmount: 0 }, { request, find });
  const ask = async (id: number, method: string) => {
    const next = told.promise;
    conversation.receive(JSON.stringify({ jsonrpc: "2.0", id, method, params: { id: "t" } }));
    await next;
  };
  await ask(1, "ListTasks");
  await ask(2, "SubscribeToTask");
  const end = told.promise;
  timers.advance(LIFE_MS);
  await end;
  await ask(3, "ListTasks");
  conversation.gone();
  const answers = heard.map((text) => JSON.parse(text));
  assert.deepEqual(answers.map(({ id }) => id), [1, 2, 2, 3]);
  assert.match(answers[2].error.message, /subscribe to it again/);
  assert.match(answers[3].error.message, /has expired/);
});
