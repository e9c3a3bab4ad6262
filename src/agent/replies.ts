import { z } from "zod";
import type { ApprovalRequest, Decision } from "../a2a/approval.ts";
import { isNoAnswer } from "../a2a/approval.ts";
import { hitlPayloadOf, readAnswer } from "../a2a/hitl.ts";
import { textOf } from "../a2a/parts.ts";
import { Struct } from "../a2a/proto_json.ts";
import type { Message } from "../a2a/types.ts";
import type { JsonObject } from "../lib/json.ts";
import type { Answered, RunInput } from "./agent.ts";
import { readDecisions } from "./read_decisions.ts";

const Asked = z.object({ key: z.string(), callId: z.string(), tool: z.string(), input: Struct });

/** What a turn keeps with each question, so that an answer can reach those calls alone for which it was asked. */
const Kept = z.object({
  /** Milliseconds since the epoch. */
  askedAtMs: z.number(),
  /** Calls that wait for a yes. */
  approvals: z.array(Asked),
  /** The key of the one call whose own question was put. */
  input: z.string().nullable(),
});
export type Kept = z.infer<typeof Kept>;

/** What a call hears of an answer to a question about it. */
export type Reply =
  | { readonly kind: "decision"; readonly decision: Decision }
  /** It decides nothing. */
  | { readonly kind: "unclear" }
  /** It decides about others, and this call goes on waiting. */
  | { readonly kind: "left" }
  | { readonly kind: "message"; readonly message: Message }
  /** Nobody answered in time. */
  | { readonly kind: "none"; readonly text: string };

/** What the peer has answered in this turn so far. */
export interface Replies {
  /** The next reply to the call with this key, in the order in which it asked; undefined where it has to ask (again). */
  next(key: string): Reply | undefined;
  /** How long the turn has waited for its peer. */
  readonly waitedMs: number;
}

/** Sorts the answers of a turn to the calls for which they were asked. */
export function readReplies({ answers }: Pick<RunInput, "answers">): Replies {
  const queues = new Map<string, Reply[]>();
  const add = (key: string, reply: Reply) => queues.set(key, [...queues.get(key) ?? [], reply]);
  let waitedMs = 0;
  for (const answer of answers) {
    const kept = Kept.safeParse(answer.kept).data;
    if (kept === undefined) continue;
    waitedMs += Math.max(0, Date.parse(answer.at) - kept.askedAtMs);
    for (const [key, reply] of repliesIn(answer, kept)) add(key, reply);
  }
  return { next: (key) => queues.get(key)?.shift(), waitedMs };
}

function repliesIn({ message }: Answered, { approvals, input }: Kept): [key: string, reply: Reply][] {
  if (input !== null) return [[input, replyTo(input, message)]];
  const decisions = readDecisions(message, approvals.map(toRequest));
  const without: Reply = { kind: decisions.size === 0 ? "unclear" : "left" };
  return approvals.map(({ key }) => {
    const decision = decisions.get(key);
    return [key, decision === undefined ? without : { kind: "decision", decision }];
  });
}

function toRequest({ key: id, ...call }: z.infer<typeof Asked>): ApprovalRequest {
  return { id, ...call, prompt: "" };
}

function replyTo(key: string, message: Message): Reply {
  if (isNoAnswer(message)) return { kind: "none", text: textOf(message) };
  if (message.role !== "ROLE_USER") return { kind: "unclear" };
  const answer = readAnswer(hitlPayloadOf(message), key);
  // The words of such a message are for display; the answer stands in its payload.
  return { kind: "message", message: answer === undefined ? message : { ...message, parts: [{ text: answer }] } };
}

/** As a record of the turn. */
export function toKept(kept: Kept): JsonObject {
  return { ...kept, approvals: kept.approvals.map((asked) => ({ ...asked })) };
}
