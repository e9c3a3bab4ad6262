import type { Artifact, Message, Task, TaskState } from "../../src/a2a/types.ts";
import type { Draft, NewTask, Scope, Store, StoredTask, TaskRef } from "../../src/store/store.ts";

/** What a journal is made of in the tests of stores. Times are milliseconds after this moment. */
const BEGIN = Date.parse("2026-03-01T12:00:00.000Z");

export const OWNER = { tenant: "acme", owner: "ada" };
export const SCOPE: Scope = { ...OWNER, agent: "assistant" };

export function time(afterMs: number): string {
  return new Date(BEGIN + afterMs).toISOString();
}

/** A task id in the order of its number. */
export function idOf(number: number): string {
  return `0199-${String(number).padStart(6, "0")}`;
}

export function refOf(number: number, owner: { tenant: string; owner: string } = OWNER): TaskRef {
  return { tenant: owner.tenant, owner: owner.owner, id: idOf(number) };
}

export function said(messageId: string, text = messageId): Message {
  return { messageId, role: "ROLE_USER", parts: [{ text }] };
}

interface Begun {
  readonly atMs?: number;
  readonly contextId?: string;
  readonly state?: TaskState;
  readonly text?: string;
}

export function begun(
  id: string,
  { atMs = 0, contextId = "talk", state = "TASK_STATE_SUBMITTED", text }: Begun = {},
): Draft {
  const at = time(atMs);
  const task: Task = { id, contextId, status: { state, timestamp: at }, history: [said(`m-${id}`, text)] };
  return { at, event: { task } };
}

export function status(id: string, state: TaskState, atMs = 0, message?: Message): Draft {
  const at = time(atMs);
  const now = { state, timestamp: at, ...(message === undefined ? {} : { message }) };
  return { at, event: { statusUpdate: { taskId: id, contextId: "talk", status: now } } };
}

export function delta(id: string, text: string, append = true): Draft {
  const artifact: Artifact = { artifactId: "answer", parts: [{ text }] };
  return { at: time(0), event: { artifactUpdate: { taskId: id, contextId: "talk", artifact, append } } };
}

export function input(message: Message): Draft {
  return { at: time(0), input: message };
}

export function step(id: string): Draft {
  return { at: time(0), step: { id, phase: "end", result: { text: id } } };
}

export function newTask(number: number, more: Begun & Partial<NewTask> & { scope?: Scope } = {}): NewTask {
  const { scope = SCOPE, message, webhook, revision, entries, holder = "p1", ...begin } = more;
  const ref = refOf(number, scope);
  return {
    ref,
    agent: scope.agent,
    holder,
    entries: entries ?? [begun(ref.id, begin)],
    ...(message ? { message } : {}),
    ...(webhook ? { webhook } : {}),
    ...(revision === undefined ? {} : { revision }),
  };
}

/** Appends as the one who holds the lease that `stored` shows. */
export async function append(store: Store, stored: StoredTask, ...drafts: Draft[]): Promise<StoredTask> {
  if (stored.lease === undefined) throw new Error(`Nobody holds "${stored.ref.id}"`);
  return await store.journal.append(stored.ref, drafts, { seq: stored.seq, lease: stored.lease });
}

/** A task with these states behind it, 10 ms apart. */
export async function taskIn(
  store: Store,
  number: number,
  states: readonly TaskState[],
  more: Begun & { scope?: Scope } = {},
) {
  let stored = await store.journal.create(newTask(number, more));
  for (const [index, state] of states.entries()) {
    const atMs = (more.atMs ?? 0) + 10 * (index + 1);
    stored = await append(store, stored, status(stored.ref.id, state, atMs));
  }
  return stored;
}

export async function idsOf(tasks: AsyncIterable<{ readonly ref: TaskRef }>): Promise<string[]> {
  return (await Array.fromAsync(tasks)).map(({ ref }) => ref.id);
}
