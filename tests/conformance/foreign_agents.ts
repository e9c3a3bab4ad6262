import { LLMock } from "@copilotkit/aimock";
import assert from "node:assert/strict";
import { z } from "zod";
import { answerOf } from "../../src/a2a/parts.ts";
import { Task } from "../../src/a2a/types.ts";
import type { HectorServer } from "../e2e/hector_process.ts";
import { inSandbox, type Sandbox } from "../e2e/sandbox.ts";
import { npmPackages } from "./tool_folder.ts";

/*
 * `hector serve` with agents of Google ADK and of Strands Agents behind it, each in its own A2A server and on a simulated
 * model: answers, tools, conversations, a cancel, and kill -9 in the middle. deno run -A tests/conformance/foreign_agents.ts
 */

const PACKAGES = ["@google/adk@2.0.0", "@strands-agents/sdk@1.16.0", "@a2a-js/sdk@0.3.13", "express@5", "openai@6"];
const LONG = Array.from({ length: 60 }, (_, at) => `word${at}`).join(" ");

/** What the model hears and says: the same for both kinds of providers. */
async function startModel(): Promise<LLMock> {
  const mock = new LLMock({ port: 0, host: "127.0.0.1", logLevel: "silent" });
  // aimock would end Gemini's calls by a word that Gemini does not have.
  mock.on({ userMessage: /weather in/, hasToolResult: false, model: /gemini/ }, {
    toolCalls: [{ name: "weather", arguments: JSON.stringify({ city: "Rome" }) }],
    finishReason: "stop",
  });
  mock.on({ userMessage: /weather in/, hasToolResult: true }, { content: "It rains in Rome." });
  mock.on({ userMessage: /long/ }, { content: LONG }, { latency: 60, chunkSize: 6 });
  mock.on({}, ({ messages }) => {
    const asked = messages.filter(({ role }) => role === "user").map(({ content }) => JSON.stringify(content));
    return { content: `I have heard ${asked.join(", then ")}.` };
  });
  await mock.start();
  return mock;
}

interface Foreign extends AsyncDisposable {
  readonly ports: Readonly<Record<"adk" | "strands", number>>;
}

async function startForeign(modelUrl: string): Promise<Foreign> {
  const script = new URL("foreign_agents.mjs", import.meta.url).pathname;
  const packages = await npmPackages("foreign-agents", PACKAGES);
  const args = [script, packages, modelUrl];
  const child = new Deno.Command("node", { args, stdin: "piped", stdout: "piped", stderr: "null" }).spawn();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const { value } = await reader.read();
  return {
    ports: z.object({ adk: z.int(), strands: z.int() }).parse(JSON.parse(value ?? "")),
    [Symbol.asyncDispose]: async () => {
      await child.stdin.close();
      await Promise.all([reader.cancel(), child.status]);
    },
  };
}

let failed = 0;

async function check(name: string, act: () => Promise<void>): Promise<void> {
  try {
    await act();
    console.log("ok    ", name);
  } catch (thrown) {
    failed++;
    console.log("FAILED", name, thrown instanceof Error ? thrown.message : thrown);
  }
}

const Sent = z.object({ task: Task });

async function post(url: string, body: unknown): Promise<unknown> {
  const headers = { "content-type": "application/json", "a2a-version": "1.0" };
  const response = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
  return await response.json();
}

async function ask({ url }: HectorServer, agent: string, text: string, more: object = {}): Promise<Task> {
  const message = { messageId: crypto.randomUUID(), role: "ROLE_USER", parts: [{ text }], ...more };
  return Sent.parse(await post(`${url}/v1/agents/${agent}/message:send`, { message })).task;
}

async function begin({ url }: HectorServer, agent: string, text: string): Promise<string> {
  const message = { messageId: crypto.randomUUID(), role: "ROLE_USER", parts: [{ text }] };
  const request = { message, configuration: { returnImmediately: true } };
  return Sent.parse(await post(`${url}/v1/agents/${agent}/message:send`, request)).task.id;
}

async function until(
  { url }: HectorServer,
  { agent, id }: { readonly agent: string; readonly id: string },
  holds: (task: Task) => boolean,
): Promise<Task> {
  for (;;) {
    const response = await fetch(`${url}/v1/agents/${agent}/tasks/${id}`, { headers: { "a2a-version": "1.0" } });
    const task = Task.parse(await response.json());
    if (holds(task)) return task;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const isOver = ({ status: { state } }: Task) => state !== "TASK_STATE_WORKING" && state !== "TASK_STATE_SUBMITTED";

function serve(sandbox: Sandbox): Promise<HectorServer> {
  return sandbox.serve(["a.yaml", "--grpc-port", "0"]);
}

async function checkAgent(agent: "adk" | "strands", server: HectorServer): Promise<void> {
  await check(`${agent}: answers, in one conversation`, async () => {
    const first = await ask(server, agent, "blue");
    assert.equal(first.status.state, "TASK_STATE_COMPLETED", JSON.stringify(first.status));
    assert.match(answerOf(first), /I have heard .*blue/);
    const second = await ask(server, agent, "red", { contextId: first.contextId });
    assert.match(answerOf(second), /I have heard .*blue.* then .*red/);
    assert.doesNotMatch(answerOf(await ask(server, agent, "green")), /blue/);
  });
  await check(`${agent}: streams its whole answer`, async () => {
    const task = await ask(server, agent, "long");
    assert.ok(answerOf(task).includes(LONG), answerOf(task));
    assert.equal(answerOf(task).split("word59").length, 2, "it is said twice");
  });
  await check(`${agent}: is canceled`, async () => {
    const id = await begin(server, agent, "long, but not to the end");
    await until(server, { agent, id }, ({ status: { state } }) => state === "TASK_STATE_WORKING");
    await post(`${server.url}/v1/agents/${agent}/tasks/${id}:cancel`, {});
    const { status } = await until(server, { agent, id }, isOver);
    assert.equal(status.state, "TASK_STATE_CANCELED");
  });
}

const mock = await startModel();
await using foreign = await startForeign(mock.url);
await inSandbox(async (sandbox) => {
  const { adk, strands } = foreign.ports;
  await sandbox.write(
    "a.yaml",
    `agents:
  adk: {type: a2a, url: "http://127.0.0.1:${adk}"}
  strands: {type: a2a, url: "http://127.0.0.1:${strands}"}
`,
  );
  let server = await serve(sandbox);
  await check("adk: uses its own tools", async () => {
    assert.match(answerOf(await ask(server, "adk", "What is the weather in Rome?")), /It rains in Rome\./);
  });
  for (const agent of ["adk", "strands"] as const) await checkAgent(agent, server);
  for (const agent of ["adk", "strands"] as const) {
    await check(`${agent}: its task goes on when hector is killed in the middle`, async () => {
      const before = mock.getRequests().length;
      const id = await begin(server, agent, "long and slow");
      await until(server, { agent, id }, (task) => /word5/.test(answerOf(task)));
      await server.stop("SIGKILL");
      server = await serve(sandbox);
      const task = await until(server, { agent, id }, isOver);
      assert.equal(task.status.state, "TASK_STATE_COMPLETED", JSON.stringify(task.status));
      assert.ok(answerOf(task).includes(LONG), answerOf(task));
      assert.equal(mock.getRequests().length - before, 1, "the model was asked again");
    });
  }
});
await mock.stop();
Deno.exit(failed === 0 ? 0 : 1);
