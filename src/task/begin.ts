import type { Call } from "../a2a/service.ts";
import { A2AError } from "../a2a/errors.ts";
import { isInterrupted, type Message, type SendMessageRequest, type Task } from "../a2a/types.ts";
import { Conflict, DuplicateMessage, type NewTask, type StoredTask } from "../store/store.ts";
import { type Desk, findTask, launch, refOf, requireOpen, scopeOf } from "./desk.ts";
import { digestOf } from "./digest.ts";
import { contextHistory } from "./history.ts";
import { checkSend, registerWithSend, webhookOfSend } from "./push/register.ts";
import type { Held } from "./idle_tasks.ts";
import { type LastTurn, lastTurn } from "./last_turn.ts";
import type { TaskRun } from "./run.ts";
import { statusDraft, timestamp } from "./status_draft.ts";
import { invalidField, taskNotFound, unavailable } from "./task_errors.ts";

/** What came of a message: a new task, the next turn of one, or (the message was sent before) a task that has it already. */
export interface Begun {
  readonly kind: "created" | "continued" | "joined";
  /** As it was right after that. */
  readonly stored: StoredTask;
  /** The run, if it is in this process and not over. */
  readonly run: TaskRun | undefined;
}

const ATTEMPTS = 3;

/** Records a message durably and starts the agent on it (A2A v1 §3.1.1, §3.4). */
export function begin(desk: Desk, request: SendMessageRequest, call: Call): Promise<Begun> {
  requireOpen(desk);
  checkSend(desk, request, call);
  const joins = desk.joinsRepeated || call.repeats === "join";
  const claim = joins && call.messageIdGenerated !== true ? claimOf(request) : undefined;
  const { taskId } = request.message;
  return taskId === undefined
    ? create(desk, { request, claim }, call)
    : proceed(desk, { request, claim, taskId }, call);
}

interface Sent {
  readonly request: SendMessageRequest;
  readonly claim: NewTask["message"];
}

/**
 * The same id with other words is another message: some peers number theirs anew with each start. How the answer is to
 * be delivered (`configuration`) may differ when a peer sends one again.
 */
function claimOf({ message, metadata }: SendMessageRequest): NewTask["message"] {
  return { id: message.messageId, digest: digestOf([message, metadata]) };
}

/** The hot path: one commit, no read. */
async function create(desk: Desk, { request, claim }: Sent, call: Call): Promise<Begun> {
  const ref = refOf(call, desk.newId());
  const contextId = request.message.contextId ?? desk.newId();
  const message: Message = { ...request.message, taskId: ref.id, contextId };
  const at = timestamp(desk.now);
  const status: Task["status"] = { state: "TASK_STATE_SUBMITTED", timestamp: at };
  const task: Task = { id: ref.id, contextId, status, history: [message] };
  const webhook = webhookOfSend(desk, request, { ref, call });
  const loan = desk.agents.now();
  let stored: StoredTask;
  try {
    const { agentId: agent, holder } = desk;
    stored = await desk.store.journal.create({
      ref,
      agent,
      revision: loan.revision,
      holder,
      entries: [{ at, event: { task } }],
      message: claim,
      ...(webhook === undefined ? {} : { webhook }),
    });
  } catch (thrown) {
    loan.giveBack();
    if (!(thrown instanceof DuplicateMessage)) throw thrown;
    return await join(desk, { request, taskId: thrown.taskId }, call);
  }
  if (webhook !== undefined) desk.push?.start(webhook);
  const past = { scope: scopeOf(desk, call), taskId: ref.id, contextId, at };
  // Nothing was said before in a context that this call made up.
  const history = request.message.contextId === undefined ? noHistory : () => contextHistory(desk, past);
  const lease = stored.lease ?? { holder: desk.holder, fence: 1 };
  return {
    kind: "created",
    stored,
    run: launch(desk, { number: 0, loan, message, answers: [], stored, lease, history }),
  };
}

const NOTHING: Promise<readonly Message[]> = Promise.resolve([]);
const noHistory = () => NOTHING;

interface Followup extends Sent {
  readonly taskId: string;
}

interface Seen extends Followup {
  /** How far the task was when the message came. */
  readonly seenSeq: number;
}

