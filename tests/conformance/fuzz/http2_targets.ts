import assert from "node:assert/strict";
import { createGrpcClient } from "../../../src/lib/grpc/grpc_client.ts";
import { framedMessage } from "../../../src/lib/grpc/grpc_messages.ts";
import { grpcHandler, type GrpcMethod } from "../../../src/lib/grpc/grpc_server.ts";
import { GrpcError } from "../../../src/lib/grpc/grpc_status.ts";
import { FRAME, PREFACE } from "../../../src/lib/http2/frame.ts";
import { FrameReader } from "../../../src/lib/http2/frame_reader.ts";
import { HpackDecoder } from "../../../src/lib/http2/hpack_decoder.ts";
import { Http2Connection } from "../../../src/lib/http2/http2_connection.ts";
import { PROCESS_TIMERS } from "../../../src/server/timers.ts";
import { grpcHead } from "../../lib/grpc/grpc_client.ts";
import { duplex, type TestBytes } from "../../lib/http2/duplex.ts";
import { codeOf, settings } from "../../lib/http2/raw_peer.ts";
import { manualTimers } from "../../lib/manual_timers.ts";
import { frames, pieces, type Script } from "./http2_frames.ts";
import type { Random } from "./random.ts";

/** A conversation of so many frames, of which one in so many is changed; some are good throughout. */
const COUNT = 50;
const EVERY = [1_000_000, 20, 6, 2] as const;
/** Whatever comes, it is over by then. */
const PATIENCE_MS = 10_000;

const METHODS: ReadonlyMap<string, GrpcMethod> = new Map<string, GrpcMethod>([
  ["/t/Unary", { kind: "unary", answer: (bytes) => Promise.resolve(bytes) }],
  ["/t/Many", {
    kind: "server_stream",
    answer: async function* (bytes) {
      for (let at = 0; at < 5; at++) yield await Promise.resolve(bytes);
    },
  }],
  ["/t/Echo", { kind: "bidi", answer: (requests) => requests }],
]);

const message = (text: string) => framedMessage(new TextEncoder().encode(text), "identity");
const small = await message("hello");
const packed = await framedMessage(new Uint8Array(5000), "gzip");

const REQUESTS: Script = {
  heads: [
    grpcHead("/t/Unary"),
    grpcHead("/t/Many", [["grpc-timeout", "5S"]]),
    grpcHead("/t/Echo", [["grpc-encoding", "gzip"], ["grpc-accept-encoding", "gzip"]]),
    grpcHead("/t/None", [["content-length", "10"], ["x-bin", "AA=="]]),
  ],
  bodies: [small, packed, small.subarray(0, 3), await message("x".repeat(10_000)), new Uint8Array(0)],
  trailers: [["x-end", "yes"]],
  streamIds: [1, 3, 5, 7, 9, 11, 13, 15, 17, 19],
};

const ANSWERS: Script = {
  heads: [
    [[":status", "200"], ["content-type", "application/grpc"]],
    [[":status", "200"], ["content-type", "application/grpc"], ["grpc-encoding", "gzip"]],
    [[":status", "100"]],
    [[":status", "503"], ["content-type", "text/html"]],
    [[":status", "200"], ["content-type", "application/grpc"], ["grpc-status", "5"], ["grpc-message", "%E2%98%BA"]],
  ],
  bodies: REQUESTS.bodies,
  trailers: [["grpc-status", "0"]],
  streamIds: [1, 3, 5],
};

/** Reads what our side says until its end: it must be HTTP/2 throughout, and never a failure of our own. */
async function heed(bytes: TestBytes): Promise<void> {
  const reader = new FrameReader(bytes, 16_384);
  const decoder = new HpackDecoder({ maxTableBytes: 4096, maxListBytes: 65_536 });
  while (await reader.fill()) {
    for (let frame = reader.next(); frame !== undefined; frame = reader.next()) {
      if (frame.type === FRAME.HEADERS) decoder.decode(frame.payload);
      const isEnd = frame.type === FRAME.GOAWAY || frame.type === FRAME.RST_STREAM;
      if (isEnd) assert.notEqual(codeOf(frame), "INTERNAL_ERROR");
    }
  }
}

async function soon<T>(promise: Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const stop = PROCESS_TIMERS.after(PATIENCE_MS, () => reject(new Error("It hangs")));
  return await Promise.race([promise, late]).finally(stop);
}

/** Says it piece by piece, as long as somebody listens. */
async function say(bytes: TestBytes, all: readonly Uint8Array[], random: Random): Promise<void> {
  for (const piece of all) {
    await bytes.write(piece);
    if (random.once(8)) await new Promise((resolve) => setImmediate(resolve));
  }
  await new Promise((resolve) => setImmediate(resolve));
}

/** Our gRPC server before a client whose frames were changed at random. */
export async function hitHttp2Server(random: Random): Promise<void> {
  const [ours, theirs] = duplex();
  const timers = manualTimers();
  const errors: unknown[] = [];
  const answer = grpcHandler({ methods: METHODS, maxMessageBytes: 100_000, timers, onError: (e) => errors.push(e) });
  const answering = new Set<Promise<void>>();
  const connection = new Http2Connection(
    { role: "server", onStream: (stream) => void answering.add(answer(stream)) },
    theirs,
    { timers, maxConcurrentStreams: 5 },
  );
  const over = connection.run();
  const heard = heed(ours);
  const all = frames(REQUESTS, { count: COUNT, every: random.pick(EVERY) }, random);
  await say(ours, [PREFACE, settings(), ...pieces(all, random)], random);
  ours.close();
  await soon(Promise.all([over, heard, ...answering]));
  assert.deepEqual(connection.openStreams, [], "streams are left open");
  assert.deepEqual(errors, []);
  assert.equal(timers.running(), 0, "timers are left");
}

/** Our gRPC client before a server whose frames were changed at random. */
export async function hitHttp2Client(random: Random): Promise<void> {
  const [ours, theirs] = duplex();
  const timers = manualTimers();
  const isOpened = Promise.withResolvers<void>();
  const connections = [theirs];
  const client = createGrpcClient({
    open: () => {
      isOpened.resolve();
      const connection = connections.pop();
      return connection === undefined ? Promise.reject(new Error("There is one only")) : Promise.resolve(connection);
    },
    authority: "localhost",
    scheme: "http",
    maxMessageBytes: 100_000,
    timers,
  });
  const { signal } = new AbortController();
  const ask = async (text: string) => {
    try {
      for await (const _ of client.serverStream("/t/Many", new TextEncoder().encode(text), { signal }));
    } catch (thrown) {
      assert.ok(thrown instanceof GrpcError, `${thrown}`);
    }
  };
  const asking = Promise.all(["one", "two", "three"].map(ask));
  await isOpened.promise;
  await ours.read(new Uint8Array(PREFACE.length));
  const heard = heed(ours);
  const all = frames(ANSWERS, { count: COUNT, every: random.pick(EVERY) }, random);
  await say(ours, [settings(), ...pieces(all, random)], random);
  ours.close();
  await soon(Promise.all([asking, heard]));
  client.close();
}
