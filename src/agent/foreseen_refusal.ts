import { z } from "zod";
import { ToolRefusal } from "../tool/tool.ts";
import type { Making } from "./make_attempt.ts";
import type { Means } from "./means.ts";
import { cutText, toFault } from "./outcome_text.ts";
import type { Turn } from "./turn.ts";
import { OutOfTime } from "./turn_clock.ts";

const Foreseen = z.object({ refusal: z.string().nullable() });

/**
 * What the model is told of a call that the tool would refuse though a person said yes; undefined for one that may be asked
 * for. A step: the call itself may change what a replay would find.
 */
export async function foreseenRefusal(
  { log, limits: { maxToolOutputChars } }: Means,
  turn: Turn,
  { placed: { call, stepId }, checked: { tool: { name, check }, input } }: Making,
): Promise<string | undefined> {
  if (check === undefined) return undefined;
  const { refusal } = await turn.run.step({
    id: `${stepId}:check`,
    result: Foreseen,
    act: async (signal) => {
      try {
        await turn.clock.within(signal, (signal) => check(input, signal));
      } catch (thrown) {
        signal.throwIfAborted();
        if (thrown instanceof OutOfTime) throw thrown;
        if (thrown instanceof ToolRefusal) {
          log.info("tool refused", { tool: name, task: turn.run.task.id, reason: thrown.message });
          return { refusal: cutText(toFault(thrown, call), maxToolOutputChars) };
        }
        // What is no refusal may be over by the time of the call, which tells it and logs it.
      }
      return { refusal: null };
    },
  });
  return refusal ?? undefined;
}
