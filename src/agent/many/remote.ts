import { A2AError } from "../../a2a/errors.ts";
import { agentMessage } from "../../a2a/parts.ts";
import type { Message, Part, Task } from "../../a2a/types.ts";
import { isRecord } from "../../lib/json.ts";
import { type Agent, type Run, type RunEnd, type RunInput, RunPaused } from "../agent.ts";
import { OutOfTime, TurnClock } from "../turn_clock.ts";
import { childContext } from "./child_context.ts";
import { passedOn } from "./hops.ts";
import { callOffRemote, type RemoteDeps } from "./remote_peer.ts";
import { type RemoteEnd, remoteExchange } from "./remote_exchange.ts";
import { waitedMs, waitingSince } from "./waited.ts";
import { questionPartsOf } from "./reply.ts";

/** Message metadata key of the task over there for which a task waits. */
const REMOTE = "https://hector.dev/a2a/remote/v1";

export interface RemoteAgentParts extends RemoteDeps {
  /** Its id here. */
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Length of one turn. */
  readonly timeoutSeconds: number;
}

/**
 * An agent of another server as one of this process: each of its tasks here follows one over there, which goes on through
 * restarts of either side.
 */
export function createRemote(parts: RemoteAgentParts): Agent {
  const { id, timeoutSeconds } = parts;
  return {
    async run(input, run) {
      try {
        return await follow(input, run, parts);
      } catch (thrown) {
        run.signal.throwIfAborted();
        if (thrown instanceof A2AError) return failed({ input, run }, `Cannot ask "${id}": ${thrown.message}`);
        if (!(thrown instanceof OutOfTime)) throw thrown;
        return failed(
          { input, run },
          `Cannot finish this task: "${id}" took longer than ${timeoutSeconds} s (timeout_seconds)`,
        );
      }
    },
    async canceled(task) {
      const taskId = waitingFor(task);
      if (taskId !== undefined) await callOffRemote(taskId, parts);
    },
  };
}

interface Turn {
  readonly input: RunInput;
  readonly run: Run;
}

async function follow(input: RunInput, run: Run, parts: RemoteAgentParts): Promise<RunEnd> {
  const exchange = { ...parts, run, clock: new TurnClock(run, { ...parts, waitedMs: waitedMs(input) }) };
  const metadata = passedOn(input.message.metadata ?? {}, { agent: parts.id, task: run.task.id });
  let end = await remoteExchange(0, firstMessage(input, run, parts), exchange);
  for (const [at, { message }] of input.answers.entries()) {
    if (end.taskId === null || !isWaiting(end)) break;
    const { taskId, contextId } = end;
    const answer: Message = {
      messageId: `${run.nextId("message")}:${message.messageId}`,
      role: "ROLE_USER",
      taskId,
      ...(contextId === null ? {} : { contextId }),
      parts: message.parts,
      metadata: { ...message.metadata, ...metadata },
    };
    try {
      end = await remoteExchange(at + 1, answer, exchange);
    } catch (thrown) {
      // Who waits over there for an answer that could not be brought has nothing to wait for.
      if (!(run.signal.reason instanceof RunPaused)) await callOffRemote(taskId, parts);
      throw thrown;
    }
  }
  if (end.taskId === null) await answerWith(end.message, run);
  const ended = runEnd(end, { input, run }, parts.id);
  return ended.suspended === true ? { ...ended, kept: waitingSince(parts.now()) } : ended;
}

function firstMessage({ message: { parts, metadata } }: RunInput, run: Run, { id }: RemoteAgentParts): Message {
  const { owner, task: { id: task, contextId = "" } } = run;
  return {
    messageId: run.nextId("message"),
    role: "ROLE_USER",
    contextId: childContext({ owner, contextId, from: id, to: "remote" }),
    parts,
    metadata: passedOn(metadata ?? {}, { agent: id, task }),
  };
}

/** A message in place of a task is the answer. */
async function answerWith(message: Message | null, run: Run): Promise<void> {
  const artifactId = run.nextId("artifact");
  if (message === null || message.parts.length === 0) return;
  await run.emit({ artifact: { artifactId, name: "answer", parts: message.parts }, append: false, lastChunk: true });
}

function isWaiting({ state }: RemoteEnd): boolean {
  return state === "TASK_STATE_INPUT_REQUIRED" || state === "TASK_STATE_AUTH_REQUIRED";
}

function runEnd(end: RemoteEnd, turn: Turn, id: string): RunEnd {
  const { taskId, state, message } = end;
  const said = taskId === null || message === null ? {} : { message: worded(turn, message.parts) };
  switch (state) {
    case "TASK_STATE_COMPLETED":
    case "TASK_STATE_FAILED":
    case "TASK_STATE_REJECTED":
      return { state, ...said };
    case "TASK_STATE_INPUT_REQUIRED":
    case "TASK_STATE_AUTH_REQUIRED": {
      const parts = questionPartsOf({ id: taskId ?? "", status: { state, ...(message === null ? {} : { message }) } });
      const question = worded(turn, parts);
      return { state, message: { ...question, metadata: { [REMOTE]: { taskId } } }, suspended: true };
    }
    default:
      return failed(turn, `The task of "${id}" ended as ${state}`);
  }
}

function worded({ input, run }: Turn, parts: readonly Part[]): Message {
  const { id: taskId, contextId } = run.task;
  // Each end of the turn has an id of its own: what was answered has been asked before.
  const messageId = `${run.nextId("end")}:${input.answers.length}`;
  return agentMessage(parts, { messageId, taskId, contextId });
}

function failed(turn: Turn, text: string): RunEnd {
  return { state: "TASK_STATE_FAILED", message: worded(turn, [{ text }]) };
}

/** The task over there that waits together with this one. */
function waitingFor({ status: { message }, history = [] }: Task): string | undefined {
  const asked = message ?? history.findLast(({ metadata }) => metadata?.[REMOTE] !== undefined);
  const remote = asked?.metadata?.[REMOTE];
  return isRecord(remote) && typeof remote.taskId === "string" ? remote.taskId : undefined;
}
