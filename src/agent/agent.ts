import type { z } from "zod";
import type { JsonObject } from "../lib/json.ts";
import type { Artifact, Message, Task } from "../a2a/types.ts";
import type { Replay, TaskOwner } from "../tool/tool.ts";

export interface RunInput {
  /** The peer's message that this turn answers. */
  readonly message: Message;
  /** What was said before in this context, oldest first, without `message`. Read only when a model has to be asked. */
  history(): Promise<readonly Message[]>;
  /**
   * What the peer answered where this turn ended `suspended`, oldest first: one for each such end. The turn runs again
   * from its beginning over its recorded steps, and finds its answer there.
   */
  readonly answers: readonly Answered[];
}

/** A peer's message that goes on with a turn. */
export interface Answered {
  readonly message: Message;
  /** When it was recorded: RFC 3339 UTC. */
  readonly at: string;
  /** What the end that it answers has kept (`RunEnd.kept`). */
  readonly kept?: JsonObject;
}

/** What an agent tells its peer while it works. The end of the run is its return value. */
export type AgentEvent =
  | { readonly artifact: Artifact; readonly append?: boolean; readonly lastChunk?: boolean }
  | { readonly working: Message };

/** When nobody has answered by then, the task fails, or the turn goes on with a message that says so (a2a/approval.ts). */
export interface AnswerBy {
  /** Milliseconds since the epoch. */
  readonly atMs: number;
  readonly otherwise: "fail" | "deny";
}

/** How a turn ends. `message` is said with the status; an answer is an artifact and is not repeated here. */
export interface RunEnd {
  readonly state:
    | "TASK_STATE_COMPLETED"
    | "TASK_STATE_FAILED"
    | "TASK_STATE_REJECTED"
    | "TASK_STATE_INPUT_REQUIRED"
    | "TASK_STATE_AUTH_REQUIRED";
  readonly message?: Message;
  /** Added to the terminal status event's metadata (token usage, stop reason). */
  readonly metadata?: JsonObject;
  /**
   * The turn is not over, it waits: the peer's next message is an answer in it (`RunInput.answers`), not a turn of its own.
   * Only for INPUT_REQUIRED and AUTH_REQUIRED.
   */
  readonly suspended?: true;
  /** With `suspended`: kept in private, in one commit with the status, and given back with the answer. */
  readonly kept?: JsonObject;
  /** With `suspended`: how long an answer is waited for. Absent: until there is one. */
  readonly answerBy?: AnswerBy;
}

/** One thing that a run does once and then knows. */
export interface DurableStep<T> {
  /** Unique within the turn, and the same when the turn is replayed. */
  readonly id: string;
  /** Reads a recorded result back. */
  readonly result: z.ZodType<T>;
  readonly act: (signal: AbortSignal) => Promise<T>;
  /** What a crash in the middle means; default "safe". */
  readonly replay?: Replay;
  /** For a step that may run once: what to tell the peer when nobody knows whether it did (tool name, arguments). */
  readonly detail?: JsonObject;
  /** Said in the same commit as the result, so a replay that finds the result does not say it again. */
  readonly events?: (result: T) => readonly AgentEvent[];
}

/** The durable side of a run: what an agent may touch of the task it works on. Made by task/, one for each turn. */
export interface Run {
  readonly signal: AbortSignal;
  /** The task as its peers had seen it when this run began, or began again after a crash. */
  readonly task: Task;
  readonly owner: TaskOwner;
  /** Ids that are the same when the run is replayed (`nextId("message")` → `<taskId>:<turn>:message:1`). */
  nextId(kind: string): string;
  /** Into the journal, in call order. Resolves when there is room for more; it need not be durable yet. */
  emit(event: AgentEvent): Promise<void>;
  /**
   * Returns the recorded result of the step, or does it and records the result. "once" and "ask" steps write that they
   * begin before they do; if such a beginning is found without its end, `step` throws Unfinished, which the agent lets
   * pass and which ends the turn in INPUT_REQUIRED.
   */
  step<T extends JsonObject>(step: DurableStep<T>): Promise<T>;
  /** Calls back when the peer cancels this tool call alone. Returns what ends the calling back. */
  onCallCancel?(callId: string, cancel: () => void): () => void;
}

/**
 * Why a run's signal aborts where the task goes on later: whatever the run has begun elsewhere goes on, too. Any other
 * reason ends the task, and with it what it has begun.
 */
export class RunPaused extends Error {
  override readonly name: string = "RunPaused";
}

/** A step that may run once began before a crash, and nobody knows how it ended. */
export class Unfinished extends Error {
  override readonly name = "Unfinished";
  constructor(readonly stepId: string, readonly detail: JsonObject) {
    super(`Step "${stepId}" began before a restart, and its result is not known`);
  }
}

/** One agent. Owns nothing between runs. The same run may be asked for again after a crash: it replays its steps. */
export interface Agent {
  run(input: RunInput, run: Run): Promise<RunEnd>;
  /** A task was ended while it waited for its peer: what waits for it elsewhere is called off, too. Never rejects. */
  canceled?(task: Task): Promise<void>;
}
