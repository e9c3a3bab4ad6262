import assert from "node:assert/strict";
import { differences, saidIn, streamDifferences } from "./conforms.ts";
import { toRequest } from "./curl.ts";
import type { CurlExample, Given, RequestExample, Row } from "./example.ts";
import { type LiveApp, load, openLiveApp } from "./live_app.ts";
import { SEED_000 } from "./seed_000.ts";
import { SEED_001 } from "./seed_001.ts";
import { SEED_002 } from "./seed_002.ts";
import { SEED_003 } from "./seed_003.ts";
import { SEED_004 } from "./seed_004.ts";

const SEEDS: readonly (readonly [string, readonly Row[]])[] = [
  ["seed 000", SEED_000],
  ["seed 001", SEED_001],
  ["seed 002", SEED_002],
  ["seed 003", SEED_003],
  ["seed 004", SEED_004],
];
const ORIGIN = "http://localhost:8080";

/** Makes what an example takes for granted, with the agent of its path; gives the ids that stand in for its placeholders. */
async function prepare(given: Given | undefined, path: string, { fetch }: LiveApp): Promise<Record<string, string>> {
  if (given === undefined) return {};
  const post = async (to: string, body: unknown) => {
    const headers = { "content-type": "application/json", "a2a-version": "1.0" };
    const response = await fetch(new Request(ORIGIN + to, { method: "POST", headers, body: JSON.stringify(body) }));
    return await response.json();
  };
  const agent = /\/agents\/([^/?]+)/.exec(path)?.[1] ?? "assistant";
  if (given === "a session") return { session: (await post("/sessions", { agent_name: agent })).id };
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

function requestOf(row: CurlExample | RequestExample, ids: Readonly<Record<string, string>>): Request {
  if ("curl" in row) return toRequest(row.curl);
  const fill = (text: string) => text.replace(/\{(task|session)\}/g, (_, name) => ids[name] ?? "");
  const { method, path, headers = {}, body } = row;
  return new Request(ORIGIN + fill(path), {
    method,
    headers: { ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers },
    ...(body === undefined ? {} : { body: fill(JSON.stringify(body)) }),
  });
}

async function check(row: CurlExample | RequestExample, live: LiveApp): Promise<void> {
  const ids = await prepare(row.given, "curl" in row ? row.curl : row.path, live);
  const response = await live.fetch(requestOf(row, ids));
  const text = await response.text();
  assert.equal(response.status, row.status ?? 200, text);
  if (row.status === 204) assert.equal(text, "");
  if (row.json !== undefined) {
    assert.match(response.headers.get("content-type") ?? "", /^application\/json/);
    assert.deepEqual(differences(JSON.parse(text), row.json), [], text);
  }
  if (row.sse !== undefined) {
    assert.equal(response.headers.get("content-type"), "text/event-stream");
    assert.deepEqual(streamDifferences(text, row.sse), []);
    if (row.says !== undefined) assert.equal(saidIn(text), row.says);
  }
}

for (const [seed, rows] of SEEDS) {
  for (const row of rows) {
    const title = `${seed}, ${row.section}: ${row.name}`;
    switch (row.kind) {
      case "http":
        Deno.test(title, async () => {
          const live = await openLiveApp();
          try {
            await check(row, live);
          } finally {
            await live.close();
          }
        });
        break;
      case "config":
        Deno.test(title, () => void load(row.yaml));
        break;
      case "held":
        Deno.test(`${title} (${row.by.join(", ")})`, async () => {
          for (const path of row.by) {
            assert.ok((await Deno.stat(new URL(`../../${path}`, import.meta.url))).isFile, path);
          }
        });
        break;
      case "skip":
        Deno.test({ name: `${title} (${row.reason})`, ignore: true, fn: () => {} });
        break;
      case "socket":
        // A socket needs a port: pasted_test.ts.
        break;
    }
  }
}

Deno.test("all examples of the descriptions that speak HTTP work on one server, one after the other", async () => {
  const live = await openLiveApp();
  try {
    for (const row of SEEDS.flatMap(([, rows]) => rows)) if (row.kind === "http") await check(row, live);
  } finally {
    await live.close();
  }
});
