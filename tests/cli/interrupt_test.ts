import assert from "node:assert/strict";
import { SCRIPTED_AGENTS } from "./scripted_agents.ts";
import { withServer } from "./served.ts";
import { inFolder, typed } from "./typed.ts";

/** The states of the tasks that a server knows. */
async function statesAt(url: string): Promise<string[]> {
  const response = await fetch(`${url}/agents/first/tasks`, { headers: { "a2a-version": "1.0" } });
  const { tasks } = await response.json();
  return tasks.map(({ status }: { status: { state: string } }) => status.state);
}

/** Types `argv`, and Ctrl-C `times` times as soon as the answer has begun. */
async function interrupted(argv: readonly string[], cwd: string, times = 1) {
  let interrupt = () => {};
  let pressed = false;
  return await typed(argv, {
    cwd,
    onListening: (handler) => interrupt = handler,
    onPrint: (text) => {
      if (pressed || !text.startsWith("I begin")) return;
      pressed = true;
      for (let time = 0; time < times; time++) interrupt();
    },
  });
}

Deno.test("Ctrl-C during an answer cancels its task on the server, and ends with 130", async () => {
  await withServer(SCRIPTED_AGENTS, async (url) => {
    const { code, out, err } = await interrupted(["call", "for ever", "--server", url], "/nowhere");
    assert.equal(code, 130);
    assert.equal(out, "I begin\n");
    assert.match(err, /cancelling; press Ctrl-C again to leave without waiting/);
    assert.deepEqual(await statesAt(url), ["TASK_STATE_CANCELED"]);
  });
});

Deno.test("Ctrl-C during an answer cancels its task in this process, and ends with 130", async () => {
  await inFolder({ "agents.yaml": SCRIPTED_AGENTS }, async (cwd) => {
    const { code, out } = await interrupted(["call", "for ever", "--config", "agents.yaml"], cwd);
    assert.deepEqual([code, out], [130, "I begin\n"]);
  });
});

Deno.test("Ctrl-C twice leaves at once with 130, whatever the server does", async () => {
  const gone = Promise.withResolvers<Response>();
  const server = Deno.serve({ port: 0, onListen: () => {} }, (request) => {
    const { pathname, origin } = new URL(request.url);
    if (pathname.endsWith(".json")) {
      return Response.json({
        name: "slow",
        description: "",
        version: "1",
        capabilities: { streaming: true },
        supportedInterfaces: [{ url: `${origin}/rpc`, protocolBinding: "JSONRPC", protocolVersion: "1.0" }],
        defaultInputModes: ["text/plain"],
        defaultOutputModes: ["text/plain"],
        skills: [],
      });
    }
    if (request.headers.get("accept")?.includes("event-stream") !== true) return gone.promise;
    const task = { id: "t", contextId: "c", status: { state: "TASK_STATE_WORKING" } };
    const artifact = { artifactId: "a", parts: [{ text: "I begin" }] };
    const events = [{ task }, { artifactUpdate: { taskId: "t", contextId: "c", artifact } }];
    const text = events.map((result) => `data: ${JSON.stringify({ jsonrpc: "2.0", id: 1, result })}\n\n`).join("");
    const body = new ReadableStream({ start: (controller) => controller.enqueue(new TextEncoder().encode(text)) });
    return new Response(body, { headers: { "content-type": "text/event-stream" } });
  });
  try {
    const url = `http://localhost:${server.addr.port}`;
    const { code, out } = await interrupted(["call", "for ever", "--server", url], "/nowhere", 2);
    assert.deepEqual([code, out], [130, "I begin\n"]);
  } finally {
    gone.resolve(new Response());
    await server.shutdown();
  }
});
