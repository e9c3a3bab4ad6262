import type { GrpcCall, GrpcMethod } from "../../lib/grpc/grpc_server.ts";
import { isRecord } from "../../lib/json.ts";
import { chooseDialect } from "../dialects/choose.ts";
import { A2AError } from "../errors.ts";
import { type Operation, OPERATIONS, type Streaming, type Unary } from "../operations.ts";
import type { MethodCodec } from "../proto/codec.ts";
import { hasFinished } from "./event_stream.ts";
import { type GrpcErrorOptions, toGrpcError } from "./grpc_error.ts";
import { grpcEvents } from "./grpc_events.ts";
import type { GrpcSpelling } from "./grpc_spelling.ts";
import { type FindGrpcTarget, sayExtensions, signedBytes } from "./grpc_target.ts";
import { afterSeqOf, withoutPlace } from "./resume.ts";

export interface GrpcBindingOptions extends GrpcErrorOptions {
  readonly find: FindGrpcTarget;
}

type Bytes = Uint8Array<ArrayBuffer>;

/** A2A over gRPC (A2A v1 §10, A2A 0.3 §3.2.2): the methods of one generation's service by path. */
export function grpcMethods(spelling: GrpcSpelling, options: GrpcBindingOptions): Map<string, GrpcMethod> {
  const methods = options.codec.methods(spelling.service).flatMap((codec): [string, GrpcMethod][] => {
    const operation = spelling.operationOf(codec.name);
    if (operation === undefined) return [];
    const path = `/${spelling.service}/${codec.name}`;
    if (operation === "GetAgentCard") return [[path, cardMethod({ spelling, codec, options })]];
    return [[path, methodOf(operation, { spelling, codec, options })]];
  });
  return new Map(methods);
}

interface Place {
  readonly spelling: GrpcSpelling;
  readonly codec: MethodCodec;
  readonly options: GrpcBindingOptions;
}

function cardMethod({ spelling, codec, options }: Place): GrpcMethod {
  const answer = async (bytes: Bytes, call: GrpcCall) => {
    try {
      const { card, signCard } = await options.find(codec.input.decode(bytes), call, "card");
      const response = card();
      const written = codec.output.encode(spelling.writeCard?.(response) ?? response);
      return await signedBytes(written, codec.output, signCard);
    } catch (thrown) {
      throw toGrpcError(thrown, options);
    }
  };
  return { kind: "unary", answer };
}

function methodOf(operation: Operation, place: Place): GrpcMethod {
  const row = OPERATIONS.get(operation);
  if (row === undefined) throw new TypeError(`There is no operation "${operation}"`);
  return row.streaming
    ? { kind: "server_stream", answer: (bytes, call) => answerStream({ row, operation, bytes, call }, place) }
    : { kind: "unary", answer: (bytes, call) => answerUnary({ row, operation, bytes, call }, place) };
}

interface Question<Row> {
  readonly row: Row;
  readonly operation: Operation;
  readonly bytes: Bytes;
  readonly call: GrpcCall;
}

async function answerUnary(question: Question<Unary>, place: Place): Promise<Bytes> {
  const { spelling, codec, options } = place;
  try {
    const { request, target } = await read(question, place);
    const reply = await question.row.invoke(target.service, request, target.call);
    sayExtensions(question.call, target);
    const written = codec.output.encode(spelling.dialect.write(reply));
    if (reply.operation !== "GetExtendedAgentCard") return written;
    return await signedBytes(written, codec.output, target.signCard);
  } catch (thrown) {
    throw toGrpcError(thrown, options);
  }
}

async function* answerStream(question: Question<Streaming>, place: Place): AsyncGenerator<Bytes, void, undefined> {
  const { spelling, codec, options } = place;
  const { operation, row, call: { trailers } } = question;
  try {
    const { request, target } = await read(question, place);
    sayExtensions(question.call, target);
    const events = row.invoke(target.service, request, target.call);
    const isTurn = operation === "SendStreamingMessage";
    yield* grpcEvents(events, {
      call: target.call,
      isFinished: () => hasFinished(isRecord(request) ? request.id : undefined, target),
      isTurn,
      dialect: spelling.dialect,
      codec: codec.output,
      trailers,
    });
  } catch (thrown) {
    throw toGrpcError(thrown, options);
  }
}

async function read({ operation, bytes, call, row }: Question<Unary | Streaming>, { spelling, codec, options }: Place) {
  checkVersion(call, spelling);
  const payload = codec.input.decode(bytes);
  const target = await options.find(payload, call, "operation");
  const { request, messageIdGenerated } = spelling.read(operation, payload);
  const afterSeq = row.streaming ? afterSeqOf({ headers: call.metadata }, payload) : undefined;
  return {
    request: withoutPlace(request),
    target: {
      ...target,
      call: {
        ...target.call,
        ...(spelling.generation === "a2a_v1" ? {} : { protocolVersion: "0.3" as const }),
        ...(messageIdGenerated ? { messageIdGenerated } : {}),
        ...(afterSeq === undefined ? {} : { afterSeq }),
      },
    },
  };
}

/** The service says which generation is spoken; metadata may repeat it, but not contradict (A2A v1 §3.6). */
function checkVersion({ metadata }: GrpcCall, { generation, service }: GrpcSpelling): void {
  const version = metadata.get("a2a-version") ?? "";
  if (version === "" || chooseDialect({ version }) === generation) return;
  throw new A2AError("VERSION_NOT_SUPPORTED", `Cannot speak A2A version ${JSON.stringify(version)} over ${service}`, {
    metadata: { requestedVersion: version },
  });
}
