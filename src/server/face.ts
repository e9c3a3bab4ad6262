import type { Context, Hono } from "hono";
import type { Identity } from "../guard/identity.ts";

/** What is known of a request by the time that a route answers it. */
export interface Known {
  identity: Identity;
  /** The route answers JSON-RPC, and so do its refusals. */
  isRpc: boolean;
}

export type Face = Hono<{ Variables: Known }>;
export type FaceContext = Context<{ Variables: Known }>;
