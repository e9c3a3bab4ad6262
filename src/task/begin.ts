import type { Call } from "../a2a/service.ts";
import type { Message, SendMessageRequest, Task } from "../a2a/types.ts";
import { DuplicateMessage, type NewTask, type StoredTask } from "../store/store.ts";
import { type Desk, launch, refOf, requireOpen, scopeOf } from "./desk.ts";
import { digestOf } from "./digest.ts";
import { contextHistory } from "./history.ts";
import { type Begun, join } from "./join.ts";
import { proceed, type Sent } from "./proceed.ts";
import { checkSend, webhookOfSend } from "./push/register.ts";
import { timestamp } from "./status_draft.ts";

/** Records a message durably and starts the agent on it (A2A v1 §3.1.1, §3.4). */
export function begin(desk: Desk, request: SendMessageRequest, call: Call): Promise<Begun> {
  requireOpen(desk);
  checkSend(desk, request, call);
  const joins = desk.joinsRepeated || call.repeats === "join";
  const claim = joins && call.messageIdGenerated !== true ? claimOf(request, call) : undefined;
  const { taskId } = request.message;
  return taskId === undefined
    ? create(desk, { request, claim }, call)
    : proceed(desk, { request, claim, taskId }, call);
}

/**
 * The same id with other words is another message: some peers number theirs anew with each start. How the answer is to
 * be delivered (`configuration`) may differ when a peer sends one again.
 */
function claimOf({ message, metadata }: SendMessageRequest, { repeats }: Call): NewTask["message"] {
  const lasts = repeats === "join" ? { lasts: true } as const : {};
  return { id: message.messageId, digest: digestOf([message, metadata]), ...lasts };
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
