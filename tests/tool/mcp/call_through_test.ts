import assert from "node:assert/strict";
import type { LogFields } from "../../../src/lib/log.ts";
import { PROCESS_TIMERS } from "../../../src/server/timers.ts";
import { inTempDir, toolContext } from "../run_tool.ts";
import { answered, callOf, openToolset, questionOf, startProgram, toolsOf } from "./tool_servers.ts";

/* What servers do that do not do as the reference servers. */

const COUNT = (folder: string) => `
  const { appendFileSync, readFileSync } = await import("node:fs");
  const count = (what) => { appendFileSync("${folder}/" + what, "x"); return readFileSync("${folder}/" + what, "utf8").length; };
`;
const counted = async (folder: string, what: string) => (await Deno.readTextFile(`${folder}/${what}`)).length;

Deno.test("a program that ends when it is asked something before the handshake is an older server", async () => {
  await inTempDir(async (folder) => {
    const options = await startProgram(folder, `if (method === "server/discover") process.exit(1);`);
    await using toolset = openToolset(options);
    assert.deepEqual(await callOf(toolset, "act"), { content: "acted" });
  });
});

Deno.test("a program that is silent before the handshake is an older server", async () => {
  await inTempDir(async (folder) => {
    const options = await startProgram(folder, `if (method === "server/discover") return;`);
    // A third of it passes in silence; in the rest a busy machine has to start the program.
    await using toolset = openToolset({ ...options, connect_timeout_seconds: 9 });
    assert.deepEqual(await callOf(toolset, "act"), { content: "acted" });
  });
});

