import assert from "node:assert/strict";
import type { TaskPushNotificationConfig } from "../../../src/a2a/types.ts";
import { EgressRefused } from "../../../src/lib/egress_rules.ts";
import { EgressTimeout } from "../../../src/lib/safe_fetch.ts";
import { PUSH_METADATA } from "../../../src/a2a/push_failures.ts";
import { asking, callOf, COMPLETED, echo, requestOf, type RunFunction, waiting } from "../house.ts";
import { type Answer, OK, openPushHouse, type PushHouse, quiet, told } from "./receivers.ts";

const URL_A = "https://a.example/hook";

function config(over: Partial<TaskPushNotificationConfig> = {}): TaskPushNotificationConfig {
  return { url: URL_A, ...over };
}

async function sendWith(house: PushHouse, over: Partial<TaskPushNotificationConfig> = {}, call = callOf()) {
  const request = requestOf("hi", {}, { taskPushNotificationConfig: config(over) });
  const answer = await house.service.sendMessage(request, call);
  if (!("task" in answer)) throw new TypeError("The answer is no task");
  return answer.task;
}

/** Says its message in three pieces. */
const chatty: RunFunction = async (_input, run) => {
  for (const text of ["one", "two", "three"]) {
    await run.emit({ artifact: { artifactId: text, parts: [{ text }] } });
  }
  return COMPLETED;
};

Deno.test("a webhook that comes with a message hears the task from its first event to its end, in order", async () => {
  const house = openPushHouse(chatty, OK);
  const task = await sendWith(house);
  await quiet(house);
  assert.deepEqual(told(house.deliveries), ["task submitted", "working", "=one", "=two", "=three", "completed"]);
  const [first] = house.deliveries;
  assert.equal(first?.headers["content-type"], "application/a2a+json");
  assert.equal(first?.headers["idempotency-key"], `${task.id}:1`);
  assert.equal(new Set(house.deliveries.map(({ headers }) => headers["idempotency-key"])).size, 6);
  assert.ok(!("authorization" in (first?.headers ?? {})));
});

Deno.test("a webhook is sent its credentials and its token, each by its own header", async () => {
  const house = openPushHouse(echo, OK);
  await sendWith(house, { token: "t0ken", authentication: { scheme: "Bearer", credentials: "s3cret" } });
  await quiet(house);
  for (const { headers } of house.deliveries) {
    assert.equal(headers.authorization, "Bearer s3cret");
    assert.equal(headers["x-a2a-notification-token"], "t0ken");
  }
});

Deno.test("a webhook of A2A 0.3 hears the whole task, as it was, where its state changes", async () => {
  const house = openPushHouse(chatty, OK);
  const task = await sendWith(house, {}, callOf({ protocolVersion: "0.3" }));
  await quiet(house);
  const bodies = house.deliveries.map(({ body }) => JSON.parse(body));
  assert.deepEqual(bodies.map(({ kind, status }) => [kind, status.state]), [
    ["task", "submitted"],
    ["task", "working"],
    ["task", "completed"],
  ]);
  assert.deepEqual(bodies.map(({ artifacts = [] }) => artifacts.length), [0, 0, 3]);
  assert.equal(house.deliveries[0]?.headers["content-type"], "application/json");
  const [kept] = await house.store.webhooks.list({ tenant: "default", owner: "anonymous", id: task.id });
  assert.equal(kept?.id, task.id, "A2A 0.3 asks for a task's only webhook without an id");
});

Deno.test("a webhook on a running task hears what comes after it", async () => {
  const agent = waiting();
  const house = openPushHouse(agent.run, OK);
  const request = requestOf("hi", {}, { returnImmediately: true });
  const answer = await house.service.sendMessage(request, callOf());
  if (!("task" in answer)) throw new TypeError("The answer is no task");
  await agent.begun;
  await house.service.getTask({ id: answer.task.id }, callOf());
  await house.service.createTaskPushNotificationConfig(config({ taskId: answer.task.id }), callOf());
  agent.letGo();
  await quiet(house);
  assert.equal(told(house.deliveries).at(-1), "completed");
  assert.ok(!told(house.deliveries).includes("task submitted"));
});

