import { z } from "zod";
import { grpcMethods } from "../../../src/a2a/bindings/grpc.ts";
import type { FindGrpcTarget } from "../../../src/a2a/bindings/grpc_target.ts";
import { grpcV1 } from "../../../src/a2a/bindings/grpc_spelling.ts";
import { isLast } from "../../../src/a2a/bindings/event_stream.ts";
import { webSocketBinding } from "../../../src/a2a/bindings/websocket.ts";
import { loadCodec } from "../../../src/a2a/proto/codec.ts";
import type { A2AService } from "../../../src/a2a/service.ts";
import type { Operation } from "../../../src/a2a/operations.ts";
import { StreamResponse } from "../../../src/a2a/types.ts";
import { grpcHandler } from "../../../src/lib/grpc/grpc_server.ts";
import { metadataOf } from "../../../src/lib/grpc/grpc_metadata.ts";
import type { Http2Connection } from "../../../src/lib/http2/http2_connection.ts";
import { SILENT } from "../../../src/lib/log.ts";
import { CARD } from "../../a2a/fake_service.ts";
import { beginCall, bytesOf, messagesOf } from "../../lib/grpc/grpc_client.ts";
import { http2Pair } from "../../lib/http2/http2_pair.ts";
import { manualTimers } from "../../lib/manual_timers.ts";
import { bindings } from "../../server/app_under_test.ts";
import { type Asked, callerOf, extensionsOf, type Face, findIn, headersOf, type Params } from "./face.ts";
import { Details, refusedWith, rpcBody, unwrapRpc } from "./http_face.ts";

const SERVICE = "lf.a2a.v1.A2AService";
const MAX_BYTES = 1_000_000;
const codec = await loadCodec();
const GrpcStatus = z.object({ code: z.number(), details: Details });

/** A connection to `service` over gRPC. */
export function grpcConnection(service: A2AService): Http2Connection {
  const find: FindGrpcTarget = (_payload, { metadata, signal }) => ({
    service,
    call: {
      signal,
      caller: callerOf(metadata.get("authorization")),
      extensions: extensionsOf(metadata.get("a2a-extensions")),
    },
    card: () => CARD,
  });
  const options = { codec, profile: "1.0.1", log: SILENT, find } as const;
  const methods = grpcMethods(grpcV1("1.0.1"), options);
  const timers = manualTimers();
  return http2Pair({ onStream: grpcHandler({ methods, maxMessageBytes: MAX_BYTES, timers, onError: () => {} }) })
    .client;
}

export interface GrpcStreamed {
  readonly head: ReadonlyMap<string, string>;
  readonly messages: AsyncGenerator<unknown, void, undefined>;
}

/** One call; its messages as ProtoJSON. Throws Refused behind the last of them. */
export async function callGrpc(
  connection: Http2Connection,
  { operation, params, asked }: { operation: Operation; params: Params; asked?: Asked | undefined },
): Promise<GrpcStreamed> {
  const method = codec.methods(SERVICE).find(({ name }) => name === operation);
  if (method === undefined) throw new TypeError(`${SERVICE} has no ${operation}`);
  const stream = await beginCall(connection, `/${SERVICE}/${operation}`, {
    messages: [method.input.encode(params)],
    metadata: Object.entries(headersOf(asked)),
  });
  const head = metadataOf(await stream.head());
  return {
    head,
    messages: (async function* () {
      try {
        for await (const bytes of messagesOf(stream)) yield method.output.decode(bytes);
        const told = stream.trailers.length === 0 ? head : metadataOf(stream.trailers);
        const status = told.get("grpc-status");
        if (status === "0") return;
        const details = GrpcStatus.parse(
          codec.message("google.rpc.Status").decode(bytesOf(told.get("grpc-status-details-bin") ?? "")),
        );
        throw refusedWith(details.details, decodeURIComponent(told.get("grpc-message") ?? ""), `${status}`);
      } finally {
        stream.reset("CANCEL");
      }
    })(),
  };
}

export function grpcFace(service: A2AService): Face {
  let opened: Http2Connection | undefined;
  const connection = () => opened ??= grpcConnection(service);
  return {
    name: "gRPC",
    ask: async (operation, params, asked) => {
      const { messages } = await callGrpc(connection(), { operation, params, asked });
      const [only] = await Array.fromAsync(messages);
      return only;
    },
    watch: async function* (operation, params, asked) {
      const { messages } = await callGrpc(connection(), { operation, params, asked });
      for await (const message of messages) yield StreamResponse.parse(message);
    },
  };
}

/** Each question on a socket of its own. */
export function webSocketFace(service: A2AService): Face {
  const converse = webSocketBinding(bindings());
  const frames = async function* (operation: Operation, params: Params, asked?: Asked) {
    const request = new Request("http://agents.example/ws", { headers: headersOf(asked) });
    const come: unknown[] = [];
    let wake = Promise.withResolvers<void>();
    const conversation = converse({
      send: (text) => {
        come.push(JSON.parse(text));
        wake.resolve();
      },
      close: (code, reason) => wake.reject(new Error(`Closed with ${code}: ${reason}`)),
      bufferedAmount: 0,
    }, { request, find: findIn(service, request) });
    try {
      conversation.receive(rpcBody(operation, params));
      while (true) {
        for (let frame = come.shift(); frame !== undefined; frame = come.shift()) yield unwrapRpc(frame);
        await wake.promise;
        wake = Promise.withResolvers();
      }
    } finally {
      conversation.gone();
    }
  };
  return {
    name: "WebSocket",
    ask: async (...question) => {
      const answer = frames(...question);
      for await (const result of answer) return result;
      throw new TypeError("A socket that answers nothing");
    },
    watch: async function* (operation, ...question) {
      for await (const result of frames(operation, ...question)) {
        const event = StreamResponse.parse(result);
        yield event;
        // Nothing closes a socket behind a stream: its last event ends it.
        if (isLast(operation === "SendStreamingMessage", event)) return;
      }
    },
  };
}
