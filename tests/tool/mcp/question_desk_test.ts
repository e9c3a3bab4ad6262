import assert from "node:assert/strict";
import { PROCESS_TIMERS } from "../../../src/server/timers.ts";
import type { Step } from "../../../src/tool/mcp/running_call.ts";
import { QuestionDesk } from "../../../src/tool/mcp/question_desk.ts";
import { RunningCall } from "../../../src/tool/mcp/running_call.ts";
import { type FakeServer, fakeServer } from "./fake_client.ts";

const signal = new AbortController().signal;
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

function start({ client }: FakeServer, name: string): () => RunningCall {
  const tool = { name, inputSchema: { type: "object" } } as const;
  return () => new RunningCall(client, { tool, input: {}, timeoutMs: 60_000 }, PROCESS_TIMERS);
}

const next = (call: RunningCall): Promise<Step> => call.next({ signal, onProgress: () => {} });

Deno.test("QuestionDesk gives the question to the one call that is at work", async () => {
  const server = fakeServer();
  const desk = new QuestionDesk();
  const call = await desk.begin(start(server, "a"), signal);
  const told = desk.ask({ message: "?" });
  assert.deepEqual(await next(call), { kind: "question", params: { message: "?" } });
  await desk.answer(call, { action: "decline" }, signal);
  assert.deepEqual(await told, { action: "decline" });
  server.end("a");
  assert.equal((await next(call)).kind, "result");
});

Deno.test("QuestionDesk takes a question back that could be of several calls, and has calls wait for each other from then on", async () => {
  const server = fakeServer();
  const desk = new QuestionDesk();
  await desk.begin(start(server, "a"), signal);
  await desk.begin(start(server, "b"), signal);
  assert.deepEqual(await desk.ask({}), { action: "cancel" });
  server.end("a");
  server.end("b");
  await turn();
  const third = await desk.begin(start(server, "c"), signal);
  let isFourth = false;
  const fourth = desk.begin(start(server, "d"), signal).then((call) => {
    isFourth = true;
    return call;
  });
  await turn();
  assert.ok(!isFourth);
  // A call that waits for a person is in nobody's way.
  void desk.ask({});
  assert.equal((await next(third)).kind, "question");
  const call = await fourth;
  const answering = desk.answer(third, { action: "decline" }, signal);
  server.end("d");
  await next(call);
  await answering;
  server.end("c");
  assert.equal((await next(third)).kind, "result");
});

Deno.test("QuestionDesk has no answer when no call is at work", async () => {
  assert.deepEqual(await new QuestionDesk().ask({}), { action: "cancel" });
});
