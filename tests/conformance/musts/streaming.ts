import assert from "node:assert/strict";
import { apply } from "../../../src/a2a/apply.ts";
import { buildCard } from "../../../src/a2a/card/build_card.ts";
import { jsonRpcHandler } from "../../../src/a2a/bindings/jsonrpc.ts";
import { restHandler } from "../../../src/a2a/bindings/rest.ts";
import { textOf } from "../../../src/a2a/parts.ts";
import type { StreamResponse, Task } from "../../../src/a2a/types.ts";
import type { RunFunction } from "../../task/house.ts";
import { COMPLETED, openHouse, take } from "../../task/house.ts";
import { HEARTBEAT_MS, testDeps } from "../../a2a/bindings/binding_deps.ts";
import { fakeService } from "../../a2a/fake_service.ts";
import { findIn, isRefused } from "./face.ts";
import { restRequest, rpcBody } from "./http_face.ts";
import { must, mustInBoth, type MustTest, once } from "./must.ts";
import { desk, getTask, kindsOf, overTasks, saying, send, stateOf } from "./talk.ts";

/* A2A v1 §3.1.2, §3.1.6, §3.5.2: what streams tell. */

/** An agent that makes a piece each time it is let, and ends behind the last. */
function stepwise(pieces: number) {
  const gates = Array.from({ length: pieces + 1 }, () => Promise.withResolvers<void>());
  const run: RunFunction = async (_input, run) => {
    for (let at = 0; at < pieces; at++) {
      await gates[at]?.promise;
      await run.emit({ artifact: { artifactId: "a", parts: [{ text: `${at} ` }] }, append: at > 0 });
    }
    await gates[pieces]?.promise;
    return COMPLETED;
  };
  return { run, letGo: (upTo = pieces) => gates.slice(0, upTo + 1).forEach(({ resolve }) => resolve()) };
}

const numbers = (count: number) => Array.from({ length: count }, (_, at) => `${at} `).join("");
const textIn = (events: readonly StreamResponse[]) =>
  events.map((event) => "artifactUpdate" in event ? textOf(event.artifactUpdate.artifact) : "").join("");
const fold = (events: readonly StreamResponse[]) =>
  events.reduce<Task | undefined>((task, event) => "message" in event ? task : apply(task, event), undefined);

async function nextOf(events: AsyncIterator<StreamResponse>): Promise<StreamResponse> {
  const { value } = await events.next();
  assert.ok(value !== undefined, "the stream is over");
  return value;
}

/** A task under way, as its first stream tells it. */
async function begin(face: ReturnType<typeof desk>) {
  const stream = face.watch("SendStreamingMessage", saying("go"));
  const first = await nextOf(stream);
  assert.ok("task" in first);
  return { stream, first, id: first.task.id };
}

