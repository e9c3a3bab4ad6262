import assert from "node:assert/strict";
import type { Target } from "../../src/a2a/bindings/binding.ts";
import { ANONYMOUS, type Call } from "../../src/a2a/service.ts";
import { createOriginCheck } from "../../src/server/origin_check.ts";
import { createWebSockets, type WebSockets } from "../../src/server/websocket.ts";
import { fakeService as answering, replay, TURN } from "../a2a/fake_service.ts";
import { bindings, faceUnderTest } from "./app_under_test.ts";
import { servedAgent } from "./served_agent.ts";

/* Real sockets on a real port. What is said on them: tests/a2a/bindings/websocket_test.ts. */

interface Served {
  readonly port: number;
  readonly sockets: WebSockets;
  stop(): Promise<void>;
}

function serve(agents: ReturnType<typeof servedAgent>[]): Served {
  const deps = bindings();
  const checkOrigin = createOriginCheck({ listensOn: "127.0.0.1", publicUrl: undefined });
  const sockets = createWebSockets({ bindings: deps, checkOrigin });
  const fetch = faceUnderTest(agents, { bindings: deps, sockets });
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, fetch);
  return { port: server.addr.port, sockets, stop: () => server.shutdown() };
}

/** Two agents; `asked` tells which of them heard what. */
function house() {
  const desk = answering();
  const lab = answering();
  const served = serve([
    servedAgent("desk", "public", desk.service),
    servedAgent("lab", "public", lab.service),
    servedAgent("vault", "private"),
  ]);
  return { ...served, desk, lab };
}

/** A socket as a browser has it. */
function open({ port }: Served, path: string, protocols: string[] = []) {
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, protocols);
  const frames: unknown[] = [];
  const waiting: ((frame: unknown) => void)[] = [];
  socket.onmessage = ({ data }) => {
    const frame: unknown = JSON.parse(data);
    const next = waiting.shift();
    if (next === undefined) frames.push(frame);
    else next(frame);
  };
  const opened = new Promise<void>((resolve) => socket.onopen = () => resolve());
  const closed = new Promise<{ code: number; reason: string }>((resolve) =>
    socket.onclose = ({ code, reason }) => resolve({ code, reason })
  );
  return {
    socket,
    opened,
    closed,
    next: () => frames.length > 0 ? Promise.resolve(frames.shift()) : new Promise((resolve) => waiting.push(resolve)),
    close: () => {
      socket.close();
      return closed;
    },
  };
}

/** An upgrade request with some headers changed, or left out where they are empty; its answer's head. */
async function handshake({ port }: Served, path: string, headers: Record<string, string> = {}) {
  const connection = await Deno.connect({ hostname: "127.0.0.1", port });
  const all = {
    host: `127.0.0.1:${port}`,
    upgrade: "websocket",
    connection: "Upgrade",
    "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
    "sec-websocket-version": "13",
    ...headers,
  };
  const lines = Object.entries(all).filter(([, value]) => value !== "").map(([name, value]) => `${name}: ${value}\r\n`);
  await connection.write(new TextEncoder().encode(`GET ${path} HTTP/1.1\r\n${lines.join("")}\r\n`));
  let text = "";
  const chunk = new Uint8Array(4096);
  while (!text.includes("\r\n\r\n")) {
    const count = await connection.read(chunk);
    assert.ok(count !== null, text);
    text += new TextDecoder().decode(chunk.subarray(0, count));
  }
  return { connection, status: Number(text.slice(9, 12)), text: text.toLowerCase() };
}

/** One masked frame with a mask of zeros (RFC 6455 §5.2). */
function frame(opcode: number, payload: string): Uint8Array<ArrayBuffer> {
  const bytes = new TextEncoder().encode(payload);
  return Uint8Array.from([0x80 | opcode, 0x80 | 126, bytes.length >> 8, bytes.length & 0xff, 0, 0, 0, 0, ...bytes]);
}

const TEXT = 1;
const rpc = (method: string, params: object, id: unknown = 1) => JSON.stringify({ jsonrpc: "2.0", id, method, params });

