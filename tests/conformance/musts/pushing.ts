import assert from "node:assert/strict";
import { ServerSection } from "../../../src/config/server_section.ts";
import { StreamResponse, TaskPushNotificationConfig } from "../../../src/a2a/types.ts";
import { asking, COMPLETED, echo, type RunFunction, waiting } from "../../task/house.ts";
import { OK, openPushHouse, quiet, told } from "../../task/push/receivers.ts";
import { type Face, isRefused, type Params } from "./face.ts";
import { must, mustInBoth, type MustTest, once } from "./must.ts";
import { cancel, desk, saying, send, stateOf } from "./talk.ts";

/* A2A v1 §3.1.7–§3.1.10, §4.3.3, §13.2: webhooks. */

const HOOK = "https://hook.example/a";
const SECRETS = { token: "t0ken", authentication: { scheme: "Bearer", credentials: "s3cret" } };

async function make(face: Face, params: Params): Promise<TaskPushNotificationConfig> {
  return TaskPushNotificationConfig.parse(await face.ask("CreateTaskPushNotificationConfig", params));
}

async function idsOf(face: Face, taskId: string): Promise<(string | undefined)[]> {
  const page = await face.ask("ListTaskPushNotificationConfigs", { taskId });
  return ((page as { configs?: TaskPushNotificationConfig[] }).configs ?? []).map(({ id }) => id);
}

function withHook(text: string, hook: Params = {}) {
  return saying(text, {}, { taskPushNotificationConfig: { url: HOOK, ...hook } });
}

/** Says three things before it is done. */
const chatty: RunFunction = async (_input, run) => {
  for (const text of ["1", "2", "3"]) await run.emit({ artifact: { artifactId: text, parts: [{ text }] } });
  return COMPLETED;
};

