import { A2AError } from "../errors.ts";
import { type BindingDeps, type FindTarget, reported } from "./binding.ts";
import { readText } from "./read_body.ts";
import { socketExchange, type SocketOpening } from "./websocket_exchange.ts";
import { type SocketSink, SocketWriter } from "./websocket_writer.ts";

/** A socket, as the rim adapts it. */
export interface Socket extends SocketSink {
  close(code: number, reason: string): void;
}

/** What the rim tells of a socket. */
export interface SocketConversation {
  /** A text, or anything else for a binary frame. */
  receive(data: unknown): void;
  /** The socket is gone. */
  gone(): void;
  /** Answers what is under way, or until `deadline` aborts; then says goodbye. */
  drain(deadline: AbortSignal): void;
}

/** RFC 6455 §7.4.1, and of the IANA registry "try again later". */
export const CLOSE_CODES = {
  goingAway: 1001,
  unsupportedData: 1003,
  policyViolation: 1008,
  tooBig: 1009,
  tryAgainLater: 1013,
} as const;

/** Requests on one socket that are not answered to their end, streams included. */
export const MAX_UNDER_WAY = 64;

/**
 * A2A over a WebSocket, a binding of hector's own: each text frame is a request, each frame back an answer to one or an
 * event of one. Closing the socket ends the following of tasks, never a task.
 */
export function webSocketBinding(deps: BindingDeps): (socket: Socket, opening: SocketOpening) => SocketConversation {
  return (socket, opening) => new Conversation(socket, opening, deps);
}

class Conversation implements SocketConversation {
  readonly #socket: Socket;
  readonly #opening: SocketOpening;
  readonly #deps: BindingDeps;
  readonly #writer: SocketWriter;
  readonly #over = new AbortController();
  #underWay = 0;
  #draining = false;

  constructor(socket: Socket, opening: SocketOpening, deps: BindingDeps) {
    this.#socket = socket;
    this.#opening = opening;
    this.#deps = deps;
    this.#writer = new SocketWriter(socket, {
      ...deps.streams,
      timers: deps.timers,
      onStall: () => this.#close("tryAgainLater", "nothing was read for too long; resume behind the last event"),
    });
  }

  receive(data: unknown): void {
    if (this.#over.signal.aborted) return;
    if (typeof data !== "string") return this.#close("unsupportedData", "send JSON as text");
    const { maxBytes } = this.#deps.body;
    if (isLonger(data, maxBytes)) return this.#close("tooBig", `a frame may have ${maxBytes} bytes`);
    // A refusal is an answer, too: whoever neither reads nor stops asking would make them pile up.
    if (this.#underWay >= MAX_UNDER_WAY && this.#writer.isFull) {
      return this.#close("policyViolation", `more than ${MAX_UNDER_WAY} requests, and no answer is read`);
    }
    this.#underWay++;
    this.#answer(data, this.#refusal()).finally(() => {
      this.#underWay--;
      this.#leaveIfDrained();
    });
  }

  gone(): void {
    this.#over.abort();
    this.#writer.close();
  }

  drain(deadline: AbortSignal): void {
    this.#draining = true;
    deadline.addEventListener("abort", () => this.#sayGoodbye(), { signal: this.#over.signal });
    if (deadline.aborted) this.#sayGoodbye();
    this.#leaveIfDrained();
  }

  /** It never throws: whatever goes wrong is an answer. */
  async #answer(text: string, refusal: A2AError | undefined): Promise<void> {
    const find: FindTarget = refusal === undefined ? this.#find : () => Promise.reject(refusal);
    const opening = { request: this.#opening.request, find };
    let exchange = socketExchange(undefined, opening, this.#deps);
    try {
      exchange = socketExchange(readText(text), opening, this.#deps);
      for await (const answer of exchange.answers()) {
        if (!await this.#writer.send(JSON.stringify(answer))) return;
      }
    } catch (thrown) {
      // Whoever hung up is told nothing, and what it stopped waiting for is no failure.
      if (this.#over.signal.aborted) return;
      const failure = exchange.failure(reported(thrown, this.#deps.log));
      if (failure !== undefined) await this.#writer.send(JSON.stringify(failure));
    }
  }

  /** The target of a request, whose call ends with the socket: the upgrade request itself is long over. */
  readonly #find: FindTarget = async (payload) => {
    const target = await this.#opening.find(payload);
    return { ...target, call: { ...target.call, signal: this.#over.signal } };
  };

  /** Why a request that comes now is not taken. */
  #refusal(): A2AError | undefined {
    if (this.#draining) return new A2AError("UNAVAILABLE", "Cannot take a request: the server is stopping");
    if (this.#underWay <= MAX_UNDER_WAY) return undefined;
    return new A2AError(
      "RATE_LIMITED",
      `Cannot take more than ${MAX_UNDER_WAY} requests at once on one socket: wait for an answer`,
    );
  }

  #leaveIfDrained(): void {
    if (this.#draining && this.#underWay === 0) this.#sayGoodbye();
  }

  #sayGoodbye(): void {
    this.#close("goingAway", "the server is stopping; connect again");
  }

  /** At once: nobody waits for the peer to agree. */
  #close(why: keyof typeof CLOSE_CODES, reason: string): void {
    if (this.#over.signal.aborted) return;
    this.gone();
    this.#socket.close(CLOSE_CODES[why], reason);
  }
}

/** UTF-8 takes one to three bytes for each unit of a string: the bytes are counted only where that decides nothing. */
function isLonger(text: string, maxBytes: number): boolean {
  if (text.length > maxBytes) return true;
  return text.length * 3 > maxBytes && new TextEncoder().encode(text).byteLength > maxBytes;
}
