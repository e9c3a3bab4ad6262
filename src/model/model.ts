import type { JsonObject } from "../lib/json.ts";
import type { ToolCall } from "../a2a/parts.ts";
import type { Message, Part } from "../a2a/types.ts";

/** A tool as a model is told of it. `input` is JSON Schema of an object. */
export interface ToolSpec {
  readonly name: string;
  readonly description: string;
  readonly input: JsonObject;
}

/** The shape that an answer must have. `schema` is JSON Schema. */
export interface OutputShape {
  readonly schema: JsonObject;
  readonly name: string;
  readonly strict: boolean;
}

export interface ModelRequest {
  readonly system?: string;
  /** Oldest first. Tool calls and their outcomes are marked parts (a2a/parts.ts). */
  readonly messages: readonly Message[];
  readonly tools: readonly ToolSpec[];
  /** "none": the model is told of the tools, whose calls are in the conversation, but can call none of them now. */
  readonly toolChoice?: "none";
  /** A model that can hold to it by itself does; the caller checks in any case. */
  readonly output?: OutputShape;
  readonly signal: AbortSignal;
}

/**
 * Tokens of one call. What was read from the provider's cache and what was written to it is part of `inputTokens`, thinking
 * is part of `outputTokens`. `costUsd` is there if the price of each of them is known (prices.ts).
 */
export interface Usage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cachedInputTokens?: number;
  readonly cacheWriteTokens?: number;
  readonly thinkingTokens?: number;
  readonly costUsd?: number;
}

/**
 * Why a model stopped: done, wants tools, ran into its output limit, would not, asks its user, has said a word that is no
 * result of a task (A2A v1 §3.1.1: a sender is answered with a task or with a message), or broke.
 */
export type StopReason = "end" | "calls" | "length" | "refusal" | "input_required" | "message" | "error";

/** Whether what a model said before it stopped so is said with the status of the task and is no part of its answer. */
export function isAside(stop: StopReason): boolean {
  return stop === "refusal" || stop === "input_required" || stop === "message";
}

/**
 * `thinking` is there to be shown or hidden, and is never sent back. What a provider wants back of it, whole and signed,
 * comes as `opaque` of the calls to which it led (a2a/parts.ts): whoever records a call and asks again with its outcome
 * has carried it back. `aside` marks text that is known from its start to be a refusal, a question or a message: it is said with the status of
 * the task, never in the answer. `part` is a whole file or a piece of data that the model made. A model that learns it only at its stop leaves the mark out, and the answer is taken back then.
 */
export type ModelEvent =
  | { readonly kind: "text"; readonly delta: string; readonly aside?: true }
  | { readonly kind: "thinking"; readonly delta: string }
  | { readonly kind: "part"; readonly part: Part }
  | { readonly kind: "call"; readonly call: ToolCall }
  | { readonly kind: "usage"; readonly usage: Usage }
  | { readonly kind: "stop"; readonly reason: Exclude<StopReason, "error"> }
  | { readonly kind: "stop"; readonly reason: "error"; readonly error: ModelError };

/** What went wrong at a provider, in one word for all of them. */
export type ModelErrorKind =
  | "authentication"
  | "permission"
  | "unknown_model"
  | "too_long"
  | "invalid_request"
  | "rate_limited"
  | "quota"
  | "overloaded"
  | "unavailable"
  | "timeout"
  | "protocol";

/** `message` names provider, model and what to do; it never holds a credential and may be shown to the peer. */
export class ModelError extends Error {
  override readonly name = "ModelError";
  readonly status: number | undefined;
  readonly retryAfterMs: number | undefined;
  constructor(
    readonly kind: ModelErrorKind,
    message: string,
    options: { readonly cause?: unknown; readonly status?: number; readonly retryAfterMs?: number } = {},
  ) {
    super(message, { cause: options.cause });
    this.status = options.status;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/**
 * A language model. `stream` throws ModelError before the first event; after it, failure is a stop with reason "error".
 * Every stream ends with exactly one stop. An aborted `signal` makes it throw `signal.reason`.
 */
export interface Model {
  /** The provider's name for it. */
  readonly id: string;
  stream(request: ModelRequest): AsyncIterable<ModelEvent>;
}

/** What the house hands to a model plugin; nothing in model/ reaches for it by itself. */
export interface ModelDeps {
  /** The configuration's name for this model, for errors. */
  readonly name: string;
  readonly env: (name: string) => string | undefined;
  readonly fetch: typeof fetch;
  readonly random: () => number;
  /** Gets a file that a message names by its address, through the house's gate. Absent: no file is fetched. */
  readonly loadFile?: (
    url: string,
    options: { readonly maxBytes: number; readonly signal: AbortSignal },
  ) => Promise<{ readonly bytes: Uint8Array; readonly mediaType?: string }>;
  /** Resolves after `ms`, rejects with `signal.reason`. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}
