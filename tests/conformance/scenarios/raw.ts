import { loadCodec } from "../../../src/a2a/proto/codec.ts";
import { metadataOf } from "../../../src/lib/grpc/grpc_metadata.ts";
import { Http2Connection } from "../../../src/lib/http2/http2_connection.ts";
import type { HeaderField } from "../../../src/lib/http2/static_table.ts";
import { tcpBytes } from "../../../src/server/tcp_bytes.ts";
import { PROCESS_TIMERS } from "../../../src/server/timers.ts";
import { bytesOf, grpcHead } from "../../lib/grpc/grpc_client.ts";
import type { Live } from "./live_server.ts";
import type { Version } from "./peer.ts";

/* What a peer sends and is sent, byte by byte: nothing here knows what is right. */

export type Bytes = Uint8Array<ArrayBuffer>;
type Fields = Readonly<Record<string, string>>;

/** An answer over HTTP as it came. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The text as JSON; of a stream, its first event. */
  readonly json: unknown;
}

export interface RawRequest {
  readonly method?: string;
  /** Below the agent's URL. */
  readonly path?: string;
  readonly body?: string | Bytes | ReadableStream<Bytes>;
  readonly headers?: Fields;
  /** undefined: none is told. */
  readonly version?: Version | undefined;
}

export async function http({ address }: Live, request: RawRequest): Promise<RawAnswer> {
  const { method = "POST", path = "", body, headers = {}, version } = request;
  const response = await fetch(`${address().http}${path}`, {
    method,
    headers: {
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...(version === undefined ? {} : { "a2a-version": version }),
      ...headers,
    },
    ...(body === undefined ? {} : { body }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: jsonIn(text) };
}

function jsonIn(text: string): unknown {
  const [, event] = /^data: ?(.*)$/m.exec(text) ?? [];
  try {
    return JSON.parse(event ?? text);
  } catch {
    return undefined;
  }
}

/** An answer over gRPC as it came. */
export interface RawGrpcAnswer {
  /** Of HTTP. */
  readonly http: string | undefined;
  readonly status: string | undefined;
  readonly message: string;
  /** google.rpc.Status as ProtoJSON. */
  readonly details: unknown;
  readonly messages: number;
}

export interface RawGrpcRequest {
  readonly path: string;
  /** What is sent in DATA, prefixes and all. */
  readonly data: Bytes;
  readonly head?: readonly HeaderField[];
}

/** A connection for any number of calls, one after another. */
export async function grpcLine({ address }: Live) {
  const connection = await Deno.connect({ hostname: "127.0.0.1", port: address().grpc });
  connection.setNoDelay(true);
  const bytes = tcpBytes(connection);
  const client = new Http2Connection({ role: "client" }, bytes, { timers: PROCESS_TIMERS });
  const over = client.run();
  const details = (await loadCodec()).message("google.rpc.Status");
  return {
    async call({ path, data, head = grpcHead(path) }: RawGrpcRequest): Promise<RawGrpcAnswer> {
      const stream = await client.request(head);
      // A refusal may come before all is sent.
      await stream.send(data, { end: true }).catch(() => {});
      let messages = 0;
      for (let chunk = await stream.read(); chunk !== undefined; chunk = await stream.read()) messages++;
      const first = metadataOf(await stream.head());
      const last = stream.trailers.length === 0 ? first : metadataOf(stream.trailers);
      const packed = last.get("grpc-status-details-bin");
      return {
        http: first.get(":status"),
        status: last.get("grpc-status"),
        message: decodeURIComponent(last.get("grpc-message") ?? ""),
        details: packed === undefined ? undefined : details.decode(bytesOf(packed)),
        messages,
      };
    },
    async [Symbol.asyncDispose]() {
      client.close("NO_ERROR", "done");
      await over;
    },
  };
}

/** A message behind its prefix. */
export function framed(message: Uint8Array, { flag = 0, length = message.length } = {}): Bytes {
  const bytes = new Uint8Array(5 + message.length);
  bytes[0] = flag;
  new DataView(bytes.buffer).setUint32(1, length);
  bytes.set(message, 5);
  return bytes;
}

/** A socket, and what comes on it. */
export async function socketLine({ address }: Live, version?: Version) {
  const query = version === undefined ? "" : `?A2A-Version=${version}`;
  const socket = new WebSocket(`${address().http.replace("http", "ws")}/ws${query}`);
  const frames: string[] = [];
  let wake = () => {};
  let closed: { code: number; reason: string } | undefined;
  const over = Promise.withResolvers<void>();
  socket.onmessage = ({ data }) => {
    frames.push(data);
    wake();
  };
  socket.onclose = ({ code, reason }) => {
    closed = { code, reason };
    wake();
    over.resolve();
  };
  await new Promise<void>((resolve, reject) => {
    socket.onopen = () => resolve();
    socket.onerror = () => reject(new Error("The socket broke"));
  });
  socket.onerror = () => {};
  return {
    send: (data: string | Bytes) => socket.send(data),
    /** The next frame, or how the socket was closed. */
    async next(): Promise<unknown> {
      while (frames.length === 0 && closed === undefined) await new Promise<void>((resolve) => wake = resolve);
      const frame = frames.shift();
      return frame === undefined ? closed : JSON.parse(frame);
    },
    async [Symbol.asyncDispose]() {
      socket.close();
      await over.promise;
    },
  };
}
