import { z } from "zod";
import { late } from "../lib/late.ts";
import { definePlugin } from "../lib/plugin.ts";
import { defineTool } from "./define_tool.ts";
import { type Colleague, type Tool, type ToolDeps, ToolRefusal } from "./tool.ts";

const Options = late(() =>
  z.strictObject({
    timeout_seconds: z.number().positive().max(604_800).optional().describe(
      "How long one agent may take for its task. Then the task is canceled. Default: as long as the turn may.",
    ),
  })
);

/** Gives another agent a task and returns its answer. The conversation with that agent goes on from call to call. */
export const agentCall = definePlugin({
  options: Options,
  create: ({ timeout_seconds: timeoutSeconds }: z.output<ReturnType<typeof Options>>, { agents }: ToolDeps): Tool =>
    defineTool({
      name: "agent_call",
      description:
        "Give another agent a task and wait for its answer. It knows nothing of this conversation but what " +
        `you tell it, and remembers what you have asked it before. ${told(agents.colleagues)}`,
      input: () =>
        z.strictObject({
          agent: z.string().min(1).describe("The agent's name."),
          task: z.string().min(1).describe("All that it has to know: the task, the facts, and the form of the answer."),
        }),
      // The same call finds the task that it began.
      replay: "safe",
      run: ({ agent, task }, context) => {
        const known = agents.colleagues.map(({ id }) => id);
        if (!known.includes(agent)) {
          throw new ToolRefusal(`Cannot ask "${agent}": the agents are ${known.join(", ") || "none"}`);
        }
        const limit = timeoutSeconds === undefined ? {} : { timeoutSeconds };
        return agents.ask({ agent, parts: [{ text: task }], conversation: "continued", ...limit }, context);
      },
    }),
});

function told(colleagues: readonly Colleague[]): string {
  if (colleagues.length === 0) return "There are no other agents.";
  const lines = colleagues.map(({ id, description }) => description === "" ? `- ${id}` : `- ${id}: ${description}`);
  return `The agents:\n${lines.join("\n")}`;
}
