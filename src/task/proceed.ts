import { A2AError } from "../a2a/errors.ts";
import type { Call } from "../a2a/service.ts";
import { isInterrupted, isTerminal } from "../a2a/task_state.ts";
import type { Message, SendMessageRequest } from "../a2a/types.ts";
import { Conflict, DuplicateMessage, type NewTask } from "../store/store.ts";
import { type Desk, findTask, readTask, requireOpen, scopeOf } from "./desk.ts";
import { goOn } from "./go_on.ts";
import { type Begun, join } from "./join.ts";
import { lastTurn } from "./last_turn.ts";
import { registerWithSend } from "./push/register.ts";
import { invalidField, unavailable } from "./task_errors.ts";
import { turnOver } from "./turn_over.ts";

const ATTEMPTS = 3;

/** A message that came, and by what it is known again. */
export interface Sent {
  readonly request: SendMessageRequest;
  readonly claim: NewTask["message"];
}

/** A message to a task. */
export interface Followup extends Sent {
  readonly taskId: string;
}

interface Seen extends Followup {
  /** How far the task was when the message came. */
  readonly seenSeq: number;
}

/** Makes a message the next turn of its task, or an answer in the one that waits. */
export async function proceed(desk: Desk, sent: Followup, call: Call): Promise<Begun> {
  const { task, seq: seenSeq } = await findTask(desk, call, sent.taskId);
  const { contextId } = sent.request.message;
  if (contextId !== undefined && contextId !== task.contextId) {
    throw invalidField("message.contextId", `is not the context of task "${task.id}"`);
  }
  for (let attempt = 1; attempt <= ATTEMPTS;) {
    try {
      const begun = await desk.idle.alone(task.id, () => takeTurn(desk, { ...sent, seenSeq }, call));
      if (begun !== undefined) return begun;
    } catch (thrown) {
      // Somebody else was faster: what it made of the task, or of the message, decides about this one.
      if (!(thrown instanceof Conflict || thrown instanceof DuplicateMessage)) throw thrown;
      attempt++;
      continue;
    }
    // Outside of the turnstile: what ends the wait passes it, too.
    if (!await turnOver(desk, task.id, call)) break;
  }
  throw unavailable(`Task "${task.id}" is busy; try again soon`, desk.limits.retryAfterSeconds);
}

/** undefined: the task is at work, and messages wait. */
async function takeTurn(desk: Desk, { request, claim, taskId, seenSeq }: Seen, call: Call): Promise<Begun | undefined> {
  const scope = scopeOf(desk, call);
  const earlier = claim && await desk.store.tasks.byMessage(scope, claim);
  if (earlier !== undefined) return await join(desk, { request, taskId: earlier.taskId }, call);
  const found = await readTask(desk, call, taskId);
  const { ref, seq, task: before } = found;
  const { state } = before.status;
  // A2A v1 §3.1.1 for a finished task. One that works has one writer, its run: it takes no message until it asks for one.
  if (desk.waitsForTurn && !isInterrupted(state) && !isTerminal(state)) return undefined;
  if (!isInterrupted(state)) {
    throw new A2AError("UNSUPPORTED_OPERATION", `Cannot send a message to task "${taskId}": it is ${state}`);
  }
  const last = await lastTurn(desk.store.journal, ref);
  if (last.waiting !== undefined && seq !== seenSeq) throw cameTooEarly(taskId);
  requireOpen(desk);
  // Before the message, so that it hears what comes of it.
  await registerWithSend(desk, request, { stored: found, call });
  const message: Message = { ...request.message, taskId, contextId: before.contextId ?? "" };
  return { kind: "continued", ...await goOn(desk, { found, last, message, claim }) };
}

/** Whoever wrote it did not know the question: a yes to another one must not do for this. */
function cameTooEarly(taskId: string): A2AError {
  return new A2AError(
    "UNSUPPORTED_OPERATION",
    `Cannot send a message to task "${taskId}": it came before the question that the task asks now`,
  );
}
