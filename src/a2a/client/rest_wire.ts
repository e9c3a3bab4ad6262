import { isEventStream, peerEvents } from "./peer_events.ts";
import {
  parsePeerEvent,
  type PeerHttp,
  type PeerRequest,
  readPeerJson,
  sendToPeer,
  unreadable,
  withHeaders,
} from "./peer_http.ts";
import type { ChosenInterface } from "./choose_interfaces.ts";
import type { Outgoing, PeerWire } from "./peer_wire.ts";
import { fromRestError } from "../error_wire.ts";
import type { Operation } from "../operations.ts";

interface Place {
  readonly method: PeerRequest["method"];
  /** `{name}` is replaced by the parameter of that name, which then goes neither into the query nor into the body. */
  readonly path: string;
}

/** A2A v1 §11.3; the paths of 0.3 are the same below `/v1`, but for the card. */
const PLACES: Readonly<Record<Operation, Place>> = {
  SendMessage: { method: "POST", path: "/message:send" },
  SendStreamingMessage: { method: "POST", path: "/message:stream" },
  GetTask: { method: "GET", path: "/tasks/{id}" },
  ListTasks: { method: "GET", path: "/tasks" },
  CancelTask: { method: "POST", path: "/tasks/{id}:cancel" },
  SubscribeToTask: { method: "POST", path: "/tasks/{id}:subscribe" },
  CreateTaskPushNotificationConfig: { method: "POST", path: "/tasks/{taskId}/pushNotificationConfigs" },
  GetTaskPushNotificationConfig: { method: "GET", path: "/tasks/{taskId}/pushNotificationConfigs/{id}" },
  ListTaskPushNotificationConfigs: { method: "GET", path: "/tasks/{taskId}/pushNotificationConfigs" },
  DeleteTaskPushNotificationConfig: { method: "DELETE", path: "/tasks/{taskId}/pushNotificationConfigs/{id}" },
  GetExtendedAgentCard: { method: "GET", path: "/extendedAgentCard" },
};

const ACCEPT = "application/a2a+json, application/json";

/** A2A over HTTP+JSON, the client's side (A2A v1 §11). */
export function restWire(target: ChosenInterface, http: PeerHttp): PeerWire {
  const send = async (outgoing: Outgoing, accept: string): Promise<Response> => {
    const request = toRequest(outgoing, target);
    const { headers, ...rest } = request;
    const response = await sendToPeer(http, { ...rest, headers: { ...headers, accept } });
    if (response.ok) return response;
    const body = await readPeerJson(http, response, outgoing.signal);
    throw withHeaders(fromRestError(response.status, body), response.headers);
  };
  return {
    ask: async (outgoing) => await readPeerJson(http, await send(outgoing, ACCEPT), outgoing.signal),
    stream: async function* (outgoing) {
      const response = await send(outgoing, `text/event-stream, ${ACCEPT}`);
      if (!isEventStream(response)) {
        await response.body?.cancel();
        throw unreadable("it is not a stream");
      }
      for await (const { id, event, data } of peerEvents(http, response, outgoing.signal)) {
        const payload = parsePeerEvent(data);
        // The status that this error would have had is gone with the start of the stream.
        if (event === "error") throw fromRestError(500, payload);
        yield { id, payload };
      }
    },
    close: () => {},
  };
}

function toRequest(
  { operation, params, headers, signal, answerMs, refused }: Outgoing,
  target: ChosenInterface,
): PeerRequest {
  const { method, path } = target.dialect === "a2a_v0_3" && operation === "GetExtendedAgentCard"
    ? { ...PLACES[operation], path: "/card" }
    : PLACES[operation];
  const rest = new Map(Object.entries(params));
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = rest.get(name);
    rest.delete(name);
    return encodeURIComponent(String(value ?? ""));
  });
  const base = `${target.url}${prefix(target, rest.get("tenant"))}${filled}`;
  if (method === "POST") {
    const body = Object.fromEntries(rest);
    return {
      method,
      url: base,
      headers: { ...headers, "content-type": "application/json" },
      body,
      signal,
      answerMs,
      refused,
    };
  }
  rest.delete("tenant");
  const query = new URLSearchParams(
    [...rest].flatMap(([name, value]) => value === undefined ? [] : [[name, String(value)]]),
  ).toString();
  return { method, url: query === "" ? base : `${base}?${query}`, headers, signal, answerMs, refused };
}

/** The tenant is a segment of its own in 1.0 (`additional_bindings` of the proto); 0.3 has none, but a version. */
function prefix({ dialect, url }: ChosenInterface, tenant: unknown): string {
  if (dialect === "a2a_v0_3") return url.endsWith("/v1") ? "" : "/v1";
  return typeof tenant === "string" && tenant !== "" ? `/${encodeURIComponent(tenant)}` : "";
}
