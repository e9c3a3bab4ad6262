import { Http2Connection } from "../../../src/lib/http2/http2_connection.ts";
import type { Http2Stream } from "../../../src/lib/http2/http2_stream.ts";
import { type ManualTimers, manualTimers } from "../manual_timers.ts";
import { duplex } from "./duplex.ts";
import { echo } from "./raw_peer.ts";

export interface Pair extends AsyncDisposable {
  readonly client: Http2Connection;
  readonly server: Http2Connection;
  readonly timers: ManualTimers;
  /** Resolves when both sides are over. */
  readonly over: Promise<unknown>;
}

export interface PairOptions {
  readonly onStream?: (stream: Http2Stream) => void;
  readonly maxConcurrentStreams?: number;
}

/** Our client's half and our server's, connected. */
export function http2Pair({ onStream = echo, maxConcurrentStreams = 100 }: PairOptions = {}): Pair {
  const [left, right] = duplex();
  const timers = manualTimers();
  const client = new Http2Connection({ role: "client" }, left, { timers });
  const server = new Http2Connection({ role: "server", onStream }, right, { timers, maxConcurrentStreams });
  const over = Promise.all([client.run(), server.run()]);
  return {
    client,
    server,
    timers,
    over,
    async [Symbol.asyncDispose]() {
      left.close();
      right.close();
      await over;
    },
  };
}

/** The whole body as text. */
export async function bodyOf(stream: Http2Stream): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for (let chunk = await stream.read(); chunk !== undefined; chunk = await stream.read()) {
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