Deno.test("a webhook hears of each turn, and is not told twice when it comes with every message", async () => {
  const house = openPushHouse(asking, OK);
  const task = await sendWith(house, { id: "w" });
  const again = requestOf("done", { taskId: task.id }, { taskPushNotificationConfig: config({ id: "w" }) });
  await house.service.sendMessage(again, callOf());
  await quiet(house);
  assert.deepEqual(told(house.deliveries), ["task submitted", "working", "input_required", "working", "completed"]);
});

Deno.test("a webhook that comes with a later message hears what comes of it", async () => {
  const house = openPushHouse(asking, OK);
  const first = await house.service.sendMessage(requestOf("hi"), callOf());
  if (!("task" in first)) throw new TypeError("The answer is no task");
  const again = requestOf("done", { taskId: first.task.id }, { taskPushNotificationConfig: config() });
  await house.service.sendMessage(again, callOf());
  await quiet(house);
  assert.deepEqual(told(house.deliveries), ["working", "completed"]);
});

Deno.test("a message that is sent again brings its webhook, but no task", async () => {
  const house = openPushHouse(echo, OK);
  const request = requestOf("hi", { messageId: "same" });
  await house.service.sendMessage(request, callOf());
  const configured = { ...request, configuration: { taskPushNotificationConfig: config() } };
  const answer = await house.service.sendMessage(configured, callOf());
  if (!("task" in answer)) throw new TypeError("The answer is no task");
  const { configs } = await house.service.listTaskPushNotificationConfigs({ taskId: answer.task.id }, callOf());
  assert.equal(configs?.length, 1);
  assert.deepEqual(house.deliveries, []);
});

/** [what the receiver does, what its owner reads]. */
const FAILURES: [name: string, answer: Answer, reason: string][] = [
  ["answers 500", () => new Response(null, { status: 500 }), "The receiver answered 500"],
  ["answers 404", () => new Response(null, { status: 404 }), "The receiver answered 404"],
  ["redirects", () => Response.redirect("https://b.example/", 307), "The receiver answered 307"],
  ["hangs", () => Promise.reject(new EgressTimeout("No answer within 1000 ms")), "The receiver did not answer in time"],
  [
    "is not there",
    () => Promise.reject(new Error("connect ECONNREFUSED 10.1.2.3:22")),
    "The receiver could not be reached",
  ],
];
for (const [name, answer, reason] of FAILURES) {
  Deno.test(`a receiver that ${name} is tried again with backoff, then given up, which the task tells`, async () => {
    const house = openPushHouse(echo, answer);
    const task = await sendWith(house, { id: "w" });
    await quiet(house);
    assert.equal(house.deliveries.length, 5);
    assert.equal(new Set(house.deliveries.map(({ body }) => body)).size, 1, "the first thing, again and again");
    assert.deepEqual(house.sleeps, [50, 100, 200, 400]);
    const { metadata } = await house.service.getTask({ id: task.id }, callOf());
    const { failed } = Object(metadata?.[PUSH_METADATA]);
    assert.equal(failed.length, 1);
    const { at, ...rest } = failed[0];
    assert.ok(Date.parse(at) > 0);
    assert.deepEqual(rest, { id: "w", toldSeq: 0, attempts: 5, reason });
    const { tasks } = await house.service.listTasks({}, callOf());
    assert.deepEqual(tasks[0]?.metadata, metadata);
  });
}

/** Failures after which another attempt is no use. */
const FINAL: [name: string, answer: Answer, reason: string][] = [
  ["is gone for good", () => new Response(null, { status: 410 }), "The receiver answered 410"],
  [
    "has become private",
    () => Promise.reject(new EgressRefused("leads to an address that is not public")),
    "The receiver's URL leads to an address that is not public",
  ],
];
for (const [name, answer, reason] of FINAL) {
  Deno.test(`a receiver that ${name} is given up at once`, async () => {
    const house = openPushHouse(echo, answer);
    const { id } = await sendWith(house);
    await quiet(house);
    assert.equal(house.deliveries.length, 1);
    const { metadata } = await house.service.getTask({ id }, callOf());
    assert.equal(Object(metadata?.[PUSH_METADATA]).failed[0].reason, reason);
  });
}

