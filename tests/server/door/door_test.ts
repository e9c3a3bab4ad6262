import assert from "node:assert/strict";
import type { DoorLimits } from "../../../src/server/door/doorkeeper.ts";
import { innerHttp } from "../../../src/server/door/inner_http.ts";
import type { Arrival } from "../../../src/server/listener.ts";
import { PREFACE } from "../../../src/lib/http2/frame.ts";
import { type ManualTimers, manualTimers } from "../../lib/manual_timers.ts";
import { settings } from "../../lib/http2/raw_peer.ts";
import { LOOPBACK as hostname, NEVER, openTestPorts } from "../open_test_ports.ts";
import { ROOMY } from "./roomy.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

interface House {
  readonly port: number;
  readonly url: string;
  /** Those of the door; the server behind it has its own. */
  readonly timers: ManualTimers;
  readonly stop: () => Promise<void>;
}

type Fetch = (request: Request, arrival: Arrival) => Response | Promise<Response>;

/** A server that the whole network can reach, with a clock that a test moves. */
function openHouse(fetch: Fetch, limits: Partial<DoorLimits> = {}): House {
  const timers = manualTimers();
  const ports = openTestPorts({
    hostname: "0.0.0.0",
    grpcPort: false,
    fetch,
    timers,
    limits: { ...ROOMY, headMs: 10_000, idleMs: 60_000, ...limits },
  });
  return {
    port: ports.http,
    url: `http://${hostname}:${ports.http}`,
    timers,
    stop: () => ports.stop(NEVER),
  };
}

function connect(port: number): Promise<Deno.TcpConn> {
  return Deno.connect({ hostname, port });
}

async function say(connection: Deno.Conn, text: string): Promise<void> {
  await connection.write(encoder.encode(text));
}

/** What still comes until the connection is closed; how it is closed makes no difference. */
async function rest(connection: Deno.Conn): Promise<string> {
  const buffer = new Uint8Array(65_536);
  let text = "";
  try {
    for (let count = await connection.read(buffer); count !== null; count = await connection.read(buffer)) {
      text += decoder.decode(buffer.subarray(0, count), { stream: true });
    }
  } catch {
    // It was reset.
  } finally {
    connection.close();
  }
  return text;
}

function settledTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

async function until(connection: Deno.Conn, end: string): Promise<string> {
  const buffer = new Uint8Array(65_536);
  let text = "";
  while (!text.includes(end)) {
    const count = await connection.read(buffer);
    assert.ok(count, text);
    text += decoder.decode(buffer.subarray(0, count), { stream: true });
  }
  return text;
}

const GET = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
const OK = () => new Response("ok");

/** Resolves when the door has met everybody who has connected so far: connections are accepted in order. */
async function settled({ url }: House): Promise<void> {
  assert.equal(await (await fetch(url, { headers: { connection: "close" } })).text(), "ok");
}

Deno.test("the door cuts 500 clients that never end their heads, and serves everybody else meanwhile", async () => {
  const house = openHouse(OK);
  const slow = await Promise.all(Array.from({ length: 500 }, async (_, at) => {
    const connection = await connect(house.port);
    await say(connection, GET.slice(0, at % (GET.length - 1)));
    return connection;
  }));
  await settled(house);
  house.timers.advance(9000);
  await Promise.all(slow.map((connection) => say(connection, "")));
  await settled(house);
  house.timers.advance(2000);
  assert.deepEqual(new Set(await Promise.all(slow.map(rest))), new Set([""]));
  await settled(house);
  await house.stop();
});

Deno.test("the door cuts a connection that rests for too long, and none on which a request is under way", async () => {
  const { promise: answer, resolve: answerNow } = Promise.withResolvers<Response>();
  const { promise: asked, resolve: onAsked } = Promise.withResolvers<void>();
  const house = openHouse(({ url }) => {
    if (!url.endsWith("/slow")) return OK();
    onAsked();
    return answer;
  });
  const [resting, busy] = [await connect(house.port), await connect(house.port)];
  await say(resting, GET);
  await until(resting, "ok");
  await say(busy, GET.replace("/ ", "/slow "));
  await asked;
  await settled(house);
  house.timers.advance(3_600_000);
  assert.equal(await rest(resting), "");
  answerNow(new Response("at last"));
  assert.match(await until(busy, "at last"), /^HTTP\/1\.1 200/);
  busy.close();
  await house.stop();
});

Deno.test("the door cuts a further head that never ends, on a connection that was good before", async () => {
  const house = openHouse(OK);
  const connection = await connect(house.port);
  await say(connection, GET);
  await until(connection, "ok");
  await settled(house);
  house.timers.advance(30_000);
  await say(connection, "GET /");
  await settled(house);
  // The byte has come through the same loop by now; the door counts from when it came.
  house.timers.advance(11_000);
  assert.equal(await rest(connection), "");
  await house.stop();
});

