import type { Live, LiveOptions } from "./live_server.ts";
import type { BindingName, Peer, Version } from "./peer.ts";

/** What a scenario acts on. */
export interface Stage {
  readonly peer: Peer;
  readonly live: Live;
}

/** Some peers, by binding, by version, or by both. */
export interface Some {
  readonly binding?: BindingName;
  readonly version?: Version;
}

/** Something that peers do, and what comes of it on every binding in both versions. */
export interface Scenario {
  readonly name: string;
  readonly act: (stage: Stage) => Promise<unknown>;
  readonly gives: unknown;
  readonly server?: LiveOptions;
  /** Where something else comes of it, and why that is right. The first that fits counts. */
  readonly but?: readonly (Some & { readonly gives: unknown; readonly because: string })[];
  /** Where there is no way to say it, and why. */
  readonly unsayable?: readonly (Some & { readonly because: string })[];
}

export function fits({ binding, version }: Some, peer: Pick<Peer, "binding" | "version">): boolean {
  return (binding ?? peer.binding) === peer.binding && (version ?? peer.version) === peer.version;
}
