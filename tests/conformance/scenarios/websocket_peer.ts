import assert from "node:assert/strict";
import { type AddressNow, resultOf } from "./http_peers.ts";
import {
  type Heard,
  isLast,
  isRecord,
  type Operation,
  type Peer,
  Refused,
  type Request,
  RESUME,
  withPlace,
} from "./peer.ts";
import type { Spelling } from "./spelling.ts";

/** What comes for one request, in order. */
class Inbox {
  readonly #frames: unknown[] = [];
  #wake = () => {};

  put(frame: unknown): void {
    this.#frames.push(frame);
    this.#wake();
  }

  async next(): Promise<unknown> {
    while (this.#frames.length === 0) await new Promise<void>((resolve) => this.#wake = resolve);
    return this.#frames.shift();
  }
}

/** A socket, and who waits for answers on it. */
interface Line {
  readonly socket: WebSocket;
  readonly inboxes: Map<unknown, Inbox>;
  readonly closed: Promise<void>;
}

async function connect(url: string): Promise<Line> {
  const socket = new WebSocket(url);
  const inboxes = new Map<unknown, Inbox>();
  const opened = Promise.withResolvers<void>();
  const closed = Promise.withResolvers<void>();
  socket.onopen = () => opened.resolve();
  socket.onerror = () => opened.reject(new Error("The socket broke"));
  socket.onclose = () => {
    for (const inbox of inboxes.values()) inbox.put(undefined);
    closed.resolve();
  };
  socket.onmessage = ({ data }) => {
    const frame = JSON.parse(data);
    const inbox = inboxes.get(frame.id);
    assert.ok(inbox, `an answer to nothing: ${data}`);
    inbox.put(frame);
  };
  await opened.promise;
  return { socket, inboxes, closed: closed.promise };
}

/** A2A over one WebSocket for all that is asked. */
export function webSocketPeer(address: AddressNow, spelling: Spelling): Peer {
  let lastId = 0;
  let line: Promise<Line> | undefined;
  const open = async (): Promise<Line> => {
    const { socket } = await line ?? {};
    if (socket?.readyState !== WebSocket.OPEN) {
      const query = new URLSearchParams({ "A2A-Version": spelling.version });
      line = connect(`${address().http.replace("http", "ws")}/ws?${query}`);
    }
    assert.ok(line);
    return await line;
  };
  const say = async (operation: Operation, request: Request) => {
    const { socket, inboxes } = await open();
    const id = ++lastId;
    const inbox = new Inbox();
    inboxes.set(id, inbox);
    const params = spelling.params(operation, request);
    socket.send(JSON.stringify({ jsonrpc: "2.0", id, method: spelling.method(operation), params }));
    const next = async () => {
      const frame = await inbox.next();
      // The server hung up, as it does when it stops.
      if (frame === undefined) throw new Refused("UNAVAILABLE");
      return { result: resultOf(frame, id), seq: isRecord(frame) ? frame.seq : undefined };
    };
    return { next };
  };
  return {
    binding: "WebSocket",
    version: spelling.version,
    async ask(operation, request) {
      const { next } = await say(operation, request);
      return spelling.answer(operation, (await next()).result);
    },
    async *listen(operation, request, place): AsyncGenerator<Heard, void, undefined> {
      // What a request on a socket wants to be told cannot stand in a header.
      const metadata = { [RESUME]: {}, ...(isRecord(request.metadata) ? request.metadata : {}) };
      const { next } = await say(operation, withPlace({ ...request, metadata }, place));
      for (;;) {
        const { result, seq } = await next();
        const event = spelling.event(result);
        yield { seq: typeof seq === "number" ? seq : undefined, event };
        if (isLast(operation, event)) return;
      }
    },
    async [Symbol.asyncDispose]() {
      const { socket, closed } = await line ?? {};
      socket?.close();
      await closed;
    },
  };
}
