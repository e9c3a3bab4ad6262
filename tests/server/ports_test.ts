import assert from "node:assert/strict";
import { PREFACE } from "../../src/lib/http2/frame.ts";
import { type Log, type LogFields, SILENT } from "../../src/lib/log.ts";
import { bind, ListenError } from "../../src/server/listener.ts";
import { bodyOf } from "../lib/http2/http2_pair.ts";
import { REQUEST } from "../lib/http2/raw_peer.ts";
import {
  echoed,
  http2On,
  LOOPBACK as hostname,
  NEVER,
  openTestPorts,
  testGrpc,
  threeFreePorts,
} from "./open_test_ports.ts";
import { freePort } from "../lib/free_port.ts";

const encoder = new TextEncoder();

Deno.test("openPorts() serves HTTP and gRPC on a port each", async () => {
  const ports = openTestPorts();
  assert.ok(ports.grpc !== undefined && ports.grpc !== ports.http);
  assert.equal(await (await fetch(`http://${hostname}:${ports.http}`)).text(), "HTTP/1");
  assert.equal(await echoed(ports.grpc, "hello"), "hello");
  await ports.stop(NEVER);
  await assert.rejects(Deno.connect({ hostname, port: ports.grpc }));
});

Deno.test("openPorts() opens no gRPC port when told so", async () => {
  const ports = openTestPorts({ grpcPort: false });
  assert.equal(ports.grpc, undefined);
  await ports.stop(NEVER);
});

Deno.test("openPorts() does without gRPC when nobody chose its port and it is taken, and says so", async () => {
  const warned: LogFields[] = [];
  const log: Log = { ...SILENT, warn: (_message, fields = {}) => void warned.push(fields) };
  let taken: Deno.Listener | undefined;
  try {
    taken = Deno.listen({ hostname, port: 50_051 });
  } catch {
    // Another process has it: just as good.
  }
  const ports = openTestPorts({ grpcPort: undefined, log });
  assert.equal(ports.grpc, undefined);
  assert.match(String(warned[0]?.because), /50051: it is in use; choose another with server\.grpc_port/);
  await ports.stop(NEVER);
  taken?.close();
});

Deno.test("openPorts() fails when a chosen port is taken, and leaves nothing open", () => {
  const taken = Deno.listen({ hostname, port: 0 });
  assert.throws(() => openTestPorts({ grpcPort: taken.addr.port }), ListenError);
  const port = freePort();
  assert.throws(() => openTestPorts({ port: taken.addr.port, grpcPort: port }), ListenError);
  Deno.listen({ hostname, port }).close();
  taken.close();
});

Deno.test("openPorts() serves HTTP on the two ports of older versions, too", async () => {
  const ports = openTestPorts({ port: threeFreePorts(), legacyPorts: true });
  for (const port of [ports.http, ports.http + 1, ports.http + 2]) {
    assert.equal(await (await fetch(`http://${hostname}:${port}`)).text(), "HTTP/1");
  }
  await ports.stop(NEVER);
  for (const offset of [0, 1, 2]) await assert.rejects(Deno.connect({ hostname, port: ports.http + offset }));
});

Deno.test("openPorts() fails when a port of older versions is taken, and leaves nothing open", async () => {
  const port = threeFreePorts();
  const taken = Deno.listen({ hostname, port: port + 2 });
  assert.throws(() => openTestPorts({ port, legacyPorts: true }), {
    name: "ListenError",
    message: `Cannot listen on ${hostname}:${port + 2}: it is in use; choose another with server.legacy_ports`,
  });
  taken.close();
  for (const offset of [0, 1, 2]) await untilFree(port + offset);
});

