import type { Decision } from "../a2a/approval.ts";
import type { ToolOutcome } from "../a2a/parts.ts";
import { Part } from "../a2a/types.ts";
import type { Resumed } from "../tool/tool.ts";
import { foreseenRefusal } from "./foreseen_refusal.ts";
import { type Able, makeAttempt, type Making } from "./make_attempt.ts";
import type { Means } from "./means.ts";
import { approvalPrompt, type Waiting } from "./question.ts";
import { outcomeOf, type Placed, settleCall } from "./settle_call.ts";
import type { Turn } from "./turn.ts";

/** A call is done, or cannot go on without the peer. */
export type Ended = { readonly outcome: ToolOutcome } | { readonly waiting: Waiting };

/**
 * One call through all that it may wait for: a yes, answers to questions of its own, a word about what a crash left open.
 * Each attempt is a step of its own, so that a replay finds how far the call has come.
 */
export async function doCall(means: Means, turn: Turn, placed: Placed): Promise<Ended> {
  const checked = (await turn.toolbox()).check(placed.call);
  if ("refusal" in checked) return { outcome: await settleCall(turn, placed, { content: checked.refusal }) };
  if (checked.tool.needsApproval?.(checked.input) === true) {
    const refusal = await foreseenRefusal(means, turn, { placed, checked });
    if (refusal !== undefined) return { outcome: await settleCall(turn, placed, { content: refusal }) };
    const prompt = approvalPrompt(checked.tool.approvalPrompt, { tool: checked.tool.name, input: checked.input });
    const word = askedFor(turn, placed, { checked, prompt });
    if ("waiting" in word) return word;
    if (!word.decision.approved) {
      return { outcome: await settleCall(turn, placed, { content: denied(checked.tool.name, word.decision.reason) }) };
    }
  }
  return await makeAttempts(means, turn, { placed, checked });
}

async function makeAttempts(means: Means, turn: Turn, { placed, checked }: Making): Promise<Ended> {
  let resumed: Resumed | undefined;
  for (let number = 1;; number++) {
    const stepId = number === 1 ? placed.stepId : `${placed.stepId}:${number}`;
    const recorded = await makeAttempt(means, turn, { placed, checked, number, stepId, resumed });
    if (recorded === "unfinished") {
      const prompt =
        `"${checked.tool.name}" was interrupted after it had begun, and nothing tells whether it did what ` +
        `it was asked to: ${JSON.stringify(checked.input)}. May it be done again?`;
      const word = askedFor(turn, placed, { checked, prompt });
      if ("waiting" in word) return word;
      if (word.decision.approved) continue;
      const content = leftOpen(checked.tool.name);
      return { outcome: await settleCall(turn, placed, { content, stepId: `${stepId}:left` }) };
    }
    if (!("asks" in recorded)) return { outcome: outcomeOf(placed, recorded) };
    const { kind, question, state } = recorded.asks;
    const parts = question.map((part) => Part.parse(part));
    const answer = answered(turn, placed, { kind, question: parts });
    if ("waiting" in answer) return answer;
    if ("missing" in answer) {
      const content = `Tool "${checked.tool.name}" could not go on: ${answer.missing}`;
      return { outcome: await settleCall(turn, placed, { content, stepId: `${stepId}:left` }) };
    }
    resumed = { state, answer: answer.message };
  }
}

/** The peer's word about a call, or that it has to be asked (again). */
function askedFor(
  turn: Turn,
  { call, messageId: id }: Placed,
  { checked: { tool, input }, prompt }: { readonly checked: Able; readonly prompt: string },
): { readonly decision: Decision } | { readonly waiting: Waiting } {
  let isRepeated = false;
  for (let reply = turn.replies.next(id); reply !== undefined; reply = turn.replies.next(id)) {
    if (reply.kind === "decision") return { decision: reply.decision };
    isRepeated = reply.kind === "unclear";
  }
  const request = { id, callId: call.id, tool: tool.name, input, prompt };
  return { waiting: { kind: "approval", request, isRepeated } };
}

type Answer =
  | { readonly message: Resumed["answer"] }
  | { readonly missing: string }
  | { readonly waiting: Waiting };

function answered(
  turn: Turn,
  { messageId: key }: Placed,
  asks: { readonly kind: "input" | "auth"; readonly question: readonly Part[] },
): Answer {
  let isRepeated = false;
  for (let reply = turn.replies.next(key); reply !== undefined; reply = turn.replies.next(key)) {
    if (reply.kind === "message") return { message: reply.message };
    if (reply.kind === "none") return { missing: reply.text };
    isRepeated = true;
  }
  return { waiting: { ...asks, key, isRepeated } };
}

function denied(tool: string, reason: string | undefined): string {
  const why = reason === undefined ? "" : `, because: ${reason}`;
  return `The call of "${tool}" was not approved${why}. The tool did not run. ` +
    "Do not make the same call again; go on without it, or say what is missing.";
}

function leftOpen(tool: string): string {
  return `"${tool}" was interrupted after it had begun: it may or may not have happened. It was not repeated.`;
}
