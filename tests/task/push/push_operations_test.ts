import assert from "node:assert/strict";
import { EgressRules } from "../../../src/lib/egress_rules.ts";
import { A2AError } from "../../../src/a2a/errors.ts";
import type { TaskPushNotificationConfig } from "../../../src/a2a/types.ts";
import { asking, caller, callOf, echo, isRefusal, openHouse, requestOf } from "../house.ts";
import { OK, openPushHouse, type PushHouse, quiet } from "./receivers.ts";

const URL_A = "https://a.example/hook";

async function taskOf({ service }: Pick<PushHouse, "service">, call = callOf()): Promise<string> {
  const answer = await service.sendMessage(requestOf("hi"), call);
  if (!("task" in answer)) throw new TypeError("The answer is no task");
  return answer.task.id;
}

async function idsOf({ service }: PushHouse, taskId: string): Promise<string[]> {
  const { configs = [] } = await service.listTaskPushNotificationConfigs({ taskId }, callOf());
  return configs.map(({ id = "" }) => id);
}

Deno.test("createTaskPushNotificationConfig() works on a finished task, names the config, and gives no credentials back", async () => {
  const house = openPushHouse(echo, OK);
  const taskId = await taskOf(house);
  const authentication = { scheme: "Bearer", credentials: "s3cret" };
  const made = await house.service.createTaskPushNotificationConfig(
    { taskId, url: URL_A, token: "t0ken", authentication },
    callOf(),
  );
  assert.ok(made.id);
  assert.deepEqual(made, { taskId, id: made.id, url: URL_A, authentication: { scheme: "Bearer" } });
  const { id } = made;
  assert.deepEqual(await house.service.getTaskPushNotificationConfig({ taskId, id }, callOf()), made);
  assert.deepEqual(await house.service.listTaskPushNotificationConfigs({ taskId }, callOf()), {
    configs: [made],
    nextPageToken: "",
  });
  assert.deepEqual(house.deliveries, []);
  assert.deepEqual(await Array.fromAsync(house.store.webhooks.owing()), []);
});

Deno.test("createTaskPushNotificationConfig() replaces the config with the same id, and makes another without one", async () => {
  const house = openPushHouse(echo, OK);
  const taskId = await taskOf(house);
  for (const url of [URL_A, "https://b.example/"]) {
    await house.service.createTaskPushNotificationConfig({ taskId, id: "w", url }, callOf());
  }
  const { url } = await house.service.getTaskPushNotificationConfig({ taskId, id: "w" }, callOf());
  assert.equal(url, "https://b.example/");
  for (let count = 0; count < 2; count++) {
    await house.service.createTaskPushNotificationConfig({ taskId, url: URL_A }, callOf());
  }
  assert.equal((await idsOf(house, taskId)).length, 3);
});

Deno.test("createTaskPushNotificationConfig() of A2A 0.3 without an id means the task's only one", async () => {
  const house = openPushHouse(echo, OK);
  const taskId = await taskOf(house);
  for (const url of [URL_A, "https://b.example/"]) {
    await house.service.createTaskPushNotificationConfig({ taskId, url }, callOf({ protocolVersion: "0.3" }));
  }
  assert.deepEqual(await idsOf(house, taskId), [taskId]);
});

