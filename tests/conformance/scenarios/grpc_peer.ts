import assert from "node:assert/strict";
import { z } from "zod";
import { loadCodec, type MethodCodec } from "../../../src/a2a/proto/codec.ts";
import type { StreamResponse } from "../../../src/a2a/types.ts";
import { metadataOf } from "../../../src/lib/grpc/grpc_metadata.ts";
import { Http2Connection } from "../../../src/lib/http2/http2_connection.ts";
import type { HeaderField } from "../../../src/lib/http2/static_table.ts";
import { tcpBytes } from "../../../src/server/tcp_bytes.ts";
import { PROCESS_TIMERS } from "../../../src/server/timers.ts";
import { beginCall, bytesOf, messagesOf } from "../../lib/grpc/grpc_client.ts";
import type { AddressNow } from "./http_peers.ts";
import { type Operation, type Peer, type Place, reasonIn, Refused, type Request, RESUME, withPlace } from "./peer.ts";
import type { Spelling } from "./spelling.ts";

const LEGACY_NAMES = new Map<Operation, string>([
  ["SubscribeToTask", "TaskSubscription"],
  ["ListTaskPushNotificationConfigs", "ListTaskPushNotificationConfig"],
]);

const Numbered = z.object({ [RESUME]: z.object({ seq: z.number() }) });

/** The number within an event, for gRPC has no place for it beside. */
function seqIn(event: StreamResponse): number | undefined {
  const [told] = Object.values(event);
  return Numbered.safeParse(told?.metadata).data?.[RESUME]?.seq;
}

const Status = z.object({ details: z.array(z.unknown()).optional() });

/** A2A over gRPC: a connection for each call. */
export function grpcPeer(address: AddressNow, spelling: Spelling): Peer {
  const service = spelling.version === "1.0" ? "lf.a2a.v1.A2AService" : "a2a.v1.A2AService";
  const dial = async (operation: Operation, request: Request, place?: Place) => {
    const name = spelling.version === "1.0" ? operation : LEGACY_NAMES.get(operation) ?? operation;
    const codec = (await loadCodec()).methods(service).find((method) => method.name === name);
    const connection = await Deno.connect({ hostname: "127.0.0.1", port: address().grpc });
    connection.setNoDelay(true);
    const bytes = tcpBytes(connection);
    const client = new Http2Connection({ role: "client" }, bytes, { timers: PROCESS_TIMERS });
    const over = client.run();
    const metadata: HeaderField[] = [["a2a-version", spelling.version], ["a2a-extensions", RESUME]];
    if (place?.by === "header") metadata.push(["last-event-id", `${place.afterSeq}`]);
    // A method that a service does not have can be asked for all the same.
    const message = codec?.input.encode(spelling.body(operation, request)) ?? new Uint8Array(0);
    const stream = await beginCall(client, `/${service}/${name}`, { messages: [message], metadata });
    const hangUp = async () => {
      client.close("NO_ERROR", "done");
      await over;
    };
    return { codec, stream, hangUp };
  };
  return {
    binding: "gRPC",
    version: spelling.version,
    async ask(operation, request) {
      const { codec, stream, hangUp } = await dial(operation, request);
      try {
        const [message] = await Array.fromAsync(messagesOf(stream));
        await checkStatus(metadataOf(stream.trailers.length === 0 ? await stream.head() : stream.trailers));
        return spelling.answer(operation, decode(codec, message));
      } finally {
        await hangUp();
      }
    },
    async *listen(operation, request, place) {
      const { codec, stream, hangUp } = await dial(operation, withPlace(request, place), place);
      try {
        for await (const message of messagesOf(stream)) {
          const event = spelling.event(decode(codec, message));
          yield { seq: seqIn(event), event };
        }
        await checkStatus(metadataOf(stream.trailers.length === 0 ? await stream.head() : stream.trailers));
      } finally {
        await hangUp();
      }
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

function decode(codec: MethodCodec | undefined, message: Uint8Array | undefined): unknown {
  assert.ok(codec && message);
  return codec.output.decode(message);
}

async function checkStatus(trailers: ReadonlyMap<string, string>): Promise<void> {
  const status = trailers.get("grpc-status");
  if (status === "0") return;
  const packed = trailers.get("grpc-status-details-bin");
  const details = packed === undefined
    ? []
    : Status.parse((await loadCodec()).message("google.rpc.Status").decode(bytesOf(packed))).details;
  throw new Refused(reasonIn(details) ?? `gRPC ${status}`, { status, details });
}
