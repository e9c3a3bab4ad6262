import assert from "node:assert/strict";
import { type HectorServer } from "./hector_process.ts";
import { freePort } from "../lib/free_port.ts";
import { inSandbox } from "./sandbox.ts";
import { type Received, startReceiver, type WebhookReceiver } from "./webhook_receiver.ts";

const PIECES = Array.from({ length: 20 }, (_, at) => `piece ${String(at).padStart(2, "0")};`);

interface FileOptions {
  readonly delayMs?: number | string;
  readonly push?: string;
}

/** An agent that says its pieces, and a server that may tell receivers on loopback. */
function file({ delayMs = 0, push = "{ allow: [127.0.0.0/8] }" }: FileOptions = {}): string {
  return `
llms: { essayist: { provider: scripted, default: { text: "${
    PIECES.join("")
  }", chunk_chars: 9, delay_ms: ${delayMs} } } }
agents: { worker: { llm: essayist } }
server: { push: ${push} }
`;
}

const FOR_EVER_MS = 3_600_000;

async function post({ url }: HectorServer, path: string, body: unknown, headers: Record<string, string> = {}) {
  const response = await fetch(`${url}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
  return { status: response.status, answer: await response.json() };
}

const V1 = { "a2a-version": "1.0" };

async function rpc(server: HectorServer, method: string, params: unknown) {
  const { answer } = await post(server, "/agents/worker", { jsonrpc: "2.0", id: 1, method, params });
  return answer;
}

let messages = 0;

function sending(push: Record<string, unknown>, more: Record<string, unknown> = {}) {
  const message = { messageId: `m${++messages}`, role: "ROLE_USER", parts: [{ text: "go" }] };
  return { message, configuration: { taskPushNotificationConfig: push, ...more } };
}

function word({ body }: Received): string {
  if (body.task !== undefined) return "task";
  if (body.statusUpdate !== undefined) return body.statusUpdate.status.state.replace("TASK_STATE_", "").toLowerCase();
  return "artifact";
}

const isLast = (received: Received) => word(received) === "completed";
const seqOf = ({ key }: Received) => Number(key.split(":").at(-1));

/** The text that the artifact events tell, put together as a client would. */
function textOf(received: readonly Received[]): string {
  let text = "";
  for (const { body: { artifactUpdate } } of received) {
    if (artifactUpdate === undefined) continue;
    const piece = artifactUpdate.artifact.parts.map((part: { text: string }) => part.text).join("");
    text = artifactUpdate.append === true ? text + piece : piece;
  }
  return text;
}

async function withReceiver(receiver: WebhookReceiver, act: () => Promise<void>) {
  try {
    await act();
  } finally {
    await receiver.stop();
  }
}

Deno.test("a webhook that came with a message over 1.0 is told all of its task, once and in order", async () => {
  const receiver = startReceiver();
  await withReceiver(receiver, () =>
    inSandbox(async (sandbox) => {
      await sandbox.write("a.yaml", file());
      const server = await sandbox.serve(["a.yaml"]);
      const authentication = { scheme: "Bearer", credentials: "s3cret" };
      const sent = sending({ url: `${receiver.url}/v1`, token: "t0ken", authentication });
      const { answer } = await post(server, "/agents/worker/message:send", sent, V1);
      await receiver.until((received) => received.some(isLast));
      const { received } = receiver;
      assert.deepEqual([word(received[0]!), word(received[1]!), word(received.at(-1)!)], [
        "task",
        "working",
        "completed",
      ]);
      assert.equal(received[0]?.body.task.id, answer.task.id);
      assert.equal(textOf(received), PIECES.join(""));
      assert.equal(new Set(received.map(({ key }) => key)).size, received.length);
      for (const { headers } of received) {
        assert.equal(headers.get("content-type"), "application/a2a+json");
        assert.equal(headers.get("authorization"), "Bearer s3cret");
        assert.equal(headers.get("x-a2a-notification-token"), "t0ken");
      }
      const card = await fetch(`${server.url}/agents/worker/.well-known/agent-card.json`, { headers: V1 });
      assert.equal((await card.json()).capabilities.pushNotifications, true);
      assert.doesNotMatch(server.printed(), /s3cret|t0ken/);
    }));
});

Deno.test("a webhook that came with a message over 0.3 is told the whole task", async () => {
  const receiver = startReceiver();
  await withReceiver(receiver, () =>
    inSandbox(async (sandbox) => {
      await sandbox.write("a.yaml", file());
      const server = await sandbox.serve(["a.yaml"]);
      const { result: task } = await rpc(server, "message/send", {
        message: { kind: "message", messageId: "m", role: "user", parts: [{ kind: "text", text: "go" }] },
        configuration: { blocking: true, pushNotificationConfig: { url: receiver.url, token: "t0ken" } },
      });
      await receiver.until((received) => received.at(-1)?.body.status?.state === "completed");
      const states = receiver.received.map(({ body }) => `${body.kind} ${body.status.state}`);
      assert.deepEqual(states, ["task submitted", "task working", "task completed"]);
      const last = receiver.received.at(-1);
      assert.equal(last?.headers.get("content-type"), "application/json");
      assert.equal(last?.headers.get("x-a2a-notification-token"), "t0ken");
      assert.deepEqual(last?.body.artifacts, task.artifacts);
      const { result: config } = await rpc(server, "tasks/pushNotificationConfig/get", { id: task.id });
      assert.deepEqual(config, {
        taskId: task.id,
        pushNotificationConfig: { id: task.id, url: receiver.url },
      });
      const { result: all } = await rpc(server, "tasks/pushNotificationConfig/list", { id: task.id });
      assert.deepEqual(all, [config]);
      const removed = { id: task.id, pushNotificationConfigId: task.id };
      assert.equal((await rpc(server, "tasks/pushNotificationConfig/delete", removed)).result, null);
      assert.deepEqual((await rpc(server, "tasks/pushNotificationConfig/list", { id: task.id })).result, []);
    }));
});

Deno.test("configs are made, read, listed and deleted over both bindings of 1.0, without their credentials", async () => {
  await inSandbox(async (sandbox) => {
    await sandbox.write("a.yaml", file());
    const server = await sandbox.serve(["a.yaml"]);
    const { answer: { task } } = await post(server, "/agents/worker/message:send", {
      message: { messageId: "m", role: "ROLE_USER", parts: [{ text: "go" }] },
    }, V1);
    const configs = `/agents/worker/tasks/${task.id}/pushNotificationConfigs`;
    const url = "http://127.0.0.1:9/";
    const secret = { token: "t0ken", authentication: { scheme: "Bearer", credentials: "s3cret" } };
    const one = { taskId: task.id, id: "one", url, authentication: { scheme: "Bearer" } };
    const two = { ...one, id: "two" };
    const made = await post(server, configs, { id: "one", url, ...secret }, V1);
    assert.deepEqual([made.status, made.answer], [201, one]);
    const madeToo = await rpc(server, "CreateTaskPushNotificationConfig", { ...two, ...secret });
    assert.deepEqual(madeToo.result, two);
    const got = await fetch(`${server.url}${configs}/two`, { headers: V1 });
    assert.deepEqual(await got.json(), two);
    const read = await rpc(server, "GetTaskPushNotificationConfig", { taskId: task.id, id: "one" });
    assert.deepEqual(read.result, one);
    const listed = await fetch(`${server.url}${configs}`, { headers: V1 });
    assert.deepEqual(await listed.json(), { configs: [one, two], nextPageToken: "" });
    const deleted = await fetch(`${server.url}${configs}/two`, { method: "DELETE", headers: V1 });
    assert.equal(deleted.status, 204);
    assert.equal((await rpc(server, "DeleteTaskPushNotificationConfig", { taskId: task.id, id: "one" })).result, null);
    const none = await rpc(server, "GetTaskPushNotificationConfig", { taskId: task.id, id: "one" });
    assert.equal(none.error.code, -32001);
  });
});

Deno.test("a receiver that fails, limits and hangs up hears everything all the same, in order", async () => {
  const receiver = startReceiver((_received, count) => {
    if (count === 2) return new Response("busy", { status: 429, headers: { "retry-after": "0" } });
    if (count === 4) return new Response(null, { status: 500 });
    return new Response("ok");
  });
  await withReceiver(receiver, () =>
    inSandbox(async (sandbox) => {
      await sandbox.write("a.yaml", file());
      const server = await sandbox.serve(["a.yaml"]);
      await post(server, "/agents/worker/message:send", sending({ url: receiver.url }), V1);
      await receiver.until((received) => received.some(isLast));
      const taken = receiver.received.filter((_, at) => at !== 1 && at !== 3);
      assert.equal(textOf(taken), PIECES.join(""));
      const seqs = receiver.received.map(seqOf);
      assert.deepEqual(seqs, seqs.toSorted((a, b) => a - b));
      assert.equal(new Set(seqs).size, seqs.length - 2);
    }));
});

Deno.test("kill -9 in the middle of a delivery: the next process repeats that one and goes on", async () => {
  const hanging = Promise.withResolvers<Response>();
  let isBack = false;
  const receiver = startReceiver((received) => seqOf(received) >= 3 && !isBack ? hanging.promise : new Response());
  await withReceiver(receiver, () =>
    inSandbox(async (sandbox) => {
      const port = String(freePort());
      await sandbox.write("agents.yaml", file({ delayMs: '"${DELAY_MS}"' }));
      const server = await sandbox.serve(["agents.yaml", "--port", port], { env: { DELAY_MS: String(FOR_EVER_MS) } });
      const asked = sending({ url: receiver.url }, { returnImmediately: true });
      const { answer: { task } } = await post(server, "/agents/worker/message:send", asked, V1);
      await receiver.until((received) => received.length === 3);
      await server.stop("SIGKILL");
      isBack = true;
      await sandbox.serve(["agents.yaml", "--port", port], { env: { DELAY_MS: "0" } });
      await receiver.until((received) => received.some(isLast));
      hanging.resolve(new Response());
      const { received } = receiver;
      const [before, after] = [received.slice(0, 3), received.slice(3)];
      assert.equal(after[0]?.key, before[2]?.key);
      assert.deepEqual(after[0]?.body, before[2]?.body);
      const once = [...before.slice(0, 2), ...after];
      assert.deepEqual(once.map(seqOf), [...new Set(once.map(seqOf))].toSorted((a, b) => a - b));
      assert.ok(received.every(({ key }) => key.startsWith(`${task.id}:`)));
      assert.equal(textOf(once), PIECES.join(""));
    }));
});

Deno.test("SIGTERM lets a delivery end, and a restart repeats nothing", async () => {
  const slow = Promise.withResolvers<Response>();
  const receiver = startReceiver((_received, count) => count === 3 ? slow.promise : new Response());
  await withReceiver(receiver, () =>
    inSandbox(async (sandbox) => {
      const port = String(freePort());
      await sandbox.write("a.yaml", file());
      const server = await sandbox.serve(["a.yaml", "--port", port]);
      await post(server, "/agents/worker/message:send", sending({ url: receiver.url }), V1);
      await receiver.until((received) => received.length === 3);
      server.signal("SIGTERM");
      await server.until(/^stopping/m);
      slow.resolve(new Response());
      assert.equal((await server.ended).code, 0);
      assert.equal(receiver.received.length, 3);
      await sandbox.serve(["a.yaml", "--port", port]);
      await receiver.until((received) => received.some(isLast));
      const keys = receiver.received.map(({ key }) => key);
      assert.equal(new Set(keys).size, keys.length);
      assert.equal(textOf(receiver.received), PIECES.join(""));
    }));
});

Deno.test("under load every webhook hears its own task, once and in order", async () => {
  const receiver = startReceiver();
  await withReceiver(receiver, () =>
    inSandbox(async (sandbox) => {
      await sandbox.write("a.yaml", file());
      const server = await sandbox.serve(["a.yaml"]);
      const paths = Array.from({ length: 60 }, (_, at) => `/hook/${at}`);
      const tasks = await Promise.all(paths.map(async (path) => {
        const { answer } = await post(server, "/agents/worker/message:send", sending({ url: receiver.url + path }), V1);
        return answer.task.id;
      }));
      await receiver.until((received) => received.filter(isLast).length === paths.length);
      for (const [at, path] of paths.entries()) {
        const own = receiver.received.filter((received) => received.path === path);
        assert.deepEqual(own.map(seqOf), [...new Set(own.map(seqOf))].toSorted((a, b) => a - b));
        assert.equal(own[0]?.body.task.id, tasks[at]);
        assert.equal(textOf(own), PIECES.join(""));
      }
    }));
});

Deno.test("a webhook that was given up shows in its task, also after a restart", async () => {
  const receiver = startReceiver(() => new Response(null, { status: 410 }));
  await withReceiver(receiver, () =>
    inSandbox(async (sandbox) => {
      await sandbox.write("a.yaml", file());
      const server = await sandbox.serve(["a.yaml"]);
      const { answer } = await post(server, "/agents/worker/message:send", sending({ url: receiver.url, id: "w" }), V1);
      await server.until(/webhook given up/);
      const failed = async ({ url }: HectorServer) => {
        const response = await fetch(`${url}/agents/worker/tasks/${answer.task.id}`, { headers: V1 });
        const { metadata } = await response.json();
        return metadata?.["https://hector.dev/a2a/push/v1"]?.failed;
      };
      await server.stop("SIGTERM");
      const again = await sandbox.serve(["a.yaml"]);
      let shown: { id: string; reason: string }[] | undefined;
      while (shown === undefined) shown = await failed(again);
      assert.deepEqual(shown.map(({ id, reason }) => [id, reason]), [["w", "The receiver answered 410"]]);
      const { out } = await sandbox.run(["task", "get", answer.task.id, "--server", again.url]);
      assert.match(
        out,
        /^webhook +w given up at \S+Z: The receiver answered 410 \(attempts: 1, told up to event 0\)$/m,
      );
    }));
});

Deno.test("without an allowance nothing leads to loopback", async () => {
  const canary = startReceiver();
  await withReceiver(canary, () =>
    inSandbox(async (sandbox) => {
      await sandbox.write("a.yaml", file({ push: "{}" }));
      const server = await sandbox.serve(["a.yaml"]);
      const { port } = new URL(canary.url);
      for (const host of ["127.0.0.1", "localhost", "2130706433", "[::ffff:127.0.0.1]", "0x7f.1"]) {
        for (const scheme of ["http", "https"]) {
          const sent = sending({ url: `${scheme}://${host}:${port}/` });
          const { status, answer } = await post(server, "/agents/worker/message:send", sent, V1);
          assert.equal(status, 400, JSON.stringify(answer));
        }
      }
      assert.deepEqual(canary.received, []);
    }));
});

Deno.test("push: {enabled: false} is what the card says and what every operation answers", async () => {
  await inSandbox(async (sandbox) => {
    await sandbox.write("a.yaml", file({ push: "{ enabled: false }" }));
    const server = await sandbox.serve(["a.yaml"]);
    const card = await fetch(`${server.url}/agents/worker/.well-known/agent-card.json`);
    assert.equal((await card.json()).capabilities.pushNotifications, false);
    const sent = sending({ url: "https://hooks.example/" });
    const { status, answer } = await post(server, "/agents/worker/message:send", sent, V1);
    assert.equal(status, 400);
    assert.match(JSON.stringify(answer), /PUSH_NOTIFICATION_NOT_SUPPORTED/);
  });
});
