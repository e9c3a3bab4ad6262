import type { ToolCall, ToolOutcome } from "../a2a/parts.ts";
import { doCall } from "./do_call.ts";
import type { Means } from "./means.ts";
import { questionEnd, Suspended } from "./question.ts";
import type { Placed } from "./settle_call.ts";
import type { Turn } from "./turn.ts";

/**
 * Does the calls of one model answer, all at once, each as a step that tells the peers its outcome. Gives the outcomes in
 * the order of the calls. Whatever throws, all others have ended before this does: nothing is left running. Throws
 * Suspended when some of them wait for the peer.
 */
export async function callTools(
  means: Means,
  turn: Turn,
  { number, calls }: { readonly number: number; readonly calls: readonly ToolCall[] },
): Promise<ToolOutcome[]> {
  // Ids and hints are given out before anything runs, so that a replay gives out the same.
  const placed = calls.map((call, at): Placed => ({
    call,
    stepId: `tool:${number}.${at + 1}`,
    messageId: turn.run.nextId("message"),
    hint: turn.hint(call),
  }));
  const settled = await Promise.allSettled(placed.map((each) => doCall(means, turn, each)));
  turn.run.signal.throwIfAborted();
  const done = settled.map((each) => {
    if (each.status === "rejected") throw each.reason;
    return each.value;
  });
  const waits = done.flatMap((each) => "waiting" in each ? [each.waiting] : []);
  if (waits.length > 0) throw new Suspended(questionEnd(turn, waits, means));
  return done.flatMap((each) => "outcome" in each ? [each.outcome] : []);
}