Deno.test("a receiver that fails for a while misses nothing and hears nothing twice", async () => {
  const house = openPushHouse(
    chatty,
    (_request, attempt) => new Response(null, { status: attempt % 3 === 0 ? 200 : 503 }),
  );
  const { id } = await sendWith(house);
  await quiet(house);
  const heard = house.deliveries.filter((_, at) => (at + 1) % 3 === 0);
  assert.deepEqual(told(heard), ["task submitted", "working", "=one", "=two", "=three", "completed"]);
  assert.equal((await house.service.getTask({ id }, callOf())).metadata, undefined);
});

/** [Retry-After, the wait]. */
const WISHES: [string, number][] = [["7", 7050], ["999999", 10_000], ["soon", 50], ["0", 50]];
for (const [wish, waitMs] of WISHES) {
  Deno.test(`a receiver that says Retry-After: ${wish} is left alone for ${waitMs} ms`, async () => {
    const house = openPushHouse(
      echo,
      (_request, attempt) =>
        attempt === 1 ? new Response(null, { status: 429, headers: { "retry-after": wish } }) : new Response(),
    );
    await sendWith(house);
    await quiet(house);
    assert.deepEqual(house.sleeps, [waitMs]);
  });
}

Deno.test("a receiver that asks to wait until a date is left alone until then", async () => {
  const house = openPushHouse(echo, (_request, attempt) => {
    const date = new Date(house.clock.ms + 5000).toUTCString();
    return attempt === 1 ? new Response(null, { status: 503, headers: { "retry-after": date } }) : new Response();
  });
  await sendWith(house);
  await quiet(house);
  assert.ok((house.sleeps[0] ?? 0) > 3900 && (house.sleeps[0] ?? 0) <= 5050, `${house.sleeps}`);
});

Deno.test("time ends the attempts, too", async () => {
  const limits = { maxAttempts: 1000, giveUpAfterMs: 5000, baseMs: 1000, maxDelayMs: 2000 };
  const house = openPushHouse(echo, () => new Response(null, { status: 500 }), { limits });
  await sendWith(house);
  await quiet(house);
  assert.ok(house.deliveries.length > 3 && house.deliveries.length < 10, `${house.deliveries.length}`);
});

for (const url of [URL_A, "https://b.example/"]) {
  Deno.test(`who makes a given-up config anew at ${url} hears what it has missed`, () => revived(url));
}

async function revived(url: string): Promise<void> {
  let works = false;
  const house = openPushHouse(chatty, () => new Response(null, { status: works ? 200 : 500 }));
  const { id } = await sendWith(house, { id: "w" });
  await quiet(house);
  const before = house.deliveries.length;
  works = true;
  await house.service.createTaskPushNotificationConfig(
    config({ taskId: id, id: "w", url }),
    callOf(),
  );
  await quiet(house);
  const heard = house.deliveries.slice(before);
  assert.deepEqual(told(heard), ["task submitted", "working", "=one", "=two", "=three", "completed"]);
  assert.ok(heard.every((delivery) => delivery.url === url));
  assert.equal((await house.service.getTask({ id }, callOf())).metadata, undefined);
}

Deno.test("after delete nothing is sent any more, not even what is being tried", async () => {
  const hanging = Promise.withResolvers<Response>();
  const house = openPushHouse(chatty, () => hanging.promise);
  const { id } = await sendWith(house, { id: "w" });
  assert.equal(house.deliveries.length, 1);
  await house.service.deleteTaskPushNotificationConfig({ taskId: id, id: "w" }, callOf());
  await house.answered(1);
  assert.equal(house.deliveries.length, 1);
  assert.deepEqual(await Array.fromAsync(house.store.webhooks.owing()), []);
});

