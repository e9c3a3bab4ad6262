import assert from "node:assert/strict";
import { z } from "zod";
import { ListTasksResponse, Task } from "../../src/a2a/types.ts";
import { textOf } from "../../src/a2a/parts.ts";
import type { HectorServer } from "./hector_process.ts";
import { inSandbox } from "./sandbox.ts";

/* A parallel workflow on the real program, killed in the middle again and again. */

const NAMES = ["a", "b", "c", "d"];
const WORDS = (name: string) => Array.from({ length: 25 }, (_, at) => `${name}${at}`).join(" ");

const CONFIG = `
agents:
  all: {type: parallel, sub_agents: [${NAMES}], max_concurrency: 2}
${NAMES.map((name) => `  ${name}: {llm: ${name}}`).join("\n")}
llms:
${
  NAMES.map((name) =>
    `  ${name}: {provider: scripted, default: {text: "${WORDS(name)}", chunk_chars: 4, delay_ms: 30}}`
  ).join("\n")
}
`;

const Sent = z.object({ task: Task });
const HEADERS = { "content-type": "application/json", "a2a-version": "1.0" };

async function read<T>(url: string, schema: z.ZodType<T>): Promise<T> {
  return schema.parse(await (await fetch(url, { headers: HEADERS })).json());
}

async function until({ url }: HectorServer, id: string, holds: (task: Task) => boolean): Promise<Task> {
  for (;;) {
    const task = await read(`${url}/v1/agents/all/tasks/${id}`, Task);
    if (holds(task)) return task;
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
}

const said = ({ artifacts = [] }: Task) => artifacts.map(textOf).join(" ");

Deno.test("a parallel workflow that is killed in the middle three times ends right, and asks nobody twice", async () => {
  await inSandbox(async (sandbox) => {
    await sandbox.write("all.yaml", CONFIG);
    let server = await sandbox.serve(["all.yaml", "--grpc-port", "0"]);
    const message = { messageId: "m", role: "ROLE_USER", parts: [{ text: "go" }] };
    const body = JSON.stringify({ message, configuration: { returnImmediately: true } });
    const sent = await fetch(`${server.url}/v1/agents/all/message:send`, { method: "POST", headers: HEADERS, body });
    const { task: { id } } = Sent.parse(await sent.json());
    for (const mark of ["a3", "b9", "c4"]) {
      await until(server, id, (task) => said(task).includes(mark));
      await server.stop("SIGKILL");
      server = await sandbox.serve(["all.yaml", "--grpc-port", "0"]);
    }
    const task = await until(server, id, ({ status: { state } }) => state !== "TASK_STATE_WORKING");
    assert.equal(task.status.state, "TASK_STATE_COMPLETED", JSON.stringify(task.status));
    assert.deepEqual((task.artifacts ?? []).map(textOf).toSorted(), NAMES.map(WORDS));
    for (const name of NAMES) {
      const { tasks } = await read(`${server.url}/v1/agents/${name}/tasks`, ListTasksResponse);
      assert.equal(tasks.length, 1, name);
    }
  });
});
