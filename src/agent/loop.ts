import { agentMessage, toolCallPart, type ToolOutcome, toolOutcomePart } from "../a2a/parts.ts";
import type { Message } from "../a2a/types.ts";
import { type Log, SILENT } from "../lib/log.ts";
import type { Agent, RunEnd } from "./agent.ts";
import { askModel, type Said } from "./ask_model.ts";
import { callTools } from "./call_tools.ts";
import { cutTurn } from "./cut_turn.ts";
import { endOfAnswer } from "./end_of_answer.ts";
import { endOfBroken } from "./run_end.ts";
import type { Means } from "./means.ts";
import { Suspended } from "./question.ts";
import { openTurn, type Turn } from "./turn.ts";

/** What a language-model agent is made of. */
export interface LlmAgentParts extends Omit<Means, "log"> {
  readonly log?: Log;
}

/**
 * An agent that asks its model, does the tool calls that it wants, and asks again until it wants none. Each question and
 * each call is a durable step.
 */
export function createLlmAgent({ log = SILENT, ...rest }: LlmAgentParts): Agent {
  const means: Means = { ...rest, log };
  return {
    async run(input, run) {
      const turn = openTurn(means, input, run);
      try {
        return await work(means, turn);
      } catch (thrown) {
        run.signal.throwIfAborted();
        if (thrown instanceof Suspended) return thrown.end;
        const end = endOfBroken(turn, thrown);
        log.warn("turn broke off", { task: run.task.id, model: means.model.id, error: thrown });
        return end;
      }
    },
  };
}

async function work(means: Means, turn: Turn): Promise<RunEnd> {
  const { maxIterations } = means.limits;
  for (let number = 1;; number++) {
    const messageId = turn.run.nextId("message");
    const last = number === maxIterations;
    const said = await askModel(means, turn, { number, messageId, last });
    await turn.clock.ready;
    const { calls } = said;
    if (calls.length === 0) {
      const end = await endOfAnswer(means, turn, { said, messageId, last });
      if (end !== undefined) return end;
      continue;
    }
    if (last) return await cutTurn(means, turn, { number, why: "max_iterations" });
    const outcomes = await callTools(means, turn, { number, calls });
    const end = means.endOfCalls?.(outcomes);
    if (end !== undefined) return end;
    turn.since.push(callsMessage(said, messageId), outcomesMessage(outcomes, messageId));
    if (turn.goesInCircles(calls, outcomes)) return await cutTurn(means, turn, { number, why: "loop" });
  }
}

/** What the model said, as it is reminded of it. */
function callsMessage({ text, calls }: Said, messageId: string): Message {
  return agentMessage([...(text === "" ? [] : [{ text }]), ...calls.map(toolCallPart)], { messageId });
}

function outcomesMessage(outcomes: readonly ToolOutcome[], callsId: string): Message {
  return agentMessage(outcomes.map(toolOutcomePart), { messageId: `${callsId}:outcomes` });
}
