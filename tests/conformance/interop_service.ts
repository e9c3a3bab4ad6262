import { createFileRegistry, type DescMessage, fromBinary, fromJson, toBinary } from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";
import type { GrpcCall, GrpcMethod } from "../../src/lib/grpc/grpc_server.ts";
import { GRPC_STATUS, GrpcError, type GrpcStatus } from "../../src/lib/grpc/grpc_status.ts";

/*
 * grpc.testing.TestService, as gRPC's interop clients want it
 * (https://github.com/grpc/grpc/blob/master/doc/interop-test-descriptions.md).
 */

type Row = readonly [name: string, number: number, type: string, repeated?: true];
const SCALARS: ReadonlyMap<string, string> = new Map([
  ["int32", "TYPE_INT32"],
  ["string", "TYPE_STRING"],
  ["bytes", "TYPE_BYTES"],
]);

const MESSAGES: Readonly<Record<string, readonly Row[]>> = {
  Empty: [],
  Payload: [["type", 1, "int32"], ["body", 2, "bytes"]],
  EchoStatus: [["code", 1, "int32"], ["message", 2, "string"]],
  SimpleRequest: [["response_size", 2, "int32"], ["payload", 3, "Payload"], ["response_status", 7, "EchoStatus"]],
  SimpleResponse: [["payload", 1, "Payload"]],
  StreamingInputCallRequest: [["payload", 1, "Payload"]],
  StreamingInputCallResponse: [["aggregated_payload_size", 1, "int32"]],
  ResponseParameters: [["size", 1, "int32"], ["interval_us", 2, "int32"]],
  StreamingOutputCallRequest: [
    ["response_parameters", 2, "ResponseParameters", true],
    ["payload", 3, "Payload"],
    ["response_status", 7, "EchoStatus"],
  ],
  StreamingOutputCallResponse: [["payload", 1, "Payload"]],
};

const registry = createFileRegistry(
  fromJson(FileDescriptorProtoSchema, {
    name: "interop.proto",
    package: "grpc.testing",
    syntax: "proto3",
    messageType: Object.entries(MESSAGES).map(([name, rows]) => ({
      name,
      field: rows.map(([name, number, type, repeated]) => ({
        name,
        number,
        label: repeated === true ? "LABEL_REPEATED" : "LABEL_OPTIONAL",
        ...(SCALARS.has(type)
          ? { type: SCALARS.get(type) ?? "" }
          : { type: "TYPE_MESSAGE", typeName: `.grpc.testing.${type}` }),
      })),
    })),
  }),
  () => undefined,
);

function typeOf(name: string): DescMessage {
  const type = registry.getMessage(`grpc.testing.${name}`);
  if (type === undefined) throw new TypeError(name);
  return type;
}

interface Asked {
  readonly responseSize?: number;
  readonly payload?: { readonly body?: Uint8Array };
  readonly responseStatus?: { readonly code: number; readonly message: string };
  readonly responseParameters?: readonly { readonly size: number; readonly intervalUs: number }[];
}

const read = (name: string, bytes: Uint8Array): Asked => fromBinary(typeOf(name), bytes) as unknown as Asked;
const zeros = (size: number) => ({ payload: { body: btoa("\0".repeat(size)) } });
const write = (name: string, json: Parameters<typeof fromJson>[1]) =>
  toBinary(typeOf(name), fromJson(typeOf(name), json));

function checkStatus({ responseStatus }: Asked): void {
  if (responseStatus === undefined || responseStatus.code === 0) return;
  const name = Object.entries(GRPC_STATUS).find(([, code]) => code === responseStatus.code)?.[0] as GrpcStatus;
  throw new GrpcError(name, responseStatus.message);
}

function echoMetadata({ metadata, head, trailers }: GrpcCall): void {
  const initial = metadata.get("x-grpc-test-echo-initial");
  if (initial !== undefined) head.push(["x-grpc-test-echo-initial", initial]);
  const trailing = metadata.get("x-grpc-test-echo-trailing-bin");
  if (trailing !== undefined) trailers.push(["x-grpc-test-echo-trailing-bin", trailing]);
}

async function* outputs(asked: Asked, signal: AbortSignal) {
  for (const { size, intervalUs } of asked.responseParameters ?? []) {
    if (intervalUs > 0) await new Promise((resolve) => setTimeout(resolve, intervalUs / 1000));
    if (signal.aborted) return;
    yield write("StreamingOutputCallResponse", zeros(size));
  }
}

const METHODS: Readonly<Record<string, GrpcMethod>> = {
  EmptyCall: { kind: "unary", answer: () => Promise.resolve(new Uint8Array(0)) },
  UnaryCall: {
    kind: "unary",
    answer: async (bytes, call) => {
      echoMetadata(call);
      const asked = await Promise.resolve(read("SimpleRequest", bytes));
      checkStatus(asked);
      return write("SimpleResponse", zeros(asked.responseSize ?? 0));
    },
  },
  StreamingOutputCall: {
    kind: "server_stream",
    answer: (bytes, { signal }) => outputs(read("StreamingOutputCallRequest", bytes), signal),
  },
  StreamingInputCall: {
    kind: "bidi",
    answer: async function* (requests) {
      let aggregatedPayloadSize = 0;
      for await (const bytes of requests) {
        aggregatedPayloadSize += read("StreamingInputCallRequest", bytes).payload?.body?.length ?? 0;
      }
      yield write("StreamingInputCallResponse", { aggregated_payload_size: aggregatedPayloadSize });
    },
  },
  FullDuplexCall: {
    kind: "bidi",
    answer: async function* (requests, call) {
      echoMetadata(call);
      for await (const bytes of requests) {
        const asked = read("StreamingOutputCallRequest", bytes);
        checkStatus(asked);
        yield* outputs(asked, call.signal);
      }
    },
  },
};

/** The methods by path. */
export const INTEROP_METHODS: ReadonlyMap<string, GrpcMethod> = new Map(
  Object.entries(METHODS).map(([name, method]) => [`/grpc.testing.TestService/${name}`, method]),
);
