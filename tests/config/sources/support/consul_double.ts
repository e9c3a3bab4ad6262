import type { Timers } from "../../../../src/lib/timers.ts";

interface Row {
  readonly value: Uint8Array;
  readonly createIndex: number;
  readonly modifyIndex: number;
}

export interface ConsulDoubleOptions {
  readonly timers: Timers;
  /** The one token that may read; without it everybody may. */
  readonly token?: string;
  readonly tls?: { readonly cert: string; readonly key: string };
  /** Answers in the stead of the double. */
  readonly intercept?: (request: Request) => Response | Promise<Response> | undefined;
}

const DEFAULT_WAIT_MS = 300_000;
const MAX_WAIT_MS = 600_000;

/**
 * Consul's KV store over HTTP, as its documentation tells ("KV Store Endpoints", "Blocking Queries", "Consistency
 * Modes"): one index for all writes; the index of a key is that of its last write, and of a missing key that of the whole
 * store; a query with an index blocks until the key's is larger or the wait is over.
 */
export class ConsulDouble implements AsyncDisposable {
  /** The URLs that were asked for, without the host. */
  readonly asked: string[] = [];
  readonly #options: ConsulDoubleOptions;
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  readonly #rows = new Map<string, Row>();
  readonly #waiting = new Set<() => void>();
  #nextQuestion = Promise.withResolvers<void>();
  /** Never 0, which would mean not to block. */
  #index = 7;

  constructor(options: ConsulDoubleOptions) {
    this.#options = options;
    const at = { hostname: "127.0.0.1", port: 0, onListen: () => {} };
    this.#server = Deno.serve(
      options.tls === undefined ? at : { ...at, ...options.tls },
      (request) => {
        const url = new URL(request.url);
        this.asked.push(`${url.pathname}${url.search}`);
        this.#nextQuestion.resolve();
        this.#nextQuestion = Promise.withResolvers();
        return this.#options.intercept?.(request) ?? this.#answer(request);
      },
    );
  }

  /** `host:port` */
  get endpoint(): string {
    return `127.0.0.1:${this.#server.addr.port}`;
  }

  /** Waits until so many questions have come. */
  async questions(count: number): Promise<void> {
    while (this.asked.length < count) await this.#nextQuestion.promise;
  }

  put(key: string, value: string | Uint8Array): void {
    const bytes = typeof value === "string" ? new TextEncoder().encode(value) : value;
    const modifyIndex = ++this.#index;
    const createIndex = this.#rows.get(key)?.createIndex ?? modifyIndex;
    this.#rows.set(key, { value: bytes, createIndex, modifyIndex });
    this.#wake();
  }

  remove(key: string): void {
    if (this.#rows.delete(key)) this.#index++;
    this.#wake();
  }

  /** An older snapshot is restored: what is there now has a smaller index than before. */
  restore(rows: Readonly<Record<string, string>>, index: number): void {
    this.#rows.clear();
    this.#index = index - Object.keys(rows).length;
    for (const [key, value] of Object.entries(rows)) this.put(key, value);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#wake();
    await this.#server.shutdown();
  }

  #wake(): void {
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }

  async #answer(request: Request): Promise<Response> {
    const url = new URL(request.url);
    // Go's router cleans paths.
    if (url.pathname.includes("//")) {
      return new Response(null, { status: 301, headers: { location: url.pathname.replace(/\/+/g, "/") } });
    }
    const [, path] = /^\/v1\/kv\/(.+)$/.exec(url.pathname) ?? [];
    if (path === undefined || request.method !== "GET") return new Response("", { status: 405 });
    const { token } = this.#options;
    const given = request.headers.get("x-consul-token") ?? url.searchParams.get("token") ?? "";
    if (token !== undefined && given !== token) {
      return new Response(given === "" ? "Permission denied" : "ACL not found", { status: 403 });
    }
    const key = decodeURIComponent(path);
    const after = Number(url.searchParams.get("index") ?? "0");
    if (after > 0) await this.#block(key, after, { wait: url.searchParams.get("wait"), signal: request.signal });
    return this.#reply(key, url.searchParams.has("raw"));
  }

  #indexOf(key: string): number {
    return this.#rows.get(key)?.modifyIndex ?? this.#index;
  }

  async #block(
    key: string,
    after: number,
    { wait, signal }: { readonly wait: string | null; readonly signal: AbortSignal },
  ): Promise<void> {
    let isOver = false;
    const waitMs = waitOf(wait);
    // Up to a sixteenth is added.
    const callOff = this.#options.timers.after(waitMs + waitMs / 32, () => {
      isOver = true;
      this.#wake();
    });
    while (this.#indexOf(key) <= after && !isOver && !signal.aborted) {
      await new Promise<void>((resolve) => {
        this.#waiting.add(resolve);
        signal.addEventListener("abort", () => resolve(), { once: true });
      });
    }
    callOff();
  }

  #reply(key: string, isRaw: boolean): Response {
    const row = this.#rows.get(key);
    const headers = {
      "x-consul-index": String(this.#indexOf(key)),
      "x-consul-knownleader": "true",
      "x-consul-lastcontact": "0",
      "x-consul-effective-consistency": "leader",
    };
    if (row === undefined) return new Response("", { status: 404, headers });
    if (isRaw) {
      return new Response(row.value.slice(), { headers: { ...headers, "content-type": "text/plain; charset=utf-8" } });
    }
    const { value, createIndex, modifyIndex } = row;
    const entry = {
      LockIndex: 0,
      Key: key,
      Flags: 0,
      Value: value.length === 0 ? null : value.toBase64(),
      CreateIndex: createIndex,
      ModifyIndex: modifyIndex,
    };
    return Response.json([entry], { headers });
  }
}

/** `10s` or `5m`; at most ten minutes, five when nothing is said. */
function waitOf(wait: string | null): number {
  const [, count, unit] = /^(\d+)(ms|s|m)$/.exec(wait ?? "") ?? [];
  if (count === undefined) return DEFAULT_WAIT_MS;
  return Math.min(MAX_WAIT_MS, Number(count) * (unit === "m" ? 60_000 : unit === "s" ? 1_000 : 1));
}
