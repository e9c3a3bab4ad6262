import type { Profile } from "../error_wire.ts";
import { a2aV03JsonRpc } from "./a2a_v0_3.ts";
import { a2aV03Peer } from "./a2a_v0_3_peer.ts";
import { a2aV03Rest } from "./a2a_v0_3_rest.ts";
import { A2A_V1_JSONRPC, a2aV1Rest } from "./a2a_v1.ts";
import { a2aV1Peer } from "./a2a_v1_peer.ts";
import type { Binding, Dialect, DialectName } from "./dialect.ts";
import type { PeerDialect } from "./peer_dialect.ts";

export interface DialectTableOptions {
  readonly profile: Profile;
  /** Names a message whose peer did not. */
  readonly newId: () => string;
}

/** Every dialect there is, by name and binding. */
export type DialectTable = Readonly<Record<DialectName, Readonly<Record<Binding, Dialect>>>>;

export function dialectTable({ profile, newId }: DialectTableOptions): DialectTable {
  return {
    a2a_v1: { jsonrpc: A2A_V1_JSONRPC, rest: a2aV1Rest(profile) },
    a2a_v0_3: { jsonrpc: a2aV03JsonRpc({ newId }), rest: a2aV03Rest({ newId }) },
  };
}

/** Every dialect as a client speaks it. */
export const PEER_DIALECTS: Readonly<Record<DialectName, Readonly<Record<Binding, PeerDialect>>>> = {
  a2a_v1: { jsonrpc: a2aV1Peer("jsonrpc"), rest: a2aV1Peer("rest") },
  a2a_v0_3: { jsonrpc: a2aV03Peer("jsonrpc"), rest: a2aV03Peer("rest") },
};