export const STREAMING: readonly MustTest[] = [
  ...mustInBoth(17, "a message ends its stream, and nothing stands beside it", async (open) => {
    const message = { messageId: "m", role: "ROLE_AGENT", parts: [{ text: "just a word" }] } as const;
    const stream = async function* () {
      yield await Promise.resolve({ seq: 1, event: { message: { ...message, parts: [...message.parts] } } });
    };
    const face = open(fakeService({ stream }).service);
    const events = await Array.fromAsync(face.watch("SendStreamingMessage", saying("hello")));
    assert.deepEqual(events, [{ message }]);
    // An agent whose word is known only when its task is under way tells it as that task's end.
    const told = kindsOf(await Array.fromAsync(desk(open).watch("SendStreamingMessage", saying("talk"))));
    assert.deepEqual([told[0], told.includes("message")], ["task", false]);
  }),
  ...mustInBoth(18, "the first event is the task, the last one its end", async (open) => {
    const face = desk(open);
    const events = await Array.fromAsync(face.watch("SendStreamingMessage", saying("hello")));
    assert.deepEqual(kindsOf(events), ["task", "statusUpdate", "artifactUpdate", "statusUpdate"]);
    const states = events.map(stateOf).filter((state) => state !== "");
    assert.deepEqual(states, ["TASK_STATE_SUBMITTED", "TASK_STATE_WORKING", "TASK_STATE_COMPLETED"]);
    for (const [text, end] of [["fail", "FAILED"], ["reject", "REJECTED"], ["ask", "INPUT_REQUIRED"]]) {
      const others = await Array.fromAsync(face.watch("SendStreamingMessage", saying(`${text}`)));
      assert.equal(stateOf(others.at(-1)!), `TASK_STATE_${end}`);
    }
  }),
  ...mustInBoth(18, "the next turn of a task is streamed from the task on", async (open) => {
    const face = desk(open);
    const { id: taskId } = await send(face, saying("ask"));
    const events = await Array.fromAsync(face.watch("SendStreamingMessage", saying("done", { taskId })));
    assert.equal(kindsOf(events)[0], "task");
    assert.equal(stateOf(events.at(-1)!), "TASK_STATE_COMPLETED");
  }),
  ...must(19, "no stream tells its task a second time: who has heard the events has it", async (open) => {
    const face = desk(open);
    const events = await Array.fromAsync(face.watch("SendStreamingMessage", saying("hello")));
    assert.equal(kindsOf(events).filter((kind) => kind === "task").length, 1);
    const task = fold(events);
    assert.deepEqual(task, await getTask(face, task?.id ?? ""));
  }),
  ...mustInBoth(20, "many events come in order", async (open) => {
    const { run, letGo } = stepwise(300);
    const face = open(openHouse(run).service);
    letGo();
    const events = await Array.fromAsync(face.watch("SendStreamingMessage", saying("go")));
    assert.equal(textIn(events), numbers(300));
    assert.equal(stateOf(events.at(-1)!), "TASK_STATE_COMPLETED");
  }),
  ...mustInBoth(21, "all readers hear the same; who leaves disturbs neither them nor the task", async (open) => {
    const { run, letGo } = stepwise(6);
    const face = open(openHouse(run).service);
    const { stream, id } = await begin(face);
    const readers = [1, 2].map(() => face.watch("SubscribeToTask", { id }));
    await Promise.all(readers.map(nextOf));
    const leaving = face.watch("SubscribeToTask", { id });
    await take(leaving, 1);
    letGo(2);
    await nextOf(stream);
    await stream.return();
    letGo();
    const [one = [], two = []] = await Promise.all(readers.map((reader) => Array.fromAsync(reader)));
    assert.equal(textIn(one), numbers(6));
    assert.deepEqual(one, two);
    assert.equal((await getTask(face, id)).status.state, "TASK_STATE_COMPLETED");
  }),
  ...must(21, "a task whose last reader left goes on to its end", async (open) => {
    const { run, letGo } = stepwise(3);
    const house = openHouse(run);
    const face = open(house.service);
    const { stream, id } = await begin(face);
    await stream.return();
    letGo();
    await house.service.settled();
    const { status, artifacts = [] } = await getTask(face, id);
    assert.deepEqual([status.state, artifacts.map(textOf)], ["TASK_STATE_COMPLETED", [numbers(3)]]);
  }),
  ...mustInBoth(22, "a subscription in the middle has every piece, and each once", async (open) => {
    const { run, letGo } = stepwise(12);
    const face = open(openHouse(run).service);
    const { stream, id } = await begin(face);
    const late: { first: Promise<StreamResponse>; rest: AsyncIterable<StreamResponse> }[] = [];
    for (let piece = 0; piece < 12; piece += 2) {
      const rest = face.watch("SubscribeToTask", { id });
      const first = nextOf(rest);
      letGo(piece);
      late.push({ first, rest });
      await nextOf(stream);
    }
    await Promise.all(late.map(({ first }) => first));
    letGo();
    const end = await Promise.all(late.map(async ({ first, rest }) => [await first, ...await Array.fromAsync(rest)]));
    const task = await getTask(face, id);
    for (const events of end) {
      assert.equal(kindsOf(events)[0], "task");
      assert.deepEqual(fold(events)?.artifacts?.map(textOf), [numbers(12)]);
      assert.deepEqual(fold(events)?.status, task.status);
    }
  }),
  ...mustInBoth(22, "a subscription outlasts a question and ends with the task", async (open) => {
    const face = desk(open);
    const { id: taskId } = await send(face, saying("ask"));
    const stream = face.watch("SubscribeToTask", { id: taskId });
    assert.equal(stateOf(await nextOf(stream)), "TASK_STATE_INPUT_REQUIRED");
    await send(face, saying("done", { taskId }));
    assert.equal(stateOf((await Array.fromAsync(stream)).at(-1)!), "TASK_STATE_COMPLETED");
  }),
  ...must(23, "a task that is over cannot be subscribed to, an unknown or foreign one is not found", async (open) => {
    const face = desk(open);
    for (const [, { id }] of await overTasks(face)) {
      await assert.rejects(face.watch("SubscribeToTask", { id }).next(), isRefused("UNSUPPORTED_OPERATION"));
    }
    const { id: theirs } = await send(face, saying("ask"), { as: "bert" });
    for (const id of ["nobody", theirs]) {
      await assert.rejects(face.watch("SubscribeToTask", { id }, { as: "anna" }).next(), isRefused("TASK_NOT_FOUND"));
    }
  }),
  ...once(24, "every card says that its agent streams, so no stream is ever refused for it", () => {
    const parts = { id: "a", name: "A", description: "", version: "1", skills: [], baseUrl: "http://agents.example" };
    assert.equal(buildCard(parts).capabilities.streaming, true);
  }),
  ...mustInBoth(25, "a subscription waits through a missing credential for what comes then", async (open) => {
    const face = desk(open);
    // The turn's own stream ends where a blocking send answers (§3.2.2, §11.7): its agent goes on with the next message.
    const turn = await Array.fromAsync(face.watch("SendStreamingMessage", saying("log in")));
    assert.equal(stateOf(turn.at(-1)!), "TASK_STATE_AUTH_REQUIRED");
    const taskId = fold(turn)?.id ?? "";
    const stream = face.watch("SubscribeToTask", { id: taskId });
    assert.equal(stateOf(await nextOf(stream)), "TASK_STATE_AUTH_REQUIRED");
    await send(face, saying("logged in", { taskId }));
    const rest = await Array.fromAsync(stream);
    assert.deepEqual(rest.map(stateOf), ["TASK_STATE_WORKING", "", "TASK_STATE_COMPLETED"]);
  }),
  ...once(26, "a silent stream is pinged, over both HTTP bindings", async () => {
    const { run, letGo } = stepwise(0);
    const { service } = openHouse(run);
    const deps = testDeps();
    const request = saying("go");
    const rpc = new Request("http://agents.example", {
      method: "POST",
      headers: { "content-type": "application/json", "a2a-version": "1.0" },
      body: rpcBody("SendStreamingMessage", request),
    });
    const rest = restRequest("SendStreamingMessage", saying("go"));
    const route = { operation: "SendStreamingMessage", pathParams: {} } as const;
    const answers = [
      await jsonRpcHandler(deps)(rpc, findIn(service, rpc)),
      await restHandler(deps)(rest, route, findIn(service, rest)),
    ];
    for (const { body } of answers) {
      assert.ok(body);
      const reader = body.pipeThrough(new TextDecoderStream()).getReader();
      let text = "";
      while (!text.includes("WORKING")) text += (await reader.read()).value ?? "";
      const ping = reader.read();
      deps.timers.advance(HEARTBEAT_MS);
      assert.equal((await ping).value, ": ping\n\n");
      await reader.cancel();
    }
    letGo();
  }),
];