/** [path, the agent that hears] */
const PATHS: readonly (readonly [path: string, agent: "desk" | "lab"])[] = [
  ["/v1/agents/lab/ws", "lab"],
  ["/v1/agents/lab/stream", "lab"],
  ["/agents/lab/ws", "lab"],
  ["/agents/lab/stream", "lab"],
  ["/ws", "desk"],
  ["/ws?agent=lab", "lab"],
  ["/ws?name=lab", "lab"],
];

for (const [path, agent] of PATHS) {
  Deno.test(`a socket at ${path} reaches ${agent}`, async () => {
    const served = house();
    const { socket, opened, next, close } = open(served, path);
    await opened;
    socket.send(rpc("GetTask", { id: "t1" }, "a"));
    assert.equal((await next() as { id: unknown }).id, "a");
    assert.equal(served[agent].asked.length, 1);
    await close();
    await served.stop();
  });
}

Deno.test("a frame names its agent where the path does not", async () => {
  const served = house();
  const { socket, opened, next, close } = open(served, "/ws");
  await opened;
  socket.send(rpc("GetTask", { id: "t1", tenant: "lab" }));
  await next();
  socket.send(rpc("GetTask", { id: "t1", tenant: "vault" }));
  assert.match(JSON.stringify(await next()), /"error".*not found/);
  assert.deepEqual([served.desk.asked.length, served.lab.asked.length], [0, 1]);
  await close();
  await served.stop();
});

Deno.test("the WebSocket example of the first description works as written", async () => {
  const served = serve([servedAgent("analyst", "public", answering().service)]);
  const ws = new WebSocket(`ws://localhost:${served.port}/v1/agents/analyst/ws`);
  const heard: Record<string, unknown>[] = [];
  const final = Promise.withResolvers<void>();
  ws.onopen = () => ws.send(JSON.stringify({ content: "Real-time analysis" }));
  ws.onmessage = (event) => {
    heard.push(JSON.parse(event.data));
    if (heard.at(-1)?.final === true) final.resolve();
  };
  await final.promise;
  assert.deepEqual(heard.map(({ kind }) => kind), [
    "task",
    "status-update",
    "artifact-update",
    "artifact-update",
    "status-update",
  ]);
  const closed = new Promise((resolve) => ws.onclose = resolve);
  ws.close();
  await closed;
  await served.stop();
});

Deno.test("the WebSocket example of the API reference works as written", async () => {
  const served = serve([servedAgent("assistant", "public", answering().service)]);
  const ws = new WebSocket(`ws://localhost:${served.port}/v1/agents/assistant/stream`);
  const heard: Record<string, unknown>[] = [];
  const done = Promise.withResolvers<void>();
  ws.onopen = () => {
    ws.send(JSON.stringify({
      message: {
        role: "ROLE_USER",
        content: [{ text: "Hello" }],
      },
    }));
  };
  ws.onmessage = (event) => {
    heard.push(JSON.parse(event.data));
    if (heard.at(-1)?.done === true) done.resolve();
  };
  await done.promise;
  const said = heard.map(({ response }) => (response as { content: { text: string }[] } | undefined)?.content[0]?.text);
  assert.deepEqual(said, ["Hello", ", world", undefined]);
  assert.deepEqual(heard.at(-1), { done: true, task_id: "t1" });
  const closed = new Promise((resolve) => ws.onclose = resolve);
  ws.close();
  await closed;
  await served.stop();
});

/** [what, path, headers, status] */
const HANDSHAKES: readonly (readonly [what: string, path: string, headers: Record<string, string>, status: number])[] =
  [
    ["a plain one", "/ws", {}, 101],
    ["one without Upgrade", "/ws", { upgrade: "" }, 426],
    ["one to another protocol", "/agents/lab/stream", { upgrade: "h2c" }, 426],
    ["one of an old version", "/ws", { "sec-websocket-version": "8" }, 426],
    ["one without a key", "/ws", { "sec-websocket-key": "" }, 400],
    ["an unknown agent", "/agents/nobody/ws", {}, 404],
    ["a private agent", "/v1/agents/vault/ws", {}, 404],
    ["a page of this machine", "/ws", { origin: "http://localhost:5173" }, 101],
    ["a page of another site", "/ws", { origin: "https://evil.example" }, 403],
    ["a page of nowhere", "/ws", { origin: "null" }, 403],
  ];

