import { z } from "zod";
import type { Part } from "../../a2a/types.ts";
import { Struct } from "../../a2a/proto_json.ts";
import { defineTool } from "../../tool/define_tool.ts";
import { type AgentsDeps, NeedsInput, type Tool, type ToolContext } from "../../tool/tool.ts";
import { carryOut, type Needed, SubtaskFailed } from "./carry_out.ts";
import { faultOf, Plan, type Subtask } from "./plan.ts";
import { planReport, showPlan, showSubtask } from "./plan_report.ts";

export interface PlanToolOptions {
  readonly maxParallel: number;
  /** UTF-16 units of one result that the model is shown. */
  readonly maxResultChars: number;
  /** How long one subtask may take. */
  readonly timeoutSeconds?: number | undefined;
}

/** What is kept while the agent of a subtask waits for an answer. */
const Waiting = z.object({ subtask: z.string(), state: Struct });

/**
 * The plan of a supervisor, carried out: each subtask is a task of its agent, begun once however often this call is made
 * again, so a plan that a crash has cut short goes on where it was.
 */
export function planTool(agents: AgentsDeps, options: PlanToolOptions): Tool {
  const known = agents.colleagues.map(({ id }) => id);
  const told = agents.colleagues.map(({ id, description }) =>
    description === "" ? `- ${id}` : `- ${id}: ${description}`
  );
  return defineTool({
    name: "carry_out_plan",
    description: "Divide work among agents and have it done. Subtasks run at the same time unless one depends on " +
      `another; the result holds what each agent answered. The agents:\n${told.join("\n")}`,
    input: () => Plan,
    replay: "safe",
    run: async (plan, context) => {
      const fault = faultOf(plan, known);
      if (fault !== undefined) throw new Error(`Cannot carry out this plan: ${fault}. Nothing was begun.`);
      const tell = (text: string) => void context.say(`${text}\n`).catch(() => {});
      tell(showPlan(plan, new Map()));
      const ends = await carryOut(plan, {
        ask: (subtask, needed) => askAgent(subtask, needed, { agents, context, options }),
        onChange: (subtask, state) => tell(showSubtask(subtask, state)),
        maxParallel: options.maxParallel,
        signal: context.signal,
      });
      for (const { id, agent, title } of plan.subtasks) {
        const end = ends.get(id);
        if (end?.kind !== "asks") continue;
        const { question, state, kind } = end.question;
        throw new NeedsInput([{ text: `${agent} (${title}) asks:\n` }, ...question], { subtask: id, state }, kind);
      }
      return planReport(plan, ends, options.maxResultChars);
    },
  });
}

interface Asking {
  readonly agents: AgentsDeps;
  readonly context: ToolContext;
  readonly options: PlanToolOptions;
}

async function askAgent(
  subtask: Subtask,
  needed: readonly Needed[],
  { agents, context, options: { timeoutSeconds } }: Asking,
): Promise<{ readonly text: string; readonly parts: readonly Part[] }> {
  const { resumed: _all, ...rest } = context;
  const resumed = resumedFor(subtask.id, context);
  const result = await agents.ask({
    agent: subtask.agent,
    parts: [{ text: [subtask.task, ...needed.map(resultText)].join("\n\n") }],
    conversation: "new",
    ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }),
  }, {
    ...rest,
    key: `${context.key}:${subtask.id}`,
    // Agents that work at the same time would speak at the same time; what they have to say comes with their results.
    say: () => Promise.resolve(),
    ...(resumed === undefined ? {} : { resumed }),
  }).catch((thrown: unknown) => {
    context.signal.throwIfAborted();
    if (thrown instanceof NeedsInput || !(thrown instanceof Error)) throw thrown;
    throw new SubtaskFailed(thrown.message);
  });
  if (result.isError === true) throw new SubtaskFailed(result.content, result.parts);
  return { text: result.content, parts: result.parts ?? [] };
}

/** The peer's answer, where it is this subtask's agent that asked. */
function resumedFor(id: string, { resumed }: ToolContext): ToolContext["resumed"] {
  const waiting = Waiting.safeParse(resumed?.state).data;
  if (resumed === undefined || waiting?.subtask !== id) return undefined;
  return { ...resumed, state: waiting.state };
}

function resultText({ subtask: { id, title }, text }: Needed): string {
  return `Result of "${title}" (${id}):\n${text}`;
}
