import { EgressRefused, type EgressRules, literalAddress } from "./egress_rules.ts";
import { type Connection, exchangeHttp1 } from "./http1.ts";
import type { Timers } from "./timers.ts";

export interface EgressRequest {
  readonly url: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal: AbortSignal;
}

export interface EgressPolicy {
  readonly rules: Pick<EgressRules, "checkUrl" | "checkAddresses">;
  /** From the first look at the name to the last byte of the answer. */
  readonly timeoutMs: number;
  /** Of the answer's body; reading beyond it throws EgressRefused. */
  readonly maxBytes: number;
  /** Redirects that a GET or HEAD follows, each checked like the first URL. Default 0: a redirect is an answer. */
  readonly maxRedirects?: number;
}

/** Where a connection leads: an address that was checked, never a name. */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
  /** The name that the peer has to prove by its certificate; absent for plain TCP. */
  readonly tlsName?: string;
}

export interface EgressDeps {
  /** All addresses that the name stands for now. */
  resolve(hostname: string): Promise<readonly string[]>;
  connect(endpoint: Endpoint, signal: AbortSignal): Promise<Connection>;
  readonly timers: Timers;
}

/**
 * The response knows the URL that gave it, behind all redirects. Throws EgressRefused, EgressTimeout, WireError, what the
 * network says, or the signal's reason.
 */
export type SafeFetch = (request: EgressRequest, policy: EgressPolicy) => Promise<Response>;

export class EgressTimeout extends Error {
  override readonly name = "EgressTimeout";
}

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
/** Not to be told to whoever a redirect names. */
const PRIVATE_HEADERS = ["authorization", "cookie", "proxy-authorization"];
const MAX_ADDRESSES = 4;

/**
 * The one way out to URLs that somebody else has named (OWASP "Server-Side Request Forgery"): the name is resolved once,
 * every address is checked, and the connection goes to a checked address, so a second answer of the DNS changes nothing.
 */
export function createSafeFetch(deps: EgressDeps): SafeFetch {
  return async (request, policy) => {
    const { controller, release } = deadline(request.signal, policy.timeoutMs, deps.timers);
    try {
      return await follow(request, policy, { deps, controller, release });
    } catch (thrown) {
      release();
      throw controller.signal.aborted ? controller.signal.reason : thrown;
    }
  };
}

interface Trip {
  readonly deps: EgressDeps;
  readonly controller: AbortController;
  /** Lets go of the timer and the caller's signal. */
  readonly release: () => void;
}

async function follow(request: EgressRequest, policy: EgressPolicy, trip: Trip): Promise<Response> {
  const { method = "GET", maxRedirects } = { ...request, maxRedirects: policy.maxRedirects ?? 0 };
  const headers = new Headers(request.headers);
  let url = policy.rules.checkUrl(request.url);
  for (let redirects = 0;; redirects++) {
    const answer = await fetchOnce({ ...request, method, url, headers }, policy, trip);
    const location = REDIRECTS.has(answer.status) && maxRedirects > 0 ? answer.headers.get("location") : null;
    if (location === null || method !== "GET" && method !== "HEAD") return answer.respond();
    answer.close();
    if (redirects === maxRedirects) throw new EgressRefused(`redirects more than ${maxRedirects} times`);
    const next = policy.rules.checkUrl(URL.parse(location, url)?.href ?? location);
    if (next.origin !== url.origin) { for (const name of PRIVATE_HEADERS) headers.delete(name); }
    url = next;
  }
}

interface Leg extends Pick<EgressRequest, "body"> {
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
}

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  respond(): Response;
  close(): void;
}