Deno.test("the door turns away whoever comes when it is full, and lets others in when places are free again", async () => {
  const house = openHouse(OK, { maxConnections: 20 });
  const first = await Promise.all(Array.from({ length: 20 }, () => connect(house.port)));
  for (const connection of first) {
    await say(connection, GET);
    await until(connection, "ok");
  }
  const late = await Promise.all(Array.from({ length: 200 }, () => connect(house.port)));
  assert.deepEqual(new Set(await Promise.all(late.map(rest))), new Set([""]));
  for (const connection of first) connection.close();
  // Places are free when the server behind has noticed, too.
  for (let answered = false; !answered;) {
    const connection = await connect(house.port);
    try {
      await say(connection, GET.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"));
    } catch {
      // It was turned away before it could speak.
    }
    answered = (await rest(connection)).includes("ok");
  }
  await house.stop();
});

Deno.test("the door passes on large bodies both ways, and neither side runs ahead of the other", async () => {
  const size = 30_000_000;
  let sent = 0;
  const house = openHouse(async (request) => {
    if (request.method === "PUT") {
      let length = 0;
      for await (const chunk of request.body ?? []) length += chunk.length;
      return new Response(String(length));
    }
    return new Response(
      new ReadableStream({
        pull(controller) {
          sent += 65_536;
          if (sent > size) controller.close();
          else controller.enqueue(new Uint8Array(65_536));
        },
      }, { highWaterMark: 0 }),
    );
  });
  const uploaded = await fetch(house.url, { method: "PUT", body: new Uint8Array(size) });
  assert.equal(await uploaded.text(), String(size));
  const connection = await connect(house.port);
  await say(connection, GET);
  const buffer = new Uint8Array(1000);
  await connection.read(buffer);
  for (let before = -1; before !== sent;) {
    before = sent;
    await (await fetch(house.url, { method: "PUT", body: new Uint8Array(1000) })).text();
  }
  assert.ok(sent < size, "the server has sent everything to a client that does not read");
  connection.close();
  await house.stop();
});

Deno.test("the door keeps a stream of events open for as long as it lives, and ends it with its reader", async () => {
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  const { promise: cancelled, resolve: onCancel } = Promise.withResolvers<void>();
  const house = openHouse(({ url }) => {
    if (!url.endsWith("/events")) return OK();
    const stream = new ReadableStream<Uint8Array>({
      start: (made) => void (controller = made),
      cancel: () => onCancel(),
    });
    return new Response(stream, { headers: { "content-type": "text/event-stream" } });
  });
  const abort = new AbortController();
  const response = await fetch(`${house.url}/events`, { signal: abort.signal });
  const reader = response.body?.getReader();
  for (let at = 0; at < 20; at++) {
    controller?.enqueue(encoder.encode(`: ${at}\n\n`));
    const read = await reader?.read();
    assert.equal(decoder.decode(read?.value), `: ${at}\n\n`);
    house.timers.advance(600_000);
  }
  abort.abort();
  await cancelled;
  await assert.rejects(async () => await reader?.read());
  await house.stop();
});

Deno.test("the door passes a WebSocket on, and leaves it alone", async () => {
  const house = openHouse((request) => {
    const { socket, response } = Deno.upgradeWebSocket(request);
    socket.onmessage = ({ data }) => socket.send(`heard ${data}`);
    return response;
  });
  const socket = new WebSocket(house.url.replace("http", "ws"));
  await new Promise((resolve) => socket.onopen = resolve);
  for (const word of ["one", "two", "x".repeat(200_000)]) {
    const heard = new Promise<MessageEvent>((resolve) => socket.onmessage = resolve);
    socket.send(word);
    assert.equal((await heard).data, `heard ${word}`);
    house.timers.advance(3_600_000);
  }
  const closed = new Promise((resolve) => socket.onclose = resolve);
  socket.close();
  await closed;
  await house.stop();
});

Deno.test("the door notices that a client has gone, in the middle of a request and in the middle of its answer", async () => {
  const { promise: aborted, resolve: onAbort } = Promise.withResolvers<void>();
  const { promise: begun, resolve: onBegun } = Promise.withResolvers<void>();
  const { promise: cut, resolve: onCut } = Promise.withResolvers<string>();
  const house = openHouse(async (request) => {
    if (request.method === "POST") {
      onBegun();
      await request.text().catch(() => onCut("cut"));
      return OK();
    }
    request.signal.addEventListener("abort", () => onAbort());
    onBegun();
    await aborted;
    return OK();
  });
  const asking = await connect(house.port);
  await say(asking, GET);
  await begun;
  asking.close();
  await aborted;
  const telling = await connect(house.port);
  await say(telling, "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nhalf of");
  telling.close();
  assert.equal(await cut, "cut");
  await house.stop();
});

Deno.test("the door forgets clients that say goodbye in every way", async () => {
  const house = openHouse(OK);
  const goodbyes: ((connection: Deno.TcpConn) => Promise<void>)[] = [
    async (connection) => await connection.closeWrite(),
    (connection) => Promise.resolve(connection.close()),
    async (connection) => {
      await say(connection, GET);
      await connection.closeWrite();
    },
    async (connection) => {
      // Unread bytes make a reset of a close.
      await say(connection, GET.repeat(10));
      await until(connection, "o");
      connection.close();
    },
  ];
  for (const goodbye of goodbyes) {
    const connection = await connect(house.port);
    await goodbye(connection);
    try {
      await rest(connection);
    } catch {
      // It is closed by itself.
    }
    await settled(house);
  }
  await house.stop();
  // The last goodbye may still be on its way: as long as somebody is watched, this waits.
  while (house.timers.running() > 0) await settledTurn();
});

Deno.test("nobody gets around the door", async () => {
  const inner = innerHttp({ fetch: () => assert.fail("it was asked"), onError: () => new Response(null) });
  const response = await fetch(`http://${hostname}:${inner.port}`);
  assert.deepEqual([response.status, await response.text()], [403, ""]);
  await inner.stop();
});

Deno.test("HTTP/2 without TLS reaches the server behind the door, and is cut when it rests", async () => {
  const house = openHouse(OK);
  const connection = await connect(house.port);
  await connection.write(PREFACE);
  await connection.write(settings());
  const buffer = new Uint8Array(1000);
  await connection.read(buffer);
  house.timers.advance(30_000);
  await connection.write(settings());
  await settled(house);
  house.timers.advance(40_000);
  await rest(connection);
  await house.stop();
});
