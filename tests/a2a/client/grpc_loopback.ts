import { grpcMethods } from "../../../src/a2a/bindings/grpc.ts";
import { grpcV03, grpcV1 } from "../../../src/a2a/bindings/grpc_spelling.ts";
import type { AgentCard } from "../../../src/a2a/card/card_types.ts";
import { loadCodec } from "../../../src/a2a/proto/codec.ts";
import { type A2AService, ANONYMOUS } from "../../../src/a2a/service.ts";
import { type GrpcCall, grpcHandler } from "../../../src/lib/grpc/grpc_server.ts";
import type { ByteStream } from "../../../src/lib/http2/byte_stream.ts";
import { Http2Connection } from "../../../src/lib/http2/http2_connection.ts";
import type { OpenBytes } from "../../../src/lib/http2/open_bytes.ts";
import { SILENT } from "../../../src/lib/log.ts";
import { duplex, type TestBytes } from "../../lib/http2/duplex.ts";
import { manualTimers } from "../../lib/manual_timers.ts";
import { CARD } from "../fake_service.ts";

export interface GrpcLoopback {
  /** Opens connections that lead to the service, wherever they are to lead. */
  readonly openBytes: OpenBytes;
  readonly opened: { readonly address: string; readonly tls: boolean; readonly bytes: TestBytes }[];
  readonly calls: GrpcCall[];
  /** Ends all connections. */
  close(): Promise<void>;
}

export interface GrpcLoopbackOptions {
  /** Throws to refuse a call. */
  readonly guard?: (call: GrpcCall) => void;
  readonly card?: AgentCard;
  /** Whether events carry their numbers. Default: they do. */
  readonly numbered?: boolean;
  /** What becomes of the client's end of a connection before the client has it. */
  readonly wire?: (bytes: TestBytes) => ByteStream;
}

/** Both generations of a service over gRPC, without a network. */
export async function grpcLoopback(service: A2AService, options: GrpcLoopbackOptions = {}): Promise<GrpcLoopback> {
  const { guard = () => {}, card = CARD, wire = (bytes) => bytes, numbered = true } = options;
  const codec = await loadCodec();
  const timers = manualTimers();
  const calls: GrpcCall[] = [];
  const deps = {
    codec,
    profile: "1.0.1" as const,
    log: SILENT,
    find: (_payload: unknown, call: GrpcCall) => {
      calls.push(call);
      guard(call);
      const listed = call.metadata.get("a2a-extensions") ?? call.metadata.get("x-a2a-extensions") ?? "";
      const extensions = listed.split(",").map((uri) => uri.trim()).filter((uri) => uri !== "" && numbered);
      return { service, call: { signal: call.signal, caller: ANONYMOUS, extensions }, card: () => card };
    },
  };
  const methods = new Map([
    ...grpcMethods(grpcV1("1.0.1"), deps),
    ...grpcMethods(grpcV03({ newId: () => "made-up" }), deps),
  ]);
  const handler = grpcHandler({ methods, maxMessageBytes: 1_000_000, timers, onError: () => {} });
  const opened: { address: string; tls: boolean; bytes: TestBytes }[] = [];
  const running: Promise<void>[] = [];
  return {
    calls,
    opened,
    openBytes: ({ hostname, port }, { tls, signal }) => {
      signal.throwIfAborted();
      const [ours, theirs] = duplex();
      const onStream = (stream: Parameters<typeof handler>[0]) => void handler(stream);
      running.push(new Http2Connection({ role: "server", onStream }, theirs, { timers }).run());
      opened.push({ address: `${hostname}:${port}`, tls, bytes: ours });
      return Promise.resolve(wire(ours));
    },
    async close() {
      for (const { bytes } of opened) bytes.close();
      await Promise.all(running);
    },
  };
}
