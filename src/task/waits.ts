import { noAnswerMessage } from "../a2a/approval.ts";
import { agentMessage } from "../a2a/parts.ts";
import { isInterrupted, type Message } from "../a2a/types.ts";
import { Conflict, type StoredTask, type TaskRef } from "../store/store.ts";
import type { Desk, WaitWatch } from "./desk.ts";
import { goOn } from "./go_on.ts";
import { type LastTurn, lastTurn } from "./last_turn.ts";
import { statusDraft } from "./status_draft.ts";

/** Timers count in 32 bits; a longer wait is looked at again. */
const MAX_DELAY_MS = 2 ** 30;

interface Deadline {
  readonly ref: TaskRef;
  readonly seq: number;
  /** Milliseconds since the epoch. */
  readonly atMs: number;
}

/**
 * Ends waits for an answer that last too long. A wait is watched from when this process first meets it: when it begins
 * here, or when somebody asks for its task after a restart. So nobody who asks for a task sees a wait that is over.
 */
export class Waits implements WaitWatch {
  /** The end of the journal at which a task was met; it waits for the same thing as long as that has not moved. */
  readonly #met = new Map<string, number>();

  async meet(desk: Desk, stored: StoredTask): Promise<StoredTask> {
    const { ref, seq, task } = stored;
    if (!isInterrupted(task.status.state)) {
      this.#met.delete(ref.id);
      return stored;
    }
    if (desk.runDeps.timers === undefined || this.#met.get(ref.id) === seq) return stored;
    this.#met.set(ref.id, seq);
    const { waiting } = await lastTurn(desk.store.journal, ref);
    const atMs = waiting?.answerBy?.atMs;
    if (atMs === undefined) return stored;
    if (atMs > desk.now()) {
      this.#arm(desk, { ref, seq, atMs });
      return stored;
    }
    await this.#end(desk, ref, seq);
    return await desk.store.tasks.get(ref) ?? stored;
  }

  #arm(desk: Desk, deadline: Deadline): void {
    const { ref, seq, atMs } = deadline;
    const delayMs = Math.min(Math.max(0, atMs - desk.now()), MAX_DELAY_MS);
    const callOff = desk.runDeps.timers?.after(delayMs, () => {
      desk.closed.removeEventListener("abort", forget);
      if (this.#met.get(ref.id) !== seq) return;
      if (atMs > desk.now()) this.#arm(desk, deadline);
      else this.#end(desk, ref, seq);
    });
    const forget = () => callOff?.();
    desk.closed.addEventListener("abort", forget, { once: true });
  }

  async #end(desk: Desk, ref: TaskRef, seq: number): Promise<void> {
    try {
      await desk.idle.alone(ref.id, () => endWait(desk, ref, seq));
    } catch (thrown) {
      // Whoever was faster has ended the wait.
      if (thrown instanceof Conflict || desk.draining.aborted) return;
      desk.runDeps.log.error("wait could not be ended", { agent: desk.agentId, task: ref.id, error: thrown });
    }
  }
}

async function endWait(desk: Desk, ref: TaskRef, seq: number): Promise<void> {
  const found = await desk.store.tasks.get(ref);
  if (found?.seq !== seq || desk.draining.aborted) return;
  const last = await lastTurn(desk.store.journal, ref);
  const answerBy = last.waiting?.answerBy;
  if (answerBy === undefined) return;
  const message = noAnswer(found, last);
  if (answerBy.otherwise === "deny") {
    await goOn(desk, { found, last, message });
    return;
  }
  const said = agentMessage(message.parts, { messageId: message.messageId });
  const metadata = { stopReason: "input_timeout" };
  const draft = statusDraft(found.task, { state: "TASK_STATE_FAILED", message: said, metadata }, desk.now);
  await desk.idle.append(ref, { drafts: [draft], seq });
}

function noAnswer({ ref, task }: StoredTask, { number, answers }: LastTurn): Message {
  const id = `${ref.id}:${number}:no-answer:${answers.length + 1}`;
  const message = noAnswerMessage("Nobody answered in time (input_timeout).", id);
  return { ...message, taskId: ref.id, contextId: task.contextId ?? "" };
}