async function fetchOnce(leg: Leg, { rules, maxBytes }: EgressPolicy, trip: Trip): Promise<Answer> {
  const { controller: { signal }, release } = trip;
  const connection = await open(leg.url, rules, trip);
  const close = () => {
    signal.removeEventListener("abort", close);
    connection.close();
  };
  signal.addEventListener("abort", close);
  try {
    signal.throwIfAborted();
    const { url, method, headers } = leg;
    const body = leg.body === undefined ? undefined : new TextEncoder().encode(leg.body);
    const answer = await exchangeHttp1(connection, { url, method, headers, ...(body === undefined ? {} : { body }) });
    const done = () => {
      close();
      release();
    };
    const { status } = answer;
    const stream = () => toStream(capped(answer.body, { maxBytes, signal, done }), done);
    const hasBody = method !== "HEAD" && ![204, 205, 304].includes(status);
    return {
      status,
      headers: answer.headers,
      close,
      respond: () => {
        if (!hasBody) done();
        const response = new Response(hasBody ? stream() : null, { status, headers: answer.headers });
        // The constructor takes none (Fetch §5.5): only a network gives a response its URL, and that is what this is.
        return Object.defineProperty(response, "url", { value: url.href.replace(/#.*$/, "") });
      },
    };
  } catch (thrown) {
    close();
    throw thrown;
  }
}

async function open(
  url: URL,
  rules: EgressPolicy["rules"],
  { deps, controller: { signal } }: Trip,
): Promise<Connection> {
  const host = url.hostname.replace(/^\[|\]$|\.$/g, "");
  const addresses = literalAddress(url) === undefined ? await unlessAborted(deps.resolve(host), signal) : [host];
  rules.checkAddresses(url, addresses);
  const isTls = url.protocol === "https:";
  const port = url.port === "" ? isTls ? 443 : 80 : Number(url.port);
  const failures: unknown[] = [];
  for (const address of addresses.slice(0, MAX_ADDRESSES)) {
    try {
      return await deps.connect({ address, port, ...(isTls ? { tlsName: host } : {}) }, signal);
    } catch (thrown) {
      signal.throwIfAborted();
      failures.push(thrown);
    }
  }
  throw failures.length === 1
    ? failures[0]
    : new AggregateError(failures, "None of the addresses takes the connection");
}

interface Cap {
  readonly maxBytes: number;
  readonly signal: AbortSignal;
  readonly done: () => void;
}

async function* capped(body: AsyncIterable<Uint8Array<ArrayBuffer>>, { maxBytes, signal, done }: Cap) {
  let bytes = 0;
  try {
    for await (const piece of body) {
      bytes += piece.length;
      if (bytes > maxBytes) throw new EgressRefused(`answers with more than ${maxBytes} bytes`);
      yield piece;
    }
  } catch (thrown) {
    throw signal.aborted ? signal.reason : thrown;
  } finally {
    done();
  }
}

/** Pulled. Unlike ReadableStream.from, it also lets go of a connection that nobody began to read. */
function toStream(
  pieces: AsyncGenerator<Uint8Array<ArrayBuffer>>,
  done: () => void,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream({
    pull: async (controller) => {
      const piece = await pieces.next();
      if (piece.done === true) controller.close();
      else controller.enqueue(piece.value);
    },
    cancel: done,
  }, { highWaterMark: 0 });
}

function deadline(signal: AbortSignal, timeoutMs: number, timers: Timers): Omit<Trip, "deps"> {
  const controller = new AbortController();
  const leave = () => controller.abort(signal.reason);
  const cancel = timers.after(timeoutMs, () => controller.abort(new EgressTimeout(`No answer within ${timeoutMs} ms`)));
  if (signal.aborted) leave();
  signal.addEventListener("abort", leave);
  return {
    controller,
    release: () => {
      cancel();
      signal.removeEventListener("abort", leave);
    },
  };
}

function unlessAborted<T>(waiting: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const leave = () => reject(signal.reason);
  if (signal.aborted) leave();
  signal.addEventListener("abort", leave);
  waiting.then(resolve, reject).finally(() => signal.removeEventListener("abort", leave));
  return promise;
}
