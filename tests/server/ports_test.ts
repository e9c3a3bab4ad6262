import assert from "node:assert/strict";
import { PREFACE } from "../../src/lib/http2/frame.ts";
import { Http2Connection } from "../../src/lib/http2/http2_connection.ts";
import { type Log, type LogFields, SILENT } from "../../src/lib/log.ts";
import { createGrpcServer } from "../../src/server/grpc_server.ts";
import { ListenError } from "../../src/server/listener.ts";
import { openPorts, type PortsOptions } from "../../src/server/ports.ts";
import { listenShared } from "../../src/server/shared_port.ts";
import { tcpBytes } from "../../src/server/tcp_bytes.ts";
import { PROCESS_TIMERS } from "../../src/server/timers.ts";
import { bodyOf } from "../lib/http2/http2_pair.ts";
import { echo, REQUEST } from "../lib/http2/raw_peer.ts";

const hostname = "127.0.0.1";
const encoder = new TextEncoder();

function grpc(face = () => Promise.resolve(echo), log: Log = SILENT) {
  return createGrpcServer({ face, timers: PROCESS_TIMERS, random: () => 0.5, log });
}

function open(options: Partial<PortsOptions>) {
  return openPorts({
    hostname,
    port: 0,
    grpcPort: 0,
    fetch: () => new Response("HTTP/1"),
    onError: () => new Response(null, { status: 500 }),
    grpc: grpc(),
    timers: PROCESS_TIMERS,
    log: SILENT,
    ...options,
  });
}

/** What an HTTP/2 server on `port` echoes. */
async function echoed(port: number, text: string): Promise<string> {
  const bytes = tcpBytes(await Deno.connect({ hostname, port }));
  const client = new Http2Connection({ role: "client" }, bytes, { timers: PROCESS_TIMERS });
  const over = client.run();
  const stream = await client.request(REQUEST);
  await stream.send(encoder.encode(text), { end: true });
  const answer = await bodyOf(stream);
  client.drain();
  await over;
  return answer;
}

const NEVER = new AbortController().signal;

Deno.test("openPorts() serves HTTP and gRPC on a port each", async () => {
  const ports = open({});
  assert.ok(ports.grpc !== undefined && ports.grpc !== ports.http);
  assert.equal(await (await fetch(`http://${hostname}:${ports.http}`)).text(), "HTTP/1");
  assert.equal(await echoed(ports.grpc, "hello"), "hello");
  await ports.stop(NEVER);
  await assert.rejects(Deno.connect({ hostname, port: ports.grpc }));
});

Deno.test("openPorts() opens no gRPC port when told so", async () => {
  const ports = open({ grpcPort: false });
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
  const ports = open({ grpcPort: undefined, log });
  assert.equal(ports.grpc, undefined);
  assert.match(String(warned[0]?.because), /50051: it is in use; choose another with server\.grpc_port/);
  await ports.stop(NEVER);
  taken?.close();
});

Deno.test("openPorts() fails when a chosen port is taken, and leaves nothing open", () => {
  const taken = Deno.listen({ hostname, port: 0 });
  assert.throws(() => open({ grpcPort: taken.addr.port }), ListenError);
  const free = Deno.listen({ hostname, port: 0 });
  const { port } = free.addr;
  free.close();
  assert.throws(() => open({ port: taken.addr.port, grpcPort: port }), ListenError);
  Deno.listen({ hostname, port }).close();
  taken.close();
});

Deno.test("drainGrpc() lets streams end, refuses new connections, and leaves HTTP alone", async () => {
  const ports = open({});
  const { grpc: port } = ports;
  assert.ok(port !== undefined);
  const bytes = tcpBytes(await Deno.connect({ hostname, port }));
  const client = new Http2Connection({ role: "client" }, bytes, { timers: PROCESS_TIMERS });
  const over = client.run();
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
  const ports = open({ grpc: grpc(() => Promise.resolve(() => new Promise<void>(() => {}))) });
  assert.ok(ports.grpc !== undefined);
  const bytes = tcpBytes(await Deno.connect({ hostname, port: ports.grpc }));
  const client = new Http2Connection({ role: "client" }, bytes, { timers: PROCESS_TIMERS });
  const over = client.run();
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
  const ports = open({ grpc: grpc(() => Promise.reject(new Error("broken")), log) });
  assert.ok(ports.grpc !== undefined);
  const bytes = tcpBytes(await Deno.connect({ hostname, port: ports.grpc }));
  const client = new Http2Connection({ role: "client" }, bytes, { timers: PROCESS_TIMERS });
  const over = client.run();
  const stream = await client.request(REQUEST, { end: true });
  await assert.rejects(stream.head(), /reset/);
  assert.equal(errors.length, 1);
  client.drain();
  await Promise.all([over, ports.stop(NEVER)]);
});

function shared() {
  const server = grpc();
  const listener = listenShared({
    hostname,
    port: 0,
    fetch: async (request) => new Response(`${request.method} ${await request.text()}`),
    onError: () => new Response(null, { status: 500 }),
    http2: (bytes, first) => void server.serve(bytes, first),
    timers: PROCESS_TIMERS,
  });
  return {
    port: listener.port,
    stop: async () => {
      await Promise.all([listener.stop(), server.stop(NEVER)]);
    },
  };
}

Deno.test("one port serves HTTP/1 and gRPC, told apart by their first bytes", async () => {
  const { port, stop } = shared();
  assert.equal(await (await fetch(`http://${hostname}:${port}`)).text(), "GET ");
  const large = "x".repeat(300_000);
  const response = await fetch(`http://${hostname}:${port}`, { method: "PUT", body: large });
  assert.equal(await response.text(), `PUT ${large}`);
  assert.equal(await echoed(port, large), large);
  await stop();
});

Deno.test("one port takes a preface, and a method that begins alike, byte by byte", async () => {
  const { port, stop } = shared();
  for (
    const [sent, begin] of [[PREFACE, 0], [
      encoder.encode("PRX / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n"),
      72,
    ]] as const
  ) {
    const connection = await Deno.connect({ hostname, port });
    connection.setNoDelay(true);
    for (const byte of sent) await connection.write(Uint8Array.of(byte));
    const answer = new Uint8Array(1);
    await connection.read(answer);
    assert.equal(answer[0], begin);
    connection.close();
  }
  await stop();
});

Deno.test("one port forgets peers that hang up, whatever they have said", async () => {
  const { port, stop } = shared();
  for (const sent of ["", "P", "PRI", "GET / HT"]) {
    const connection = await Deno.connect({ hostname, port });
    if (sent !== "") await connection.write(encoder.encode(sent));
    connection.close();
  }
  assert.equal(await echoed(port, "after"), "after");
  await stop();
});
