import type { Message } from "../a2a/types.ts";
import type { MessageName, StoredTask } from "../store/store.ts";
import { type Desk, launch } from "./desk.ts";
import { contextHistory } from "./history.ts";
import type { LastTurn } from "./last_turn.ts";
import type { TaskRun } from "./run.ts";
import { statusDraft, timestamp } from "./status_draft.ts";

export interface GoOn {
  /** As the task was found: nothing is written if it has moved since. */
  readonly found: StoredTask;
  /** Its newest turn. */
  readonly last: LastTurn;
  /** What the task hears. */
  readonly message: Message;
  readonly claim?: MessageName | undefined;
}

/** Lets a task that waits go on with a message. Throws Conflict, DuplicateMessage. */
export async function goOn(
  desk: Desk,
  { found, last, message, claim }: GoOn,
): Promise<{ readonly stored: StoredTask; readonly run: TaskRun }> {
  const { ref, seq, task: before } = found;
  const at = timestamp(desk.now);
  // Together: a task that has its peer's message and does not work would be nobody's.
  const drafts = [{ at, input: message }, statusDraft(before, { state: "TASK_STATE_WORKING" }, desk.now)];
  const { steps, before: start, at: begunAt, ...turn } = nextTurn(last, { message, at, before });
  const loan = await desk.agents.at(found.revision);
  const stored = await desk.idle.append(ref, { drafts, seq, message: claim }).catch((thrown) => {
    loan.giveBack();
    throw thrown;
  });
  const scope = { tenant: ref.tenant, owner: ref.owner, agent: desk.agentId };
  const past = { scope, taskId: ref.id, contextId: before.contextId ?? "", at: begunAt, before: start };
  const history = () => contextHistory(desk, past);
  const recorded = turn.answers.length > 0 ? { recorded: steps } : {};
  return { stored, run: launch(desk, { ...turn, ...recorded, loan, stored, lease: stored.lease, history }) };
}

/** What a message makes of the task's last turn: an answer in it where it waits for one, else the turn behind it. */
function nextTurn(last: LastTurn, said: Pick<LastTurn, "message" | "at" | "before">): LastTurn {
  const { number, answers, waiting } = last;
  if (waiting === undefined) {
    return { ...said, number: number + 1, answers: [], steps: new Map(), livesInVain: 0, waiting };
  }
  const { message, at } = said;
  return { ...last, answers: [...answers, { message, at, kept: waiting.kept }], waiting: undefined };
}
