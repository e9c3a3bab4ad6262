import assert from "node:assert/strict";
import type { HectorServer } from "./hector_process.ts";
import { inSandbox } from "./sandbox.ts";

const AGENTS = `
llms: { echo: { provider: scripted, default: { text: seen } } }
agents: { painter: { llm: echo, input_modes: [image/*] }, reader: { llm: echo } }
`;

/** Sends a PDF; gives the state of its task, or the reason why there is none. */
async function sendPdf({ url }: HectorServer, agent: string): Promise<string> {
  const parts = [{ url: "https://files.example/a.pdf", mediaType: "application/pdf" }];
  const response = await fetch(`${url}/agents/${agent}/message:send`, {
    method: "POST",
    headers: { "content-type": "application/json", "a2a-version": "1.0" },
    body: JSON.stringify({ message: { messageId: crypto.randomUUID(), role: "ROLE_USER", parts } }),
  });
  const { task, error } = await response.json();
  return task?.status.state ?? error.details[0].reason;
}

Deno.test("an agent with input_modes takes those alone, and one without takes what comes", async () => {
  await inSandbox(async (sandbox) => {
    const server = await sandbox.serve([await sandbox.write("agents.yaml", AGENTS)]);
    assert.equal(await sendPdf(server, "painter"), "CONTENT_TYPE_NOT_SUPPORTED");
    assert.equal(await sendPdf(server, "reader"), "TASK_STATE_COMPLETED");
    for (const [agent, modes] of [["painter", ["image/*"]], ["reader", ["text/plain"]]] as const) {
      const card = await (await fetch(`${server.url}/agents/${agent}/.well-known/agent-card.json`)).json();
      assert.deepEqual(card.defaultInputModes, modes);
    }
  });
});