/** [name, the config, the field that is told, what is told of it]. */
const BAD: [name: string, config: Partial<TaskPushNotificationConfig>, field: string, told: RegExp][] = [
  ["no URL", { url: "hook" }, "url", /is not a URL/],
  ["loopback", { url: "https://127.0.0.1/" }, "url", /not public/],
  ["metadata", { url: "https://169.254.169.254/" }, "url", /not public/],
  ["localhost", { url: "https://localhost/" }, "url", /not public/],
  ["plain http", { url: "http://a.example/" }, "url", /scheme http, expected https/],
  ["a file", { url: "file:///etc/passwd" }, "url", /scheme file/],
  ["a user", { url: "https://a:b@a.example/" }, "url", /user name or a password/],
  ["a giant URL", { url: `https://a.example/${"x".repeat(3000)}` }, "url", /longer than 2048/],
  ["a giant id", { id: "x".repeat(300) }, "id", /longer than 256/],
  ["a token with a line break", { token: "a\r\nX-Evil: 1" }, "token", /cannot stand in an HTTP header/],
  ["a token beyond ASCII", { token: "ä" }, "token", /cannot stand/],
  ["a giant token", { token: "x".repeat(5000) }, "token", /longer than 4096/],
  [
    "credentials with a line break",
    { authentication: { scheme: "Bearer", credentials: "a\nb" } },
    "authentication.credentials",
    /cannot stand/,
  ],
  ["a scheme of two words", { authentication: { scheme: "Bearer x" } }, "authentication.scheme", /not the name/],
];
for (const [name, over, field, told] of BAD) {
  const refused = (path: string) => (thrown: unknown) => {
    assert.ok(thrown instanceof A2AError);
    assert.equal(thrown.reason, "INVALID_PARAMS");
    assert.deepEqual(thrown.violations.map((violation) => violation.field), [path]);
    assert.match(thrown.violations[0]?.description ?? "", told);
    return true;
  };
  Deno.test(`a config with ${name} is refused, alone and with a message, and nothing is kept`, async () => {
    const house = openPushHouse(echo, OK);
    const taskId = await taskOf(house);
    const config = { url: URL_A, ...over };
    await assert.rejects(
      house.service.createTaskPushNotificationConfig({ taskId, ...config }, callOf()),
      refused(field),
    );
    const request = requestOf("hi", {}, { taskPushNotificationConfig: config });
    await assert.rejects(
      house.service.sendMessage(request, callOf()),
      refused(`configuration.taskPushNotificationConfig.${field}`),
    );
    assert.deepEqual(await idsOf(house, taskId), []);
    assert.equal((await house.service.listTasks({}, callOf())).totalSize, 1);
    assert.deepEqual(house.deliveries, []);
  });
}

Deno.test("a receiver that the operator has listed may be private and without TLS", async () => {
  const house = openPushHouse(echo, OK, { rules: new EgressRules(["127.0.0.0/8"]) });
  const taskId = await taskOf(house);
  await house.service.createTaskPushNotificationConfig({ taskId, url: "http://127.0.0.1:9/" }, callOf());
  assert.equal((await idsOf(house, taskId)).length, 1);
});

Deno.test("credentials without a scheme's value send no header", async () => {
  const house = openPushHouse(echo, OK);
  const config = { url: URL_A, authentication: { scheme: "Bearer" } };
  await house.service.sendMessage(requestOf("hi", {}, { taskPushNotificationConfig: config }), callOf());
  await quiet(house);
  assert.ok(house.deliveries.every(({ headers }) => headers.authorization === undefined));
});

Deno.test("a task has at most 16 configs", async () => {
  const house = openPushHouse(echo, OK);
  const taskId = await taskOf(house);
  const make = (id: string) => house.service.createTaskPushNotificationConfig({ taskId, id, url: URL_A }, callOf());
  const made = await Promise.allSettled(Array.from({ length: 20 }, (_, at) => make(`w${at}`)));
  assert.equal(made.filter(({ status }) => status === "fulfilled").length, 16);
  await make("w3");
  await assert.rejects(make("another"), isRefusal("INVALID_PARAMS", "has 16"));
});

Deno.test("listTaskPushNotificationConfigs() gives pages by id, and takes no other list's token", async () => {
  const house = openPushHouse(echo, OK);
  const [taskId, other] = [await taskOf(house), await taskOf(house)];
  for (const id of ["c", "a", "e", "b", "d"]) {
    await house.service.createTaskPushNotificationConfig({ taskId, id, url: URL_A }, callOf());
  }
  const seen: string[] = [];
  let pageToken: string | undefined;
  do {
    const page = await house.service.listTaskPushNotificationConfigs(
      { taskId, pageSize: 2, ...(pageToken === undefined ? {} : { pageToken }) },
      callOf(),
    );
    seen.push((page.configs ?? []).map(({ id }) => id).join(""));
    pageToken = page.nextPageToken ?? "";
    if (pageToken === "") continue;
    const stolen = house.service.listTaskPushNotificationConfigs({ taskId: other, pageToken }, callOf());
    await assert.rejects(stolen, isRefusal("INVALID_PARAMS", "pageToken"));
  } while (pageToken !== "");
  assert.deepEqual(seen, ["ab", "cd", "e"]);
});

