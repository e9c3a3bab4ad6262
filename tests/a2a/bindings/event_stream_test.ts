import assert from "node:assert/strict";
import type { FindTarget } from "../../../src/a2a/bindings/binding.ts";
import { jsonRpcHandler } from "../../../src/a2a/bindings/jsonrpc.ts";
import { restHandler } from "../../../src/a2a/bindings/rest.ts";
import { RESUME_EXTENSION } from "../../../src/a2a/extensions.ts";
import { A2AError } from "../../../src/a2a/errors.ts";
import type { Numbered } from "../../../src/a2a/service.ts";
import type { StreamResponse } from "../../../src/a2a/types.ts";
import { fakeService, replay, statusEvent, taskIn, TURN } from "../fake_service.ts";
import {
  eventsOf,
  finding,
  HEARTBEAT_MS,
  OPEN_AFTER_MS,
  settle,
  STALL_MS,
  type TestDeps,
  testDeps,
} from "./binding_deps.ts";

interface Ask {
  readonly headers?: Record<string, string>;
  readonly metadata?: unknown;
}

/** How each binding and generation asks for the same streams. */
interface Face {
  readonly name: string;
  readonly generation: "1.0" | "0.3";
  send(deps: TestDeps, find: FindTarget, ask?: Ask): Promise<Response>;
  subscribe(deps: TestDeps, find: FindTarget, ask?: Ask): Promise<Response>;
  /** The payload within an event's data: the event, or the error. */
  payload(data: string): unknown;
}

function rpcFace(generation: Face["generation"], methods: { send: string; subscribe: string }): Face {
  const post = (method: string, params: unknown, headers?: Record<string, string>) =>
    new Request("http://agent.example/", {
      method: "POST",
      headers: { "content-type": "application/json", "a2a-version": generation, ...headers },
      body: JSON.stringify({ jsonrpc: "2.0", id: "r1", method, params }),
    });
  const message = generation === "1.0"
    ? { messageId: "m1", role: "ROLE_USER", parts: [{ text: "Hi" }] }
    : { kind: "message", messageId: "m1", role: "user", parts: [{ kind: "text", text: "Hi" }] };
  return {
    name: `JSON-RPC ${generation}`,
    generation,
    send: (deps, find, { headers, metadata } = {}) =>
      jsonRpcHandler(deps)(post(methods.send, { message, metadata }, headers), find),
    subscribe: (deps, find, { headers, metadata } = {}) =>
      jsonRpcHandler(deps)(post(methods.subscribe, { id: "t1", metadata }, headers), find),
    payload: (data) => {
      const { jsonrpc, id, result, error } = JSON.parse(data);
      assert.deepEqual({ jsonrpc, id }, { jsonrpc: "2.0", id: "r1" });
      return result ?? error;
    },
  };
}

function restFace(generation: Face["generation"]): Face {
  const post = (body: unknown, headers?: Record<string, string>) =>
    new Request("http://agent.example/", {
      method: "POST",
      headers: { "content-type": "application/json", "a2a-version": generation, ...headers },
      body: JSON.stringify(body),
    });
  const parts = generation === "1.0" ? "parts" : "content";
  const message = { messageId: "m1", role: "ROLE_USER", [parts]: [{ text: "Hi" }] };
  return {
    name: `REST ${generation}`,
    generation,
    send: (deps, find, { headers, metadata } = {}) =>
      restHandler(deps)(
        post({ message, metadata }, headers),
        { operation: "SendStreamingMessage", pathParams: {} },
        find,
      ),
    subscribe: (deps, find, { headers, metadata } = {}) =>
      restHandler(deps)(
        post({ metadata }, headers),
        { operation: "SubscribeToTask", pathParams: { id: "t1" } },
        find,
      ),
    payload: (data) => JSON.parse(data),
  };
}

const RPC_V1 = rpcFace("1.0", { send: "SendStreamingMessage", subscribe: "SubscribeToTask" });
const RPC_V0_3 = rpcFace("0.3", { send: "message/stream", subscribe: "tasks/resubscribe" });
const FACES: readonly Face[] = [RPC_V1, RPC_V0_3, restFace("1.0"), restFace("0.3")];

/** A stream that goes on only when the test says so, and tells how it is left. */
function liveStream(first?: Numbered<StreamResponse>) {
  const seen = { returned: false, signal: undefined as AbortSignal | undefined };
  const gate = Promise.withResolvers<Numbered<StreamResponse>>();
  let given = first;
  const fake = fakeService({
    stream: (_operation, { signal }) => {
      seen.signal = signal;
      return {
        [Symbol.asyncIterator]: () => ({
          next: async () => {
            const value = given ?? await gate.promise;
            given = undefined;
            return { done: false, value };
          },
          return: () => {
            seen.returned = true;
            return Promise.resolve({ done: true, value: undefined });
          },
        }),
      };
    },
  });
  return { ...fake, seen, gate };
}

