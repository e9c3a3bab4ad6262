import { isRecord } from "../../lib/json.ts";
import { isEventStream, peerEvents } from "./peer_events.ts";
import { parsePeerEvent, type PeerHttp, readPeerJson, sendToPeer, unreadable, withHeaders } from "./peer_http.ts";
import type { ChosenInterface } from "./choose_interfaces.ts";
import type { Outgoing, PeerWire } from "./peer_wire.ts";
import type { PeerDialectName } from "../dialects/peer_dialect.ts";
import { fromJsonRpcError, fromRestError } from "../error_wire.ts";
import { A2AError } from "../errors.ts";
import { METHODS } from "../methods.ts";
import type { Operation } from "../operations.ts";

/** A2A over JSON-RPC, the client's side (A2A v1 §9). */
export function jsonRpcWire({ url, dialect }: ChosenInterface, http: PeerHttp): PeerWire {
  let lastId = 0;
  const post = async (outgoing: Outgoing, accept: string): Promise<Response> =>
    await sendToPeer(http, {
      method: "POST",
      url,
      headers: { ...outgoing.headers, accept, "content-type": "application/json" },
      body: {
        jsonrpc: "2.0",
        id: ++lastId,
        method: methodName(outgoing.operation, dialect),
        params: outgoing.params,
      },
      signal: outgoing.signal,
      answerMs: outgoing.answerMs,
      refused: outgoing.refused,
    });
  return {
    ask: async (outgoing) => {
      const response = await post(outgoing, "application/json");
      return await readAnswer(response, http, outgoing.signal);
    },
    stream: async function* (outgoing) {
      const response = await post(outgoing, "text/event-stream, application/json");
      if (!response.ok || !isEventStream(response)) {
        await readAnswer(response, http, outgoing.signal);
        throw unreadable("it is not a stream");
      }
      for await (const { id, data } of peerEvents(http, response, outgoing.signal)) {
        yield { id, payload: resultOf(parsePeerEvent(data)) };
      }
    },
    close: () => {},
  };
}

/** The first name in the table is the specification's own. */
function methodName(operation: Operation, dialect: PeerDialectName): string {
  const generation = dialect === "a2a_v1" ? "v1" : "v0.3";
  for (const [name, method] of METHODS) {
    if (method.operation === operation && method.generation === generation) return name;
  }
  throw new A2AError("UNSUPPORTED_OPERATION", `Cannot ${operation}: the peer's version has no such method`);
}

async function readAnswer(response: Response, http: PeerHttp, signal: AbortSignal): Promise<unknown> {
  const body = await readPeerJson(http, response, signal);
  const isAnswer = isRecord(body) && (body.error !== undefined || body.result !== undefined);
  try {
    if (response.ok || isAnswer) return resultOf(body);
  } catch (thrown) {
    throw thrown instanceof A2AError ? withHeaders(thrown, response.headers) : thrown;
  }
  // Not the agent's word but that of what stands before it, to which no task is known.
  if (response.status === 404) {
    throw new A2AError("AGENT_NOT_FOUND", "Cannot find the agent: the peer answered HTTP 404");
  }
  throw withHeaders(fromRestError(response.status, body), response.headers);
}

function resultOf(body: unknown): unknown {
  if (!isRecord(body)) throw unreadable("it is no JSON-RPC response");
  if (body.error !== undefined && body.error !== null) throw fromJsonRpcError(body.error);
  if (body.result === undefined) throw unreadable("it is a JSON-RPC response without a result");
  return body.result;
}
