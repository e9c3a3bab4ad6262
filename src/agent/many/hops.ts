import { z } from "zod";
import type { JsonObject } from "../../lib/json.ts";

/**
 * Message metadata key of who has passed a request on: the agents that wait for the answer, the first one first. It travels
 * over the wire too, so that a circle is seen that leads through other servers.
 */
export const HOPS = "https://hector.dev/a2a/hops/v1";

/** W3C Trace Context: passed on as it comes. */
const TRACE_KEYS = ["traceparent", "tracestate"] as const;

const Hop = z.object({ agent: z.string().max(200), task: z.string().max(200) });
/** An agent that waits, and the task for which it does. */
export type Hop = z.output<typeof Hop>;

const Hops = z.array(Hop).max(1000);

/** What stands in a message's metadata; a peer's nonsense counts as nothing. */
export function hopsOf(metadata: JsonObject | undefined): readonly Hop[] {
  return Hops.safeParse(metadata?.[HOPS]).data ?? [];
}

/** W3C Trace Context in a message's metadata, as headers. */
export function traceOf(metadata: JsonObject): Readonly<Record<string, string>> {
  return Object.fromEntries(TRACE_KEYS.flatMap((key) => {
    const value = metadata[key];
    // What stands in a header must not end it.
    return typeof value === "string" && /^[\x20-\x7e]{1,512}$/.test(value) ? [[key, value] as const] : [];
  }));
}

/** The metadata of a message by which an agent passes on what it was asked with `metadata`. */
export function passedOn(metadata: JsonObject, hop: Hop): JsonObject {
  const trace = TRACE_KEYS.flatMap((key) => typeof metadata[key] === "string" ? [[key, metadata[key]] as const] : []);
  return { ...Object.fromEntries(trace), [HOPS]: [...hopsOf(metadata), hop] };
}

export interface HopRules {
  /** How many agents may wait for one another. */
  readonly maxHops: number;
  /** Whether a task of this process is under way: only then does its agent really wait. */
  readonly isUnderWay: (taskId: string) => boolean;
}

/** Why `agent` must not take what has come this way; undefined if it may. */
export function whyNotFurther(
  agent: string,
  hops: readonly Hop[],
  { maxHops, isUnderWay }: HopRules,
): string | undefined {
  const way = [...hops.map((hop) => hop.agent), agent].join(" → ");
  if (hops.some((hop) => hop.agent === agent && isUnderWay(hop.task))) {
    return `Cannot give "${agent}" a task: it waits for the answer itself (${way})`;
  }
  if (hops.length <= maxHops) return undefined;
  return `Cannot give "${agent}" a task: it has been passed on ${hops.length} times, at most ${maxHops} (${way})`;
}
