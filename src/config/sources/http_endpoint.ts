import { MAX_CONFIG_LENGTH } from "../read_yaml.ts";
import type { Endpoint } from "./endpoint.ts";
import { networkError } from "./network_error.ts";
import type { Pace } from "./pause.ts";
import { SourceError } from "./source_error.ts";
import { readTls, type TlsOptions } from "./tls.ts";
import { within } from "./within.ts";

export interface HttpOptions {
  /** Of the backend, for errors. */
  readonly title: string;
  readonly endpoint: Endpoint;
  readonly tls: TlsOptions | undefined;
  /** Absolute folder at which paths of certificates begin. */
  readonly directory: string;
}

export interface HttpRequest {
  /** With its query. */
  readonly path: string;
  readonly method?: "GET" | "POST";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Until the whole answer is there; of a stream, until it begins. */
  readonly timeoutMs: number;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Uint8Array;
}

/** Base64 in JSON makes a configuration larger by a third. */
const MAX_ANSWER_BYTES = 2 * MAX_CONFIG_LENGTH;

/** Requests to one server of a backend. Throws SourceError for whatever the network does. */
export interface HttpEndpoint extends Disposable {
  ask(request: HttpRequest, pace: Pace): Promise<HttpAnswer>;
  /** The body as it comes; `signal` ends it. */
  stream(
    request: HttpRequest,
    pace: Pace,
  ): Promise<{ readonly status: number; readonly body: AsyncIterable<Uint8Array> }>;
}

/** Reads the certificates and makes a client of its own, to be disposed of. */
export async function httpEndpoint({ title, endpoint, tls, directory }: HttpOptions): Promise<HttpEndpoint> {
  const client = Deno.createHttpClient(tls === undefined ? {} : await readTls(tls, directory));
  const fail = (thrown: unknown) => networkError(thrown, title, endpoint);
  const send = ({ path, method = "GET", headers = {}, body }: HttpRequest, signal: AbortSignal) =>
    fetch(`${endpoint.secure ? "https" : "http"}://${endpoint.name}${path}`, {
      client,
      method,
      headers,
      signal,
      // A token is for this server alone.
      redirect: "error",
      ...(body === undefined ? {} : { body }),
    });
  const timed = async <T>(timeoutMs: number, pace: Pace, act: (signal: AbortSignal) => Promise<T>) => {
    const expired = () => silent(title, endpoint, timeoutMs);
    try {
      return await within(timeoutMs, act, { ...pace, expired });
    } catch (thrown) {
      pace.signal.throwIfAborted();
      throw fail(thrown);
    }
  };
  return {
    ask: (request, pace) =>
      timed(request.timeoutMs, pace, async (signal) => {
        const { status, headers, body } = await send(request, signal);
        return { status, headers, bytes: await readAll(body, title) };
      }),
    async stream(request, pace) {
      const { status, body } = await timed(request.timeoutMs, pace, (signal) => {
        // The time is for the beginning only.
        const own = new AbortController();
        signal.addEventListener("abort", () => own.abort(signal.reason), { once: true });
        return send(request, own.signal);
      });
      return { status, body: guarded(body ?? new ReadableStream(), pace, fail) };
    },
    [Symbol.dispose]: () => client.close(),
  };
}

async function readAll(body: ReadableStream<Uint8Array> | null, title: string): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of body ?? []) {
    size += part.length;
    if (size > MAX_ANSWER_BYTES) {
      throw new SourceError("unreadable", `Cannot read the answer of ${title}: it is too large`);
    }
    parts.push(part);
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

async function* guarded(
  body: ReadableStream<Uint8Array>,
  { signal }: Pace,
  fail: (thrown: unknown) => SourceError,
): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = body.getReader();
  const stop = () => void reader.cancel(signal.reason).catch(() => {});
  signal.addEventListener("abort", stop, { once: true });
  try {
    for (;;) {
      signal.throwIfAborted();
      const { done, value } = await reader.read();
      signal.throwIfAborted();
      if (done) return;
      yield value;
    }
  } catch (thrown) {
    signal.throwIfAborted();
    throw fail(thrown);
  } finally {
    signal.removeEventListener("abort", stop);
    await reader.cancel().catch(() => {});
  }
}

function silent(title: string, { name }: Endpoint, timeoutMs: number): SourceError {
  return new SourceError("unreachable", `Cannot reach ${title} at ${name}: no answer within ${timeoutMs / 1000} s`);
}
