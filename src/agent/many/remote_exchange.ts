import { z } from "zod";
import { A2AError } from "../../a2a/errors.ts";
import type { Numbered } from "../../a2a/service.ts";
import { Message, type StreamResponse, type Task, TaskState } from "../../a2a/types.ts";
import { type Run, RunPaused } from "../agent.ts";
import type { TurnClock } from "../turn_clock.ts";
import { isSettledTask } from "./follow_task.ts";
import { askPatiently, callOffRemote, passes, remoteCall, type RemoteDeps, sendPatiently } from "./remote_peer.ts";
import { RemoteRelay } from "./remote_relay.ts";

/** What is kept of a message as soon as it has arrived. */
const Sent = z.object({ taskId: z.string().nullable(), contextId: z.string().nullable(), reply: Message.nullable() });

/** How the other agent's turn ended. `taskId` is null for an answer that is a message and no task. */
const RemoteEnd = z.object({
  taskId: z.string().nullable(),
  contextId: z.string().nullable(),
  state: TaskState,
  message: Message.nullable(),
});
export type RemoteEnd = z.output<typeof RemoteEnd>;

export interface ExchangeParts extends RemoteDeps {
  readonly run: Run;
  readonly clock: TurnClock;
}

/** A stream that goes on from one step to the next. */
interface Live {
  readonly events: AsyncIterator<Numbered<StreamResponse>>;
  readonly relay: RemoteRelay;
  readonly left: AbortController;
}

/**
 * Says a message to an agent of another server and follows its turn, in two durable steps: that the message has arrived,
 * and how the turn ended. A run that begins again between the two goes on with the same task over there.
 */
export async function remoteExchange(number: number, message: Message, parts: ExchangeParts): Promise<RemoteEnd> {
  const { run, clock } = parts;
  let live: Live | undefined;
  const sent = await run.step({
    id: `sent:${number}`,
    result: Sent,
    act: (signal) =>
      clock.within(signal, async (signal) => {
        const opened = await open(message, parts, signal);
        live = opened;
        return sentBy(opened.relay);
      }),
  });
  if (sent.taskId === null) return { ...sent, taskId: null, state: "TASK_STATE_COMPLETED", message: sent.reply };
  const { taskId } = sent;
  return await run.step({
    id: `ended:${number}`,
    result: RemoteEnd,
    act: (signal) => clock.within(signal, (signal) => toEnd({ taskId, message, live }, parts, signal)),
  });
}

function sentBy({ task, message }: RemoteRelay): z.output<typeof Sent> {
  if (task === undefined) return { taskId: null, contextId: message?.contextId ?? null, reply: message ?? null };
  return { taskId: task.id, contextId: task.contextId ?? null, reply: null };
}

/** Resolves with what was heard first. A task that is canceled meanwhile is known then, and can be called off. */
async function open(message: Message, parts: ExchangeParts, signal: AbortSignal): Promise<Live> {
  const card = await askPatiently(() => parts.peer.card(signal), parts, signal);
  const left = new AbortController();
  const pause = () => {
    if (signal.reason instanceof RunPaused) left.abort(signal.reason);
  };
  signal.addEventListener("abort", pause);
  const begin = (message: Message) => sendPatiently(() => begun(message, parts, left), { ...parts, card }, left.signal);
  try {
    signal.throwIfAborted();
    const live = await begin(message).catch((thrown: unknown) => {
      // Not everybody takes a context that a client has made up (A2A v1 §3.4.1).
      if (message.taskId !== undefined || !isRefusal(thrown)) throw thrown;
      const { contextId: _ours, ...plain } = message;
      return begin(plain);
    });
    if (signal.aborted) await callOff(live.relay.task, parts, signal);
    signal.throwIfAborted();
    return live;
  } finally {
    signal.removeEventListener("abort", pause);
  }
}

