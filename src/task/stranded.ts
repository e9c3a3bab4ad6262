import { isSettled } from "../store/fold.ts";
import { takeUp } from "./adopt.ts";
import type { Desk, StrandedRuns } from "./desk.ts";
import { letGo } from "./lives.ts";
import type { TaskRun } from "./run.ts";
import { timestamp } from "./status_draft.ts";

/** Before the first try; doubled with each that fails, up to the longest. */
const FIRST_MS = 1_000;
const LONGEST_MS = 60_000;

/**
 * Takes up again the tasks whose runs ended because the store would not take what they said: as after a restart, when the
 * store takes something again. This process holds their leases still, so nobody else would.
 */
export class Stranded implements StrandedRuns {
  /** How long is waited next for the store, by task: a run that strands again and again asks its model ever more rarely. */
  readonly #delays = new Map<string, number>();

  add(desk: Desk, run: TaskRun): void {
    const { id } = run.task;
    const delayMs = this.#delays.get(id) ?? FIRST_MS;
    this.#delays.set(id, Math.min(delayMs * 2, LONGEST_MS));
    const callOff = desk.runDeps.timers?.after(delayMs, () => {
      desk.draining.removeEventListener("abort", forget);
      this.#tryAgain(desk, run);
    });
    const forget = () => callOff?.();
    desk.draining.addEventListener("abort", forget, { once: true });
    if (desk.draining.aborted) forget();
  }

  forget(taskId: string): void {
    this.#delays.delete(taskId);
  }

  async #tryAgain(desk: Desk, run: TaskRun): Promise<void> {
    try {
      // A tool that has not heard of the end yet must not work beside its second call.
      await run.left;
      if (!await desk.idle.alone(run.task.id, () => takeUpOnce(desk, run))) this.forget(run.task.id);
    } catch {
      // A Conflict, too: what failed may be recorded all the same, and the next look at the task will tell.
      if (!desk.draining.aborted) this.add(desk, run);
    }
  }
}

/** Whether there was anything to take up. */
async function takeUpOnce(desk: Desk, { owner, task: { id } }: TaskRun): Promise<boolean> {
  const found = await desk.store.tasks.get({ ...owner, id });
  if (found?.lease?.holder !== desk.holder || isSettled(found.task.status.state) || desk.draining.aborted) return false;
  const { ref, seq, lease } = found;
  // First of all: no model is paid as long as its answer could not be recorded.
  const stored = await desk.store.journal.append(ref, [letGo(timestamp(desk.now))], { seq, lease });
  desk.runDeps.log.info("task is taken up again: the store takes what it says", { agent: desk.agentId, task: id });
  await takeUp(desk, { ...stored, lease });
  return true;
}
