import { A2AError } from "../../a2a/errors.ts";
import { agentMessage } from "../../a2a/parts.ts";
import { isInterrupted, isTerminal } from "../../a2a/task_state.ts";
import type { Agent, Run } from "../agent.ts";
import type { Colleagues } from "./colleagues.ts";
import { callOf } from "./follow_task.ts";
import { type Hop, hopsOf, whyNotFurther } from "./hops.ts";

/** The agent, which refuses what has been passed on too often or has come round in a circle, over whatever servers. */
export function heedHops(agent: Agent, id: string, colleagues: Colleagues): Agent {
  return {
    ...agent,
    async run(input, run) {
      const hops = hopsOf(input.message.metadata);
      const refusal = whyNotFurther(id, hops, colleagues);
      const hop = hops.at(-1);
      if (hop !== undefined) colleagues.askers.note(hop.task);
      if (refusal === undefined) {
        if (run.task.status.state === "TASK_STATE_WORKING") await endWithItsCaller(id, { hop, run }, colleagues);
        const end = await agent.run(input, run);
        // Its caller may have ended meanwhile without it: nobody would bring the answer.
        if (isInterrupted(end.state)) await endWithItsCaller(id, { hop, run }, colleagues);
        return end;
      }
      const { id: taskId, contextId } = run.task;
      const message = agentMessage([{ text: refusal }], { messageId: run.nextId("message"), taskId, contextId });
      return { state: "TASK_STATE_REJECTED", message };
    },
  };
}

interface Caller {
  /** Who waits for this task, if it is another agent. */
  readonly hop: Hop | undefined;
  readonly run: Run;
}

/** A crash may come between the cancel of a task and that of the tasks which it began: it is made good when they go on. */
async function endWithItsCaller(id: string, { hop, run }: Caller, { serviceOf }: Colleagues): Promise<void> {
  if (hop === undefined) return;
  const call = callOf(run.owner, run.signal);
  try {
    const caller = await serviceOf(hop.agent)?.getTask({ id: hop.task, historyLength: 0 }, call);
    if (caller !== undefined && isTerminal(caller.status.state)) {
      await serviceOf(id)?.cancelTask({ id: run.task.id }, call);
    }
  } catch (thrown) {
    // A caller on another server is not known here, and sees to it itself.
    if (!(thrown instanceof A2AError)) throw thrown;
  }
  run.signal.throwIfAborted();
}
