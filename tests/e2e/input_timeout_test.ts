import assert from "node:assert/strict";
import { type HectorServer } from "./hector_process.ts";
import { freePort } from "../lib/free_port.ts";
import { inSandbox } from "./sandbox.ts";
import { startReceiver, type WebhookReceiver } from "./webhook_receiver.ts";

const AGENTS = `
llms:
  writer:
    provider: scripted
    rules: [{ match: { tool_result: write_file }, reply: { text: "Then not." } }]
    default: { calls: [{ name: write_file, arguments: { path: out.txt, content: x } }] }
agents:
  fails: { llm: writer, tools: [write_file], task: { input_timeout: 4 } }
  denies: { llm: writer, tools: [write_file], task: { input_timeout: 4.5, on_input_timeout: deny } }
server: { push: { allow: [127.0.0.0/8] } }
`;

async function ask({ url }: HectorServer, agent: string, receiver: WebhookReceiver): Promise<void> {
  const message = { messageId: crypto.randomUUID(), role: "ROLE_USER", parts: [{ text: "write" }] };
  const taskPushNotificationConfig = { url: `${receiver.url}/${agent}` };
  const response = await fetch(`${url}/agents/${agent}/message:send`, {
    method: "POST",
    headers: { "content-type": "application/json", "a2a-version": "1.0" },
    body: JSON.stringify({ message, configuration: { taskPushNotificationConfig } }),
  });
  const { task } = await response.json();
  assert.equal(task.status.state, "TASK_STATE_INPUT_REQUIRED");
}

/** What the receiver was told about the states of an agent's task, in order. */
function states({ received }: WebhookReceiver, agent: string): string[] {
  return received.flatMap(({ path, body }) => {
    const state = body.statusUpdate?.status.state;
    return path === `/${agent}` && state !== undefined ? [state] : [];
  });
}

Deno.test("waits end after a kill -9 by themselves, each as its agent says, and nobody has to ask", async () => {
  const receiver = startReceiver();
  try {
    await inSandbox(async (sandbox) => {
      const { folder } = sandbox;
      const port = String(freePort());
      await sandbox.write("agents.yaml", AGENTS);
      const first = await sandbox.serve(["agents.yaml", "--port", port]);
      await Promise.all(["fails", "denies"].map((agent) => ask(first, agent, receiver)));
      await first.stop("SIGKILL");
      assert.ok(!states(receiver, "fails").includes("TASK_STATE_FAILED"), "the first process ended it already");

      await sandbox.serve(["agents.yaml", "--port", port]);
      await receiver.until(() => states(receiver, "fails").at(-1) === "TASK_STATE_FAILED");
      await receiver.until(() => states(receiver, "denies").at(-1) === "TASK_STATE_COMPLETED");
      await assert.rejects(Deno.stat(`${folder}/out.txt`), Deno.errors.NotFound);
    });
  } finally {
    await receiver.stop();
  }
});