for (const face of FACES) {
  Deno.test(`${face.name} streams a turn in order, each event under its number`, async () => {
    const fake = fakeService();
    const response = await face.send(testDeps(), finding(fake));
    assert.equal(response.status, 200);
    const events = await eventsOf(response);
    assert.deepEqual(events.map(({ id, event }) => [id, event]), TURN.map(({ seq }) => [String(seq), "message"]));
    assert.deepEqual(fake.asked.map(({ operation }) => operation), ["SendStreamingMessage"]);
    if (face.generation === "1.0") {
      assert.deepEqual(events.map(({ data }) => face.payload(data)), TURN.map(({ event }) => event));
    }
  });

  Deno.test(`${face.name} sends every event as one data line`, async () => {
    const stream = () =>
      replay([{ seq: 1, event: { task: taskIn("TASK_STATE_COMPLETED", { metadata: { a: "\r\n\u2028" } }) } }]);
    const response = await face.send(testDeps(), finding(fakeService({ stream })));
    const lines = (await response.text()).split(/\r\n|\r|\n/).filter((line) => line !== "");
    assert.deepEqual(lines.map((line) => line.slice(0, line.indexOf(":"))), ["id", "data"]);
  });

  for (
    const [how, ask] of [
      ["Last-Event-ID", { headers: { "last-event-id": "4" } }],
      ["afterSeq", { metadata: { [RESUME_EXTENSION]: { afterSeq: 4 } } }],
    ] as const
  ) {
    Deno.test(`${face.name} resumes behind ${how}`, async () => {
      const fake = fakeService();
      const events = await eventsOf(await face.subscribe(testDeps(), finding(fake), ask));
      assert.deepEqual(events.map(({ id }) => id), ["5", "8"]);
      assert.equal(fake.asked[0]?.call.afterSeq, 4);
    });
  }

  for (const id of ["abc", "", "-1", "1.5", "1e3", "99999999999999999999", "4\t"]) {
    Deno.test(`${face.name} starts from the beginning for Last-Event-ID ${JSON.stringify(id)}`, async () => {
      const fake = fakeService();
      await eventsOf(await face.subscribe(testDeps(), finding(fake), { headers: { "last-event-id": id } }));
      assert.equal(fake.asked[0]?.call.afterSeq, id === "4\t" ? 4 : undefined);
    });
  }

  for (const afterSeq of [-1, 1.5, "4", null, {}]) {
    Deno.test(`${face.name} refuses afterSeq ${JSON.stringify(afterSeq)}`, async () => {
      const fake = fakeService();
      const response = await face.subscribe(testDeps(), finding(fake), {
        metadata: { [RESUME_EXTENSION]: { afterSeq } },
      });
      assert.match(await response.text(), /-32602|INVALID_PARAMS/);
      assert.equal(fake.asked.length, 0);
    });
  }

  Deno.test(`${face.name} ends with the error that breaks a stream, and tells no cause`, async () => {
    const deps = testDeps();
    const stream = async function* () {
      yield* replay(TURN.slice(0, 2));
      throw new Error("secret");
    };
    const events = await eventsOf(await face.send(deps, finding(fakeService({ stream }))));
    assert.equal(events.length, 3);
    const last = events.at(-1);
    assert.equal(last?.event, face.name.startsWith("REST") ? "error" : "message");
    assert.match(JSON.stringify(face.payload(last?.data ?? "")), /Internal error/);
    assert.doesNotMatch(last?.data ?? "", /secret/);
    assert.match(String(deps.logged[0]?.cause), /secret/);
    assert.equal(deps.timers.running(), 0);
  });

  Deno.test(`${face.name} opens a stream whose first event is slow, so that it can be kept alive`, async () => {
    const deps = testDeps();
    const live = liveStream();
    const answer = face.subscribe(deps, finding(live), { headers: { "last-event-id": "4" } });
    await settle();
    deps.timers.advance(OPEN_AFTER_MS);
    const response = await answer;
    const reader = response.body?.getReader();
    assert.ok(reader);
    deps.timers.advance(HEARTBEAT_MS);
    assert.equal(new TextDecoder().decode((await reader.read()).value), ": ping\n\n");
    live.gate.reject(new A2AError("UNAVAILABLE", "The store is gone"));
    assert.match(new TextDecoder().decode((await reader.read()).value), /The store is gone/);
    assert.equal((await reader.read()).done, true);
  });

  Deno.test(`${face.name} leaves the service's stream when the reader goes away`, async () => {
    const deps = testDeps();
    const live = liveStream(TURN[0]);
    const { body } = await face.send(deps, finding(live));
    const reader = body?.getReader();
    await reader?.read();
    assert.equal(live.seen.signal?.aborted, false);
    await reader?.cancel();
    assert.equal(live.seen.signal?.aborted, true);
    assert.equal(live.seen.returned, true);
    assert.equal(deps.timers.running(), 0);
  });

  Deno.test(`${face.name} ends a stream when the call is over`, async () => {
    const deps = testDeps();
    const live = liveStream(TURN[0]);
    const server = new AbortController();
    const response = await face.send(deps, finding(live, { signal: server.signal }));
    await settle();
    server.abort();
    assert.equal((await eventsOf(response)).length, 1);
    assert.equal(live.seen.returned, true);
    assert.equal(deps.timers.running(), 0);
  });

  Deno.test(`${face.name} stops asking the service while nobody reads, and cuts such a reader off`, async () => {
    const deps = testDeps();
    let asked = 0;
    const stream = async function* (): AsyncGenerator<Numbered<StreamResponse>> {
      yield { seq: 1, event: { task: taskIn("TASK_STATE_WORKING") } };
      for (let seq = 2;; seq++) {
        asked++;
        yield await Promise.resolve({ seq, event: statusEvent("TASK_STATE_WORKING") });
      }
    };
    const { body } = await face.send(deps, finding(fakeService({ stream })));
    await settle();
    const atFirst = asked;
    assert.ok(atFirst < 500, `asked ${atFirst} times`);
    await settle();
    assert.equal(asked, atFirst);
    deps.timers.advance(STALL_MS + 2 * HEARTBEAT_MS);
    assert.ok(body);
    await assert.rejects(new Response(body).text());
    assert.equal(deps.timers.running(), 0);
  });

  Deno.test(`${face.name} holds no timer and no listener after a stream`, async () => {
    const deps = testDeps();
    await eventsOf(await face.send(deps, finding(fakeService())));
    assert.equal(deps.timers.running(), 0);
  });
}

