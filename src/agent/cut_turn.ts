import { ModelError } from "../model/model.ts";
import type { RunEnd } from "./agent.ts";
import { askModel } from "./ask_model.ts";
import type { Means } from "./means.ts";
import { type Cut, endOfCut } from "./run_end.ts";
import type { Turn } from "./turn.ts";
import { OutOfTime } from "./turn_clock.ts";

const SUM_UP =
  "There are no more steps: no tool can be called any more. Sum up now, for the user, what you have found and done so " +
  "far. Say plainly what is missing, and do not claim to have done what you have not.";

/** Ends a turn that its model would go on with: it is asked once more, for what there is. */
export async function cutTurn(
  means: Means,
  turn: Turn,
  { number, why }: { readonly number: number; readonly why: Cut },
): Promise<RunEnd> {
  // There is nothing to sum up where nothing was done, and what has a shape has no place for it.
  if (turn.since.length > 0 && means.output === undefined) {
    const messageId = turn.run.nextId("message");
    try {
      await askModel(means, turn, { number, messageId, last: true, note: SUM_UP });
    } catch (thrown) {
      // The turn ends all the same, with what was said before.
      if (!(thrown instanceof ModelError || thrown instanceof OutOfTime)) throw thrown;
      means.log.warn("a turn that was cut could not be summed up", { task: turn.run.task.id, error: thrown });
    }
  }
  return endOfCut(turn, why, means.limits);
}
