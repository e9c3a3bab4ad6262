import assert from "node:assert/strict";
import { differences, saidIn, streamDifferences } from "./conforms.ts";
import { toRequest } from "./curl.ts";
import type { CurlExample, Given, RequestExample } from "./example.ts";

const ORIGIN = "http://localhost:8080";

/** A server, or what stands for one; `token` is one that it takes. */
export interface Answering {
  readonly fetch: (request: Request) => Promise<Response>;
  readonly token?: string;
}

/** Makes what an example takes for granted, with the agent of its path; gives the ids that stand in for its placeholders. */
async function prepare(given: Given | undefined, path: string, { fetch }: Answering): Promise<Record<string, string>> {
  if (given === undefined) return {};
  const post = async (to: string, body: unknown) => {
    const headers = { "content-type": "application/json", "a2a-version": "1.0" };
    const response = await fetch(new Request(ORIGIN + to, { method: "POST", headers, body: JSON.stringify(body) }));
    return await response.json();
  };
  const agent = /\/agents\/([^/?]+)/.exec(path)?.[1] ?? "assistant";
  if (given === "a session") return { session: (await post("/sessions", { agent_name: agent })).id };
  if (given === "a tool call at work") return await toolCallAtWork(fetch);
  const isRunning = given === "a running task";
  const message = {
    messageId: crypto.randomUUID(),
    role: "ROLE_USER",
    parts: [{ text: isRunning ? "Wait" : "Hello" }],
  };
  const { task } = await post(`/agents/${agent}/message:send`, {
    message,
    configuration: { returnImmediately: isRunning },
  });
  return { task: task.id };
}

/** A task that waits for another agent, whom its model has asked by a tool. */
async function toolCallAtWork(fetch: Answering["fetch"]): Promise<Record<string, string>> {
  const message = { messageId: crypto.randomUUID(), role: "ROLE_USER", parts: [{ text: "Delegate" }] };
  const headers = { "content-type": "application/json", "a2a-version": "1.0" };
  const ask = (path: string, init: RequestInit = {}) => fetch(new Request(ORIGIN + path, { headers, ...init }));
  const body = JSON.stringify({ message });
  const stream = await ask("/agents/orchestrator/message:stream", { method: "POST", body });
  let heard = "";
  for await (const text of stream.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    heard += text;
    if (heard.includes('"agent_call"')) break;
  }
  // The call has begun when who was asked is at work.
  const asked = "/agents/specialist/tasks?status=TASK_STATE_WORKING";
  while ((await (await ask(asked)).json()).totalSize === 0) await new Promise((resolve) => setImmediate(resolve));
  const [, task = ""] = /"taskId":"([^"]+)"/.exec(heard) ?? [];
  const [, call = ""] = /"id":"([^"]+)","name":"agent_call"/.exec(heard) ?? [];
  return { task, call };
}

/** What an example asks. */
export function requestOf(
  row: CurlExample | RequestExample,
  { ids = {}, token = "" }: { readonly ids?: Readonly<Record<string, string>>; readonly token?: string | undefined },
): Request {
  if ("curl" in row) return toRequest(row.curl.replaceAll("$TOKEN", token));
  const fill = (text: string) => text.replace(/\{(task|session|call)\}/g, (_, name) => ids[name] ?? "");
  const { method, path, headers = {}, body } = row;
  return new Request(ORIGIN + fill(path), {
    method,
    headers: {
      ...(body === undefined || typeof body === "string" ? {} : { "content-type": "application/json" }),
      ...Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, text.replace("$TOKEN", token)])),
    },
    ...(body === undefined ? {} : { body: fill(typeof body === "string" ? body : JSON.stringify(body)) }),
  });
}

/** Asks for one example and compares. */
export async function checkExample(row: CurlExample | RequestExample, live: Answering): Promise<void> {
  const ids = await prepare(row.given, "curl" in row ? row.curl : row.path, live);
  const response = await live.fetch(requestOf(row, { ids, token: live.token }));
  const text = await response.text();
  assert.equal(response.status, row.status ?? 200, text);
  if (row.status === 204) assert.equal(text, "");
  if (row.json !== undefined) {
    assert.match(response.headers.get("content-type") ?? "", /^application\/json/);
    assert.deepEqual(differences(JSON.parse(text), row.json), [], text);
  }
  for (const line of row.lines ?? []) assert.ok(text.split("\n").some((each) => line.test(each)), text);
  if (row.sse !== undefined) {
    assert.equal(response.headers.get("content-type"), "text/event-stream");
    assert.deepEqual(streamDifferences(text, row.sse), []);
    if (row.says !== undefined) assert.equal(saidIn(text), row.says);
  }
}
