import { RunStopped } from "./run_stopped.ts";
import type { TaskRun } from "./run.ts";

/**
 * The runs of this process, by task id (a task has one run at most: the store's lease sees to it). Shared by the services
 * of all revisions of a configuration, so that a new revision can cancel what an older one runs.
 */
export class Runs {
  readonly #running = new Map<string, TaskRun>();
  readonly #onStop = new Map<string, Set<() => void>>();
  readonly #onStart: (run: TaskRun) => void;

  /** `onStart` is told of each run before it begins. */
  constructor(onStart: (run: TaskRun) => void = () => {}) {
    this.#onStart = onStart;
  }

  get(taskId: string): TaskRun | undefined {
    return this.#running.get(taskId);
  }

  start(run: TaskRun): TaskRun {
    const { id } = run.task;
    this.#running.set(id, run);
    this.#onStart(run);
    const forget = () => {
      if (this.#running.get(id) === run) this.#running.delete(id);
    };
    run.ended.then(forget, (stopped) => {
      forget();
      // Where another holder goes on, followers go on too.
      if (stopped instanceof RunStopped && stopped.why !== "lost") this.#tell(id);
    });
    run.start();
    return run;
  }

  /** The runs that were started with `deps`, that is by one service. */
  startedWith(deps: TaskRun["deps"]): TaskRun[] {
    return [...this.#running.values()].filter((run) => run.deps === deps);
  }

  /** Calls back when a run of the task stops without ending it. Returns what ends the calling back. */
  onStop(taskId: string, callback: () => void): () => void {
    const callbacks = this.#onStop.get(taskId) ?? new Set();
    this.#onStop.set(taskId, callbacks.add(callback));
    return () => {
      callbacks.delete(callback);
      if (callbacks.size === 0) this.#onStop.delete(taskId);
    };
  }

  #tell(taskId: string): void {
    for (const callback of this.#onStop.get(taskId) ?? []) callback();
  }
}
