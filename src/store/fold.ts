import { apply, applyInput } from "../a2a/apply.ts";
import { isInterrupted, isTerminal } from "../a2a/task_state.ts";
import type { Task, TaskState, TaskStatus } from "../a2a/types.ts";
import type { Draft, Entry } from "./store.ts";

/** The drafts with their places, the first of them at `firstSeq`. */
export function toEntries(drafts: readonly Draft[], firstSeq: number): Entry[] {
  return drafts.map((draft, index) => ({ ...draft, seq: firstSeq + index }));
}

/** The task after one draft. Private steps change nothing that a peer sees. */
function foldOne(task: Task | undefined, draft: Draft): Task | undefined {
  if ("event" in draft) return apply(task, draft.event);
  if ("step" in draft) return task;
  if (task === undefined) throw new TypeError("A journal begins with the task itself, not with an input");
  return applyInput(task, draft.input);
}

/** The task after `drafts`. Throws TypeError if a journal would not begin with its task. */
export function foldDrafts(task: Task | undefined, drafts: readonly Draft[]): Task {
  const folded = drafts.reduce(foldOne, task);
  if (folded === undefined) throw new TypeError("A journal's first entry is the event that carries the task");
  return folded;
}

/** Nobody works on a task in this state: it ended, or it waits for its peer. */
export function isSettled(state: TaskState): boolean {
  return isTerminal(state) || isInterrupted(state);
}

/** Whether these drafts give the lease back: the last status that they set is terminal or interrupted. */
export function releasesLease(drafts: readonly Draft[]): boolean {
  const last = drafts.findLast((draft) => statusOf(draft) !== undefined);
  const status = last && statusOf(last);
  return status !== undefined && isSettled(status.state);
}

/** When the wait ends that these drafts, folded to `task`, begin; undefined where there is none, or one without an end. */
export function deadlineOf(task: Task, drafts: readonly Draft[]): number | undefined {
  if (!isInterrupted(task.status.state)) return undefined;
  const draft = drafts.findLast((each) => "step" in each && each.deadlineMs !== undefined);
  return draft !== undefined && "step" in draft ? draft.deadlineMs : undefined;
}

/** Whether a follower has seen all when it has seen this entry. */
export function endsJournal(draft: Draft): boolean {
  const status = statusOf(draft);
  return status !== undefined && isTerminal(status.state);
}

function statusOf(draft: Draft): TaskStatus | undefined {
  if (!("event" in draft)) return undefined;
  if ("statusUpdate" in draft.event) return draft.event.statusUpdate.status;
  return "task" in draft.event ? draft.event.task.status : undefined;
}
