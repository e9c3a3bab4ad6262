import type { Config } from "../config/config.ts";
import type { Configurable, PluginTables } from "../config/plugin_tables.ts";
import type { Log } from "../lib/log.ts";
import { EPHEMERAL_STORE, PLUGINS } from "../plugins.ts";

export { DOCUMENT_TOOL, SERVER_TOOL } from "../plugins.ts";
import type { Store, StoreDeps } from "../store/store.ts";
import type { Measure } from "../telemetry/measurement.ts";
import type { Push } from "../task/push/push.ts";
import { pick } from "./pick.ts";

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
  readonly push?: (() => Promise<Push>) | undefined;
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
