import { PEER_DIALECTS } from "../dialects/peer_dialects.ts";
import type { PeerDialectName } from "../dialects/peer_dialect.ts";
import { A2AError } from "../errors.ts";
import { RESUME_EXTENSION } from "../extensions.ts";
import type { OperationRequest, Reply, StreamingOperation } from "../operations.ts";
import type { Call } from "../service.ts";
import type { ChosenInterface } from "./choose_interfaces.ts";
import { createWire } from "./create_wire.ts";
import type { PeerEvent } from "./follow_stream.ts";
import type { PeerNetwork } from "./peer_network.ts";
import type { Outgoing } from "./peer_wire.ts";

/** A call, and where its stream is to go on. */
export type PeerCall = Call & { readonly lastEventId?: string };

/** A remote agent over one of its interfaces. Both operations throw A2AError, or `signal.reason`. */
export interface Peer {
  ask(request: OperationRequest & { readonly operation: Reply["operation"] }, call: Call): Promise<Reply>;
  stream(
    request: OperationRequest & { readonly operation: StreamingOperation },
    call: PeerCall,
  ): AsyncGenerator<PeerEvent>;
  close(): void;
}

/** Throws A2AError INVALID_AGENT_RESPONSE for a URL that is none. */
export async function createPeer(chosen: ChosenInterface, network: PeerNetwork): Promise<Peer> {
  const { keyring, answerMs } = network;
  // gRPC carries the objects that 0.3's REST binding has for them.
  const dialect = PEER_DIALECTS[chosen.dialect][chosen.binding === "jsonrpc" ? "jsonrpc" : "rest"];
  const wire = await createWire(chosen, network);
  const outgoing = (request: OperationRequest, call: PeerCall, refused: boolean): Outgoing => {
    const params = dialect.writeRequest(request);
    // A2A v1 §4.4.6: the tenant of the interface goes with every request.
    const tenant = params.tenant ?? chosen.tenant;
    return {
      operation: request.operation,
      params: tenant === undefined ? params : { ...params, tenant },
      headers: { "a2a-version": dialect.version, ...headersOf(chosen.dialect, call) },
      signal: call.signal,
      answerMs: request.operation === "SendMessage" ? undefined : answerMs,
      refused,
    };
  };
  return {
    ask: async (request, call) => {
      const ask = async (refused: boolean) => await wire.ask(outgoing(request, call, refused));
      try {
        return dialect.readReply(request.operation, await renewing(ask, network));
      } catch (thrown) {
        throw thrown instanceof A2AError ? keyring.explain(thrown) : thrown;
      }
    },
    stream: async function* (request, call) {
      const open = async (refused: boolean) => {
        const events = wire.stream(outgoing(request, call, refused))[Symbol.asyncIterator]();
        return { events, first: await events.next() };
      };
      try {
        const { events, first } = await renewing(open, network);
        try {
          for (let next = first; next.done !== true; next = await events.next()) {
            yield { id: next.value.id, event: dialect.readEvent(next.value.payload) };
          }
        } finally {
          await events.return?.();
        }
      } catch (thrown) {
        throw thrown instanceof A2AError ? keyring.explain(thrown) : thrown;
      }
    },
    close: () => wire.close(),
  };
}

/** Asks once more with fresh credentials when those were not taken, if there can be fresh ones. */
async function renewing<T>(act: (refused: boolean) => Promise<T>, { keyring }: PeerNetwork): Promise<T> {
  try {
    return await act(false);
  } catch (thrown) {
    const isRefused = thrown instanceof A2AError && thrown.reason === "UNAUTHENTICATED";
    if (!isRefused || !keyring.isRenewable) throw thrown;
    return await act(true);
  }
}

/** The extensions' header lost its `X-` with 1.0. */
function headersOf(dialect: PeerDialectName, { extensions, lastEventId, trace }: PeerCall): Record<string, string> {
  const uris = [...new Set([RESUME_EXTENSION, ...extensions])].join(", ");
  return {
    ...trace,
    [dialect === "a2a_v1" ? "a2a-extensions" : "x-a2a-extensions"]: uris,
    ...(lastEventId === undefined ? {} : { "last-event-id": lastEventId }),
  };
}