Deno.test("a program that does not start is told of with its own last words", async () => {
  const told: LogFields[] = [];
  const log = { info: () => {}, warn: (_: string, fields: LogFields = {}) => void told.push(fields), error: () => {} };
  await using toolset = openToolset({ command: "sh", args: ["-c", "echo 'port is taken' >&2; exit 1"] }, { log });
  assert.deepEqual(await toolset.tools(new AbortController().signal), []);
  assert.match(String(told[0]?.reason), /The server's program says: port is taken/);
});

Deno.test("the tools of a program are read again when it says that they have changed", async () => {
  await inTempDir(async (folder) => {
    const options = await startProgram(
      folder,
      `if (method === "tools/call") {
        tools.push({ name: "another", inputSchema: { type: "object" } });
        send({ method: "notifications/tools/list_changed" });
      }`,
    );
    await using toolset = openToolset(options);
    assert.deepEqual([...(await toolsOf(toolset)).keys()], ["act"]);
    await callOf(toolset, "act");
    while ((await toolsOf(toolset)).size < 2) await new Promise<void>((resolve) => setImmediate(resolve));
    assert.deepEqual([...(await toolsOf(toolset)).keys()], ["act", "another"]);
  });
});

/** Dies in the middle of its first call, and does the second. */
const DYING = (folder: string) =>
  `${COUNT(folder)}
  if (method === "tools/call" && count("called") === 1) process.exit(9);
`;

Deno.test("a call in whose middle a server dies is not made again: what it had done is not known", async () => {
  await inTempDir(async (folder) => {
    await using toolset = openToolset(await startProgram(folder, DYING(folder)));
    await assert.rejects(
      callOf(toolset, "act"),
      /"remote" has ended in the middle of the call\. What it had done is not known/,
    );
    assert.equal(await counted(folder, "called"), 1);
    while ((await toolsOf(toolset)).size === 0) await new Promise<void>((resolve) => setImmediate(resolve));
    assert.deepEqual(await callOf(toolset, "act"), { content: "acted" });
  });
});

Deno.test("a call that may be repeated is made again when the server dies in its middle", async () => {
  await inTempDir(async (folder) => {
    const options = await startProgram(folder, DYING(folder));
    await using toolset = openToolset({ ...options, tools: { act: { replay: "safe" } } });
    assert.deepEqual(await callOf(toolset, "act"), { content: "acted" });
    assert.equal(await counted(folder, "called"), 2);
  });
});

Deno.test("a question whose server has died is not asked of another: the model is told", async () => {
  await inTempDir(async (folder) => {
    const ask = { message: "Sure?", requestedSchema: { type: "object", properties: {} } };
    const reaction = `${COUNT(folder)}
      if (method === "tools/call") { count("called"); return send({ id: "q", method: "elicitation/create", params: ${
      JSON.stringify(ask)
    } }); }
      if (id === "q") return process.exit(9);`;
    await using toolset = openToolset(await startProgram(folder, reaction));
    const asked = await questionOf(toolset, "act");
    await assert.rejects(callOf(toolset, "act", {}, answered(asked, "yes")), /has ended in the middle/);
    while ((await toolsOf(toolset)).size === 0) await new Promise<void>((resolve) => setImmediate(resolve));
    const late = await callOf(toolset, "act", {}, answered(asked, "yes"));
    assert.equal(late.isError, true);
    assert.match(late.content, /has not waited for the answer/);
    assert.equal(await counted(folder, "called"), 1);
  });
});

Deno.test("a form that cannot be shown is taken back, and the call goes on", async () => {
  await inTempDir(async (folder) => {
    const ask = { mode: "url", message: "Click", url: "javascript:alert(1)", elicitationId: "e" };
    const reaction = `
      if (method === "tools/call") return globalThis.call = id, send({ id: "q", method: "elicitation/create", params: ${
      JSON.stringify(ask)
    } });
      if (id === "q") return send({ id: globalThis.call, result: { content: [{ type: "text", text: JSON.stringify(message.result ?? message.error.code) }] } });`;
    await using toolset = openToolset(await startProgram(folder, reaction));
    const { content } = await callOf(toolset, "act");
    assert.match(content, /"action":"cancel"|-32602/);
  });
});

Deno.test("a call that is canceled is canceled at the server", async () => {
  await inTempDir(async (folder) => {
    const reaction = `${COUNT(folder)}
      if (method === "tools/call") return send({ method: "notifications/progress", params: { progressToken: params._meta.progressToken, progress: 1 } });
      if (method === "notifications/cancelled") count("cancelled");`;
    await using toolset = openToolset(await startProgram(folder, reaction));
    const leave = new AbortController();
    const say = () => Promise.resolve(leave.abort("enough"));
    await assert.rejects(callOf(toolset, "act", {}, { signal: leave.signal, say }), (thrown) => thrown === "enough");
    await toolset.close();
    assert.equal(await counted(folder, "cancelled"), 1);
  });
});

Deno.test("a server that has forgotten our session gets a new one, and the call that it had not begun", async () => {
  const sessions: string[] = [];
  let isForgetful = false;
  await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    if (request.method !== "POST") return new Response(null, { status: 405 });
    const { id, method } = await request.json();
    const session = request.headers.get("mcp-session-id");
    const reply = (result: object, headers = {}) => Response.json({ jsonrpc: "2.0", id, result }, { headers });
    if (method === "initialize") {
      sessions.push(`session-${sessions.length + 1}`);
      const capabilities = { tools: {} };
      const serverInfo = { name: "forgetful", version: "1" };
      return reply({ protocolVersion: "2025-11-25", capabilities, serverInfo }, { "mcp-session-id": sessions.at(-1) });
    }
    if (session === null) {
      return Response.json({ jsonrpc: "2.0", id, error: { code: -32601, message: "no" } }, { status: 400 });
    }
    if (session !== sessions.at(-1) || isForgetful) {
      isForgetful = false;
      return new Response("no such session", { status: 404 });
    }
    if (id === undefined) return new Response(null, { status: 202 });
    if (method === "tools/list") return reply({ tools: [{ name: "act", inputSchema: { type: "object" } }] });
    return reply({ content: [{ type: "text", text: session }] });
  });
  await using toolset = openToolset({ url: `http://127.0.0.1:${server.addr.port}/mcp` });
  assert.equal((await callOf(toolset, "act")).content, "session-1");
  const act = (await toolsOf(toolset)).get("act");
  assert.ok(act !== undefined);
  isForgetful = true;
  assert.equal((await callOf(toolset, "act")).content, "session-2");
});

/** Timers that are those of the process, or over at once while a test says so. */
function hurriedTimers() {
  const state = { isHurried: false };
  const timers = {
    ...PROCESS_TIMERS,
    after: (ms: number, act: () => void) => PROCESS_TIMERS.after(state.isHurried ? 0 : ms, act),
  };
  return { state, timers };
}

/** What is not done within this is late; what is done at once is not, however busy the machine. */
const CALL_SECONDS = 2;

