import { definePlugin } from "../../lib/plugin.ts";
import { ConsulOptions } from "./consul_options.ts";
import { type Endpoint, toEndpoints } from "./endpoint.ts";
import { firstSet, oneKey, tlsFromEnv } from "./flag_options.ts";
import { type HttpAnswer, type HttpEndpoint, httpEndpoint } from "./http_endpoint.ts";
import type { Pace } from "./pause.ts";
import { remoteSource } from "./remote_source.ts";
import type { SourcePlugin } from "./source.ts";
import { SourceError } from "./source_error.ts";

const TITLE = "Consul";
const DEFAULT_PORT = 8500;
const WAIT_SECONDS = 30;
const ANSWER_MS = 5_000;
/** Consul adds up to a sixteenth to the wait ("Blocking Queries"); the rest is for the network. */
const BLOCKED_MS = WAIT_SECONDS * 1000 * (1 + 1 / 16) + ANSWER_MS;

/** A key of Consul's KV store, watched by blocking queries. */
export const consulSource: SourcePlugin = {
  ...definePlugin({
    options: () => ConsulOptions,
    create: (options, deps) => {
      const { tls } = options;
      // As Consul's own command does: no key begins with a slash, but people write one.
      const key = options.key.replace(/^\/+/, "");
      const endpoints = toEndpoints(options.endpoints, { port: DEFAULT_PORT, secure: tls !== undefined });
      const headers: Readonly<Record<string, string>> = options.token === undefined
        ? {}
        : { "x-consul-token": options.token.reveal() };
      async function* observe(endpoint: Endpoint, pace: Pace) {
        using http = await httpEndpoint({ title: TITLE, endpoint, tls, directory: deps.directory });
        yield* follow({ http, key, headers, endpoint }, pace);
      }
      return remoteSource({ file: `consul:${key}`, endpoints, observe }, deps);
    },
  }),
  fromFlags: (flags) => {
    const { endpoints, env } = flags;
    const token = firstSet(env, "HECTOR_CONFIG_TOKEN", "CONSUL_HTTP_TOKEN");
    return {
      key: oneKey(flags, TITLE),
      endpoints,
      ...(token === undefined ? {} : { token }),
      ...tlsFromEnv(env, { ca: "CONSUL_CACERT", cert: "CONSUL_CLIENT_CERT", key: "CONSUL_CLIENT_KEY" }),
    };
  },
};

interface Query {
  readonly http: HttpEndpoint;
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly endpoint: Endpoint;
}

/** Consul, "Blocking Queries", implementation details. */
async function* follow(query: Query, pace: Pace): AsyncGenerator<Uint8Array | undefined, void, undefined> {
  const path = `/v1/kv/${query.key.split("/").map(encodeURIComponent).join("/")}?raw`;
  for (let index = 0;;) {
    const blocking = index === 0 ? "" : `&index=${index}&wait=${WAIT_SECONDS}s`;
    const { http, headers } = query;
    const timeoutMs = index === 0 ? ANSWER_MS : BLOCKED_MS;
    const answer = await http.ask({ path: `${path}${blocking}`, headers, timeoutMs }, pace);
    yield valueOf(answer, query);
    // An index of 0 would never block; one that goes backwards (a restored snapshot) would miss what comes.
    const next = Math.max(1, Number(answer.headers.get("x-consul-index")));
    index = next < index ? 0 : next;
  }
}

function valueOf({ status, headers, bytes }: HttpAnswer, { key, endpoint }: Query): Uint8Array | undefined {
  const refuse = (failure: "refused" | "unreachable" | "unreadable", reason: string) =>
    new SourceError(failure, `Cannot read "consul:${key}" at ${endpoint.name}: ${reason}`);
  if (status === 401 || status === 403) {
    throw refuse("refused", "the token is missing, unknown, or may not read the key");
  }
  if (status === 429 || status >= 500) throw refuse("unreachable", `Consul answers with status ${status}`);
  if (status !== 200 && status !== 404) {
    throw refuse("unreadable", `found status ${status}, which is no answer of Consul`);
  }
  // A proxy that does not pass the index on would make a storm of a blocking query.
  if (!/^\d+$/.test(headers.get("x-consul-index") ?? "")) {
    throw refuse("unreadable", "found no X-Consul-Index in the answer");
  }
  return status === 200 ? bytes : undefined;
}
