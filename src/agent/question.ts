import {
  approvalHint,
  approvalPart,
  type ApprovalRequest,
  approvalRequestsOf,
  approvalText,
  usualPrompt,
} from "../a2a/approval.ts";
import { asApprovalRequest, asQuestion } from "../a2a/hitl.ts";
import { agentMessage, textOf } from "../a2a/parts.ts";
import type { Message, Part } from "../a2a/types.ts";
import { inPlainSight } from "../lib/in_plain_sight.ts";
import type { RunEnd } from "./agent.ts";
import type { Means } from "./means.ts";
import { toKept } from "./replies.ts";
import type { Turn } from "./turn.ts";
import { withUsage } from "./run_end.ts";

/** A call that cannot go on without the peer. */
export type Waiting =
  | { readonly kind: "approval"; readonly request: ApprovalRequest; readonly isRepeated: boolean }
  | {
    readonly kind: "input" | "auth";
    readonly key: string;
    readonly question: readonly Part[];
    readonly isRepeated: boolean;
  };

/** The turn waits for its peer; `end` says so. Thrown through the loop, which ends with it. */
export class Suspended extends Error {
  override readonly name = "Suspended";
  constructor(readonly end: RunEnd) {
    super("The turn waits for its peer");
  }
}

const MAX_SHOWN = 2_000;
const UNCLEAR = "That was no clear answer, so nothing was decided.";

/**
 * The end by which a turn asks: all calls that need a yes in one question, and where there is none, the own question of one
 * call after another, so that no answer can be taken for another one's.
 */
export function questionEnd(
  turn: Turn,
  waits: readonly Waiting[],
  { now, limits }: Pick<Means, "now" | "limits">,
): RunEnd {
  const approvals = waits.flatMap((each) => each.kind === "approval" ? [each] : []);
  const [own] = waits.flatMap((each) => each.kind === "approval" ? [] : [each]);
  const askedAtMs = now();
  const answerBy = deadlineOf(limits, askedAtMs);
  const requests = withUniqueIds(approvals.map(({ request }) => request));
  if (requests.length > 0 || own === undefined) {
    const message = approvalQuestion(requests, approvals.some(({ isRepeated }) => isRepeated), questionId(turn));
    const asked = requests.map(({ id: key, callId, tool, input }) => ({ key, callId, tool, input }));
    return { ...suspended(turn, message, { askedAtMs, approvals: asked, input: null }), ...answerBy };
  }
  const message = ownQuestion(own, questionId(turn));
  const state = own.kind === "auth" ? "TASK_STATE_AUTH_REQUIRED" : "TASK_STATE_INPUT_REQUIRED";
  return { ...suspended(turn, message, { askedAtMs, approvals: [], input: own.key }), ...answerBy, state };
}

function deadlineOf({ inputTimeout }: Means["limits"], askedAtMs: number): Pick<RunEnd, "answerBy"> {
  if (inputTimeout === undefined) return {};
  const { seconds, otherwise } = inputTimeout;
  return { answerBy: { atMs: askedAtMs + seconds * 1_000, otherwise } };
}

function suspended(turn: Turn, message: Message, kept: Parameters<typeof toKept>[0]): RunEnd {
  const { task: { id: taskId, contextId } } = turn.run;
  return {
    state: "TASK_STATE_INPUT_REQUIRED",
    message: { ...message, taskId, ...(contextId === undefined ? {} : { contextId }) },
    metadata: withUsage(turn, { stopReason: kept.input === null ? "approval" : "question" }),
    suspended: true,
    kept: toKept(kept),
  };
}

/** Another one for each question of the turn: what was answered has been asked before. */
function questionId({ run, input }: Turn): string {
  let id = run.nextId("question");
  for (const _answer of input.answers) id = run.nextId("question");
  return id;
}

/** Some models give two calls of one answer the same id; who answers has to be able to tell them apart. */
function withUniqueIds(requests: readonly ApprovalRequest[]): ApprovalRequest[] {
  const isTaken = ({ id, callId }: ApprovalRequest) =>
    requests.some((other) => other.id !== id && other.callId === callId);
  return requests.map((request) => isTaken(request) ? { ...request, callId: request.id } : request);
}

function approvalQuestion(requests: readonly ApprovalRequest[], isRepeated: boolean, messageId: string): Message {
  const text = [...isRepeated ? [UNCLEAR] : [], approvalText(requests)].join("\n\n");
  const message = agentMessage([{ text }, ...requests.map(approvalPart)], { messageId });
  return asApprovalRequest(message, approvalHint(requests), requests);
}

function ownQuestion({ kind, key, question, isRepeated }: Exclude<Waiting, { kind: "approval" }>, messageId: string) {
  const parts: readonly Part[] = isRepeated ? [{ text: `${UNCLEAR}\n\n` }, ...question] : question;
  const message = agentMessage(parts, { messageId });
  if (kind === "auth") return message;
  // The question of an agent that was asked: its calls are decided by their own ids, and it reads the answer itself.
  const requests = approvalRequestsOf(message);
  const text = textOf(message);
  return requests.length > 0 ? asApprovalRequest(message, text, requests) : asQuestion(message, key, text);
}

/** What a person is asked about a call: the tool's own words, or the usual ones. */
export function approvalPrompt(
  template: string | undefined,
  { tool, input }: Pick<ApprovalRequest, "tool" | "input">,
): string {
  const shown = (text: string) => inPlainSight(text, MAX_SHOWN);
  const whole = JSON.stringify(input);
  if (template === undefined) return usualPrompt(tool, shown(whole));
  // In one pass: an argument that looks like a placeholder stays what it is.
  return template.replace(/\{([^{}\s]+)\}/g, (placeholder, name: string) => {
    if (name === "tool") return tool;
    const value = new Map(Object.entries(input)).get(name);
    if (value !== undefined) return shown(typeof value === "string" ? value : JSON.stringify(value));
    return name === "input" ? shown(whole) : placeholder;
  });
}
