import assert from "node:assert/strict";
import {
  ListTasksResponse,
  type Message,
  type Part,
  SendMessageResponse,
  Task,
  type TaskStatus,
} from "../../../src/a2a/types.ts";
import { type Heard, type Operation, type Peer, type Place, Refused, type Request } from "./peer.ts";

/* What a peer is told, in words short enough to stand in a table. Ids are left out: each peer has others. */

export function stateWord(state: string): string {
  return state.replace("TASK_STATE_", "").toLowerCase();
}

function partWords(part: Part): string {
  const { text, raw, url, data, filename, mediaType, metadata } = part;
  const content = text ?? (raw !== undefined ? `raw ${raw}` : url ?? `data ${JSON.stringify(data)}`);
  const labels = [filename, mediaType, metadata && JSON.stringify(metadata)].filter((label) => label !== undefined);
  return labels.length === 0 ? content : `${content} (${labels.join(", ")})`;
}

export function partsWords(parts: readonly Part[]): string {
  return parts.map(partWords).join(" | ");
}

function messageWords({ role, parts }: Message): string {
  return `${role.replace("ROLE_", "").toLowerCase()}: ${partsWords(parts)}`;
}

function statusWords({ state, message }: TaskStatus): string {
  return message === undefined ? stateWord(state) : `${stateWord(state)}, ${messageWords(message)}`;
}

/** All that a task says: its state, its artifacts, its history where there is one. */
export function taskWords(raw: unknown): readonly string[] {
  const { status, artifacts = [], history } = Task.parse(raw);
  return [
    statusWords(status),
    ...artifacts.map(({ parts }) => `= ${partsWords(parts)}`),
    ...(history === undefined ? ["no history"] : history.map((message) => `- ${messageWords(message)}`)),
  ];
}

/** An event behind its number; `+` appends, `!` is an artifact's last chunk. */
export function eventWord({ seq, event }: Heard): string {
  const at = seq ?? "?";
  if ("message" in event) return `${at} ${messageWords(event.message)}`;
  if ("statusUpdate" in event) return `${at} ${statusWords(event.statusUpdate.status)}`;
  if ("task" in event) {
    const { status, artifacts = [] } = event.task;
    return [`${at} task ${statusWords(status)}`, ...artifacts.map(({ parts }) => `= ${partsWords(parts)}`)].join(" ");
  }
  const { artifact, append, lastChunk } = event.artifactUpdate;
  return `${at} ${append === true ? "+" : "="}${partsWords(artifact.parts)}${lastChunk === true ? "!" : ""}`;
}

let count = 0;

export function fresh(kind: string): string {
  return `${kind}-${++count}`;
}

/** A message from a user, and what else is to stand in it. */
export function say(text: string, over: Request = {}): Request {
  return { messageId: fresh("message"), role: "ROLE_USER", parts: [{ text }], ...over };
}

export async function send(peer: Peer, text: string, over: Request = {}, configuration?: Request): Promise<Task> {
  const request = { message: say(text, over), ...(configuration === undefined ? {} : { configuration }) };
  const response = SendMessageResponse.parse(await peer.ask("SendMessage", request));
  assert.ok("task" in response, "the answer is no task");
  return response.task;
}

export async function get(peer: Peer, id: string, more: Request = {}): Promise<Task> {
  return Task.parse(await peer.ask("GetTask", { id, ...more }));
}

export async function list(peer: Peer, request: Request): Promise<ListTasksResponse> {
  return ListTasksResponse.parse(await peer.ask("ListTasks", request));
}

export function stream(peer: Peer, text: string, over: Request = {}): AsyncGenerator<Heard, void, undefined> {
  return peer.listen("SendStreamingMessage", { message: say(text, over) });
}

export function subscribe(peer: Peer, id: string, place?: Place): AsyncGenerator<Heard, void, undefined> {
  return peer.listen("SubscribeToTask", { id }, place);
}

/** All events of a stream, to its end. */
export async function words(events: AsyncIterable<Heard>): Promise<string[]> {
  const told: string[] = [];
  for await (const heard of events) told.push(eventWord(heard));
  return told;
}

/** The next `many` events; the stream stays open. */
export async function next(events: AsyncIterator<Heard, void, undefined>, many: number): Promise<Heard[]> {
  const told: Heard[] = [];
  while (told.length < many) {
    const { done, value } = await events.next();
    assert.ok(done !== true, `the stream ends behind ${told.map(eventWord).join(", ")}`);
    told.push(value);
  }
  return told;
}

/** The task that a stream's first event tells of. */
export function taskIdOf([first]: readonly Heard[]): string {
  assert.ok(first !== undefined && "task" in first.event, "a stream begins with its task");
  return first.event.task.id;
}

/** Why the other side says no. */
export async function refusal(asked: Promise<unknown>): Promise<string> {
  try {
    return `no refusal: ${JSON.stringify(await asked)}`;
  } catch (thrown) {
    if (thrown instanceof Refused) return thrown.reason;
    throw thrown;
  }
}

export async function refusalOf(peer: Peer, operation: Operation, request: Request): Promise<string> {
  return await refusal(peer.ask(operation, request));
}

/** Why a stream never begins. */
export async function refusedStream(events: AsyncIterable<Heard>): Promise<string> {
  return await refusal(words(events));
}

/** Resolves when a task has ended. */
export async function ended(peer: Peer, id: string): Promise<void> {
  const late = await refusal(words(subscribe(peer, id)));
  assert.ok(late.startsWith("no refusal") || late === "UNSUPPORTED_OPERATION", late);
}
