import { type Agent, type Run, type RunEnd, type RunInput, Unfinished } from "../agent.ts";
import { callOffBelow } from "./call_off_below.ts";
import type { Colleagues } from "./colleagues.ts";
import { callOf } from "./follow_task.ts";

/**
 * The agent, whose turn leaves none of the tasks that it began waiting for an answer that nobody will bring any more. They
 * are called off before the end is recorded: a crash between the two has the turn end, and call them off, again.
 */
export function leaveNoneWaiting(agent: Agent, colleagues: Colleagues): Agent {
  const { askers, services } = colleagues;
  const callOff = async ({ task, owner, signal }: Run) => {
    // Where the store does not tell what waits, it takes no end, either.
    await callOffBelow(task, services(), callOf(owner, signal)).catch(() => {});
    signal.throwIfAborted();
  };
  return {
    ...agent,
    async run(input, run) {
      askers.begin(run.task);
      let end: RunEnd | undefined;
      try {
        end = await agent.run(input, run);
      } catch (thrown) {
        // What was canceled or pauses is seen to elsewhere; what is unfinished goes on.
        if (askers.end(run.task.id) && !run.signal.aborted && !(thrown instanceof Unfinished)) await callOff(run);
        throw thrown;
      }
      if (askers.end(run.task.id) && mayLeaveSome(end, input)) await callOff(run);
      return end;
    },
  };
}

/** A turn that waits goes on with them. One that never waited and has an answer has heard all of them. */
function mayLeaveSome({ state, suspended }: RunEnd, { answers }: RunInput): boolean {
  if (suspended === true) return false;
  return answers.length > 0 || state === "TASK_STATE_FAILED" || state === "TASK_STATE_REJECTED";
}
