import { Conflict, type TaskRef } from "../store/store.ts";
import { abandon } from "./abandon.ts";
import { AgentGone, type AgentLoan } from "./agent_source.ts";
import { atMost } from "./at_most.ts";
import { type Desk, launch } from "./desk.ts";
import { contextHistory } from "./history.ts";
import type { Held } from "./idle_tasks.ts";
import { lastTurn } from "./last_turn.ts";
import type { TaskRun } from "./run.ts";

/**
 * Takes up the tasks of this agent that nobody runs: the same agent runs again over what is recorded. Ends the waits that
 * were over before this process began, and those of the others when their time has come. At most `maxRecoveries` at a
 * time of each kind; resolves with the number of runs when the last of them has ended or stopped.
 */
export async function recover(desk: Desk): Promise<number> {
  const { maxRecoveries } = desk.limits;
  const counts = await Promise.all([
    atMost(maxRecoveries, ownOrphans(desk), (ref) => hasRun(adopt(desk, ref))),
    desk.waits.resume(desk).then((over) =>
      atMost(maxRecoveries, over.values(), (deadline) => hasRun(desk.waits.end(desk, deadline)))
    ),
  ]);
  return counts.reduce((sum, count) => sum + count);
}

/** Whether there was a run at all; it has ended or stopped then. */
async function hasRun(begun: Promise<TaskRun | undefined>): Promise<boolean> {
  const run = await begun;
  await run?.ended.catch(() => {});
  return run !== undefined;
}

async function* ownOrphans(desk: Desk): AsyncGenerator<TaskRef, undefined> {
  for await (const { ref, agent } of desk.store.journal.orphans()) {
    if (desk.draining.aborted) return undefined;
    if (agent === desk.agentId) yield ref;
  }
  return undefined;
}

/** One task that cannot be read must not keep the others from going on. */
async function adopt(desk: Desk, ref: TaskRef): Promise<TaskRun | undefined> {
  try {
    const held = await desk.store.journal.acquire(ref, desk.holder);
    const loan = await loanFor(desk, held);
    return loan && await rerun(desk, held, loan);
  } catch (thrown) {
    // Somebody else took it, or its peer canceled it meanwhile.
    if (thrown instanceof Conflict || desk.draining.aborted) return undefined;
    desk.runDeps.log.error("task could not be taken up again", { agent: desk.agentId, task: ref.id, error: thrown });
    return undefined;
  }
}

/** The agent with which the task began; where there is none any more the task ends. */
async function loanFor(desk: Desk, held: Held): Promise<AgentLoan | undefined> {
  try {
    return await desk.agents.at(held.revision);
  } catch (thrown) {
    if (!(thrown instanceof AgentGone)) throw thrown;
    await abandon(desk, held);
    return undefined;
  }
}

async function rerun(desk: Desk, stored: Held, loan: AgentLoan): Promise<TaskRun> {
  const { ref, lease, task } = stored;
  const { steps: recorded, before, at, ...turn } = await lastTurn(desk.store.journal, ref).catch((thrown) => {
    loan.giveBack();
    throw thrown;
  });
  const scope = { tenant: ref.tenant, owner: ref.owner, agent: desk.agentId };
  const past = { scope, taskId: ref.id, contextId: task.contextId ?? "", at, before };
  const history = () => contextHistory(desk, past);
  return launch(desk, { ...turn, loan, stored, lease, history, recorded });
}