Deno.test("a server that hangs in a call is told of, left, and started anew for the next one", async () => {
  await inTempDir(async (folder) => {
    const reaction = `${COUNT(folder)}
      if (method === "tools/call" && count("called") === 1) {
        send({ method: "notifications/progress", params: { progressToken: params._meta.progressToken, progress: 1 } });
        return setImmediate(() => process.kill(process.pid, "SIGSTOP"));
      }`;
    const { state, timers } = hurriedTimers();
    const reasons: unknown[] = [];
    const warn = (_: string, { reason }: LogFields = {}) => {
      reasons.push(reason);
      state.isHurried = false;
    };
    const log = { info: () => {}, warn, error: () => {} };
    const options = { ...await startProgram(folder, reaction), timeout_seconds: CALL_SECONDS };
    await using toolset = openToolset(options, { timers, log });
    const act = (await toolsOf(toolset)).get("act");
    // From the first word of the call on the ping needs not be waited for.
    const say = () => Promise.resolve(void (state.isHurried = true));
    await assert.rejects(
      Promise.resolve(act?.run({}, toolContext({ say }))),
      /^CallTimeout: No answer of the tool server within 2 seconds$/,
    );
    while (reasons.length === 0) await new Promise<void>((resolve) => setImmediate(resolve));
    assert.match(String(reasons[0]), /^The tool server said nothing within 30 seconds$/);
    while ((await toolsOf(toolset)).size === 0) await new Promise<void>((resolve) => setImmediate(resolve));
    assert.deepEqual(await callOf(toolset, "act"), { content: "acted" });
  });
});

Deno.test("a slow call that is over is no reason to leave a server that still answers", async () => {
  await inTempDir(async (folder) => {
    const reaction = `${COUNT(folder)}
      if (method === "initialize") count("started");
      if (method === "ping") count("pinged");
      if (method === "tools/call" && count("called") === 1) return;`;
    const options = { ...await startProgram(folder, reaction), timeout_seconds: CALL_SECONDS };
    await using toolset = openToolset(options);
    await assert.rejects(callOf(toolset, "act"), /No answer of the tool server within 2 seconds/);
    assert.deepEqual(await callOf(toolset, "act"), { content: "acted" });
    assert.equal(await counted(folder, "pinged"), 1);
    assert.equal(await counted(folder, "started"), 1);
  });
});

Deno.test("a turn that is canceled does not wait for a list that does not come", async () => {
  await inTempDir(async (folder) => {
    const reaction = `${COUNT(folder)}
      if (method === "tools/list" && count("listed") > 1) return;`;
    let laterMs = 0;
    const timers = { ...PROCESS_TIMERS, now: () => PROCESS_TIMERS.now() + laterMs };
    await using toolset = openToolset(await startProgram(folder, reaction), { timers });
    assert.equal((await toolsOf(toolset)).size, 1);
    laterMs = 3_600_000;
    const leave = new AbortController();
    const listing = toolset.tools(leave.signal);
    while (await counted(folder, "listed") < 2) await new Promise<void>((resolve) => setImmediate(resolve));
    leave.abort(new Error("canceled"));
    await assert.rejects(listing, /^Error: canceled$/);
  });
});

Deno.test("a token that does not come is no reason to wait for it for ever", async () => {
  const asked: string[] = [];
  const over = Promise.withResolvers<void>();
  await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    asked.push(new URL(request.url).pathname);
    await over.promise;
    return new Response(null, { status: 503 });
  });
  const base = `http://127.0.0.1:${server.addr.port}`;
  const oauth = { client_id: "me", client_secret: "s", token_url: `${base}/token` };
  await using toolset = openToolset({ url: `${base}/mcp`, oauth, connect_timeout_seconds: 0.2 });
  while (asked.length < 2) {
    assert.deepEqual(await toolset.tools(new AbortController().signal), []);
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
  over.resolve();
  assert.deepEqual(new Set(asked), new Set(["/token"]));
});

const TOO_LONG = /The server sends a message of more than 1000000 bytes \(max_output_bytes\)$/;

/** [what a server does in a call, what the model reads, what the log says] */
const ENDS: [reaction: string, read: RegExp, logged: RegExp][] = [
  [`console.error("out of memory"); process.exit(7);`, /has ended in the middle of the call/, /out of memory$/],
  [`return reply({ content: [{ type: "text", text: "x".repeat(2_000_000) }] });`, TOO_LONG, TOO_LONG],
];
for (const [reaction, read, logged] of ENDS) {
  Deno.test(`a server that ends in a call is told of with the reason: ${logged.source}`, () =>
    inTempDir(async (folder) => {
      const options = await startProgram(folder, `if (method === "tools/call") { ${reaction} }`);
      const reasons: unknown[] = [];
      const log = {
        info: () => {},
        warn: (_: string, { reason }: LogFields = {}) => void reasons.push(reason),
        error: () => {},
      };
      await using toolset = openToolset({ ...options, max_output_bytes: 1_000_000 }, { log });
      await assert.rejects(callOf(toolset, "act"), read);
      assert.match(String(reasons), logged);
    }));
}
