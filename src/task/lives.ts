import type { Task } from "../a2a/types.ts";
import type { Draft, Entry } from "../store/store.ts";

/* What a journal tells of the lives of a run. The agent's own steps begin with their turn's number. */
const TAKEN_UP = "life:taken-up";
const LET_GO = "life:let-go";

/** Recorded before a task that a dead process has left is run again. */
export function takenUp(at: string): Draft {
  return { at, step: { id: TAKEN_UP, phase: "end", result: {} } };
}

/** Recorded when a run stops because the process does, or has stopped because the store failed: that is no death. */
export function letGo(at: string): Draft {
  return { at, step: { id: LET_GO, phase: "end", result: {} } };
}

export function tellsOfLives(stepId: string): boolean {
  return stepId === TAKEN_UP || stepId === LET_GO;
}

/**
 * How many lives in a row, up to and with `entry`, have recorded nothing that the next one could begin with; `task` is the
 * task before it. A run that starts again may say again what it was saying when it died: more of an artifact that is there
 * already is nothing new.
 */
export function livesInVain(count: number, entry: Entry, task: Task | undefined): number {
  if ("step" in entry) return entry.step.id === TAKEN_UP ? count + 1 : 0;
  if (count === 0 || !("event" in entry) || !("artifactUpdate" in entry.event)) return 0;
  const { artifactId } = entry.event.artifactUpdate.artifact;
  return task?.artifacts?.some((artifact) => artifact.artifactId === artifactId) === true ? count : 0;
}
