import type { BindingDeps, FindTarget } from "../a2a/bindings/binding.ts";
import type { SocketConversation } from "../a2a/bindings/websocket.ts";
import { A2AError } from "../a2a/errors.ts";
import { socketToken } from "./showing.ts";

export interface WebSocketOptions {
  readonly bindings: BindingDeps;
  /** Throws A2AError for a request that comes from a page of a site that may not open a socket here. */
  readonly checkOrigin: (request: Request) => void;
}

/** The open sockets of the process. */
export interface WebSockets {
  /**
   * Answers an upgrade request. `finderFor` is given the request as the frames on its socket see it. Throws A2AError, also
   * what the finder throws for an upgrade that names no agent.
   */
  upgrade(request: Request, finderFor: (opening: Request) => FindTarget): Promise<Response>;
  /** Opens none any more; closes each when what is under way on it is answered, or after a while. */
  drain(): Promise<void>;
}

/** A peer that does not answer a ping of half this time is gone; proxies cut what is silent for longer. */
const IDLE_SECONDS = 30;
/** How long a stopping server waits for answers, and then for peers to take leave. */
const DRAIN_MS = 5000;
const LEAVE_MS = 1000;

interface Open {
  readonly conversation: SocketConversation;
  readonly closed: Promise<void>;
}

export function createWebSockets({ bindings, checkOrigin }: WebSocketOptions): WebSockets {
  const sockets = new Set<Open>();
  let draining = false;
  return {
    async upgrade(request, finderFor) {
      if (!asksForSocket(request)) return upgradeRequired();
      checkOrigin(request);
      const opening = openingOf(request);
      const find = finderFor(opening);
      await find({});
      const { webSocketBinding } = await import("../a2a/bindings/websocket.ts");
      // At last: a server that stops takes leave of the sockets that are open by then.
      if (draining) throw new A2AError("UNAVAILABLE", "Cannot open a socket: the server is stopping");
      const { socket, response } = accept(request, socketToken(request.headers)?.protocol);
      const { promise: closed, resolve: onClosed } = Promise.withResolvers<void>();
      const conversation = webSocketBinding(bindings)(adapt(socket), { request: opening, find });
      const open = { conversation, closed };
      sockets.add(open);
      socket.onmessage = ({ data }) => conversation.receive(data);
      // Always follows an error, too.
      socket.onclose = () => {
        sockets.delete(open);
        conversation.gone();
        onClosed();
      };
      return response;
    },
    async drain() {
      draining = true;
      const deadline = new AbortController();
      const { timers } = bindings;
      const stopDeadline = timers.after(DRAIN_MS, () => deadline.abort());
      const { promise: late, resolve: giveUp } = Promise.withResolvers<void>();
      const stopLate = timers.after(DRAIN_MS + LEAVE_MS, giveUp);
      const open = [...sockets];
      for (const { conversation } of open) conversation.drain(deadline.signal);
      await Promise.race([Promise.all(open.map(({ closed }) => closed)), late]);
      stopDeadline();
      stopLate();
    },
  };
}

/** RFC 6455 §4.2.1. */
function asksForSocket({ headers }: Request): boolean {
  return headers.get("upgrade")?.toLowerCase() === "websocket" && headers.get("sec-websocket-version") === "13";
}

/** RFC 9110 §15.5.22, RFC 6455 §4.4. */
function upgradeRequired(): Response {
  const message = "This is a WebSocket: ask for an upgrade to version 13";
  return Response.json({ error: { code: 426, status: "FAILED_PRECONDITION", message } }, {
    status: 426,
    headers: { upgrade: "websocket", connection: "Upgrade", "sec-websocket-version": "13" },
  });
}

function accept(request: Request, protocol: string | undefined) {
  try {
    return Deno.upgradeWebSocket(request, {
      idleTimeout: IDLE_SECONDS,
      ...(protocol === undefined ? {} : { protocol }),
    });
  } catch (cause) {
    throw new A2AError("INVALID_REQUEST", "Cannot upgrade to a WebSocket: its headers are incomplete", { cause });
  }
}

/** What is sent to a socket that is closing is lost, as on any connection: the peer resumes. */
function adapt(socket: WebSocket) {
  return {
    send: (text: string) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(text);
    },
    get bufferedAmount() {
      return socket.bufferedAmount;
    },
    close: (code: number, reason: string) => socket.close(code, reason),
  };
}

/**
 * The upgrade request as long as its socket lives: its own object ends with the upgrade. A place in one stream
 * (Last-Event-ID) cannot be meant for all, and who sent it is known by now.
 */
function openingOf({ url, headers: sent }: Request): Request {
  const headers = new Headers(sent);
  for (const name of ["last-event-id", "authorization", "sec-websocket-protocol"]) headers.delete(name);
  return new Request(url, { headers });
}
