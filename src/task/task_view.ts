import type { Task } from "../a2a/types.ts";

/** The task with its newest `historyLength` messages: absent means all, 0 no `history` at all (A2A v1 §3.2.4). */
export function withHistory(task: Task, historyLength: number | undefined): Task {
  if (historyLength === undefined || task.history === undefined) return task;
  const { history, ...rest } = task;
  return historyLength === 0 ? rest : { ...rest, history: history.slice(-historyLength) };
}

/** The task with `artifacts` always or never there (A2A v1 §3.1.4). */
export function withArtifacts(task: Task, include: boolean): Task {
  const { artifacts = [], ...rest } = task;
  return include ? { ...rest, artifacts } : rest;
}
