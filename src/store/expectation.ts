import { isTerminal } from "../a2a/task_state.ts";
import type { Task } from "../a2a/types.ts";
import { Conflict, type Journal, type Lease } from "./store.ts";
import { isPlainPart } from "./store_key.ts";

export type AppendExpectation = Parameters<Journal["append"]>[2];

/** What a store knows of a task when somebody wants to write to it. */
export interface JournalEnd {
  readonly task: Task;
  readonly seq: number;
  /** The recorded lease, of whatever holder. */
  readonly lease: Lease | undefined;
}

/** Refuses a new task whose id could not be read back from a key. Ids are ours (A2A v1 §3.4.2), so this is a mistake of the program. */
export function requireTaskId(id: string): void {
  if (id === "" || !isPlainPart(id)) {
    throw new TypeError(`Cannot create task ${JSON.stringify(id)}: an id is 1 to 96 printable ASCII characters`);
  }
}

/** Refuses a writer that did not see the journal's end or lost its lease. */
export function requireTurn<End extends JournalEnd>(id: string, end: End | undefined, expect: AppendExpectation): End {
  const refused = (state: string) => new Conflict(`Cannot append to task "${id}": ${state}`);
  if (end === undefined) throw refused("it does not exist");
  if (end.lease?.fence !== expect.lease.fence || end.lease.holder !== expect.lease.holder) {
    throw refused(end.lease === undefined ? "its lease was given back" : "its lease went to another holder");
  }
  if (end.seq !== expect.seq) throw refused(`it has ${end.seq} entries, not ${expect.seq}`);
  return end;
}

/** Refuses the lease of a task that ended, or that somebody alive holds. */
export function requireFree<End extends JournalEnd>(
  id: string,
  end: End | undefined,
  isAlive: (lease: Lease) => boolean,
): End {
  const refused = (state: string) => new Conflict(`Cannot acquire task "${id}": ${state}`);
  if (end === undefined) throw refused("it does not exist");
  if (isTerminal(end.task.status.state)) throw refused(`it is ${end.task.status.state}`);
  if (end.lease !== undefined && isAlive(end.lease)) throw refused("somebody holds its lease");
  return end;
}

/** Whether nothing will ever follow entry `seq`. */
export function isOver(end: JournalEnd | undefined, seq: number): boolean {
  return end === undefined || isTerminal(end.task.status.state) && seq >= end.seq;
}