function isRefusal(thrown: unknown): boolean {
  return thrown instanceof A2AError && (thrown.reason === "INVALID_PARAMS" || thrown.reason === "TASK_NOT_FOUND");
}

async function begun(message: Message, { peer, run }: ExchangeParts, left: AbortController): Promise<Live> {
  const relay = new RemoteRelay(run);
  const call = remoteCall(message, left.signal);
  const { capabilities: { streaming } } = await peer.card(left.signal);
  if (streaming !== true) {
    const event = await peer.sendMessage({ message, configuration: { returnImmediately: true } }, call);
    await relay.take(event);
    return { events: nothing(), relay, left };
  }
  const events = peer.sendStreamingMessage({ message }, call)[Symbol.asyncIterator]();
  const first = await events.next();
  if (first.done === true) throw new A2AError("INVALID_AGENT_RESPONSE", "The agent's stream ended without an answer");
  await relay.take(first.value.event);
  return { events, relay, left };
}

async function* nothing(): AsyncGenerator<Numbered<StreamResponse>> {}

interface Begun {
  readonly taskId: string;
  readonly message: Message;
  readonly live: Live | undefined;
}

async function toEnd({ taskId, message, live }: Begun, parts: ExchangeParts, signal: AbortSignal): Promise<RemoteEnd> {
  const relay = live?.relay ?? new RemoteRelay(parts.run);
  const left = live?.left ?? new AbortController();
  const leave = () => left.abort(signal.reason);
  signal.addEventListener("abort", leave);
  try {
    signal.throwIfAborted();
    for (let next = await live?.events.next(); next?.done === false; next = await live?.events.next()) {
      await relay.take(next.value.event);
    }
    while (relay.task === undefined || !isSettledTask(relay.task)) {
      signal.throwIfAborted();
      await catchUp({ taskId, message, relay }, parts, left.signal);
    }
    return endOf(relay.task);
  } catch (thrown) {
    if (signal.aborted) await callOff(relay.task ?? { id: taskId }, parts, signal);
    throw signal.aborted ? signal.reason : thrown;
  } finally {
    signal.removeEventListener("abort", leave);
    left.abort();
  }
}

interface Behind extends Omit<Begun, "live"> {
  readonly relay: RemoteRelay;
}

const POLL_MS = 1000;

/** Reads the task as it is, and then what follows: by a stream if there is one, else by reading it again in a while. */
async function catchUp({ taskId, message, relay }: Behind, parts: ExchangeParts, signal: AbortSignal): Promise<void> {
  const { peer, sleep } = parts;
  const call = remoteCall(message, signal);
  const task = await askPatiently(() => peer.getTask({ id: taskId }, call), parts, signal);
  await relay.take({ task });
  if (isSettledTask(task)) return;
  const { capabilities: { streaming } } = await peer.card(signal);
  if (streaming === true) {
    try {
      for await (const { event } of peer.subscribeToTask({ id: taskId }, call)) {
        await relay.take(event);
        // A subscription stays open behind a question (A2A v1 §3.1.6).
        if (relay.task !== undefined && isSettledTask(relay.task)) return;
      }
      return;
    } catch (thrown) {
      // It has ended meanwhile, cannot be subscribed to, or went away: what there is can be read.
      const isReadable = thrown instanceof A2AError && thrown.reason === "UNSUPPORTED_OPERATION" || passes(thrown);
      if (!isReadable) throw thrown;
    }
  }
  await sleep(POLL_MS, signal);
}

function endOf({ id: taskId, contextId, status: { state, message } }: Task): RemoteEnd {
  return { taskId, contextId: contextId ?? null, state, message: message ?? null };
}

/** A task that is not wanted any more is called off over there, too. One that only pauses here goes on. */
async function callOff(task: Pick<Task, "id"> | undefined, parts: ExchangeParts, signal: AbortSignal) {
  if (task === undefined || signal.reason instanceof RunPaused) return;
  await callOffRemote(task.id, parts);
}
