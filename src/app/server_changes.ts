import type { Config } from "../config/config.ts";
import { identityOf } from "../config/revision.ts";

/** The keys of the server section that need no listener, store or secret to be opened anew. */
const LIVE: ReadonlySet<string> = new Set(["default_agent", "card_signing"]);

/** What another configuration says of the server that only a restart can do, as paths. */
export function changesOfServer({ server: running }: Config, { server: next }: Config): string[] {
  const before = new Map<string, unknown>(Object.entries(running));
  const after = new Map<string, unknown>(Object.entries(next));
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((key) => !LIVE.has(key) && identityOf(before.get(key)) !== identityOf(after.get(key)))
    .map((key) => `server.${key}`);
}

/** `next` on the server that runs. */
export function withServerOf(running: Config, next: Config): Config {
  const { default_agent, card_signing } = next.server;
  return { ...next, server: { ...running.server, default_agent, card_signing } };
}
