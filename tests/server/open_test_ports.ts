import { freePort } from "../lib/free_port.ts";
import { Http2Connection } from "../../src/lib/http2/http2_connection.ts";
import { type Log, SILENT } from "../../src/lib/log.ts";
import { createGrpcServer, type GrpcFace } from "../../src/server/grpc_server.ts";
import { openPorts, type PortsOptions } from "../../src/server/ports.ts";
import { tcpBytes } from "../../src/server/tcp_bytes.ts";
import { PROCESS_TIMERS } from "../../src/server/timers.ts";
import { bodyOf } from "../lib/http2/http2_pair.ts";
import { echo, REQUEST } from "../lib/http2/raw_peer.ts";
import { ROOMY } from "./door/roomy.ts";

export const LOOPBACK = "127.0.0.1";
/** A deadline that never comes. */
export const NEVER = new AbortController().signal;

const encoder = new TextEncoder();

export function testGrpc(face: () => Promise<GrpcFace> = () => Promise.resolve(echo), log: Log = SILENT) {
  return createGrpcServer({ face, timers: PROCESS_TIMERS, random: () => 0.5, log });
}

/** Free ports on loopback, unless `options` say otherwise: HTTP says "HTTP/1", HTTP/2 echoes. */
export function openTestPorts(options: Partial<PortsOptions> = {}) {
  return openPorts({
    hostname: LOOPBACK,
    port: 0,
    grpcPort: 0,
    legacyPorts: false,
    fetch: () => new Response("HTTP/1"),
    onError: () => new Response(null, { status: 500 }),
    grpc: testGrpc(),
    limits: ROOMY,
    timers: PROCESS_TIMERS,
    log: SILENT,
    ...options,
  });
}

/** The first of three free ports, one after the other. */
export function threeFreePorts(): number {
  for (;;) {
    const first = freePort();
    const open: Deno.Listener[] = [];
    try {
      for (const port of [first, first + 1, first + 2]) open.push(Deno.listen({ hostname: LOOPBACK, port }));
      return first;
    } catch {
      // One of them is another's: look elsewhere.
    } finally {
      for (const listener of open) listener.close();
    }
  }
}

/** Our HTTP/2 on a connection that is open. */
export function http2On(connection: Deno.TcpConn | Deno.TlsConn) {
  const client = new Http2Connection({ role: "client" }, tcpBytes(connection), { timers: PROCESS_TIMERS });
  return { client, over: client.run() };
}

/** What an HTTP/2 server echoes. */
export async function echoedOn(connection: Deno.TcpConn | Deno.TlsConn, text: string): Promise<string> {
  const { client, over } = http2On(connection);
  const stream = await client.request(REQUEST);
  await stream.send(encoder.encode(text), { end: true });
  const answer = await bodyOf(stream);
  client.drain();
  await over;
  return answer;
}

export async function echoed(port: number, text: string): Promise<string> {
  return await echoedOn(await Deno.connect({ hostname: LOOPBACK, port }), text);
}
