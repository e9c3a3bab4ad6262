import { agentMessage } from "../../a2a/parts.ts";
import type { Agent } from "../agent.ts";
import { type HopRules, hopsOf, whyNotFurther } from "./hops.ts";

/** The agent, which refuses what has been passed on too often or has come round in a circle, over whatever servers. */
export function heedHops(agent: Agent, id: string, rules: HopRules): Agent {
  return {
    ...agent,
    async run(input, run) {
      const refusal = whyNotFurther(id, hopsOf(input.message.metadata), rules);
      if (refusal === undefined) return await agent.run(input, run);
      const { id: taskId, contextId } = run.task;
      const message = agentMessage([{ text: refusal }], { messageId: run.nextId("message"), taskId, contextId });
      return { state: "TASK_STATE_REJECTED", message };
    },
  };
}
