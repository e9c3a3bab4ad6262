import { type ApprovalRequest, approvalRequestsOf, type Decision, decisionPart } from "../a2a/approval.ts";
import { isInterrupted, type Part, type Task } from "../a2a/types.ts";
import { printable } from "./terminal.ts";

/** The calls of a task that wait for a yes, and what the user has said of them so far. */
export interface Ballot {
  /** Not decided yet, in the order in which they are asked for. */
  readonly open: readonly ApprovalRequest[];
  /** The decisions, as the task's agent takes them. */
  readonly parts: readonly Part[];
}

const MAX_SHOWN = 500;
const VOTE = /^(?:(y|yes|approve)|(?:n|no|deny)(?:[\s,:]+(?:because\s+)?(.+))?)$/i;

/** undefined where the task asks for no yes. */
export function ballotOf({ status: { state, message } }: Task): Ballot | undefined {
  const open = message === undefined || !isInterrupted(state) ? [] : approvalRequestsOf(message);
  return open.length === 0 ? undefined : { open, parts: [] };
}

/** What to ask next. */
export function promptOf({ open: [next] }: Ballot): string {
  if (next === undefined) return "";
  const input = JSON.stringify(next.input);
  const shown = input.length <= MAX_SHOWN ? input : `${input.slice(0, MAX_SHOWN)}…`;
  return printable(`${next.tool} ${shown}: run it? y, n, or n and the reason`);
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