Deno.test("deleteTaskPushNotificationConfig() is idempotent", async () => {
  const house = openPushHouse(echo, OK);
  const taskId = await taskOf(house);
  await house.service.createTaskPushNotificationConfig({ taskId, id: "w", url: URL_A }, callOf());
  for (let count = 0; count < 2; count++) {
    await house.service.deleteTaskPushNotificationConfig({ taskId, id: "w" }, callOf());
  }
  assert.deepEqual(await idsOf(house, taskId), []);
  await assert.rejects(
    house.service.getTaskPushNotificationConfig({ taskId, id: "w" }, callOf()),
    isRefusal("TASK_NOT_FOUND", 'no push notification configuration "w"'),
  );
});

Deno.test("another caller's tasks and configs are not found, and not touched", async () => {
  const house = openPushHouse(echo, OK);
  const taskId = await taskOf(house, callOf({ caller: caller("ada") }));
  const ada = callOf({ caller: caller("ada") });
  await house.service.createTaskPushNotificationConfig({ taskId, id: "w", url: URL_A }, ada);
  for (const stranger of [caller("bob"), caller("ada", "globex")]) {
    const call = callOf({ caller: stranger });
    const notFound = isRefusal("TASK_NOT_FOUND", `Task "${taskId}" was not found`);
    const { service } = house;
    await assert.rejects(service.createTaskPushNotificationConfig({ taskId, id: "w", url: URL_A }, call), notFound);
    await assert.rejects(service.getTaskPushNotificationConfig({ taskId, id: "w" }, call), notFound);
    await assert.rejects(service.listTaskPushNotificationConfigs({ taskId }, call), notFound);
    await assert.rejects(service.deleteTaskPushNotificationConfig({ taskId, id: "w" }, call), notFound);
  }
  assert.equal((await house.service.getTaskPushNotificationConfig({ taskId, id: "w" }, ada)).url, URL_A);
});

Deno.test("an unknown task has no configs, and a config needs a task", async () => {
  const { service } = openPushHouse(echo, OK);
  const nowhere = isRefusal("TASK_NOT_FOUND");
  const taskId = "nowhere";
  await assert.rejects(service.createTaskPushNotificationConfig({ taskId, url: URL_A }, callOf()), nowhere);
  await assert.rejects(service.getTaskPushNotificationConfig({ taskId, id: "w" }, callOf()), nowhere);
  await assert.rejects(service.listTaskPushNotificationConfigs({ taskId }, callOf()), nowhere);
  await assert.rejects(service.deleteTaskPushNotificationConfig({ taskId, id: "w" }, callOf()), nowhere);
  await assert.rejects(
    service.createTaskPushNotificationConfig({ url: URL_A }, callOf()),
    isRefusal("INVALID_PARAMS", "taskId: is required"),
  );
});

Deno.test("a message that is refused keeps no config", async () => {
  const house = openPushHouse(echo, OK);
  const taskId = await taskOf(house);
  const request = requestOf("more", { taskId }, { taskPushNotificationConfig: { url: URL_A } });
  await assert.rejects(house.service.sendMessage(request, callOf()), isRefusal("UNSUPPORTED_OPERATION"));
  assert.deepEqual(await idsOf(house, taskId), []);
});

Deno.test("a draining service takes no new configs", async () => {
  const house = openPushHouse(asking, OK);
  const taskId = await taskOf(house);
  await house.service.drain(AbortSignal.abort());
  await assert.rejects(
    house.service.createTaskPushNotificationConfig({ taskId, url: URL_A }, callOf()),
    isRefusal("UNAVAILABLE"),
  );
});

Deno.test("where no push notifications are sent, all of it says so", async () => {
  const { service } = openHouse(echo);
  const refused = isRefusal("PUSH_NOTIFICATION_NOT_SUPPORTED");
  const request = requestOf("hi", {}, { taskPushNotificationConfig: { url: URL_A } });
  await assert.rejects(service.sendMessage(request, callOf()), refused);
  await assert.rejects(service.createTaskPushNotificationConfig({ taskId: "t", url: URL_A }, callOf()), refused);
  await assert.rejects(service.getTaskPushNotificationConfig({ taskId: "t", id: "w" }, callOf()), refused);
  await assert.rejects(service.listTaskPushNotificationConfigs({ taskId: "t" }, callOf()), refused);
  await assert.rejects(service.deleteTaskPushNotificationConfig({ taskId: "t", id: "w" }, callOf()), refused);
});
