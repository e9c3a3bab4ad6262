import { apply } from "../../src/a2a/apply.ts";
import { toolCallsOf, toolOutcomesOf, userMessage } from "../../src/a2a/parts.ts";
import type { Message, StreamResponse, Task } from "../../src/a2a/types.ts";
import { type AgentEvent, type DurableStep, type Run, type RunInput, Unfinished } from "../../src/agent/agent.ts";
import type { JsonObject } from "../../src/lib/json.ts";

/** The process died: what was not recorded is lost. */
export class Crash extends Error {
  override readonly name = "Crash";
}

type Entry =
  | { readonly event: AgentEvent }
  | { readonly begin: string }
  | { readonly end: string; readonly result: JsonObject };

export interface LifeOptions {
  /** Dies when the journal would grow beyond so many entries. */
  readonly crashAt?: number;
  readonly signal?: AbortSignal;
  readonly turn?: number;
}

/** One task with a journal that outlives the runs on it. */
export class FakeTask {
  readonly entries: Entry[] = [];
  readonly #before: Task = {
    id: "task",
    contextId: "context",
    status: { state: "TASK_STATE_WORKING" },
    history: [userMessage("Hello", { messageId: "asked" })],
  };

  /** What peers see: the fold of the events. */
  get task(): Task {
    return this.events.reduce<Task>((task, event) => apply(task, toStream(event)), this.#before);
  }

  get events(): AgentEvent[] {
    return this.entries.flatMap((entry) => "event" in entry ? [entry.event] : []);
  }

  get working(): Message[] {
    return this.events.flatMap((event) => "working" in event ? [event.working] : []);
  }

  get artifacts() {
    return this.events.flatMap((event) => "artifact" in event ? [event] : []);
  }

  /** Names of announced calls and outputs of announced outcomes, in the order in which peers heard them. */
  get announced(): string[] {
    return this.working.flatMap((message) => [
      ...toolCallsOf(message).map(({ name, id }) => `${name} ${id}`),
      ...toolOutcomesOf(message).map(({ id, output }) => `${id} = ${output}`),
    ]);
  }

  get answers(): string[] {
    return (this.task.artifacts ?? []).map(({ parts }) => parts.map(({ text }) => text ?? "").join(""));
  }

  /** Steps with a recorded end, in the order of their recording. */
  get steps(): string[] {
    return this.entries.flatMap((entry) => "end" in entry ? [entry.end] : []);
  }

  /** A run on the task as it stands: the first one, or one after a crash. */
  run({ crashAt = Infinity, signal = new AbortController().signal, turn = 1 }: LifeOptions = {}): Run {
    const known = new Map(this.entries.flatMap((entry) => "end" in entry ? [[entry.end, entry.result] as const] : []));
    const begun = new Set(this.entries.flatMap((entry) => "begin" in entry ? [entry.begin] : []));
    const counts = new Map<string, number>();
    const asked = new Set<string>();
    const add = (...entries: Entry[]) => {
      if (this.entries.length + entries.length > crashAt) throw new Crash();
      this.entries.push(...entries);
    };
    return {
      signal,
      task: this.task,
      owner: { tenant: "default", owner: "alice" },
      nextId(kind) {
        counts.set(kind, (counts.get(kind) ?? 0) + 1);
        return `task:${turn}:${kind}:${counts.get(kind)}`;
      },
      // deno-lint-ignore require-await
      async emit(event) {
        add({ event });
      },
      async step<T extends JsonObject>({ id: name, result, act, replay, detail, events }: DurableStep<T>): Promise<T> {
        const id = `${turn}:${name}`;
        if (asked.has(id)) throw new TypeError(`asked twice: ${id}`);
        asked.add(id);
        const recorded = known.get(id);
        if (recorded !== undefined) return result.parse(JSON.parse(JSON.stringify(recorded)));
        if (replay === "once" || replay === "ask") {
          if (begun.has(id)) throw new Unfinished(name, detail ?? {});
          add({ begin: id });
        }
        const done = await act(signal);
        add({ end: id, result: done }, ...(events?.(done) ?? []).map((event) => ({ event })));
        return done;
      },
    };
  }
}

/** What the peer says in this turn, and what was said before. */
export function inputOf(text: string, before: readonly Message[] = []): RunInput & { readonly reads: () => number } {
  let reads = 0;
  return {
    message: userMessage(text, { messageId: "asked" }),
    history: () => {
      reads++;
      return Promise.resolve(before);
    },
    answers: [],
    reads: () => reads,
  };
}

function toStream(event: AgentEvent): StreamResponse {
  const ids = { taskId: "task", contextId: "context" };
  if ("artifact" in event) return { artifactUpdate: { ...ids, ...event } };
  return { statusUpdate: { ...ids, status: { state: "TASK_STATE_WORKING", message: event.working } } };
}
