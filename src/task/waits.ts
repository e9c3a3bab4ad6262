import { noAnswerMessage } from "../a2a/approval.ts";
import { agentMessage } from "../a2a/parts.ts";
import { isInterrupted } from "../a2a/task_state.ts";
import type { Message } from "../a2a/types.ts";
import { Conflict, type Deadline, type StoredTask, type TaskRef } from "../store/store.ts";
import { AgentGone } from "./agent_source.ts";
import type { Desk, WaitWatch } from "./desk.ts";
import { goOn } from "./go_on.ts";
import { type LastTurn, lastTurn } from "./last_turn.ts";
import type { TaskRun } from "./run.ts";
import { statusDraft } from "./status_draft.ts";

/** Timers count in 32 bits; a longer wait is looked at again. */
const MAX_DELAY_MS = 2 ** 30;

/**
 * Ends waits for an answer that last too long. A wait is watched from when this process first meets it: when it begins
 * here, at the start, or when somebody asks for its task before that. So nobody who asks for a task sees a wait that is
 * over.
 */
export class Waits implements WaitWatch {
  /** The end of the journal at which a task was met; it waits for the same thing as long as that has not moved. */
  readonly #met = new Map<string, number>();

  async meet(desk: Desk, stored: StoredTask): Promise<StoredTask> {
    const { ref, agent, seq, task } = stored;
    if (!isInterrupted(task.status.state)) {
      this.#met.delete(ref.id);
      return stored;
    }
    if (desk.runDeps.timers === undefined || this.#met.get(ref.id) === seq) return stored;
    this.#met.set(ref.id, seq);
    const { waiting } = await lastTurn(desk.store.journal, ref);
    const atMs = waiting?.answerBy?.atMs;
    if (atMs === undefined) return stored;
    const deadline = { ref, agent, seq, atMs };
    if (atMs > desk.now()) {
      this.#arm(desk, deadline);
      return stored;
    }
    await this.end(desk, deadline);
    return await desk.store.tasks.get(ref) ?? stored;
  }

  async resume(desk: Desk): Promise<readonly Deadline[]> {
    const over: Deadline[] = [];
    if (desk.runDeps.timers === undefined) return over;
    for await (const deadline of desk.store.journal.deadlines(desk.agentId)) {
      const { ref, seq, atMs } = deadline;
      if (desk.draining.aborted) return [];
      if (this.#met.get(ref.id) === seq) continue;
      if (atMs <= desk.now()) over.push(deadline);
      else {
        this.#met.set(ref.id, seq);
        this.#arm(desk, deadline);
      }
    }
    return over;
  }

  #arm(desk: Desk, deadline: Deadline): void {
    const { ref, seq, atMs } = deadline;
    const delayMs = Math.min(Math.max(0, atMs - desk.now()), MAX_DELAY_MS);
    const callOff = desk.runDeps.timers?.after(delayMs, () => {
      desk.closed.removeEventListener("abort", forget);
      if (this.#met.get(ref.id) !== seq) return;
      if (atMs > desk.now()) this.#arm(desk, deadline);
      else this.end(desk, deadline);
    });
    const forget = () => callOff?.();
    desk.closed.addEventListener("abort", forget, { once: true });
  }

  async end(desk: Desk, { ref, seq }: Deadline): Promise<TaskRun | undefined> {
    this.#met.set(ref.id, seq);
    try {
      await callOff(desk, ref, seq);
      return await desk.idle.alone(ref.id, () => endWait(desk, ref, seq));
    } catch (thrown) {
      // Whoever was faster has ended the wait.
      if (thrown instanceof Conflict || desk.draining.aborted) return undefined;
      desk.runDeps.log.error("wait could not be ended", { agent: desk.agentId, task: ref.id, error: thrown });
      return undefined;
    }
  }
}

/**
 * What waits because of a task that is to fail has nothing to wait for. Before the end is recorded, so that a crash between
 * the two has it done again; and outside of the task's turn, for which those below might wait.
 */
async function callOff(desk: Desk, ref: TaskRef, seq: number): Promise<void> {
  const found = await desk.store.tasks.get(ref);
  if (found?.seq !== seq || desk.draining.aborted) return;
  const { waiting } = await lastTurn(desk.store.journal, ref);
  if (waiting?.answerBy?.otherwise === "fail" || await isGone(desk, found)) await desk.callOff(found);
}

async function isGone({ agents }: Desk, { revision }: StoredTask): Promise<boolean> {
  try {
    (await agents.at(revision)).giveBack();
    return false;
  } catch (thrown) {
    if (thrown instanceof AgentGone) return true;
    throw thrown;
  }
}

/** The run of a task that goes on without an answer; where its agent is gone, it fails like one that is not to go on. */
async function endWait(desk: Desk, ref: TaskRef, seq: number): Promise<TaskRun | undefined> {
  const found = await desk.store.tasks.get(ref);
  if (found?.seq !== seq || desk.draining.aborted) return undefined;
  const last = await lastTurn(desk.store.journal, ref);
  const answerBy = last.waiting?.answerBy;
  if (answerBy === undefined) return undefined;
  const message = noAnswer(found, last);
  try {
    if (answerBy.otherwise === "deny") return (await goOn(desk, { found, last, message })).run;
  } catch (thrown) {
    if (!(thrown instanceof AgentGone)) throw thrown;
  }
  const said = agentMessage(message.parts, { messageId: message.messageId });
  const metadata = { stopReason: "input_timeout" };
  const draft = statusDraft(found.task, { state: "TASK_STATE_FAILED", message: said, metadata }, desk.now);
  await desk.idle.append(ref, { drafts: [draft], seq });
  return undefined;
}

function noAnswer({ ref, task }: StoredTask, { number, answers }: LastTurn): Message {
  const id = `${ref.id}:${number}:no-answer:${answers.length + 1}`;
  const message = noAnswerMessage("Nobody answered in time (input_timeout).", id);
  return { ...message, taskId: ref.id, contextId: task.contextId ?? "" };
}
