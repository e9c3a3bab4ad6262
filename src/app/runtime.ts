import { EgressRules } from "../lib/egress_rules.ts";
import type { Config } from "../config/config.ts";
import type { Configurable, PluginTables } from "../config/plugin_tables.ts";
import { a2aV03JsonRpc } from "../a2a/dialects/a2a_v0_3.ts";
import { a2aV1Rest } from "../a2a/dialects/a2a_v1.ts";
import type { Log } from "../lib/log.ts";
import { createSafeFetch } from "../lib/safe_fetch.ts";
import { EPHEMERAL_STORE, PLUGINS } from "../plugins.ts";

export { DOCUMENT_TOOL, SERVER_TOOL } from "../plugins.ts";
import { createEgress } from "../server/egress.ts";
import { PROCESS_TIMERS } from "../server/timers.ts";
import type { Store, StoreDeps } from "../store/store.ts";
import type { Measure } from "../telemetry/measurement.ts";
import { Push } from "../task/push/push.ts";
import { pick } from "./pick.ts";
import { sleep } from "./sleep.ts";

/** What the configuration may name. */
export const PLUGIN_TABLES: PluginTables = {
  ...PLUGINS,
  tools: new Map<string, Configurable>([...PLUGINS.tools, ...PLUGINS.toolsets]),
};

/** What lives as long as the process and is shared by every revision of the configuration. */
export interface Runtime {
  readonly store: Store;
  /** This process, as the store's leases know it. */
  readonly holder: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** UUIDv7. */
  readonly newId: () => string;
  readonly env: (name: string) => string | undefined;
  /** What the files of tools hold, by their SHA-256. */
  readonly texts?: ReadonlyMap<string, string> | undefined;
  readonly log: Log;
  readonly measure: Measure;
  /** Absent where no push notifications are sent. */
  readonly push?: Push | undefined;
  /** Absolute paths of our own files, which no tool touches. */
  readonly protectedPaths: readonly string[];
}

/** Opens the store that the configuration names. Throws an Error that says why it cannot be used, such as a second process. */
export function openStore({ server }: Config, deps: StoreDeps): Promise<Store> {
  return pick(PLUGINS.stores, server.store.type).create(server.store.options, deps);
}

/** Opens a store that ends with the process. */
export function openEphemeralStore(deps: StoreDeps): Promise<Store> {
  return pick(PLUGINS.stores, EPHEMERAL_STORE).create({}, deps);
}

/** Webhooks under way at one time: one slow host must not hold up the others, nor all of them use up our sockets. */
const PUSH_CONCURRENCY = { perHost: 4, inAll: 64 };
const PUSH_BACKOFF = { baseMs: 1000, maxDelayMs: 600_000 };

/** Opens the push notifications of the process, if the configuration has any. */
export function openPush(
  { server: { push, a2a } }: Config,
  { store, now, log }: Pick<Runtime, "store" | "now" | "log">,
) {
  if (!push.enabled) return undefined;
  return new Push({
    journal: store.journal,
    webhooks: store.webhooks,
    fetch: createSafeFetch(createEgress({ timers: PROCESS_TIMERS })),
    rules: new EgressRules(push.allow),
    dialects: { "1.0": a2aV1Rest(a2a.profile), "0.3": a2aV03JsonRpc({ newId: () => "" }) },
    timeoutMs: push.timeout_seconds * 1000,
    limits: {
      ...PUSH_BACKOFF,
      maxAttempts: push.max_attempts,
      giveUpAfterMs: push.give_up_after_seconds * 1000,
    },
    concurrency: PUSH_CONCURRENCY,
    now,
    random: Math.random,
    sleep,
    log,
  });
}
