import type { Profile } from "../error_wire.ts";
import { a2aV03JsonRpc } from "./a2a_v0_3.ts";
import { a2aV03Rest } from "./a2a_v0_3_rest.ts";
import { A2A_V1_JSONRPC, a2aV1Rest } from "./a2a_v1.ts";
import type { Binding, DialectName, EventDialect, LegacyOptions, StreamDialect } from "./dialect.ts";
import { hectorDialect, type HectorSpelling } from "./hector_dialect.ts";
import { HECTOR_V1 } from "./hector_v1.ts";
import { HECTOR_V1_REST } from "./hector_v1_rest.ts";
import { HECTOR_V2 } from "./hector_v2.ts";
import type { PeerDialectName } from "./peer_dialect.ts";

export interface DialectTableOptions extends LegacyOptions {
  readonly profile: Profile;
}

/** Every dialect there is, by name and binding. */
export type DialectTable =
  & Readonly<Record<PeerDialectName, Readonly<Record<Binding, EventDialect>>>>
  & Readonly<Record<Exclude<DialectName, PeerDialectName>, Readonly<Record<Binding, StreamDialect>>>>;

export function dialectTable({ profile, newId, habits }: DialectTableOptions): DialectTable {
  const both = (spelling: HectorSpelling) => ({
    jsonrpc: hectorDialect(spelling, "jsonrpc", { newId }),
    rest: hectorDialect(spelling, "rest", { newId }),
  });
  return {
    a2a_v1: { jsonrpc: A2A_V1_JSONRPC, rest: a2aV1Rest(profile) },
    a2a_v0_3: { jsonrpc: a2aV03JsonRpc({ newId, habits }), rest: a2aV03Rest({ newId, habits }) },
    hector_v1: both(HECTOR_V1),
    hector_v1_rest: both(HECTOR_V1_REST),
    hector_v2: both(HECTOR_V2),
  };
}
