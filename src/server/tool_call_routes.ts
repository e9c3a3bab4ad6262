import { A2AError } from "../a2a/errors.ts";
import { type AgentDirectory, findAgent, type ServedAgent, visibleAgents } from "./directory.ts";
import type { Face } from "./face.ts";

export interface ToolCallRoutesOptions {
  readonly directory: () => AgentDirectory;
}

/** Ends one tool call of a task that goes on. Whoever may cancel the task may do so. */
export function addToolCallRoutes(app: Face, { directory }: ToolCallRoutesOptions): void {
  app.post("/api/tasks/:task/toolCalls/:call/cancel", async ({ req, var: { identity } }) => {
    const { caller } = identity;
    const { task: taskId, call: callId } = req.param();
    const named = req.query("agent");
    const agents = named === undefined ? visibleAgents(directory(), caller) : [findAgent(directory(), [named], caller)];
    const call = { signal: req.raw.signal, caller, extensions: [] };
    const cancelled = await firstOf(agents, taskId, (agent) => agent.cancelToolCall?.({ taskId, callId }, call));
    return Response.json({ cancelled, task_id: taskId, call_id: callId });
  });
}

/** The answer of the agent whose task it is: the path names none. */
async function firstOf(
  agents: readonly ServedAgent[],
  taskId: string,
  ask: (agent: ServedAgent) => Promise<boolean> | undefined,
): Promise<boolean> {
  for (const agent of agents) {
    try {
      const answer = await ask(agent);
      if (answer !== undefined) return answer;
    } catch (thrown) {
      if (!(thrown instanceof A2AError) || thrown.reason !== "TASK_NOT_FOUND") throw thrown;
    }
  }
  throw new A2AError("TASK_NOT_FOUND", `Task "${taskId}" was not found`);
}
