import assert from "node:assert/strict";
import { Connection, Silence } from "../../../src/tool/mcp/connection.ts";
import { QuestionDesk } from "../../../src/tool/mcp/question_desk.ts";
import { manualTimers } from "../../lib/manual_timers.ts";
import { fakeClient } from "./fake_client.ts";

const TOOL = { name: "act", inputSchema: { type: "object" } };
const isSilence = (thrown: unknown) =>
  thrown instanceof Silence && thrown.message === "The tool server said nothing within 30 seconds";
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** A connection whose server answers as the test says; `never` is no answer. */
function scene() {
  const never = () => Promise.withResolvers<never>().promise;
  const timers = manualTimers();
  const server: { list: () => Promise<unknown>; ping: () => Promise<unknown> } = {
    list: () => Promise.resolve({ tools: [TOOL] }),
    ping: () => Promise.resolve({}),
  };
  let onclose = () => {};
  const client = fakeClient({
    getServerCapabilities: () => ({ tools: {} }),
    listTools: () => server.list(),
    ping: () => server.ping(),
    callTool: never,
    close: () => Promise.resolve(),
    set onclose(act: () => void) {
      onclose = act;
    },
  });
  const connection = new Connection({ client, desk: new QuestionDesk(), timers, timeoutMs: 30_000 });
  const begin = () =>
    connection.begin({ tool: { ...TOOL, inputSchema: { type: "object" } }, input: {}, timeoutMs: 100_000 }, leave);
  const leave = new AbortController().signal;
  return { timers, server, never, connection, begin, end: () => onclose() };
}

Deno.test("Connection.tools() asks once in a while, and again after a failure", async () => {
  const { connection, server, timers } = scene();
  let count = 0;
  server.list = () => Promise.resolve({ tools: [{ ...TOOL, name: `n${++count}` }] });
  const names = async () => (await connection.tools()).map(({ name }) => name);
  assert.deepEqual([await names(), await names()], [["n1"], ["n1"]]);
  timers.advance(60_000);
  assert.deepEqual(await names(), ["n2"]);
  connection.forgetTools();
  assert.deepEqual(await names(), ["n3"]);
  connection.forgetTools();
  server.list = () => Promise.reject(new Error("no"));
  await assert.rejects(names(), /^Error: no$/);
  server.list = () => Promise.resolve({ tools: [] });
  assert.deepEqual(await names(), []);
});

Deno.test("Connection.tools() waits no longer than it may, and not for a server that is gone", async () => {
  const { connection, server, never, timers, end } = scene();
  server.list = never;
  const late = connection.tools();
  timers.advance(30_000);
  await assert.rejects(late, isSilence);
  const cut = connection.tools();
  end();
  await assert.rejects(cut, /^Error: The connection has ended$/);
});

Deno.test("Connection.tools() has those of before while the server does something else", async () => {
  const { connection, server, never, timers, begin } = scene();
  await connection.tools();
  const call = await begin();
  server.list = never;
  connection.forgetTools();
  const listing = connection.tools();
  timers.advance(30_000);
  assert.deepEqual((await listing).map(({ name }) => name), ["act"]);
  call.abort(new Error("enough"));
});

Deno.test("Connection.requireAnswer() takes any word for an answer, and silence for none", async () => {
  const { connection, server, never, timers } = scene();
  await connection.requireAnswer();
  server.ping = () => Promise.reject(new Error("Method not found"));
  await connection.requireAnswer();
  server.ping = never;
  const waiting = connection.requireAnswer();
  timers.advance(30_000);
  await assert.rejects(waiting, isSilence);
});

Deno.test("Connection.requireAnswer() rejects when the server ends meanwhile", async () => {
  const { connection, server, never, end } = scene();
  server.ping = never;
  const waiting = connection.requireAnswer();
  await turn();
  end();
  await assert.rejects(waiting, /The connection has ended/);
});
