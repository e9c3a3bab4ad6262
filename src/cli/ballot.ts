import {
  type ApprovalRequest,
  approvalRequestsOf,
  type Decision,
  decisionPart,
  isUsualPrompt,
} from "../a2a/approval.ts";
import { isInterrupted } from "../a2a/task_state.ts";
import type { Part, Task } from "../a2a/types.ts";
import { inPlainSight } from "../lib/in_plain_sight.ts";
import { printable } from "./terminal.ts";

/** The calls of a task that wait for a yes, and what the user has said of them so far. */
export interface Ballot {
  /** Not decided yet, in the order in which they are asked for. */
  readonly open: readonly ApprovalRequest[];
  /** The decisions, as the task's agent takes them. */
  readonly parts: readonly Part[];
}

/** As much as the question of the agent, in whose place it stands, would show. */
const MAX_SHOWN = 2_000;
const VOTE = /^(?:(y|yes|approve)|(?:n|no|deny)(?:[\s,:]+(?:because\s+)?(.+))?)$/i;

/** undefined where the task asks for no yes. */
export function ballotOf({ status: { state, message } }: Task): Ballot | undefined {
  const open = message === undefined || !isInterrupted(state) ? [] : approvalRequestsOf(message);
  return open.length === 0 ? undefined : { open, parts: [] };
}

/** What to ask next: whatever words the call has of its own, what it would do stands beside them. */
export function promptOf({ open: [next] }: Ballot): string {
  if (next === undefined) return "";
  const shown = inPlainSight(JSON.stringify(next.input), MAX_SHOWN);
  const words = isUsualPrompt(next) ? "" : `${next.prompt}\n`;
  return printable(`${words}${next.tool} ${shown}: run it? y, n, or n and the reason`);
}

/** The ballot after a line of the user; the same one where the line is neither yes nor no. */
export function vote(ballot: Ballot, line: string): Ballot {
  const { open: [next, ...open], parts } = ballot;
  const [said, yes, reason] = VOTE.exec(line.trim()) ?? [];
  if (next === undefined || said === undefined) return ballot;
  const decision: Decision = yes !== undefined
    ? { approved: true }
    : { approved: false, ...(reason === undefined ? {} : { reason }) };
  return { open, parts: [...parts, decisionPart(next, decision)] };
}
