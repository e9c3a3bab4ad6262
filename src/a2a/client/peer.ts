import { RESUME_EXTENSION } from "../extensions.ts";
import type { AgentCard } from "../card/card_types.ts";
import { chooseInterface } from "./resolve_card.ts";
import type { PeerHttp } from "./peer_http.ts";
import { jsonRpcWire } from "./jsonrpc_wire.ts";
import { restWire } from "./rest_wire.ts";
import type { PeerEvent } from "./follow_stream.ts";
import type { Outgoing } from "./peer_wire.ts";
import { PEER_DIALECTS } from "../dialects/dialect_table.ts";
import type { PeerDialectName } from "../dialects/peer_dialect.ts";
import type { OperationRequest, Reply, StreamingOperation } from "../operations.ts";
import type { Call } from "../service.ts";

/** A remote agent over the binding and in the dialect that its card offers first. Both operations throw A2AError. */
export interface Peer {
  ask(operation: Reply["operation"], request: OperationRequest, call: Call): Promise<Reply>;
  stream(
    operation: StreamingOperation,
    request: OperationRequest,
    call: Call & { readonly lastEventId?: string },
  ): AsyncGenerator<PeerEvent>;
}

/** Picks the interface of `card` that is to be spoken. Throws A2AError VERSION_NOT_SUPPORTED. */
export function createPeer(card: AgentCard, http: PeerHttp, version?: "1.0" | "0.3"): Peer {
  const chosen = chooseInterface(card, version);
  const dialect = PEER_DIALECTS[chosen.dialect][chosen.binding];
  const wire = (chosen.binding === "rest" ? restWire : jsonRpcWire)(chosen, http);
  const outgoing = (
    operation: Outgoing["operation"],
    request: OperationRequest,
    { signal, extensions }: Call,
  ): Outgoing => {
    const params = dialect.writeRequest(request);
    // A2A v1 §4.4.6: the tenant of the interface goes with every request.
    const tenant = params.tenant ?? chosen.tenant;
    return {
      operation,
      params: tenant === undefined ? params : { ...params, tenant },
      headers: { "a2a-version": dialect.version, ...extensionsHeader(chosen.dialect, extensions) },
      signal,
    };
  };
  return {
    ask: async (operation, request, call) =>
      dialect.readReply(operation, await wire.ask(outgoing(operation, request, call))),
    stream: async function* (operation, request, call) {
      const { headers, ...rest } = outgoing(operation, request, call);
      const resume: Record<string, string> = call.lastEventId === undefined
        ? {}
        : { "last-event-id": call.lastEventId };
      for await (const { id, payload } of wire.stream({ ...rest, headers: { ...headers, ...resume } })) {
        yield { id, event: dialect.readEvent(payload) };
      }
    },
  };
}

/** The header lost its `X-` with 1.0. */
function extensionsHeader(dialect: PeerDialectName, extensions: readonly string[]): Record<string, string> {
  const uris = [...new Set([RESUME_EXTENSION, ...extensions])].join(", ");
  return { [dialect === "a2a_v1" ? "a2a-extensions" : "x-a2a-extensions"]: uris };
}
