import assert from "node:assert/strict";
import { jsonRpcHandler } from "../../../src/a2a/bindings/jsonrpc.ts";
import { parseSse } from "../../../src/lib/parse_sse.ts";
import { fakeService, replay, TURN } from "../fake_service.ts";
import { callWith, cardOffering, served, testClient } from "../loopback.ts";
import { finding, testDeps } from "./binding_deps.ts";

/* What a socket adds to the handlers: peers that hang up. */

/** A turn that begins and then waits until it is left. */
function unfinishedTurn() {
  const left = Promise.withResolvers<void>();
  const fake = fakeService({
    stream: () => {
      const events = replay(TURN.slice(0, 2));
      return {
        [Symbol.asyncIterator]: () => ({
          next: async () => {
            const next = await events.next();
            return next.done === true ? await new Promise<never>(() => {}) : next;
          },
          return: () => {
            left.resolve();
            return Promise.resolve({ done: true, value: undefined });
          },
        }),
      };
    },
  });
  return { ...fake, left: left.promise };
}

const STREAM_REQUEST = JSON.stringify({
  jsonrpc: "2.0",
  id: 1,
  method: "SendStreamingMessage",
  params: { message: { messageId: "m1", role: "ROLE_USER", parts: [{ text: "Hi" }] } },
});

Deno.test("jsonRpcHandler() leaves the service's stream when the peer hangs up, with nothing more to send", async () => {
  const turn = unfinishedTurn();
  const deps = testDeps();
  const handler = jsonRpcHandler(deps);
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    (request) => handler(request, finding(turn)),
  );
  const hangUp = new AbortController();
  const response = await fetch(`http://127.0.0.1:${server.addr.port}/`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: STREAM_REQUEST,
    signal: hangUp.signal,
  });
  assert.ok(response.body);
  const events = parseSse(response.body, { maxEventBytes: 1000 });
  assert.equal((await events.next()).value?.id, "1");
  hangUp.abort();
  await turn.left;
  assert.equal(turn.asked[0]?.call.signal.aborted, true);
  assert.equal(deps.timers.running(), 0);
  await assert.rejects(async () => {
    while ((await events.next()).done !== true);
  });
  await server.shutdown();
});

Deno.test("createClient() follows a turn across a server that goes away and comes back", async () => {
  const unfinished = unfinishedTurn();
  let url = "";
  const card = () => cardOffering([["JSONRPC", "1.0"]], url);
  const start = (service: typeof unfinished.service, port: number) =>
    Deno.serve({ hostname: "127.0.0.1", port, onListen: () => {} }, served(service, card));
  // A proxy in front keeps the address while servers come and go.
  const first = start(unfinished.service, 0);
  let behind = first.addr.port;
  url = `http://127.0.0.1:${behind}/agents/echo`;
  const down = new AbortController();
  const resumed = fakeService();
  const second = start(resumed.service, 0);
  const { client, slept } = testClient({
    agent: card(),
    fetch: (target, init) => {
      const signal = AbortSignal.any([
        init.signal ?? down.signal,
        ...(behind === first.addr.port ? [down.signal] : []),
      ]);
      const moved = new URL(target);
      moved.port = String(behind);
      return fetch(moved, { ...init, signal });
    },
  });
  const message = { messageId: "m1", role: "ROLE_USER" as const, parts: [{ text: "Hi" }] };
  const seen: number[] = [];
  for await (const { seq } of client.sendStreamingMessage({ message }, callWith())) {
    seen.push(seq);
    if (seq === 2) {
      behind = second.addr.port;
      down.abort(new TypeError("connection reset"));
    }
  }
  assert.deepEqual(seen, TURN.map(({ seq }) => seq));
  assert.deepEqual(resumed.asked.map(({ operation, call }) => [operation, call.afterSeq]), [["SubscribeToTask", 2]]);
  assert.equal(slept.length, 1);
  await unfinished.left;
  await Promise.all([first.shutdown(), second.shutdown()]);
});
