import type { GrpcCall, GrpcMethod } from "../../lib/grpc/grpc_server.ts";
import { isRecord } from "../../lib/json.ts";
import { activeExtensions, extensionsHeader } from "../extensions.ts";
import type { AgentCapabilities, AgentCard } from "../card/card_types.ts";
import { chooseDialect } from "../dialects/choose.ts";
import { A2AError } from "../errors.ts";
import { type Operation, OPERATIONS, type Streaming, type Unary } from "../operations.ts";
import type { MessageCodec, MethodCodec } from "../proto/codec.ts";
import type { A2AService, Call } from "../service.ts";
import type { SignCard } from "./binding.ts";
import { type GrpcErrorOptions, toGrpcError } from "./grpc_error.ts";
import { grpcEvents } from "./grpc_events.ts";
import type { GrpcSpelling } from "./grpc_spelling.ts";
import { afterSeqOf, withoutPlace } from "./resume.ts";

/** Whom a call is for, and in whose name. */
export interface GrpcTarget {
  readonly service: A2AService;
  readonly call: Call;
  /** What the agent's card declares; absent where that is not known. */
  readonly capabilities?: () => AgentCapabilities;
  /** The agent's card: what the caller may see of it. */
  readonly card: () => AgentCard;
  /** Signs a card in the form in which it goes out; absent where cards are not signed. */
  readonly signCard?: SignCard | undefined;
}

/**
 * Finds the target by what the request says (not validated) and its metadata. The public card is for everybody.
 * Throws A2AError.
 */
export type FindGrpcTarget = (
  payload: unknown,
  call: GrpcCall,
  wanted: "card" | "operation",
) => GrpcTarget | Promise<GrpcTarget>;

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
    yield* grpcEvents(events, { call: target.call, isTurn, dialect: spelling.dialect, codec: codec.output, trailers });
  } catch (thrown) {
    throw toGrpcError(thrown, options);
  }
}

/** What is signed is what its reader makes of the bytes: members with default values, for one, are not in them. */
async function signedBytes(bytes: Bytes, codec: MessageCodec, signCard: SignCard | undefined): Promise<Bytes> {
  const card = signCard === undefined ? undefined : codec.decode(bytes);
  return signCard === undefined || !isRecord(card) ? bytes : codec.encode(await signCard(card));
}

/** Before the first message (A2A v1 §3.2.6, §10.3). */
function sayExtensions({ metadata, head }: GrpcCall, { call, capabilities }: GrpcTarget): void {
  head.push(...extensionsHeader(metadata, activeExtensions(call.extensions, capabilities)));
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