async function proceed(desk: Desk, sent: Followup, call: Call): Promise<Begun> {
  const { task, seq: seenSeq } = await findTask(desk, call, sent.taskId);
  const { contextId } = sent.request.message;
  if (contextId !== undefined && contextId !== task.contextId) {
    throw invalidField("message.contextId", `is not the context of task "${task.id}"`);
  }
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    try {
      return await desk.idle.alone(task.id, () => takeTurn(desk, { ...sent, seenSeq }, call));
    } catch (thrown) {
      // Somebody else was faster: what it made of the task, or of the message, decides about this one.
      if (!(thrown instanceof Conflict || thrown instanceof DuplicateMessage)) throw thrown;
    }
  }
  throw unavailable(`Task "${task.id}" is busy; try again soon`, desk.limits.retryAfterSeconds);
}

async function takeTurn(desk: Desk, { request, claim, taskId, seenSeq }: Seen, call: Call): Promise<Begun> {
  const scope = scopeOf(desk, call);
  const earlier = claim && await desk.store.tasks.byMessage(scope, claim);
  if (earlier !== undefined) return await join(desk, { request, taskId: earlier.taskId }, call);
  const found = await findTask(desk, call, taskId);
  const { ref, seq, task: before } = found;
  const { state } = before.status;
  // A2A v1 §3.1.1 for a finished task. One that works has one writer, its run: it takes no message until it asks for one.
  if (!isInterrupted(state)) {
    throw new A2AError("UNSUPPORTED_OPERATION", `Cannot send a message to task "${taskId}": it is ${state}`);
  }
  const last = await lastTurn(desk.store.journal, ref);
  if (last.waiting !== undefined && seq !== seenSeq) throw cameTooEarly(taskId);
  requireOpen(desk);
  // Before the message, so that it hears what comes of it.
  await registerWithSend(desk, request, { stored: found, call });
  const contextId = before.contextId ?? "";
  const message: Message = { ...request.message, taskId, contextId };
  const at = timestamp(desk.now);
  // Together: a task that has its peer's message and does not work would be nobody's.
  const drafts = [{ at, input: message }, statusDraft(before, { state: "TASK_STATE_WORKING" }, desk.now)];
  const turn = nextTurn(last, { message, at, before });
  const loan = await desk.agents.at(found.revision);
  let stored: Held;
  try {
    stored = await desk.idle.append(ref, { drafts, seq, message: claim });
  } catch (thrown) {
    loan.giveBack();
    throw thrown;
  }
  const past = { scope, taskId, contextId, at: turn.at, before: turn.before };
  const history = () => contextHistory(desk, past);
  const { number, answers, steps: recorded } = turn;
  const goesOn = answers.length > 0 ? { recorded } : {};
  const run = launch(desk, {
    number,
    loan,
    message: turn.message,
    answers,
    stored,
    lease: stored.lease,
    history,
    ...goesOn,
  });
  return { kind: "continued", stored, run };
}

/** What the peer's message makes of the task's last turn: an answer in it where it waits for one, else the turn behind it. */
function nextTurn(last: LastTurn, said: Pick<LastTurn, "message" | "at" | "before">): LastTurn {
  const { number, answers, waiting: kept } = last;
  if (kept === undefined) return { ...said, number: number + 1, answers: [], steps: new Map(), waiting: undefined };
  return { ...last, answers: [...answers, { message: said.message, at: said.at, kept }], waiting: undefined };
}

/** Whoever wrote it did not know the question: a yes to another one must not do for this. */
function cameTooEarly(taskId: string): A2AError {
  return new A2AError(
    "UNSUPPORTED_OPERATION",
    `Cannot send a message to task "${taskId}": it came before the question that the task asks now`,
  );
}

async function join(
  desk: Desk,
  { request, taskId }: Pick<Followup, "request" | "taskId">,
  call: Call,
): Promise<Begun> {
  const stored = await desk.store.tasks.get(refOf(call, taskId));
  if (stored === undefined) throw taskNotFound(taskId);
  await registerWithSend(desk, request, { stored, call });
  return { kind: "joined", stored, run: desk.runs.get(taskId) };
}
