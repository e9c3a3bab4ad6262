import { z } from "zod";
import { defineTool } from "../../tool/define_tool.ts";
import type { Tool } from "../../tool/tool.ts";

/** Ends the loop that the agent works in: what there is to be done is done. */
export const exitLoop: Tool = defineTool({
  name: "exit_loop",
  description: "End the loop that you work in, because what it is for is done. Then give your last answer.",
  input: () => z.strictObject({ reason: z.string().optional() }),
  replay: "safe",
  run: () => Promise.resolve({ content: "The loop ends with your answer." }),
});

/** Ends the loop that the agent works in: somebody else has to see to it. */
export const escalate: Tool = defineTool({
  name: "escalate",
  description:
    "End the loop that you work in, because somebody else has to decide or to help. Then say what is needed.",
  input: () => z.strictObject({ reason: z.string().optional() }),
  replay: "safe",
  run: () => Promise.resolve({ content: "The loop ends with your answer." }),
});

/** The names by which a loop knows that one of its agents has ended it. */
export const EXIT_TOOLS: ReadonlySet<string> = new Set([exitLoop.name, escalate.name]);
