import type { FetchLike } from "@modelcontextprotocol/client";
import { EgressRefused, type EgressRules } from "../../lib/egress_rules.ts";
import type { SafeFetch } from "../../lib/safe_fetch.ts";

/** Streams of a server stay open for days; who asks has a limit of his own. */
const NO_TIMEOUT_MS = 2 ** 31 - 1;

export interface GateOptions {
  readonly rules: EgressRules;
  /** Of one answer. A stream of many messages that grows beyond it is opened again. */
  readonly maxBytes: number;
  /** Of one request with its answer. Default: none. */
  readonly timeoutMs?: number;
}

/** The one way out to URLs, in the shape of `fetch`. A redirect is an answer: the client follows it within its origin only. */
export function gatedFetch(
  safeFetch: SafeFetch,
  { rules, maxBytes, timeoutMs = NO_TIMEOUT_MS }: GateOptions,
): FetchLike {
  return (url, init = {}) => {
    const body = init.body ?? undefined;
    if (body !== undefined && typeof body !== "string" && !(body instanceof URLSearchParams)) {
      return Promise.reject(new TypeError("Cannot send a body that is no text"));
    }
    const headers = new Headers(init.headers);
    if (body instanceof URLSearchParams && !headers.has("content-type")) {
      headers.set("content-type", "application/x-www-form-urlencoded");
    }
    return safeFetch({
      url: String(url),
      method: init.method ?? "GET",
      headers: Object.fromEntries(headers),
      ...(body === undefined ? {} : { body: String(body) }),
      signal: init.signal ?? new AbortController().signal,
    }, { rules, maxBytes, timeoutMs }).catch((thrown) => {
      throw thrown instanceof EgressRefused ? told(thrown, url) : thrown;
    });
  };
}

/** Whoever wrote the URL may write what allows it. */
function told({ message }: EgressRefused, url: string | URL): EgressRefused {
  return new EgressRefused(`${new URL(url).origin} ${message}; allow can name it`);
}
