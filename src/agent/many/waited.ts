import type { JsonObject } from "../../lib/json.ts";
import type { RunInput } from "../agent.ts";

/** What an end keeps that waits for the peer: since when. */
export function waitingSince(nowMs: number): JsonObject {
  return { askedAtMs: nowMs };
}

/** How long a turn has waited for its peer so far: that is not its own time. */
export function waitedMs({ answers }: Pick<RunInput, "answers">): number {
  return answers.reduce((sum, { at, kept }) => {
    const asked = kept?.askedAtMs;
    return typeof asked === "number" ? sum + Math.max(0, Date.parse(at) - asked) : sum;
  }, 0);
}