Deno.test("one receiver that hangs holds up only its own host", async () => {
  const hanging = new Promise<Response>(() => {});
  const house = openPushHouse(echo, ({ url }) => url.includes("slow") ? hanging : new Response(), {
    concurrency: { perHost: 2, inAll: 4 },
  });
  for (let at = 0; at < 5; at++) await sendWith(house, { url: `https://slow.example/${at}` });
  await sendWith(house, { url: "https://fast.example/" });
  await house.answered(4);
  const at = (host: string) => house.deliveries.filter(({ url }) => url.includes(host)).length;
  assert.deepEqual([at("slow"), at("fast")], [2, 4]);
  await house.push.stop(AbortSignal.abort());
});

Deno.test("order is kept for each webhook while many tasks run at once", async () => {
  const house = openPushHouse(chatty, async ({ url }) => {
    for (let turn = 0; turn < url.length % 7; turn++) await Promise.resolve();
    return new Response();
  }, { concurrency: { perHost: 3, inAll: 5 } });
  const urls = Array.from({ length: 50 }, (_, at) => `https://h${at % 4}.example/${"x".repeat(at)}`);
  await Promise.all(urls.map((url) => sendWith(house, { url })));
  await quiet(house);
  for (const url of urls) {
    const own = house.deliveries.filter((delivery) => delivery.url === url);
    const seqs = own.map(({ headers }) => Number(headers["idempotency-key"]?.split(":").at(-1)));
    assert.deepEqual(seqs, [...new Set(seqs)].sort((a, b) => a - b), url);
    assert.deepEqual([told(own)[0], told(own).at(-1)], ["task submitted", "completed"]);
  }
});

Deno.test("a stop lets deliveries end, and the next process goes on behind them", async () => {
  const answer = Promise.withResolvers<Response>();
  const house = openPushHouse(chatty, (_request, attempt) => attempt < 3 ? new Response() : answer.promise);
  await sendWith(house);
  await house.answered(2);
  while (house.deliveries.length < 3) await Promise.resolve();
  const stopping = house.push.stop(new AbortController().signal);
  answer.resolve(new Response());
  await stopping;
  assert.equal(house.deliveries.length, 3);
  const next = openPushHouse(chatty, OK, { records: house.records, holder: "second" });
  await next.push.resume();
  await quiet(next);
  const all = [...told(house.deliveries), ...told(next.deliveries)];
  assert.deepEqual(all, ["task submitted", "working", "=one", "=two", "=three", "completed"]);
});

Deno.test("a process that ends in the middle of a delivery repeats that one, by its key", async () => {
  const hanging = new Promise<Response>(() => {});
  const house = openPushHouse(chatty, (_request, attempt) => attempt < 3 ? new Response() : hanging);
  await sendWith(house);
  await house.answered(2);
  while (house.deliveries.length < 3) await Promise.resolve();
  const next = openPushHouse(chatty, OK, { records: house.records, holder: "second" });
  await next.push.resume();
  await next.push.resume();
  await quiet(next);
  assert.deepEqual(told(next.deliveries), ["=one", "=two", "=three", "completed"]);
  assert.deepEqual(next.deliveries[0], house.deliveries[2]);
  await house.push.stop(AbortSignal.abort());
});

Deno.test("a restart remembers what was given up, and does not try it again", async () => {
  const house = openPushHouse(echo, () => new Response(null, { status: 500 }));
  const { id } = await sendWith(house);
  await quiet(house);
  const next = openPushHouse(echo, OK, { records: house.records, holder: "second" });
  await next.push.resume();
  const { metadata } = await next.service.getTask({ id }, callOf());
  assert.equal(Object(metadata?.[PUSH_METADATA]).failed[0].reason, "The receiver answered 500");
  assert.deepEqual(next.deliveries, []);
});

Deno.test("a stop ends the wait for another attempt", async () => {
  const house = openPushHouse(echo, () => new Response(null, { status: 500 }));
  house.clock.frozen = true;
  await sendWith(house);
  await house.answered(1);
  await house.push.stop(new AbortController().signal);
  assert.equal(house.deliveries.length, 1);
  const [webhook] = await Array.fromAsync(house.store.webhooks.owing());
  assert.equal(webhook?.failure, undefined);
});

