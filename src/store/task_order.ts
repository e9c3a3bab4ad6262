import type { Task } from "../a2a/types.ts";
import type { Cursor, StoredTask, TaskPage, TaskQuery } from "./store.ts";

/** A task's place in lists. A task without a timestamp stands behind all that have one. */
export function cursorOf(task: Task): Cursor {
  return { timestamp: task.status.timestamp ?? "", id: task.id };
}

/** Newest status first, then the higher id (A2A v1 §3.1.4). Timestamps are UTC with milliseconds, so text order is time order. */
export function compareCursors(a: Cursor, b: Cursor): number {
  if (a.timestamp !== b.timestamp) return a.timestamp < b.timestamp ? 1 : -1;
  if (a.id !== b.id) return a.id < b.id ? 1 : -1;
  return 0;
}

/** Whether the filters of the query (not its place in the list) let the task through. */
export function matches(task: Task, { contextId, state, since }: TaskQuery): boolean {
  if (contextId !== undefined && task.contextId !== contextId) return false;
  if (state !== undefined && task.status.state !== state) return false;
  return since === undefined || (task.status.timestamp ?? "") >= since;
}

/** Whether the task stands behind the place where the last page ended. */
export function isBehind(cursor: Cursor, after: Cursor | undefined): boolean {
  return after === undefined || compareCursors(cursor, after) > 0;
}

/** One page of tasks that are all at hand. */
export function toPage(all: readonly StoredTask[], query: TaskQuery): TaskPage {
  const matching = all.filter(({ task }) => matches(task, query));
  const rest = matching
    .filter(({ task }) => isBehind(cursorOf(task), query.after))
    .sort((a, b) => compareCursors(cursorOf(a.task), cursorOf(b.task)));
  const tasks = rest.slice(0, query.limit);
  const last = tasks.at(-1);
  const more = rest.length > tasks.length && last !== undefined;
  return { tasks, total: matching.length, ...(more ? { next: cursorOf(last.task) } : {}) };
}
