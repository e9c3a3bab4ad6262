import type { ByteBudget } from "../../lib/byte_budget.ts";
import type { Heartbeat } from "../../lib/heartbeat.ts";
import type { Log } from "../../lib/log.ts";
import type { Timers } from "../../lib/timers.ts";
import type { WrittenCard } from "../card/card_signer.ts";
import type { AgentCapabilities } from "../card/card_types.ts";
import type { DialectName } from "../dialects/dialect.ts";
import type { DialectTable } from "../dialects/dialect_table.ts";
import { A2AError } from "../errors.ts";
import { activeExtensions, extensionsHeader } from "../extensions.ts";
import type { A2AService, Call } from "../service.ts";

/** What a binding over HTTP needs, once for all requests and agents. */
export interface BindingDeps {
  readonly dialects: DialectTable;
  readonly timers: Timers;
  readonly body: BodyLimits;
  readonly streams: StreamLimits;
  readonly log: Log;
}

export interface BodyLimits {
  readonly maxBytes: number;
  /** How long a peer may take to send its body. */
  readonly timeoutMs: number;
  /** What all bodies that are still arriving take. Default: as much as they like. */
  readonly budget?: ByteBudget | undefined;
}

export interface StreamLimits {
  readonly heartbeat: Heartbeat;
  /** A reader that takes nothing for this long while events wait is cut off; it may resume. */
  readonly stallMs: number;
  /** A stream without a first event after this long begins all the same, so that heartbeats keep it open. */
  readonly openAfterMs: number;
}

/** Whom a request is for, and in whose name. */
export interface Target {
  readonly service: A2AService;
  readonly call: Call;
  /** What the agent's card declares; absent where that is not known. */
  readonly capabilities?: () => AgentCapabilities;
  /** The agent's public card, for the JSON-RPC methods of older peers that ask for it. */
  readonly publicCard?: (dialect: DialectName) => unknown;
  /** Signs a card in the form in which it goes out; absent where cards are not signed. */
  readonly signCard?: SignCard | undefined;
}

export type SignCard = (form: WrittenCard) => Promise<WrittenCard>;

/**
 * Finds the target of a request by what its body says (`params` of JSON-RPC, the body of REST, not validated), beside
 * what the finder knows itself: path, query, headers. Throws A2AError.
 */
export type FindTarget = (payload: unknown) => Target | Promise<Target>;

/** In which version and dialect a peer wants its answer: the header, else the query (A2A v1 §3.6.1). */
export function signsOf({ headers, url }: Request): { version: string | null; dialect: string | null } {
  const query = url.includes("?") ? new URL(url).searchParams : undefined;
  return {
    version: headers.get("a2a-version") ?? query?.get("A2A-Version") ?? null,
    dialect: headers.get("x-hector-dialect") ?? query?.get("dialect") ?? null,
  };
}

/** The error that a peer is told of; what it is not told goes to the log. */
export function reported(thrown: unknown, log: Log): A2AError {
  const error = A2AError.from(thrown);
  if (error.reason === "INTERNAL") log.error("request failed", { message: error.message, cause: error.cause });
  return error;
}

/** The extensions that are active in a call of `target`. */
export function extensionsOf({ call, capabilities }: Target): readonly string[] {
  return activeExtensions(call.extensions, capabilities);
}

/** Says on the answer to `request` which extensions were active (A2A v1 §3.2.6). */
export function withExtensions(response: Response, { headers }: Request, active: readonly string[]): Response {
  for (const [name, value] of extensionsHeader(headers, active)) response.headers.set(name, value);
  return response;
}

/** Headers that an error answer has besides its media type. */
export function errorHeaders({ retryAfterSeconds, metadata }: A2AError): Record<string, string> {
  return {
    ...(retryAfterSeconds === undefined ? {} : { "retry-after": String(Math.ceil(retryAfterSeconds)) }),
    ...(metadata.allow === undefined ? {} : { allow: metadata.allow }),
  };
}