for (const [what, path, headers, status] of HANDSHAKES) {
  Deno.test(`an upgrade is answered with ${status}: ${what}`, async () => {
    const served = house();
    const answer = await handshake(served, path, headers);
    assert.equal(answer.status, status, answer.text);
    if (status === 426) assert.match(answer.text, /\r\nsec-websocket-version: 13\r\n/);
    answer.connection.close();
    await served.stop();
  });
}

/** Sockets of which the test sees the request that their frames are found by. */
async function openings(headers: Record<string, string>, protocols: string[] = []) {
  const sockets = createWebSockets({ bindings: bindings(), checkOrigin: () => {} });
  const heard: Request[] = [];
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    (request) =>
      sockets.upgrade(request, (opening) => {
        heard.push(opening);
        return () => ({ service: answering().service, call: anonymousCall });
      }),
  );
  const served = { port: server.addr.port, sockets, stop: () => server.shutdown() };
  const offered = { "sec-websocket-protocol": protocols.join(", ") };
  const { connection, text } = await handshake(served, "/ws?A2A-Version=1.0", { ...headers, ...offered });
  connection.close();
  await served.stop();
  return { opening: heard[0], text };
}

const anonymousCall: Call = {
  signal: new AbortController().signal,
  caller: { tenant: "default", subject: "anonymous", roles: [], anonymous: true },
  extensions: [],
};

/** [offered subprotocols, headers, chosen subprotocol] */
const TOKENS: readonly (readonly [string[], Record<string, string>, string | undefined])[] = [
  [[], {}, undefined],
  [[], { authorization: "Bearer abc" }, undefined],
  [["bearer", "a.b-c_d"], {}, "bearer"],
  [["Bearer", "abc"], {}, "bearer"],
  [["other", "bearer", "abc"], {}, "bearer"],
  [["bearer"], {}, "bearer"],
  [["other"], {}, undefined],
];

for (const [protocols, headers, chosen] of TOKENS) {
  Deno.test(`an upgrade that offers ${JSON.stringify(protocols)} with ${JSON.stringify(headers)} keeps no token`, async () => {
    const { opening, text } = await openings(headers, protocols);
    assert.equal(opening?.headers.get("authorization"), null);
    assert.equal(opening?.headers.get("sec-websocket-protocol"), null);
    assert.equal(/\r\nsec-websocket-protocol: (.*)\r\n/.exec(text)?.[1], chosen);
  });
}

Deno.test("an opening keeps query and headers, and no place in a stream", async () => {
  const { opening } = await openings({ "a2a-extensions": "urn:x", "last-event-id": "7" });
  assert.ok(opening !== undefined);
  assert.equal(new URL(opening.url).searchParams.get("A2A-Version"), "1.0");
  assert.equal(opening.headers.get("a2a-extensions"), "urn:x");
  assert.equal(opening.headers.get("last-event-id"), null);
});

Deno.test("a browser gets the subprotocol that it offered its token with", async () => {
  const served = house();
  const { socket, opened, close } = open(served, "/ws", ["bearer", "a.b.c"]);
  await opened;
  assert.equal(socket.protocol, "bearer");
  await close();
  await served.stop();
});

/** [what, frame, close code] */
const BAD_FRAMES: readonly (readonly [what: string, frame: string | Uint8Array<ArrayBuffer>, code: number])[] = [
  ["a binary frame", Uint8Array.of(1, 2), 1003],
  ["a frame that is too long", "x".repeat(10_001), 1009],
];

for (const [what, bad, code] of BAD_FRAMES) {
  Deno.test(`a socket is closed with ${code} for ${what}`, async () => {
    const served = house();
    const { socket, opened, closed } = open(served, "/ws");
    await opened;
    socket.send(bad);
    assert.equal((await closed).code, code);
    await served.stop();
  });
}

