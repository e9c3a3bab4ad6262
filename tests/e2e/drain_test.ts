import assert from "node:assert/strict";
import { answerOf } from "../../src/a2a/parts.ts";
import { sendThrough, streamThrough } from "../chaos/stream_client.ts";
import { type HectorServer } from "./hector_process.ts";
import { freePort } from "../lib/free_port.ts";
import { inSandbox } from "./sandbox.ts";
import { startReceiver } from "./webhook_receiver.ts";

const ESSAY = Array.from({ length: 40 }, (_, line) => `Sentence ${line + 1} on {{message}}.`).join(" ");

/** An agent that says the first piece of its essay and then goes on after `delayMs`. */
const agents = (delayMs: number | string) => `
llms: { essayist: { provider: scripted, default: { text: "${ESSAY}", chunk_chars: 50, delay_ms: ${delayMs} } } }
agents: { worker: { llm: essayist } }
`;
const FOR_EVER_MS = 3_600_000;

const essayOn = (topic: string) => ESSAY.replaceAll("{{message}}", topic);
const message = (topic: string) => ({ messageId: topic, role: "ROLE_USER", parts: [{ text: topic }] });

/** Resolves when as many tasks have said something. */
async function begun({ url }: HectorServer, count: number): Promise<void> {
  for (let heard = 0; heard < count;) {
    const response = await fetch(`${url}/agents/worker/tasks?includeArtifacts=true`, {
      headers: { "a2a-version": "1.0" },
    });
    const { tasks } = await response.json();
    heard = tasks.filter(({ artifacts }: { artifacts?: unknown[] }) => (artifacts?.length ?? 0) > 0).length;
  }
}

Deno.test("SIGTERM ends streams so that they can be resumed; tasks go on at the next start, word for word", async () => {
  await inSandbox(async (sandbox) => {
    const port = String(freePort());
    // A task goes on under the configuration that it began with; its variables are those of the new start.
    await sandbox.write("essay.yaml", agents('"${DELAY_MS}"'));
    const server = await sandbox.serve(["essay.yaml", "--port", port], { env: { DELAY_MS: String(FOR_EVER_MS) } });
    const again = Promise.withResolvers<void>();
    const client = { url: server.url, pause: () => again.promise };
    const topics = ["owls", "tides", "glass"];
    const streams = topics.map((topic) => streamThrough(client, message(topic)));
    const sends = topics.map((topic) => sendThrough(client, message(`${topic} in short`)));
    await begun(server, 6);
    assert.equal(await server.stop("SIGTERM"), 0);
    assert.match(
      server.printed(),
      /^stopping: open tasks go on at the next start; what is under way may end within 30 s/m,
    );
    await sandbox.serve(["essay.yaml", "--port", port], { env: { DELAY_MS: "0" } });
    again.resolve();
    for (const [at, { task, seqs, connections }] of (await Promise.all(streams)).entries()) {
      assert.equal(task?.status.state, "TASK_STATE_COMPLETED");
      assert.equal(task && answerOf(task), essayOn(topics[at] ?? ""));
      assert.equal(connections, 2);
      assert.deepEqual(seqs, [...new Set(seqs)].toSorted((a, b) => a - b));
    }
    for (const [at, task] of (await Promise.all(sends)).entries()) {
      assert.equal(answerOf(task), essayOn(`${topics[at]} in short`));
    }
  });
});

/** A webhook that is being told keeps the server from its end, as long as the receiver thinks about it. */
const WATCHED = `
llms: { echo: { provider: scripted, default: { text: "{{message}}" } } }
agents: { worker: { llm: echo } }
server: { push: { allow: [127.0.0.1] } }
`;

Deno.test("a server that stops says so to probes, takes nothing new, still tells what it knows, and hurries when asked again", async () => {
  await inSandbox(async (sandbox) => {
    const never = Promise.withResolvers<Response>();
    const receiver = startReceiver(() => never.promise);
    try {
      await sandbox.write("agents.yaml", WATCHED);
      const server = await sandbox.serve(["agents.yaml"]);
      const ask = async (path: string, body?: unknown) => {
        const init = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
        const headers = { "a2a-version": "1.0", "content-type": "application/json" };
        const response = await fetch(server.url + path, { headers, ...init });
        return {
          status: response.status,
          retryAfter: response.headers.get("retry-after"),
          body: await response.json(),
        };
      };
      assert.equal((await ask("/ready")).status, 200);
      const configuration = { taskPushNotificationConfig: { url: receiver.url } };
      const { body: { task } } = await ask("/agents/worker/message:send", { message: message("owls"), configuration });
      await receiver.until((received) => received.length > 0);
      server.signal("SIGTERM");
      await server.until(/^stopping/m);
      const { status, body: unready } = await ask("/ready");
      assert.deepEqual([status, unready.status, unready.reason], [503, "not ready", "stopping"]);
      assert.equal((await ask("/health")).status, 200);
      const refused = await ask("/agents/worker/message:send", { message: message("tides") });
      assert.deepEqual([refused.status, refused.body.error.details[0].reason], [503, "UNAVAILABLE"]);
      assert.match(refused.retryAfter ?? "", /^\d+$/);
      assert.equal((await ask(`/agents/worker/tasks/${task.id}`)).body.status.state, "TASK_STATE_COMPLETED");
      assert.equal(await server.stop("SIGTERM"), 0);
    } finally {
      never.resolve(new Response());
      await receiver.stop();
    }
  });
});

Deno.test("a client that never ends its request does not keep a server from stopping", async () => {
  await inSandbox(async (sandbox) => {
    const server = await sandbox.serve(["--demo"]);
    const connection = await Deno.connect({ hostname: "127.0.0.1", port: server.port });
    try {
      const head =
        "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{";
      await connection.write(new TextEncoder().encode(head));
      // Answered behind the other: the server has seen both.
      assert.equal((await fetch(`${server.url}/health`).then((response) => response.json())).status, "ok");
      server.signal("SIGTERM");
      await server.until(/^stopping/m);
      assert.equal(await server.stop("SIGTERM"), 0);
    } finally {
      connection.close();
    }
  });
});

Deno.test("hector call and chat live through a restart of their server", async () => {
  await inSandbox(async (sandbox) => {
    const port = String(freePort());
    // A task goes on under the configuration that it began with; its variables are those of the new start.
    await sandbox.write("essay.yaml", agents('"${DELAY_MS}"'));
    const server = await sandbox.serve(["essay.yaml", "--port", port], { env: { DELAY_MS: String(FOR_EVER_MS) } });
    const call = sandbox.spawn(["call", "owls", "--server", server.url]);
    const chat = sandbox.spawn(["chat", "--server", server.url], { stdin: "tides\n" });
    await Promise.all([call.until(/Sentence 1 on owls/), chat.until(/Sentence 1 on tides/)]);
    await server.stop("SIGKILL");
    await sandbox.serve(["essay.yaml", "--port", port], { env: { DELAY_MS: "0" } });
    const [called, chatted] = await Promise.all([call.ended, chat.ended]);
    assert.deepEqual([called.code, called.out], [0, `${essayOn("owls")}\n`], called.err);
    assert.deepEqual([chatted.code, chatted.out], [0, `${essayOn("tides")}\n`], chatted.err);
  });
});
