import { StreamResponse } from "../types.ts";
import type { Binding } from "./dialect.ts";
import type { PeerDialect } from "./peer_dialect.ts";
import { parseAnswer, readReply } from "./read_reply.ts";

/** A2A 1.0, as a client speaks it: the core's own objects both ways. */
export function a2aV1Peer(binding: Binding): PeerDialect {
  return {
    name: "a2a_v1",
    binding,
    version: "1.0",
    writeRequest: ({ request }) => ({ ...request }),
    readReply,
    readEvent: (raw) => parseAnswer(StreamResponse, raw),
  };
}
