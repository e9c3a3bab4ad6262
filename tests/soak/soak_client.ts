import { Http2Connection } from "../../src/lib/http2/http2_connection.ts";
import { StreamError } from "../../src/lib/http2/http2_error.ts";
import type { Http2Stream } from "../../src/lib/http2/http2_stream.ts";
import { framedMessage } from "../../src/lib/grpc/grpc_messages.ts";
import { tcpBytes } from "../../src/server/tcp_bytes.ts";
import { PROCESS_TIMERS } from "../../src/server/timers.ts";
import { grpcHead } from "../lib/grpc/grpc_client.ts";

/** A request that is made again and again. */
export interface Question {
  readonly path: string;
  /** With its prefix. */
  readonly framed: Uint8Array;
}

export async function questionOf(path: string, message: Uint8Array<ArrayBuffer>): Promise<Question> {
  return { path, framed: await framedMessage(message, "identity") };
}

/** A connection of our client to a server of this machine. */
export interface SoakClient {
  readonly connection: Http2Connection;
  /** Closes its socket, without a word. */
  cut(): void;
  /** Resolves when it is closed, whoever has closed it. */
  readonly over: Promise<void>;
}

export async function connectTcp(port: number): Promise<Deno.TcpConn> {
  const tcp = await Deno.connect({ hostname: "127.0.0.1", port });
  tcp.setNoDelay(true);
  return tcp;
}

export async function openClient(port: number): Promise<SoakClient> {
  const bytes = tcpBytes(await connectTcp(port));
  const connection = new Http2Connection({ role: "client" }, bytes, { timers: PROCESS_TIMERS });
  return { connection, cut: () => bytes.close(), over: connection.run() };
}

/** Begins a call and says all that it has to say. */
export async function begin(connection: Http2Connection, { path, framed }: Question): Promise<Http2Stream> {
  const stream = await connection.request(grpcHead(path));
  await stream.send(framed, { end: true });
  return stream;
}

/** Reads the whole answer; gives the status. What cuts the stream is a status, too. */
export async function statusOf(stream: Http2Stream): Promise<string> {
  try {
    const head = await stream.head();
    while (await stream.read() !== undefined);
    return [...head, ...stream.trailers].find(([name]) => name === "grpc-status")?.[1] ?? "none";
  } catch (thrown) {
    if (thrown instanceof StreamError) return thrown.code;
    throw thrown;
  }
}

export async function statusOfCall(connection: Http2Connection, question: Question): Promise<string> {
  return await statusOf(await begin(connection, question));
}
