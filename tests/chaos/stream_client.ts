import { apply } from "../../src/a2a/apply.ts";
import { StreamResponse, type Task } from "../../src/a2a/types.ts";
import { parseSse } from "../../src/lib/parse_sse.ts";

/** What a client heard of one task, over as many connections as it took. */
export interface Transcript {
  task: Task | undefined;
  lastSeq: number;
  /** Numbers in the order in which they came. */
  readonly seqs: number[];
  connections: number;
}

const V1 = { "content-type": "application/json", "a2a-version": "1.0" };
const SETTLED = /^TASK_STATE_(COMPLETED|FAILED|CANCELED|REJECTED|INPUT_REQUIRED)$/;

export interface Client {
  readonly url: string;
  /** Whom it talks to. Default: worker. */
  readonly agent?: string;
  /** Resolves when it makes sense to try again. */
  readonly pause: () => Promise<void>;
}

/** Whether the turn is over for its client. */
export function isSettled(task: Task | undefined): boolean {
  return task !== undefined && SETTLED.test(task.status.state);
}

/** What has not ended by then never will: no turn of the storms lasts as long. */
const LONGEST_MS = 180_000;

interface Asked {
  readonly body: unknown;
  readonly lastSeq?: number;
  readonly signal: AbortSignal;
}

/** One request, given up when its `signal` aborts. */
async function connect({ url, agent = "worker" }: Client, { body, lastSeq = 0, signal }: Asked): Promise<Response> {
  return await fetch(`${url}/agents/${agent}`, {
    method: "POST",
    headers: { ...V1, ...(lastSeq > 0 ? { "last-event-id": String(lastSeq) } : {}) },
    body: JSON.stringify(body),
    signal,
  });
}

/** Runs `act` to its end, or until nobody need wait for it any more. */
async function inTime<T>(what: unknown, act: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(new Error(`${what} did not end in ${LONGEST_MS} ms`)), LONGEST_MS);
  try {
    return await act(late.signal);
  } finally {
    clearTimeout(timer);
  }
}

/** Hears `response` into `transcript` until the turn or the stream ends. Throws what the server refused for good. */
async function hear(response: Response, transcript: Transcript): Promise<void> {
  if (response.status >= 500) {
    await response.body?.cancel();
    return;
  }
  if (response.headers.get("content-type")?.startsWith("application/json")) {
    const text = await response.text();
    if (text.includes(`"UNAVAILABLE"`)) return;
    throw new Error(`Refused: ${text}`);
  }
  if (response.body === null) return;
  try {
    for await (const { id, data } of parseSse(response.body, { maxEventBytes: 10_000_000 })) {
      const frame = JSON.parse(data);
      // A server that stops says so in the stream; the task goes on after the restart.
      if (frame.error !== undefined) return;
      transcript.seqs.push(Number(id));
      transcript.lastSeq = Number(id);
      transcript.task = apply(transcript.task, StreamResponse.parse(frame.result));
      // A subscription stays open behind a question (A2A v1 §3.1.6).
      if (isSettled(transcript.task)) return;
    }
  } catch (thrown) {
    if (!(thrown instanceof TypeError)) throw thrown;
  }
}

/**
 * Sends a message and hears its stream to the end of the turn, through any number of server deaths: before the first
 * event it sends the same message again (same id), behind it it resumes by Last-Event-ID.
 */
export function streamThrough(client: Client, message: Record<string, unknown>): Promise<Transcript> {
  return inTime(message.messageId, (signal) => stream(client, message, signal));
}

async function stream(client: Client, message: Record<string, unknown>, signal: AbortSignal): Promise<Transcript> {
  const transcript: Transcript = { task: undefined, lastSeq: 0, seqs: [], connections: 0 };
  while (!isSettled(transcript.task)) {
    const task = transcript.task;
    const body = task === undefined
      ? { jsonrpc: "2.0", id: 1, method: "SendStreamingMessage", params: { message } }
      : { jsonrpc: "2.0", id: 1, method: "SubscribeToTask", params: { id: task.id } };
    try {
      transcript.connections++;
      await hear(await connect(client, { body, lastSeq: transcript.lastSeq, signal }), transcript);
    } catch (thrown) {
      // Deno's fetch throws TypeError for every broken connection.
      if (!(thrown instanceof TypeError)) throw thrown;
    }
    if (!isSettled(transcript.task)) await client.pause();
  }
  return transcript;
}

/** Sends a message and waits for its answer, through any number of server deaths, by sending the same message again. */
export function sendThrough(client: Client, message: Record<string, unknown>): Promise<Task> {
  return inTime(message.messageId, (signal) => send(client, message, signal));
}

async function send(client: Client, message: Record<string, unknown>, signal: AbortSignal): Promise<Task> {
  const body = { jsonrpc: "2.0", id: 1, method: "SendMessage", params: { message } };
  for (;;) {
    try {
      const response = await connect(client, { body, signal });
      const reply = await response.json();
      if (reply.result?.task !== undefined) return reply.result.task;
      if (response.status < 500 && !JSON.stringify(reply).includes("UNAVAILABLE")) {
        throw new Error(`Refused: ${JSON.stringify(reply)}`);
      }
    } catch (thrown) {
      if (!(thrown instanceof TypeError || thrown instanceof SyntaxError)) throw thrown;
    }
    await client.pause();
  }
}

/** The task as the server tells it now. */
export async function getTask(client: Client, id: string): Promise<Task> {
  const body = { jsonrpc: "2.0", id: 1, method: "GetTask", params: { id } };
  const response = await inTime(id, (signal) => connect(client, { body, signal }));
  const reply = await response.json();
  if (reply.result === undefined) throw new Error(`GetTask ${id}: ${JSON.stringify(reply)}`);
  return reply.result;
}