/** A stream that says nothing after its beginning, until it is left. */
function quiet() {
  const left = Promise.withResolvers<void>();
  const fake = answering({
    stream: async function* (_operation, { signal }) {
      try {
        yield* replay(TURN.slice(0, 1));
        await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
      } finally {
        left.resolve();
      }
    },
  });
  return { service: fake.service, left: left.promise };
}

for (
  const [how, hangUp] of [
    ["takes leave", async (connection: Deno.Conn) => void await connection.write(frame(8, ""))],
    ["is cut off", (connection: Deno.Conn) => Promise.resolve(connection.close())],
  ] as const
) {
  Deno.test(`a stream is left when its peer ${how}`, async () => {
    const { service, left } = quiet();
    const served = serve([servedAgent("desk", "public", service)]);
    const { connection } = await handshake(served, "/ws");
    await connection.write(frame(TEXT, rpc("SubscribeToTask", { id: "t1" })));
    await connection.read(new Uint8Array(1000));
    await hangUp(connection);
    await left;
    try {
      connection.close();
    } catch (thrown) {
      assert.ok(thrown instanceof Deno.errors.BadResource);
    }
    await served.stop();
  });
}

Deno.test("a peer that reads late is sent no more than it takes", async () => {
  const events = 64;
  const eventBytes = 262_144;
  const text = "x".repeat(eventBytes);
  let pulled = 0;
  const begun = Promise.withResolvers<void>();
  const service = answering({
    stream: async function* () {
      const task = { id: "t1", status: { state: "TASK_STATE_WORKING" as const }, metadata: { text } };
      for (; pulled < events; pulled++) {
        if (pulled === 5) begun.resolve();
        yield await Promise.resolve({ seq: pulled + 1, event: { task } });
      }
    },
  }).service;
  const served = serve([servedAgent("desk", "public", service)]);
  const { connection } = await handshake(served, "/ws");
  await connection.write(frame(TEXT, rpc("SubscribeToTask", { id: "t1" })));
  await begun.promise;
  const chunk = new Uint8Array(65_536);
  let mostAhead = 0;
  for (let read = 0; read < events * eventBytes;) {
    const count = await connection.read(chunk);
    assert.ok(count !== null);
    read += count;
    mostAhead = Math.max(mostAhead, pulled * eventBytes - read);
  }
  // What lies in the system's buffers on both sides; without backpressure it would be all 16 MiB.
  assert.ok(mostAhead < 9_000_000, `${mostAhead} bytes ahead`);
  connection.close();
  await served.stop();
});

Deno.test("drain() tells every peer that the server goes away, and opens no more sockets", async () => {
  const { service, left } = quiet();
  const served = serve([servedAgent("desk", "public", service), servedAgent("lab", "public", answering().service)]);
  const idle = open(served, "/agents/lab/ws");
  await idle.opened;
  await served.sockets.drain();
  assert.deepEqual(await idle.closed, { code: 1001, reason: "the server is stopping; connect again" });
  const late = await handshake(served, "/ws");
  assert.equal(late.status, 503);
  late.connection.close();
  await served.stop();

  const other = serve([servedAgent("desk", "public", service)]);
  const gone = open(other, "/ws");
  await gone.opened;
  gone.socket.send(rpc("SubscribeToTask", { id: "t1" }));
  await gone.next();
  const drained = other.sockets.drain();
  gone.socket.close();
  await Promise.all([drained, left]);
  await other.stop();
});

Deno.test("upgrade() opens no socket when the server begins to stop while its agent is looked for", async () => {
  const sockets = createWebSockets({ bindings: bindings(), checkOrigin: () => {} });
  const found = Promise.withResolvers<Target>();
  const headers = { upgrade: "websocket", "sec-websocket-version": "13" };
  const opening = sockets.upgrade(new Request("http://localhost/ws", { headers }), () => () => found.promise);
  await sockets.drain();
  const call: Call = { signal: new AbortController().signal, caller: ANONYMOUS, extensions: [] };
  found.resolve({ service: answering().service, call });
  await assert.rejects(opening, { reason: "UNAVAILABLE", message: /the server is stopping/ });
});