export const PUSHING: readonly MustTest[] = [
  ...mustInBoth(
    37,
    "without the capability no operation on webhooks is supported, nor one within a send",
    async (open) => {
      const face = desk(open);
      const { id: taskId } = await send(face, saying("ask"));
      const asked = [
        face.ask("CreateTaskPushNotificationConfig", { taskId, url: HOOK }),
        face.ask("GetTaskPushNotificationConfig", { taskId, id: "c" }),
        face.ask("ListTaskPushNotificationConfigs", { taskId }),
        face.ask("DeleteTaskPushNotificationConfig", { taskId, id: "c" }),
        face.ask("SendMessage", withHook("hello")),
      ];
      for (const each of asked) await assert.rejects(each, isRefused("PUSH_NOTIFICATION_NOT_SUPPORTED"));
    },
  ),
  ...must(38, "a webhook is given an id, or keeps its own; the same id again replaces it", async (open) => {
    const face = open(openPushHouse(asking, OK).service);
    const { id: taskId } = await send(face, saying("ask"));
    const made = await make(face, { taskId, url: HOOK });
    assert.deepEqual([made.taskId, made.url, (made.id ?? "") === ""], [taskId, HOOK, false]);
    assert.equal((await make(face, { taskId, id: "mine", url: HOOK })).id, "mine");
    await make(face, { taskId, id: "mine", url: `${HOOK}/other` });
    const read = await face.ask("GetTaskPushNotificationConfig", { taskId, id: "mine" });
    assert.equal(TaskPushNotificationConfig.parse(read).url, `${HOOK}/other`);
    assert.equal((await idsOf(face, taskId)).length, 2);
  }),
  ...must(38, "a webhook on a task that is unknown or another's is not made", async (open) => {
    const face = open(openPushHouse(asking, OK).service);
    const { id: theirs } = await send(face, saying("ask"), { as: "bert" });
    for (const taskId of ["nobody", theirs]) {
      const asked = face.ask("CreateTaskPushNotificationConfig", { taskId, url: HOOK }, { as: "anna" });
      await assert.rejects(asked, isRefused("TASK_NOT_FOUND"));
    }
    await assert.rejects(make(face, { taskId: "t", url: "" }), isRefused("INVALID_PARAMS", "url"));
  }),
  ...must(39, "a webhook hears every turn of its task, and may be made when that is over", async (open) => {
    const house = openPushHouse(asking, OK);
    const face = open(house.service);
    const { id: taskId } = await send(face, withHook("ask", { id: "w" }));
    await send(face, saying("done", { taskId }));
    await quiet(house);
    assert.deepEqual(told(house.deliveries), ["task submitted", "working", "input_required", "working", "completed"]);
    assert.equal((await make(face, { taskId, id: "late", url: HOOK })).id, "late");
  }),
  ...mustInBoth(
    40,
    "an unknown webhook is not found; one that was deleted is gone, and deleted again",
    async (open) => {
      const house = openPushHouse(asking, OK);
      const face = open(house.service);
      const { id: taskId } = await send(face, saying("ask"));
      const { id = "" } = await make(face, { taskId, id: "w", url: HOOK });
      const get = (id: string, asked = {}) => face.ask("GetTaskPushNotificationConfig", { taskId, id }, asked);
      await assert.rejects(get("nobody"), isRefused("TASK_NOT_FOUND"));
      await assert.rejects(get(id, { as: "anna" }), isRefused("TASK_NOT_FOUND"));
      for (const _twice of [1, 2]) await face.ask("DeleteTaskPushNotificationConfig", { taskId, id });
      await assert.rejects(get(id), isRefused("TASK_NOT_FOUND"));
      await send(face, saying("done", { taskId }));
      await quiet(house);
      assert.deepEqual(house.deliveries, []);
    },
  ),
  ...must(41, "all webhooks of a task are listed, page by page", async (open) => {
    const face = open(openPushHouse(asking, OK).service);
    const { id: taskId } = await send(face, saying("ask"));
    for (const id of ["a", "b", "c"]) await make(face, { taskId, id, url: HOOK });
    assert.deepEqual(await idsOf(face, taskId), ["a", "b", "c"]);
    const page = await face.ask("ListTaskPushNotificationConfigs", { taskId, pageSize: 2 });
    const { configs, nextPageToken: pageToken } = page as { configs: unknown[]; nextPageToken: string };
    const rest = await face.ask("ListTaskPushNotificationConfigs", { taskId, pageToken });
    assert.deepEqual([configs.length, (rest as { configs: unknown[] }).configs.length], [2, 1]);
    assert.deepEqual(await idsOf(face, (await send(face, saying("ask"))).id), []);
  }),
  ...must(42, "a webhook is posted each event as a stream tells it, once and in order", async (open) => {
    const house = openPushHouse(chatty, OK);
    const face = open(house.service);
    const events = await Array.fromAsync(face.watch("SendStreamingMessage", withHook("go")));
    await quiet(house);
    const posted = house.deliveries.map(({ body }) => StreamResponse.parse(JSON.parse(body)));
    assert.deepEqual(posted, events);
    assert.equal(stateOf(posted.at(-1)!), "TASK_STATE_COMPLETED");
    assert.ok(house.deliveries.every(({ headers }) => headers["content-type"] === "application/a2a+json"));
  }),
  ...must(11, "returnImmediately keeps nothing from a webhook", async (open) => {
    const { run, letGo } = waiting();
    const house = openPushHouse(run, OK);
    const configuration = { returnImmediately: true, taskPushNotificationConfig: { url: HOOK } };
    await send(open(house.service), saying("go", {}, configuration));
    letGo();
    await quiet(house);
    assert.deepEqual(told(house.deliveries), ["task submitted", "working", "completed"]);
  }),
  ...must(43, "the receiver is sent what proves the sender, and its token beside it", async (open) => {
    const house = openPushHouse(echo, OK);
    await send(open(house.service), withHook("hello", SECRETS));
    await quiet(house);
    assert.ok(house.deliveries.length > 0);
    for (const { headers } of house.deliveries) {
      assert.equal(headers.authorization, "Bearer s3cret");
      assert.equal(headers["x-a2a-notification-token"], "t0ken");
    }
  }),
  ...once(44, "a receiver has 10 to 30 seconds", () => {
    const { timeout_seconds, max_attempts } = ServerSection.parse({}).push;
    assert.ok(timeout_seconds >= 10 && timeout_seconds <= 30 && max_attempts > 1);
  }),
  ...must(44, "a delivery that fails is made again, later each time, and given up in the end", async (open) => {
    const house = openPushHouse(asking, () => new Response(null, { status: 500 }));
    await send(open(house.service), withHook("ask"));
    await quiet(house);
    assert.equal(house.deliveries.length, 5);
    assert.deepEqual(house.sleeps, house.sleeps.toSorted((a, b) => a - b));
    assert.equal(new Set(house.sleeps).size, 4);
  }),
  ...must(45, "a webhook within a private network is refused, however it is spelled", async (open) => {
    const house = openPushHouse(asking, OK);
    const face = open(house.service);
    const { id: taskId } = await send(face, saying("ask"));
    const hosts = ["127.0.0.1", "localhost", "10.1.2.3", "192.168.0.1", "172.16.9.9", "169.254.169.254", "[::1]"];
    const odd = ["[fd00::1]", "[fe80::1]", "[::ffff:10.0.0.1]", "2130706433", "0x7f.1", "100.64.0.1", "0.0.0.0"];
    for (const host of [...hosts, ...odd]) {
      const asked = make(face, { taskId, url: `https://${host}/` });
      await assert.rejects(asked, isRefused("INVALID_PARAMS", "url"));
      await assert.rejects(
        face.ask("SendMessage", withHook("ask", { url: `https://${host}/` })),
        isRefused("INVALID_PARAMS"),
      );
    }
    await assert.rejects(make(face, { taskId, url: "http://hook.example/" }), isRefused("INVALID_PARAMS", "url"));
    await cancel(face, taskId);
    await quiet(house);
    assert.deepEqual(house.deliveries, []);
  }),
  ...mustInBoth(46, "nobody reads the credentials of a webhook, not even its owner", async (open) => {
    const face = open(openPushHouse(asking, OK).service);
    const { id: taskId } = await send(face, saying("ask"));
    const answers = [
      await face.ask("CreateTaskPushNotificationConfig", { taskId, id: "w", url: HOOK, ...SECRETS }),
      await face.ask("GetTaskPushNotificationConfig", { taskId, id: "w" }),
      await face.ask("ListTaskPushNotificationConfigs", { taskId }),
      await face.ask("GetTask", { id: taskId }),
    ];
    assert.doesNotMatch(JSON.stringify(answers), /s3cret|t0ken/);
  }),
];