const EARLY = new A2AError("TASK_NOT_FOUND", 'Task "t1" not found');
// deno-lint-ignore require-yield
const refused = async function* (): AsyncGenerator<Numbered<StreamResponse>> {
  throw await Promise.resolve(EARLY);
};

Deno.test("JSON-RPC 1.0 answers an error before the first event as plain JSON", async () => {
  const deps = testDeps();
  const response = await RPC_V1.subscribe(deps, finding(fakeService({ stream: refused })));
  assert.equal(response.headers.get("content-type"), "application/json");
  assert.equal(response.status, 200);
  assert.equal((await response.json()).error.code, -32001);
  assert.equal(deps.timers.running(), 0);
});

Deno.test("JSON-RPC 0.3 answers an error before the first event as the one event of a stream", async () => {
  for (
    const stream of [refused, () => {
      throw EARLY;
    }]
  ) {
    const response = await RPC_V0_3.subscribe(testDeps(), finding(fakeService({ stream })));
    assert.equal(response.status, 200);
    const events = await eventsOf(response);
    assert.deepEqual(events.map(({ data }) => JSON.parse(data)), [{
      jsonrpc: "2.0",
      id: "r1",
      error: { code: -32001, message: 'Task "t1" not found', data: { reason: "TASK_NOT_FOUND" } },
    }]);
  }
});

Deno.test("JSON-RPC 0.3 answers wrong params of a stream within a stream, but a refusal by its status", async () => {
  const post = (params: unknown) =>
    new Request("http://agent.example/", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ jsonrpc: "2.0", id: "r1", method: "message/stream", params }),
    });
  const wrong = await jsonRpcHandler(testDeps())(post({}), finding(fakeService()));
  assert.match((await eventsOf(wrong))[0]?.data ?? "", /-32602/);
  const late = await jsonRpcHandler(testDeps())(post({}), () => {
    throw new A2AError("RATE_LIMITED", "Too many", { retryAfterSeconds: 3 });
  });
  assert.equal(late.status, 429);
  assert.equal(late.headers.get("retry-after"), "3");
  assert.equal(late.headers.get("content-type"), "application/json");
});

for (const face of FACES.filter(({ name }) => name.startsWith("REST"))) {
  Deno.test(`${face.name} answers an error before the first event with its status`, async () => {
    const response = await face.subscribe(testDeps(), finding(fakeService({ stream: refused })));
    assert.equal(response.status, 404);
    assert.match(response.headers.get("content-type") ?? "", /^application\/json/);
    assert.match(await response.text(), /Task \\"t1\\" not found/);
  });
}

const INTERRUPTED: readonly Numbered<StreamResponse>[] = [
  { seq: 1, event: { task: taskIn("TASK_STATE_WORKING") } },
  { seq: 2, event: statusEvent("TASK_STATE_INPUT_REQUIRED") },
];
for (const [kind, finals] of [["send", [true]], ["subscribe", [false]]] as const) {
  Deno.test(`JSON-RPC 0.3 ${kind}: final is ${finals[0]} when the agent waits for its peer`, async () => {
    const fake = fakeService({ stream: () => replay(INTERRUPTED) });
    const events = await eventsOf(await RPC_V0_3[kind](testDeps(), finding(fake)));
    assert.deepEqual(events.slice(1).map(({ data }) => JSON.parse(data).result.final), finals);
  });
}

Deno.test("JSON-RPC carries out a streaming request without an id and does not watch it", async () => {
  const live = liveStream(TURN[0]);
  const deps = testDeps();
  const message = { messageId: "m1", role: "ROLE_USER", parts: [{ text: "Hi" }] };
  const request = new Request("http://agent.example/", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ jsonrpc: "2.0", method: "SendStreamingMessage", params: { message } }),
  });
  const response = await jsonRpcHandler(deps)(request, finding(live));
  assert.equal(response.status, 204);
  assert.equal(live.asked.length, 1);
  assert.equal(live.seen.returned, true);
  assert.equal(deps.timers.running(), 0);
});
