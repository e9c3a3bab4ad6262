import { z } from "zod";
import { agentMessage, type ToolCall, type ToolOutcome, toolOutcomePart } from "../a2a/parts.ts";
import type { JsonObject } from "../lib/json.ts";
import type { ToolContext, ToolResult } from "../tool/tool.ts";
import { type AgentEvent, Unfinished } from "./agent.ts";
import { partArtifact } from "./part_artifact.ts";
import { SideText } from "./side_text.ts";
import { cutText, toFault } from "./outcome_text.ts";
import type { Checked } from "./toolbox.ts";
import type { Means } from "./means.ts";
import { earlierOutcomes, type Turn } from "./turn.ts";
import { OutOfTime } from "./turn_clock.ts";

const Outcome = z.object({ output: z.string(), isError: z.boolean() });
type Outcome = z.infer<typeof Outcome>;

/** A call with its place in the turn. */
interface Placed {
  readonly call: ToolCall;
  readonly stepId: string;
  readonly messageId: string;
  readonly hint: string;
}

/**
 * Does the calls of one model answer, all at once, each as a step that tells the peers its outcome. Gives the outcomes in
 * the order of the calls. Whatever throws, all others have ended before this does: nothing is left running.
 */
export async function callTools(
  means: Means,
  turn: Turn,
  { number, calls }: { readonly number: number; readonly calls: readonly ToolCall[] },
): Promise<ToolOutcome[]> {
  // Ids and hints are given out before anything runs, so that a replay gives out the same.
  const placed = calls.map((call, at): Placed => ({
    call,
    stepId: `tool:${number}.${at + 1}`,
    messageId: turn.run.nextId("message"),
    hint: turn.hint(call),
  }));
  const settled = await Promise.allSettled(placed.map((each) => callTool(means, turn, each)));
  turn.run.signal.throwIfAborted();
  return settled.map((each) => {
    if (each.status === "rejected") throw each.reason;
    return each.value;
  });
}

async function callTool(means: Means, turn: Turn, placed: Placed): Promise<ToolOutcome> {
  const { call, stepId, messageId, hint } = placed;
  const { run } = turn;
  const checked = (await turn.toolbox()).check(call);
  const said = new SideText(run, { artifactId: `${messageId}:said`, name: call.name, side: "progress" });
  let result: ToolResult | undefined;
  const { output, isError } = await run.step({
    id: stepId,
    result: Outcome,
    replay: "tool" in checked ? checked.tool.replay : "safe",
    detail: { tool: call.name, arguments: call.arguments },
    act: async (signal) => {
      result = await resultOf(means, turn, { placed, checked, signal, said });
      return { output: result.content + hint, isError: result.isError === true };
    },
    events: (outcome): AgentEvent[] => {
      const part = toolOutcomePart({
        id: call.id,
        name: call.name,
        ...outcome,
        ...(result?.display === undefined ? {} : { display: result.display }),
      });
      const made = (result?.parts ?? []).map((part, at) => partArtifact(part, `${messageId}:part:${at + 1}`));
      return [...said.close(), ...made, {
        working: agentMessage([part], { messageId, contextId: run.task.contextId, taskId: run.task.id }),
      }];
    },
  });
  return { id: call.id, name: call.name, output, isError };
}

interface Attempt {
  readonly placed: Placed;
  readonly checked: Checked;
  readonly signal: AbortSignal;
  readonly said: SideText;
}

async function resultOf(
  means: Means,
  turn: Turn,
  { placed, checked, signal, said }: Attempt,
): Promise<ToolResult> {
  if ("refusal" in checked) return { content: checked.refusal, isError: true };
  const { tool, input } = checked;
  const { log, limits: { maxToolOutputChars } } = means;
  const earlier = await earlierOutcomes(turn, tool.name);
  const over = new AbortController();
  try {
    const result = await turn.clock.within(
      AbortSignal.any([signal, over.signal]),
      (signal) => tool.run(input, { ...contextOf(turn, placed), signal, earlier, say: sayWhile(signal, said) }),
    );
    const { content, display } = result;
    return {
      ...result,
      content: cutText(content, maxToolOutputChars),
      ...(display === undefined ? {} : { display: cutText(display, maxToolOutputChars) }),
    };
  } catch (thrown) {
    signal.throwIfAborted();
    if (thrown instanceof OutOfTime || thrown instanceof Unfinished) throw thrown;
    log.warn("tool failed", { tool: tool.name, task: turn.run.task.id, error: thrown });
    return { content: cutText(toFault(thrown, placed.call), maxToolOutputChars), isError: true };
  } finally {
    over.abort(new Error("The call is over"));
  }
}

function contextOf(
  { run, input }: Turn,
  { call, messageId: key }: Placed,
): Omit<ToolContext, "signal" | "earlier" | "say"> {
  const { task, owner } = run;
  const messages = [input.message, ...input.answers.map(({ message }) => message)];
  const metadata = messages.reduce<JsonObject>((all, message) => ({ ...all, ...message.metadata }), {});
  return { callId: call.id, key, contextId: task.contextId ?? "", taskId: task.id, owner, metadata };
}

/** A tool that goes on behind a call that is over must not write into an artifact that is closed. */
function sayWhile(signal: AbortSignal, said: SideText): ToolContext["say"] {
  return async (delta) => {
    signal.throwIfAborted();
    await said.write(delta);
  };
}
