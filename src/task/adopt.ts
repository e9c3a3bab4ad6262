import { Conflict, type TaskRef } from "../store/store.ts";
import { abandon } from "./abandon.ts";
import { AgentGone, type AgentLoan } from "./agent_source.ts";
import { type Desk, launch } from "./desk.ts";
import { contextHistory } from "./history.ts";
import type { Held } from "./idle_tasks.ts";
import { type LastTurn, lastTurn } from "./last_turn.ts";
import { letGo, takenUp } from "./lives.ts";
import type { TaskRun } from "./run.ts";
import { timestamp } from "./status_draft.ts";

/**
 * Runs a task again that a dead process has left. undefined where it is somebody else's, at its end, or cannot be read: one
 * such task must not keep the others from going on.
 */
export async function adopt(desk: Desk, ref: TaskRef): Promise<TaskRun | undefined> {
  try {
    return await takeUp(desk, await desk.store.journal.acquire(ref, desk.holder));
  } catch (thrown) {
    // Somebody else took it, or its peer canceled it meanwhile.
    if (thrown instanceof Conflict || desk.draining.aborted) return undefined;
    desk.runDeps.log.error("task could not be taken up again", { agent: desk.agentId, task: ref.id, error: thrown });
    return undefined;
  }
}

/** Runs a task again that nobody runs and whose lease is ours. undefined where it could only be ended. */
export async function takeUp(desk: Desk, held: Held): Promise<TaskRun | undefined> {
  const turn = await lastTurn(desk.store.journal, held.ref);
  if (turn.livesInVain >= desk.limits.maxLivesInVain) return await giveUp(desk, held, turn);
  const loan = await loanFor(desk, held);
  return loan && await rerun(desk, held, { loan, turn });
}

/** The agent with which the task began; where there is none any more the task ends. */
async function loanFor(desk: Desk, held: Held): Promise<AgentLoan | undefined> {
  try {
    return await desk.agents.at(held.revision);
  } catch (thrown) {
    if (!(thrown instanceof AgentGone)) throw thrown;
    const text = `The agent "${desk.agentId}" is not served here any more, so this task cannot go on.`;
    await abandon(desk, held, text);
    return undefined;
  }
}

/**
 * A step that ends the whole process would end it at every start, for ever, and every other task with it. What others have
 * to do with it nobody knows: a task that was only near is given up, too, when it has come no further in all that time.
 */
async function giveUp(desk: Desk, held: Held, { livesInVain: deaths }: LastTurn): Promise<undefined> {
  desk.runDeps.log.error("task is given up: the process died each time it was worked on", {
    agent: desk.agentId,
    task: held.ref.id,
    deaths,
  });
  const text =
    `The server died ${deaths} times while it worked on this task, which came no further. It is not tried again.`;
  await abandon(desk, held, text);
}

interface Rerun {
  readonly loan: AgentLoan;
  readonly turn: LastTurn;
}

async function rerun(desk: Desk, held: Held, { loan, turn: { steps: recorded, before, at, ...turn } }: Rerun) {
  const { ref, lease, task } = held;
  const draft = takenUp(timestamp(desk.now));
  const stored = await desk.store.journal.append(ref, [draft], { seq: held.seq, lease }).catch((thrown) => {
    loan.giveBack();
    throw thrown;
  });
  const scope = { tenant: ref.tenant, owner: ref.owner, agent: desk.agentId };
  const past = { scope, taskId: ref.id, contextId: task.contextId ?? "", at, before };
  const history = () => contextHistory(desk, past);
  return launch(desk, { ...turn, loan, stored, lease, history, recorded, letGo });
}
