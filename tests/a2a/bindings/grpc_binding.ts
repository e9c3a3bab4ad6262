import { grpcMethods } from "../../../src/a2a/bindings/grpc.ts";
import { grpcV03, grpcV1 } from "../../../src/a2a/bindings/grpc_spelling.ts";
import type { Profile } from "../../../src/a2a/error_wire.ts";
import { loadCodec } from "../../../src/a2a/proto/codec.ts";
import { type A2AService, ANONYMOUS, type Call } from "../../../src/a2a/service.ts";
import { grpcHandler } from "../../../src/lib/grpc/grpc_server.ts";
import { type LogFields, SILENT } from "../../../src/lib/log.ts";
import { type Answer, ask, bytesOf } from "../../lib/grpc/grpc_client.ts";
import { http2Pair } from "../../lib/http2/http2_pair.ts";
import { manualTimers } from "../../lib/manual_timers.ts";
import { CARD } from "../fake_service.ts";

export const codec = await loadCodec();
export const V1 = "lf.a2a.v1";
export const V03 = "a2a.v1";

export interface Told {
  readonly status: number;
  readonly message: string;
  /** The messages of an answer as ProtoJSON. */
  readonly messages: readonly unknown[];
  /** google.rpc.Status as ProtoJSON, if there is one. */
  readonly details: unknown;
  readonly answer: Answer;
}

/** Both generations over one connection in memory. */
export function grpcBinding(service: A2AService, call: Partial<Call> = {}, profile: Profile = "1.0.1") {
  const logged: LogFields[] = [];
  const log = { ...SILENT, error: (_message: string, fields: LogFields = {}) => void logged.push(fields) };
  const options = {
    codec,
    profile,
    log,
    find: (
      _payload: unknown,
      { metadata, signal }: { metadata: ReadonlyMap<string, string>; signal: AbortSignal },
    ) => ({
      service,
      call: {
        signal,
        caller: ANONYMOUS,
        extensions: (metadata.get("a2a-extensions") ?? "").split(",").filter((uri) => uri !== ""),
        ...call,
      },
      card: () => CARD,
    }),
  };
  const timers = manualTimers();
  const methods = new Map([
    ...grpcMethods(grpcV1(profile), options),
    ...grpcMethods(grpcV03({ newId: () => "made-up" }), options),
  ]);
  const pair = http2Pair({
    onStream: grpcHandler({ methods, maxMessageBytes: 1_000_000, timers, onError: (error) => logged.push({ error }) }),
  });
  return {
    pair,
    logged,
    timers,
    /** `rpc` of one generation's service, asked with ProtoJSON. */
    async tell(
      generation: string,
      rpc: string,
      request: unknown,
      metadata: Record<string, string> = {},
    ): Promise<Told> {
      const method = codec.methods(`${generation}.A2AService`).find(({ name }) => name === rpc);
      if (method === undefined) throw new TypeError(`There is no ${rpc}`);
      const path = `/${generation}.A2AService/${rpc}`;
      const answer = await ask(pair.client, path, method.input.encode(request), { metadata: Object.entries(metadata) });
      return toldOf(answer, method.output);
    },
  };
}

function toldOf(answer: Answer, output: { decode(bytes: Uint8Array): unknown }): Told {
  const details = answer.trailers.get("grpc-status-details-bin");
  return {
    status: Number(answer.trailers.get("grpc-status")),
    message: decodeURIComponent(answer.trailers.get("grpc-message") ?? ""),
    messages: answer.messages.map((message) => output.decode(message)),
    details: details === undefined ? undefined : codec.message("google.rpc.Status").decode(bytesOf(details)),
    answer,
  };
}
