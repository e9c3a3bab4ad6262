import type { ClientOptions } from "../a2a/client/client_options.ts";
import { type A2AClient, createClient } from "../a2a/client/create_client.ts";
import { type CertifiedKey, createDial } from "../server/dial.ts";
import { reachingFetch } from "../server/reaching_fetch.ts";
import { PROCESS_TIMERS } from "../server/timers.ts";
import { sleep } from "./sleep.ts";

/** What of a client is not the process's. */
export type OpenClientOptions = Omit<Partial<ClientOptions>, "agent">;

/** This process as clients know the world: every binding, gRPC too. */
export const CLIENT_NETWORK = {
  fetch: reachingFetch,
  openBytes: createDial(),
  random: Math.random,
  sleep,
  timers: PROCESS_TIMERS,
} as const;

/** What a user says of TLS beside what the system knows. */
export interface ClientTls {
  /** Authorities in PEM that are trusted, too. */
  readonly caCerts: readonly string[];
  /** Who we are. */
  readonly own?: CertifiedKey;
}

export interface ClientNetwork extends Pick<ClientOptions, "fetch" | "openBytes"> {
  /** Lets go of connections that are kept. */
  close(): void;
}

/** The network of this process, with a user's words about TLS. */
export function clientNetwork({ caCerts, own }: ClientTls): ClientNetwork {
  const client = Deno.createHttpClient({ caCerts: [...caCerts], ...own });
  const over = { client };
  return {
    fetch: (url, init) => reachingFetch(url, { ...init, ...over }),
    openBytes: createDial({ caCerts, ...(own === undefined ? {} : { own }) }),
    close: () => client.close(),
  };
}

/** A remote agent over the network of this process. */
export function openClient(agent: ClientOptions["agent"], options: OpenClientOptions = {}): A2AClient {
  return createClient({ ...CLIENT_NETWORK, ...options, agent });
}
