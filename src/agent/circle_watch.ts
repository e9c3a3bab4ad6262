import type { ToolCall, ToolOutcome } from "../a2a/parts.ts";
import { withoutHint } from "./outcome_text.ts";

/** How often a model may make the same calls with the same outcomes, one after another. It is told at the third. */
const MAX_SAME = 6;

/** Says whether a model goes in circles; asked after each round of calls. */
export function circleWatch(): (calls: readonly ToolCall[], outcomes: readonly ToolOutcome[]) => boolean {
  let last = "";
  let count = 0;
  return (calls, outcomes) => {
    const round = JSON.stringify([
      calls.map(({ name, arguments: input, malformed }) => [name, input, malformed]),
      outcomes.map(({ output, isError }) => [withoutHint(output), isError]),
    ]);
    count = round === last ? count + 1 : 1;
    last = round;
    return count >= MAX_SAME;
  };
}
