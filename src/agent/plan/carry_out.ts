import type { Part } from "../../a2a/types.ts";
import { Slots } from "../../lib/slots.ts";
import { NeedsInput } from "../../tool/tool.ts";
import type { Plan, Subtask } from "./plan.ts";

/** What became of a subtask. */
export type SubtaskEnd =
  | { readonly kind: "done" | "failed"; readonly text: string; readonly parts: readonly Part[] }
  /** It was not begun, because what it depends on was not done. */
  | { readonly kind: "left"; readonly because: string }
  /** Its agent asks back. */
  | { readonly kind: "asks"; readonly question: NeedsInput };

export type SubtaskState = SubtaskEnd["kind"] | "begun";

export interface CarryOut {
  /** Gives a subtask to its agent, with the results that it needs. Rejects with NeedsInput where the agent asks back. */
  readonly ask: (subtask: Subtask, needed: readonly Needed[]) => Promise<Omit<Answer, "kind">>;
  /** Told in the order in which it happens. */
  readonly onChange: (subtask: Subtask, state: SubtaskState) => void;
  readonly maxParallel: number;
  readonly signal: AbortSignal;
}

type Answer = Extract<SubtaskEnd, { readonly kind: "done" | "failed" }>;

/** A result that another subtask needs. */
export interface Needed {
  readonly subtask: Subtask;
  readonly text: string;
}

/** What `ask` tells of a subtask that its agent could not do. */
export class SubtaskFailed extends Error {
  override readonly name = "SubtaskFailed";
  constructor(message: string, readonly parts: readonly Part[] = []) {
    super(message);
  }
}

/**
 * Does the subtasks of a sound plan, each as soon as what it depends on is done, and everything that can be done though
 * others fail. Resolves when nothing is under way any more; rejects only with the signal's reason.
 */
export async function carryOut({ subtasks }: Plan, parts: CarryOut): Promise<ReadonlyMap<string, SubtaskEnd>> {
  const slots = new Slots(parts.maxParallel);
  const byId = new Map(subtasks.map((subtask) => [subtask.id, subtask]));
  const ends = new Map<string, Promise<SubtaskEnd>>();
  const endOf = (id: string): Promise<SubtaskEnd> => {
    const known = ends.get(id);
    if (known !== undefined) return known;
    const subtask = byId.get(id);
    if (subtask === undefined) throw new TypeError(`The plan has no subtask "${id}"`);
    const end = doSubtask(subtask, { ...parts, slots, endOf, byId });
    ends.set(id, end);
    return end;
  };
  const settled = await Promise.allSettled(subtasks.map(async ({ id }) => [id, await endOf(id)] as const));
  parts.signal.throwIfAborted();
  return new Map(settled.map((each) => {
    if (each.status === "rejected") throw each.reason;
    return each.value;
  }));
}

interface Doing extends CarryOut {
  readonly slots: Slots;
  readonly byId: ReadonlyMap<string, Subtask>;
  readonly endOf: (id: string) => Promise<SubtaskEnd>;
}

async function doSubtask(subtask: Subtask, doing: Doing): Promise<SubtaskEnd> {
  const { slots, byId, endOf, onChange, signal } = doing;
  const needed: Needed[] = [];
  for (const id of subtask.depends_on) {
    const end = await endOf(id);
    const other = byId.get(id);
    if (end.kind !== "done" || other === undefined) {
      onChange(subtask, "left");
      return { kind: "left", because: id };
    }
    needed.push({ subtask: other, text: end.text });
  }
  const giveBack = await slots.take("subtask", signal);
  try {
    onChange(subtask, "begun");
    const end = await endFrom(subtask, needed, doing);
    onChange(subtask, end.kind);
    return end;
  } finally {
    giveBack();
  }
}

async function endFrom(subtask: Subtask, needed: readonly Needed[], { ask, signal }: Doing): Promise<SubtaskEnd> {
  try {
    return { kind: "done", ...await ask(subtask, needed) };
  } catch (thrown) {
    signal.throwIfAborted();
    if (thrown instanceof NeedsInput) return { kind: "asks", question: thrown };
    if (thrown instanceof SubtaskFailed) return { kind: "failed", text: thrown.message, parts: thrown.parts };
    throw thrown;
  }
}
