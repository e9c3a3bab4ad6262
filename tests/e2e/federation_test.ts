import assert from "node:assert/strict";
import { AgentCard } from "../../src/a2a/card/card_types.ts";
import { answerOf } from "../../src/a2a/parts.ts";
import { ListTasksResponse, Task } from "../../src/a2a/types.ts";
import { z } from "zod";
import type { HectorServer } from "./hector_process.ts";
import { inSandbox, type Sandbox } from "./sandbox.ts";

/* Two servers, as the first description has them: the coordinator of one calls the specialist of the other. */

const WORDS = Array.from({ length: 40 }, (_, at) => `word${at}`).join(" ");

const SERVER_B = `
agents:
  specialist:
    type: native
    llm: specialist
llms:
  specialist:
    provider: scripted
    rules:
      - {match: {text: long}, reply: {text: "${WORDS}", chunk_chars: 6, delay_ms: 60}}
    default: {text: "heard {{message}}"}
`;

function serverA(remotes: Readonly<Record<string, string>>): string {
  const agents = Object.entries(remotes).map(([id, keys]) => `  ${id}: {type: a2a, ${keys}}`).join("\n");
  return `
agents:
  coordinator:
    type: native
    llm: coordinator
    tools: [agent_call]
${agents}
llms:
  coordinator:
    provider: scripted
    rules:
      - {match: {tool_result: true}, reply: {text: "done"}}
      - match: {text: "/^(\\\\S+): (.*)$/"}
        reply: {calls: [{name: agent_call, arguments: {agent: "{{match.1}}", task: "{{match.2}}"}}]}
    default: {text: "Whom?"}
`;
}

const Sent = z.object({ task: Task });

async function post(url: string, body: unknown): Promise<unknown> {
  const headers = { "content-type": "application/json", "a2a-version": "1.0" };
  const response = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
  const text = await response.text();
  assert.equal(response.status, 200, text);
  return JSON.parse(text);
}

async function ask({ url }: HectorServer, text: string, returnImmediately = false): Promise<Task> {
  const message = { messageId: crypto.randomUUID(), role: "ROLE_USER", parts: [{ text }] };
  const sent = await post(`${url}/v1/agents/coordinator/message:send`, {
    message,
    configuration: { returnImmediately },
  });
  return Sent.parse(sent).task;
}

async function read<T>(url: string, schema: z.ZodType<T>): Promise<T> {
  const response = await fetch(url, { headers: { "a2a-version": "1.0" } });
  return schema.parse(await response.json());
}

async function until(server: HectorServer, id: string, holds: (task: Task) => boolean): Promise<Task> {
  for (;;) {
    const task = await read(`${server.url}/v1/agents/coordinator/tasks/${id}`, Task);
    if (holds(task)) return task;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** What the specialist has said so far, as the coordinator's peers see it. */
function heard({ artifacts = [] }: Task): string {
  const [call] = artifacts.filter(({ name }) => name === "agent_call");
  return call === undefined
    ? ""
    : answerOf({ id: "", status: { state: "TASK_STATE_WORKING" }, artifacts: [{ ...call, metadata: {} }] });
}

function outcomeOf(task: Task): string {
  return JSON.stringify(task.history);
}

interface Both {
  readonly sandbox: Sandbox;
  readonly a: HectorServer;
  readonly b: HectorServer;
}

/** Each server has a store of its own, which outlives it. */
function serve(sandbox: Sandbox, name: "a" | "b", flags: readonly string[] = []): Promise<HectorServer> {
  const env = { XDG_DATA_HOME: `${sandbox.folder}/${name}-data` };
  return sandbox.serve([`${name}.yaml`, "--grpc-port", "0", ...flags], { env });
}

async function withBoth(
  remotes: (b: HectorServer, sandbox: Sandbox) => Promise<Record<string, string>>,
  act: (both: Both) => Promise<void>,
) {
  await inSandbox(async (sandbox) => {
    await sandbox.write("b.yaml", SERVER_B);
    const b = await serve(sandbox, "b");
    await sandbox.write("a.yaml", serverA(await remotes(b, sandbox)));
    await act({ sandbox, b, a: await serve(sandbox, "a") });
  });
}

const byUrl = (b: HectorServer) => Promise.resolve({ specialist: `url: "${b.url}/v1"` });

async function tasksOf({ url }: HectorServer): Promise<number> {
  return (await read(`${url}/v1/agents/specialist/tasks`, ListTasksResponse)).tasks.length;
}

Deno.test("the coordinator calls the specialist of another server, over every interface of its card", async () => {
  const names: string[] = [];
  await withBoth(async (b, sandbox) => {
    const card = await read(`${b.url}/agents/specialist/.well-known/agent-card.json`, AgentCard);
    const remotes: Record<string, string> = await byUrl(b);
    for (const [at, offered] of card.supportedInterfaces.entries()) {
      const name = `via_${offered.protocolBinding.replaceAll(/\W/g, "")}_${
        offered.protocolVersion.replaceAll(".", "_")
      }`;
      const file = await sandbox.write(`card-${at}.json`, JSON.stringify({ ...card, supportedInterfaces: [offered] }));
      remotes[name] = `agent_card_file: "${file}"`;
      names.push(name);
    }
    return remotes;
  }, async ({ a }) => {
    assert.ok(names.length >= 6, names.join(", "));
    for (const name of ["specialist", ...names]) {
      const task = await ask(a, `${name}: hello`);
      assert.equal(task.status.state, "TASK_STATE_COMPLETED", name);
      assert.match(outcomeOf(task), /heard hello/, name);
    }
  });
});

Deno.test("a call goes on with its task when the calling server is killed in the middle", async () => {
  await withBoth(byUrl, async ({ sandbox, a, b }) => {
    const { id } = await ask(a, "specialist: long", true);
    await until(a, id, (task) => heard(task).includes("word5"));
    await a.stop("SIGKILL");
    const again = await serve(sandbox, "a");
    const task = await until(again, id, ({ status }) => status.state === "TASK_STATE_COMPLETED");
    assert.ok(outcomeOf(task).includes(WORDS));
    assert.equal(await tasksOf(b), 1);
  });
});

Deno.test("a call goes on with its task when the called server is killed in the middle", async () => {
  await withBoth(byUrl, async ({ sandbox, a, b }) => {
    const { id } = await ask(a, "specialist: long", true);
    await until(a, id, (task) => heard(task).includes("word5"));
    await b.stop("SIGKILL");
    const again = await serve(sandbox, "b", ["--port", String(b.port)]);
    const task = await until(a, id, ({ status }) => status.state === "TASK_STATE_COMPLETED");
    assert.ok(outcomeOf(task).includes(WORDS));
    assert.equal(await tasksOf(again), 1);
  });
});
