import { createGrpcClient, type GrpcCallOptions } from "../../lib/grpc/grpc_client.ts";
import { binaryBytes, metadataOf } from "../../lib/grpc/grpc_metadata.ts";
import { GrpcError } from "../../lib/grpc/grpc_status.ts";
import type { OpenBytes } from "../../lib/http2/open_bytes.ts";
import { fromGrpcError } from "../error_wire.ts";
import { A2AError } from "../errors.ts";
import { type Codec, loadCodec, type MessageCodec, type MethodCodec } from "../proto/codec.ts";
import type { ChosenInterface } from "./choose_interfaces.ts";
import { grpcPlace } from "./grpc_place.ts";
import { fromGrpcAnswer, numberedEvent, rpcOf, toGrpcRequest } from "./grpc_spelling.ts";
import { cannotReach, type PeerHttp } from "./peer_http.ts";
import type { Outgoing, PeerWire } from "./peer_wire.ts";

/** What a client needs to speak gRPC; credentials and limits are those of HTTP. */
export interface PeerGrpc extends PeerHttp {
  readonly openBytes: OpenBytes;
  /** Whether the agent's card came over TLS: then gRPC without a word of it does, too. */
  readonly cardIsSecure: boolean;
}

type Bytes = Uint8Array<ArrayBuffer>;

/** A2A over gRPC, the client's side (A2A v1 §10, A2A 0.3 §3.2.2). One connection carries all calls. */
export async function grpcWire(target: ChosenInterface, peer: PeerGrpc): Promise<PeerWire> {
  const codec = await loadCodec();
  const { address, tls, url } = grpcPlace(target.url, peer.cardIsSecure);
  const client = createGrpcClient({
    open: (signal) => peer.openBytes(address, { tls, signal }),
    authority: url.host,
    scheme: tls ? "https" : "http",
    maxMessageBytes: peer.maxBytes,
    silenceMs: peer.idleMs,
    timers: peer.timers,
  });
  const begin = async (outgoing: Outgoing) => {
    const rpc = rpcOf(target.dialect, outgoing.operation);
    const method = methodOf(codec, rpc);
    const request = method.input.encode(toGrpcRequest(target.dialect, outgoing));
    return { path: `/${rpc.service}/${rpc.method}`, request, method, metadata: await metadataFor(outgoing, url, peer) };
  };
  const failed = (thrown: unknown) => toA2AError(thrown, codec, url);
  return {
    ask: async (outgoing) => {
      const { path, request, method, metadata } = await begin(outgoing);
      const options: GrpcCallOptions = { metadata, signal: outgoing.signal, ...deadline(outgoing) };
      try {
        return fromGrpcAnswer(target.dialect, read(method.output, await client.unary(path, request, options)));
      } catch (thrown) {
        throw failed(thrown);
      }
    },
    stream: async function* (outgoing) {
      const { path, request, method, metadata } = await begin(outgoing);
      try {
        for await (const message of client.serverStream(path, request, { metadata, signal: outgoing.signal })) {
          yield numberedEvent(read(method.output, message));
        }
      } catch (thrown) {
        throw failed(thrown);
      }
    },
    close: () => client.close(),
  };
}

function methodOf(codec: Codec, { service, method }: { readonly service: string; readonly method: string }) {
  const found: MethodCodec | undefined = codec.methods(service).find(({ name }) => name === method);
  if (found === undefined) throw new TypeError(`No method "${method}" is defined in ${service}`);
  return found;
}

function deadline({ answerMs }: Outgoing): { timeoutMs: number } | Record<string, never> {
  return answerMs === undefined ? {} : { timeoutMs: answerMs };
}

/** A2A v1 §10.3: what are headers over HTTP is metadata here. */
async function metadataFor({ headers, refused, signal }: Outgoing, url: URL, peer: PeerHttp) {
  const own = await peer.headers?.(url) ?? {};
  const { headers: shown, query } = await peer.keyring.credentials(url, { refused, signal });
  // gRPC has no query: a key that belongs there goes by the same name.
  const all = { ...own, ...query, ...shown, ...headers };
  return Object.entries(all).map(([name, value]) => [name.toLowerCase(), value] as const);
}

function read(codec: MessageCodec, bytes: Bytes): unknown {
  try {
    return codec.decode(bytes);
  } catch (cause) {
    throw new A2AError(
      "INVALID_AGENT_RESPONSE",
      "Cannot read the peer's answer: it is not the message that belongs here",
      {
        cause,
      },
    );
  }
}

function toA2AError(thrown: unknown, codec: Codec, url: URL): unknown {
  if (!(thrown instanceof GrpcError)) return thrown;
  // Without trailers it is not the peer that speaks.
  if (thrown.trailers.length === 0 && (thrown.status === "UNAVAILABLE" || thrown.status === "DEADLINE_EXCEEDED")) {
    if (thrown.status === "UNAVAILABLE") return cannotReach(url.host, thrown);
    return new A2AError("UNAVAILABLE", `Cannot reach ${url.host}: no answer in time`, { cause: thrown });
  }
  const packed = metadataOf(thrown.trailers).get("grpc-status-details-bin");
  const bytes = packed === undefined ? undefined : binaryBytes(packed);
  const details = bytes === undefined ? undefined : detailsIn(bytes, codec);
  return fromGrpcError({ status: thrown.status, message: thrown.message, details });
}

/** Details that cannot be read are worth less than the status that came with them. */
function detailsIn(bytes: Uint8Array, codec: Codec): unknown {
  try {
    const status = codec.message("google.rpc.Status").decode(bytes);
    return typeof status === "object" && status !== null && "details" in status ? status.details : undefined;
  } catch {
    return undefined;
  }
}
