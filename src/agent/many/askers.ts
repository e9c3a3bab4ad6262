import type { Task } from "../../a2a/types.ts";

/** Which of the tasks that are at work here may have given others tasks: no other can leave one behind. */
export class Askers {
  readonly #hasAsked = new Map<string, boolean>();

  /** Its work begins. One that goes on may have asked before, in another process even. */
  begin({ id, status }: Task): void {
    this.#hasAsked.set(id, status.state !== "TASK_STATE_SUBMITTED");
  }

  /** Somebody says that it was asked for this task. */
  note(taskId: string): void {
    if (this.#hasAsked.has(taskId)) this.#hasAsked.set(taskId, true);
  }

  /** Its work is over: whether it may have asked. */
  end(taskId: string): boolean {
    const hasAsked = this.#hasAsked.get(taskId) === true;
    this.#hasAsked.delete(taskId);
    return hasAsked;
  }
}
