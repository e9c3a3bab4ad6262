import type { Heartbeat } from "./heartbeat.ts";

/* The writing half of server-sent events (WHATWG HTML §9.2). The reading half: parse_sse.ts. */

export interface SseEvent {
  readonly id?: string;
  readonly event?: string;
  readonly data: string;
}

export interface SseOptions {
  readonly heartbeat: Heartbeat;
  /** A reader that has taken nothing for this long while something waits for it is cut off. */
  readonly stallMs: number;
  /** Aborted by the stream when its reader leaves or is cut off; whoever else aborts it ends the stream. */
  readonly stop: AbortController;
}

/** How far the source may run ahead of the reader, in characters of finished frames. */
const MAX_AHEAD = 16_384;
const encoder = new TextEncoder();
const PING = encoder.encode(": ping\n\n");
const LINE_BREAK = /\r\n|\r|\n/;

/** One event as its lines on the wire. No value can end its line: a line break in data opens a `data` line of its own. */
export function sseFrame({ id, event, data }: SseEvent): string {
  const head = `${id === undefined ? "" : `id: ${oneLine(id)}\n`}${
    event === undefined ? "" : `event: ${oneLine(event)}\n`
  }`;
  if (!data.includes("\n") && !data.includes("\r")) return `${head}data: ${data}\n\n`;
  return `${head}${data.split(LINE_BREAK).map((line) => `data: ${line}\n`).join("")}\n`;
}

/** A NUL makes a reader ignore the whole id (WHATWG HTML §9.2.6). */
function oneLine(value: string): string {
  return /[\r\n\0]/.test(value) ? value.replace(/[\r\n\0]/g, "") : value;
}

/** A response that sends `source` as server-sent events, at the pace of its reader. */
export function sseResponse(source: AsyncIterable<SseEvent>, options: SseOptions): Response {
  return new Response(new ReadableStream(new SseBody(source, options), { highWaterMark: 1 }), {
    headers: {
      "content-type": "text/event-stream",
      "cache-control": "no-cache, no-store",
      // nginx would hold events back to fill its buffer.
      "x-accel-buffering": "no",
    },
  });
}

/**
 * The body of one stream. At most one chunk is queued; frames that become ready meanwhile gather (no further than
 * MAX_AHEAD, then the source is not asked any more) and leave together when the reader takes the chunk. So a burst is a
 * few writes, and a reader that does not read costs a bounded amount of memory.
 */
class SseBody implements UnderlyingDefaultSource<Uint8Array> {
  readonly #iterator: AsyncIterator<SseEvent>;
  readonly #options: SseOptions;
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  #leave = () => {};
  /** Finished frames that wait for the reader. */
  #ahead = "";
  #wake = () => {};
  #over = false;
  #stuckSinceMs: number | undefined;

  constructor(source: AsyncIterable<SseEvent>, options: SseOptions) {
    this.#iterator = source[Symbol.asyncIterator]();
    this.#options = options;
  }

  start(controller: ReadableStreamDefaultController<Uint8Array>): void {
    this.#controller = controller;
    const { signal } = this.#options.stop;
    if (signal.aborted) return this.#end(() => controller.close());
    signal.addEventListener("abort", this.#onAbort);
    this.#leave = this.#options.heartbeat.join((nowMs) => this.#beat(nowMs));
    // Not awaited: a stream is not pulled before `start` has settled.
    this.#pump(controller);
  }

  /** The reader took what was queued. */
  pull(): void {
    this.#stuckSinceMs = undefined;
    this.#flush();
    this.#wake();
  }

  cancel(reason: unknown): void {
    this.#end(() => this.#options.stop.abort(reason));
  }

  readonly #onAbort = () => this.#end(() => this.#controller?.close());

  async #pump(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    try {
      while (!this.#over) {
        const next = await this.#iterator.next();
        if (this.#over) return;
        if (next.done === true) break;
        this.#ahead += sseFrame(next.value);
        this.#flush();
        if (this.#ahead.length >= MAX_AHEAD) await this.#taken();
      }
      if (this.#ahead !== "") await this.#taken();
      this.#end(() => controller.close());
    } catch (thrown) {
      this.#end(() => controller.error(thrown));
    }
  }

  #taken(): Promise<void> {
    return new Promise((resolve) => this.#wake = resolve);
  }

  #flush(): void {
    if (this.#over || this.#ahead === "" || (this.#controller?.desiredSize ?? 0) <= 0) return;
    const chunk = encoder.encode(this.#ahead);
    this.#ahead = "";
    this.#controller?.enqueue(chunk);
  }

  #beat(nowMs: number): void {
    if ((this.#controller?.desiredSize ?? 0) > 0) return this.#controller?.enqueue(PING.slice());
    this.#stuckSinceMs ??= nowMs;
    if (nowMs - this.#stuckSinceMs < this.#options.stallMs) return;
    const reason = new Error(`The reader took nothing for ${this.#options.stallMs} ms`);
    this.#end(() => {
      this.#controller?.error(reason);
      this.#options.stop.abort(reason);
    });
  }

  /** Once: lets go of timer, signal and source, then says goodbye in the way of the cause. */
  #end(goodbye: () => void): void {
    if (this.#over) return;
    this.#over = true;
    this.#options.stop.signal.removeEventListener("abort", this.#onAbort);
    this.#leave();
    this.#wake();
    goodbye();
    this.#iterator.return?.().catch(() => {
      // The reader is gone already, or has been told: nobody is left to hear how the source took it.
    });
  }
}
