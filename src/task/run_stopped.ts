import { RunPaused } from "../agent/agent.ts";

/**
 * Why a run ended without an end of its task: the process shuts down, another holder owns the task, or the store would
 * not take what it said. The task stays open; who holds it next runs it again.
 */
export class RunStopped extends RunPaused {
  override readonly name = "RunStopped";
  constructor(readonly why: "shutdown" | "lost" | "store", options?: ErrorOptions) {
    super(`The run stopped (${why}); its task stays open`, options);
  }
}
