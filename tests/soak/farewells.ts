import { FLAG, FRAME, frameBytes, PREFACE } from "../../src/lib/http2/frame.ts";
import { grpcHead } from "../lib/grpc/grpc_client.ts";
import { headers, settings } from "../lib/http2/raw_peer.ts";
import {
  begin,
  connectTcp,
  openClient,
  type Question,
  type SoakClient,
  statusOf,
  statusOfCall,
} from "./soak_client.ts";

/** What a visitor of one connection may ask. */
export interface Questions {
  /** Is answered at once, with OK. */
  readonly unary: Question;
  /** Says something at once, and then nothing for ever. */
  readonly endless: Question;
}

/** Comes over a connection of its own and leaves. Gives the statuses of the calls that had to be answered. */
export type Farewell = (port: number, questions: Questions) => Promise<readonly string[]>;

/** What a call is answered with, and a stream that never ends, after its first words. */
async function listening({ connection }: SoakClient, { unary, endless }: Questions) {
  const status = await statusOfCall(connection, unary);
  const stream = await begin(connection, endless);
  await stream.head();
  await stream.read();
  return { status, stream };
}

/** Bytes as they are, of which no answer is read. */
async function blurt(port: number, ...pieces: readonly Uint8Array[]): Promise<Deno.TcpConn> {
  const tcp = await connectTcp(port);
  for (const piece of pieces) await tcp.write(piece);
  return tcp;
}

function openingOf({ path, framed }: Question, bytes: number): Uint8Array[] {
  const body = frameBytes({ type: FRAME.DATA, flags: 0, streamId: 1 }, framed.subarray(0, bytes));
  return [PREFACE, settings(), headers(1, grpcHead(path), FLAG.END_HEADERS), body];
}

/** All ways in which clients leave, politely and not. */
export const FAREWELLS: ReadonlyMap<string, Farewell> = new Map<string, Farewell>([
  ["GOAWAY when all is answered", async (port, { unary }) => {
    const client = await openClient(port);
    const status = await statusOfCall(client.connection, unary);
    client.connection.drain();
    await client.over;
    return [status];
  }],
  ["GOAWAY while calls are under way", async (port, { unary }) => {
    const client = await openClient(port);
    const streams = [await begin(client.connection, unary), await begin(client.connection, unary)];
    client.connection.drain();
    const statuses = await Promise.all(streams.map(statusOf));
    await client.over;
    return statuses;
  }],
  ["RST_STREAM, then GOAWAY", async (port, questions) => {
    const client = await openClient(port);
    const { status, stream } = await listening(client, questions);
    stream.reset("CANCEL");
    client.connection.drain();
    await client.over;
    return [status];
  }],
  ["GOAWAY with an error while a stream is open", async (port, questions) => {
    const client = await openClient(port);
    const { status } = await listening(client, questions);
    client.connection.close("INTERNAL_ERROR", "I have to go");
    await client.over;
    return [status];
  }],
  ["its socket is closed while a stream is open", async (port, questions) => {
    const client = await openClient(port);
    const { status } = await listening(client, questions);
    client.cut();
    await client.over;
    return [status];
  }],
  ["its socket is closed in the middle of a message", async (port, { unary }) => {
    (await blurt(port, ...openingOf(unary, unary.framed.length - 1))).close();
    return [];
  }],
  ["its socket is reset, with an answer unread", async (port, { endless }) => {
    const tcp = await blurt(port, ...openingOf(endless, endless.framed.length));
    // Linux resets a connection that is closed on unread bytes; one byte that was read tells that there are others.
    await tcp.read(new Uint8Array(1));
    tcp.close();
    return [];
  }],
  ["only its half is closed", async (port, { unary }) => {
    const tcp = await blurt(port, ...openingOf(unary, unary.framed.length));
    await tcp.closeWrite();
    await new Response(tcp.readable).bytes();
    return [];
  }],
  ["it comes and goes without a word", async (port) => {
    (await blurt(port)).close();
    return [];
  }],
  ["it speaks no HTTP/2", async (port) => {
    const tcp = await blurt(port, new TextEncoder().encode("PRI what?\r\n\r\n".repeat(10)));
    await new Response(tcp.readable).bytes().catch(() => {});
    return [];
  }],
]);