async function untilFree(port: number): Promise<void> {
  for (;;) {
    try {
      return Deno.listen({ hostname, port }).close();
    } catch {
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

const NO_ADDRESS: readonly (readonly [hostname: string, reason: string])[] = [
  ["999.1.1.1", "its name is not known"],
  ["192.0.2.1", "it is no address of this machine"],
];
for (const [hostname, reason] of NO_ADDRESS) {
  Deno.test(`bind() says of ${hostname} that ${reason}`, () => {
    assert.throws(() => bind({ hostname, port: 0, setting: "--port" }), {
      name: "SettingError",
      message: `Cannot listen on ${hostname}:0: ${reason}; choose another with --host`,
    });
  });
}

Deno.test("openPorts() says that there is no port behind the last one", async () => {
  assert.throws(() => openTestPorts({ port: 65_534, legacyPorts: true }), {
    name: "ListenError",
    message: "Cannot listen on port 65536: choose a lower one with --port",
  });
  await untilFree(65_534);
});

Deno.test("drainGrpc() lets streams end, refuses new connections, and leaves HTTP alone", async () => {
  const ports = openTestPorts();
  const { grpc: port } = ports;
  assert.ok(port !== undefined);
  const { client, over } = http2On(await Deno.connect({ hostname, port }));
  const stream = await client.request(REQUEST);
  await client.ping();
  ports.drainGrpc();
  await assert.rejects(Deno.connect({ hostname, port }));
  assert.equal(await (await fetch(`http://${hostname}:${ports.http}`)).text(), "HTTP/1");
  await stream.send(encoder.encode("still here"), { end: true });
  assert.equal(await bodyOf(stream), "still here");
  await Promise.all([over, ports.stop(NEVER)]);
});

Deno.test("stop() cuts what has not ended by its deadline", async () => {
  const ports = openTestPorts({ grpc: testGrpc(() => Promise.resolve(() => new Promise<void>(() => {}))) });
  assert.ok(ports.grpc !== undefined);
  const { client, over } = http2On(await Deno.connect({ hostname, port: ports.grpc }));
  const stream = await client.request(REQUEST, { end: true });
  await client.ping();
  const deadline = new AbortController();
  const stopped = ports.stop(deadline.signal);
  deadline.abort();
  await assert.rejects(stream.head());
  await Promise.all([over, stopped]);
});

Deno.test("a face that cannot be made resets the stream and is told to the log", async () => {
  const errors: LogFields[] = [];
  const log: Log = { ...SILENT, error: (_message, fields = {}) => void errors.push(fields) };
  const ports = openTestPorts({ grpc: testGrpc(() => Promise.reject(new Error("broken")), log) });
  assert.ok(ports.grpc !== undefined);
  const { client, over } = http2On(await Deno.connect({ hostname, port: ports.grpc }));
  const stream = await client.request(REQUEST, { end: true });
  await assert.rejects(stream.head(), /reset/);
  assert.equal(errors.length, 1);
  client.drain();
  await Promise.all([over, ports.stop(NEVER)]);
});

/** One port for both. */
function shared() {
  const port = freePort();
  return openTestPorts({
    port,
    grpcPort: port,
    fetch: async (request) => new Response(`${request.method} ${await request.text()}`),
  });
}

Deno.test("one port serves HTTP/1 and gRPC, told apart by their first bytes", async () => {
  const ports = shared();
  const { http: port } = ports;
  assert.equal(ports.grpc, port);
  assert.equal(await (await fetch(`http://${hostname}:${port}`)).text(), "GET ");
  const large = "x".repeat(300_000);
  const response = await fetch(`http://${hostname}:${port}`, { method: "PUT", body: large });
  assert.equal(await response.text(), `PUT ${large}`);
  assert.equal(await echoed(port, large), large);
  await ports.stop(NEVER);
});

Deno.test("one port takes a preface, and a method that begins alike, byte by byte", async () => {
  const ports = shared();
  for (
    const [sent, begin] of [[PREFACE, 0], [
      encoder.encode("PRX / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n"),
      72,
    ]] as const
  ) {
    const connection = await Deno.connect({ hostname, port: ports.http });
    connection.setNoDelay(true);
    for (const byte of sent) await connection.write(Uint8Array.of(byte));
    const answer = new Uint8Array(1);
    await connection.read(answer);
    assert.equal(answer[0], begin);
    connection.close();
  }
  await ports.stop(NEVER);
});

Deno.test("one port forgets peers that hang up, whatever they have said", async () => {
  const ports = shared();
  for (const sent of ["", "P", "PRI", "GET / HT"]) {
    const connection = await Deno.connect({ hostname, port: ports.http });
    if (sent !== "") await connection.write(encoder.encode(sent));
    connection.close();
  }
  assert.equal(await echoed(ports.http, "after"), "after");
  await ports.stop(NEVER);
});

Deno.test("one port is refused when it is taken, and nothing stays open", () => {
  const taken = Deno.listen({ hostname, port: 0 });
  const { port } = taken.addr;
  assert.throws(() => openTestPorts({ port, grpcPort: port }), ListenError);
  taken.close();
});

for (const where of [hostname, "0.0.0.0"]) {
  Deno.test(`openPorts() on ${where} tells who asks, over HTTP and over gRPC`, async () => {
    const seen: (string | undefined)[] = [];
    const grpc = testGrpc(() =>
      Promise.resolve((stream, peer) => {
        seen.push(peer?.address);
        stream.sendHeaders([[":status", "200"]], { end: true });
        return Promise.resolve();
      })
    );
    const ports = openTestPorts({ hostname: where, grpc, fetch: (_, { address }) => new Response(address) });
    assert.equal(await (await fetch(`http://${hostname}:${ports.http}`)).text(), hostname);
    const { client, over } = http2On(await Deno.connect({ hostname, port: ports.grpc ?? 0 }));
    await (await client.request(REQUEST, { end: true })).head();
    client.drain();
    await Promise.all([over, ports.stop(NEVER)]);
    assert.deepEqual(seen, [hostname]);
  });
}