Deno.test("tasks without webhooks read and write none", async () => {
  const house = openPushHouse(echo, OK);
  for (const name of ["put", "note", "get", "list", "delete", "owing"] as const) {
    Object.defineProperty(house.store.webhooks, name, { value: () => assert.fail(`webhooks.${name} was called`) });
  }
  const answer = await house.service.sendMessage(requestOf("hi"), callOf());
  if (!("task" in answer)) throw new TypeError("The answer is no task");
  await house.service.getTask({ id: answer.task.id }, callOf());
});

Deno.test("each delivery is noted once, the last with the task's end", async () => {
  const house = openPushHouse(echo, OK);
  const { id } = await sendWith(house, { id: "w" });
  const states: string[] = [];
  const ref = { tenant: "default", owner: "anonymous", id };
  for (let isDone = false; !isDone;) {
    await house.noted();
    const webhook = await house.store.webhooks.get(ref, "w");
    isDone = webhook?.isDone ?? true;
    states.push(`${webhook?.toldSeq} ${isDone}`);
  }
  const places = states.map((state) => Number.parseInt(state));
  assert.deepEqual(places, [...new Set(places)].toSorted((a, b) => a - b));
  assert.match(states.at(-1) ?? "", /^\d+ true$/);
  assert.equal(Number.parseInt(states.at(-1) ?? ""), (await house.store.tasks.get(ref))?.seq);
});

Deno.test("a webhook that has been told all of a task is done", async () => {
  const house = openPushHouse(echo, OK);
  const { id } = await sendWith(house, { id: "w" });
  await quiet(house);
  const count = house.deliveries.length;
  const [webhook] = await house.store.webhooks.list({ tenant: "default", owner: "anonymous", id });
  assert.ok(webhook);
  // As a task leaves it that ended while its config was being made.
  await house.store.webhooks.put({ ...webhook, isDone: false });
  await house.push.resume();
  await quiet(house);
  assert.equal(house.deliveries.length, count);
});

Deno.test("a webhook of A2A 0.3 goes on where an earlier process ended", async () => {
  const hanging = new Promise<Response>(() => {});
  const house = openPushHouse(chatty, (_request, attempt) => attempt < 3 ? new Response() : hanging);
  await sendWith(house, {}, callOf({ protocolVersion: "0.3" }));
  await house.answered(2);
  while (house.deliveries.length < 3) await Promise.resolve();
  const next = openPushHouse(chatty, OK, { records: house.records, holder: "second" });
  await next.push.resume();
  await quiet(next);
  assert.deepEqual(next.deliveries, house.deliveries.slice(2));
  await house.push.stop(AbortSignal.abort());
});

Deno.test("after a stop nothing begins any more", async () => {
  const house = openPushHouse(echo, OK);
  await house.push.stop(new AbortController().signal);
  await sendWith(house);
  assert.equal((await Array.fromAsync(house.store.webhooks.owing())).length, 1);
  assert.deepEqual(house.deliveries, []);
});

Deno.test("a webhook that goes with its task is not tried again, and does not come back", async () => {
  const answers = [500, 200];
  for (const status of answers) {
    const answer = Promise.withResolvers<Response>();
    const house = openPushHouse(echo, () => answer.promise);
    const { id, contextId = "" } = await sendWith(house, { id: "w" });
    await house.store.contexts.delete({ tenant: "default", owner: "anonymous", agent: "echo" }, contextId);
    answer.resolve(new Response(null, { status }));
    await house.answered(1);
    await house.push.stop(new AbortController().signal);
    assert.equal(house.deliveries.length, 1);
    assert.deepEqual(await house.store.webhooks.list({ tenant: "default", owner: "anonymous", id }), []);
    assert.deepEqual(await Array.fromAsync(house.store.webhooks.owing()), []);
  }
});

Deno.test("a place that cannot be noted does not end the deliveries", async () => {
  const house = openPushHouse(echo, OK);
  let failures = 0;
  const note = house.records.webhooks;
  const set = note.get.bind(note);
  note.get = (key) => {
    if (failures === 0 && house.deliveries.length === 2) {
      failures++;
      throw new Error("disk full");
    }
    return set(key);
  };
  await sendWith(house);
  await quiet(house);
  assert.equal(failures, 1);
  assert.deepEqual(told(house.deliveries), ["task submitted", "working", "=hi", "completed"]);
});
