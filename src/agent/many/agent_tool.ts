import { z } from "zod";
import { defineTool } from "../../tool/define_tool.ts";
import type { AgentsDeps, Colleague, Tool } from "../../tool/tool.ts";

/** An agent as a tool of its own name. Each call is a conversation of its own. */
export function agentTool({ id, description }: Colleague, { ask }: Pick<AgentsDeps, "ask">): Tool {
  return defineTool({
    name: toolNameOf(id),
    description: `${description === "" ? `Ask the agent "${id}".` : description} It knows nothing but the request.`,
    input: () => z.strictObject({ request: z.string().min(1).describe("All that it has to know.") }),
    // The same call finds the task that it began.
    replay: "safe",
    run: ({ request }, context) => ask({ agent: id, parts: [{ text: request }], conversation: "new" }, context),
  });
}

/** Ids may hold dots, names of tools may not. */
export function toolNameOf(id: string): string {
  return id.replaceAll(".", "_");
}
