import type { ClientOptions } from "../a2a/client/client_options.ts";
import { A2AError } from "../a2a/errors.ts";
import { EgressRefused, EgressRules } from "../lib/egress_rules.ts";
import type { PeerAddress } from "../lib/http2/open_bytes.ts";
import { createSafeFetch } from "../lib/safe_fetch.ts";
import { createDial } from "../server/dial.ts";
import { createEgress } from "../server/egress.ts";
import { reachingFetch } from "../server/reaching_fetch.ts";
import { PROCESS_TIMERS } from "../server/timers.ts";

export interface RemoteNetworkOptions {
  /** Hosts that the configuration names for this agent: wherever they are, they are gone to. */
  readonly hosts: readonly string[];
  /** Others to which the agent's card may lead though they are private, as `isAllowEntry` knows them. */
  readonly allow: readonly string[];
  /** Authorities in PEM that are trusted besides those of the system. */
  readonly caCerts: readonly string[];
  /** false: any certificate is believed, and gRPC is not spoken. */
  readonly verifies: boolean;
}

export interface RemoteNetwork extends Pick<ClientOptions, "fetch" | "openBytes"> {
  /** Lets go of connections that are kept. */
  close(): void;
}

/** A stream lasts as long as the work on a task does. */
const LONGEST_MS = 2_147_483_647;

/** How one remote agent is reached: where the configuration says, and from there on only where strangers may lead us. */
export function remoteNetwork(
  { hosts, allow, caCerts, verifies }: RemoteNetworkOptions,
): RemoteNetwork {
  const named = new Set(hosts.map((host) => host.toLowerCase()));
  const rules = new EgressRules([...hosts.map(plainHost), ...allow]);
  const egress = createEgress({ timers: PROCESS_TIMERS, caCerts, verifies });
  const safeFetch = createSafeFetch(egress);
  const trusting = caCerts.length === 0 ? undefined : Deno.createHttpClient({ caCerts: [...caCerts] });
  const client = trusting === undefined ? {} : { client: trusting };
  return {
    close: () => trusting?.close(),
    fetch: async (url, init) => {
      if (verifies && named.has(new URL(url).hostname)) {
        return await orUntrusted(url, () => reachingFetch(url, { ...init, ...client }));
      }
      const { method = "GET", headers, body, signal } = init;
      const request = {
        url,
        method,
        headers: Object.fromEntries(new Headers(headers)),
        ...(typeof body === "string" ? { body } : {}),
        signal: signal ?? new AbortController().signal,
      };
      return await orRefused(
        url,
        () => safeFetch(request, { rules, timeoutMs: LONGEST_MS, maxBytes: Number.MAX_SAFE_INTEGER }),
      );
    },
    ...(verifies ? { openBytes: createDial({ caCerts, resolve: resolveBy(rules, named, egress.resolve) }) } : {}),
  };
}

type Resolve = (hostname: string) => Promise<readonly string[]>;

/** An address that was checked stands for the name: what the name's next answer says changes nothing. */
function resolveBy(rules: EgressRules, named: ReadonlySet<string>, resolve: Resolve) {
  return async ({ hostname, port }: PeerAddress): Promise<string> => {
    if (named.has(hostname.toLowerCase())) return hostname;
    const url = `https://${hostname.includes(":") ? `[${hostname}]` : hostname}:${port}`;
    return await orRefused(url, async () => {
      const addresses = await resolve(hostname);
      rules.checkAddresses(rules.checkUrl(url), addresses);
      return addresses[0] ?? hostname;
    });
  };
}

async function orRefused<T>(url: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (thrown) {
    if (!(thrown instanceof EgressRefused)) throw thrown;
    const text = `Cannot go to ${
      new URL(url).origin
    }, where the agent's card leads: it ${thrown.message} (agents.*.allow)`;
    throw new A2AError("INVALID_AGENT_RESPONSE", text, { cause: thrown });
  }
}

/** A certificate that is not believed now will not be in a moment: nobody need try again. */
async function orUntrusted<T>(url: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (thrown) {
    for (let error = thrown; error instanceof Error; error = error.cause) {
      if (!/invalid peer certificate/.test(error.message)) continue;
      const text = `Cannot trust ${
        new URL(url).origin
      }: its certificate is of no authority that is known (agents.*.ca_certificate)`;
      throw new A2AError("INVALID_AGENT_RESPONSE", text, { cause: thrown });
    }
    throw thrown;
  }
}

function plainHost(host: string): string {
  return host.replace(/^\[|\]$/g, "");
}
