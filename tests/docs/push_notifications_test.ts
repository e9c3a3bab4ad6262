import assert from "node:assert/strict";
import { PUSH_METADATA, pushFailuresOf } from "../../src/a2a/push_failures.ts";
import { METHODS } from "../../src/a2a/methods.ts";
import { inSandbox } from "../e2e/sandbox.ts";

/* docs/push-notifications.md: what it says, on the real program. */

const page = await Deno.readTextFile(new URL("../../docs/push-notifications.md", import.meta.url));
const block = (kind: string) => new RegExp("```" + kind + "\\n([\\s\\S]*?)```").exec(page)?.[1] ?? assert.fail(kind);

/** A receiver that answers as it is told, and keeps what it was sent until as much has come as is waited for. */
function receiver() {
  const heard: { readonly headers: Headers; readonly body: string }[] = [];
  const state = { status: 500, wake: () => {} };
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, async (request) => {
    heard.push({ headers: request.headers, body: await request.text() });
    state.wake();
    return new Response(null, { status: state.status });
  });
  const until = async (found: () => boolean) => {
    while (!found()) await new Promise<void>((resolve) => state.wake = resolve);
  };
  return { heard, state, until, url: `http://127.0.0.1:${server.addr.port}/`, stop: () => server.shutdown() };
}

Deno.test("docs/push-notifications.md: its webhook hears its task with what it asks for, is given up and taken up again", async () => {
  const { heard, state, until, url, stop } = receiver();
  try {
    await inSandbox(async ({ write, serve, paste, run }) => {
      const yaml = block("yaml").replace("allow: [", "max_attempts: 1\n    allow: [127.0.0.1, ");
      const server = await serve([await write("agents.yaml", yaml), "--demo"]);
      const curl = block("sh").replace("http://localhost:8080", server.url).replace(
        "https://hooks.example.com/a2a",
        url,
      );
      const { task: { id } } = JSON.parse((await paste(curl)).out);
      await server.until(/webhook given up/);
      const [first] = heard;
      assert.equal(first?.headers.get("authorization"), "Bearer what-proves-it-is-us");
      assert.equal(first?.headers.get("x-a2a-notification-token"), "which-of-my-tasks");
      assert.equal(first?.headers.get("idempotency-key"), `${id}:1`);
      assert.equal(first?.headers.get("content-type"), "application/a2a+json");

      const at = `${server.url}/agents/assistant/tasks/${id}`;
      const headers = { "a2a-version": "1.0", "content-type": "application/json" };
      const configs = await (await fetch(`${at}/pushNotificationConfigs`, { headers })).text();
      assert.doesNotMatch(configs, /which-of-my-tasks|what-proves/);
      const task = ["task", "get", id, "--server", server.url];
      assert.match((await run(task)).out, /^webhook .* given up .*: The receiver answered 500/m);
      const failures = pushFailuresOf(await (await fetch(at, { headers })).json());
      assert.deepEqual(failures.map(({ toldSeq, attempts }) => [toldSeq, attempts]), [[0, 1]]);

      state.status = 204;
      const anew = { id: failures[0]?.id, url };
      await fetch(`${at}/pushNotificationConfigs`, { method: "POST", headers, body: JSON.stringify(anew) });
      await until(() => heard.some(({ body }) => body.includes("TASK_STATE_COMPLETED")));
      assert.equal(heard[1]?.headers.get("idempotency-key"), `${id}:1`);
      const after = await fetch(`${at}/pushNotificationConfigs`, { headers });
      assert.equal((await after.json()).configs.length, 1);
    });
  } finally {
    await stop();
  }
});

Deno.test("docs/push-notifications.md shows a failure as tasks tell it, and methods that exist", () => {
  const metadata = JSON.parse(block("json"));
  assert.deepEqual(Object.keys(metadata), [PUSH_METADATA]);
  const shown = pushFailuresOf({ id: "t", status: { state: "TASK_STATE_COMPLETED" }, metadata });
  assert.deepEqual(shown, metadata[PUSH_METADATA].failed);
  const methods = [...page.matchAll(/`([A-Z]\w+Configs?|tasks\/\w+\/\w+)`/g)].map(([, name = ""]) => name);
  assert.equal(methods.length, 8);
  for (const method of methods) assert.ok(METHODS.has(method), method);
});
