import type { Config } from "../config/config.ts";
import { needsRestart } from "../config/diff.ts";
import { identityOf } from "../config/revision.ts";

/** What another configuration says of the server that only a restart can do, as paths. */
export function changesOfServer({ server: running }: Config, { server: next }: Config): string[] {
  const before = new Map<string, unknown>(Object.entries(running));
  const after = new Map<string, unknown>(Object.entries(next));
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((key) => identityOf(before.get(key)) !== identityOf(after.get(key)))
    .map((key) => `server.${key}`)
    .filter(needsRestart);
}

/** `next` on the server that runs. */
export function withServerOf(running: Config, next: Config): Config {
  const { default_agent, card_signing, transport } = next.server;
  return { ...next, server: { ...running.server, default_agent, card_signing, transport } };
}
