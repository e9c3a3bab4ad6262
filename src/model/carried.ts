import { isRecord, type JsonObject } from "../lib/json.ts";
import type { ToolCall } from "../a2a/parts.ts";
import type { Connection } from "./connection.ts";

/*
 * What a provider wants back unchanged with a call (signed thinking, encrypted reasoning). Another model cannot read it, and
 * its provider refuses it: who made it is written on it, because a fallback may answer the next call of a turn.
 */

/** `kept` as ToolCall.opaque. */
export function carry(kept: JsonObject, to: Connection): JsonObject {
  return { by: maker(to), kept };
}

/** What this model has kept with the call; undefined where it kept nothing, or another model did. */
export function carriedBy({ opaque }: ToolCall, to: Connection): Record<string, unknown> | undefined {
  return opaque?.by === maker(to) && isRecord(opaque.kept) ? opaque.kept : undefined;
}

function maker({ baseUrl, model }: Connection): string {
  return `${new URL(baseUrl).host}/${model}`;
}
