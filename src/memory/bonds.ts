import { toolCallsOf, toolOutcomesOf } from "../a2a/parts.ts";
import type { Message } from "../a2a/types.ts";

/** Messages that stand or fall together: indices `from` up to, but without, `to`. */
export interface Bond {
  readonly from: number;
  readonly to: number;
}

/** The history without outcomes whose call is not in it: providers refuse them, and they say nothing. */
export function withoutOrphans(history: readonly Message[]): readonly Message[] {
  const open = new Set<string>();
  let whole = true;
  const kept = history.filter((message) => {
    for (const { id } of toolCallsOf(message)) open.add(id);
    const outcomes = toolOutcomesOf(message);
    const orphan = outcomes.length > 0 && !outcomes.some(({ id }) => open.has(id));
    whole &&= !orphan;
    return !orphan;
  });
  return whole ? history : kept;
}

/**
 * The history in pieces, oldest first: a message with tool calls, all that came of them and what was said meanwhile are one
 * piece, any other message is one by itself. An outcome belongs to the newest call of its id.
 */
export function bondsOf(history: readonly Message[]): Bond[] {
  const callers = new Map<string, number>();
  const bonds: Bond[] = [];
  history.forEach((message, at) => {
    for (const { id } of toolCallsOf(message)) callers.set(id, at);
    const bonded = Math.min(at, ...toolOutcomesOf(message).map(({ id }) => callers.get(id) ?? at));
    // What lies between a call and its outcome becomes part of their piece.
    let from = at;
    while (from > bonded) from = bonds.pop()?.from ?? bonded;
    bonds.push({ from, to: at + 1 });
  });
  return bonds;
}
