import assert from "node:assert/strict";
import { ANONYMOUS, type Call } from "../../src/a2a/service.ts";
import { lateService } from "../../src/task/late_service.ts";
import type { TaskService } from "../../src/task/service.ts";
import { openHouse } from "./house.ts";

const call: Call = { signal: new AbortController().signal, caller: ANONYMOUS, extensions: [] };
const message = (text: string) => ({ messageId: `m-${text}`, role: "ROLE_USER" as const, parts: [{ text }] });

/** A service over a real one, and how often it was opened. */
function late() {
  const opened: string[] = [];
  const house = openHouse((_input, _run) => Promise.resolve({ state: "TASK_STATE_COMPLETED" as const }));
  const service = lateService(() => {
    opened.push("open");
    return Promise.resolve(house.service);
  });
  return { opened, service };
}

async function states(service: TaskService, text: string): Promise<(string | undefined)[]> {
  const events = await Array.fromAsync(service.sendStreamingMessage({ message: message(text) }, call));
  return events.map(({ event }) =>
    "statusUpdate" in event ? event.statusUpdate.status.state : "task" in event ? event.task.status.state : undefined
  );
}

Deno.test("lateService() opens once, with its first call", async () => {
  const { opened, service } = late();
  assert.deepEqual(opened, []);
  const answers = await Promise.all([
    service.sendMessage({ message: message("one") }, call),
    service.sendMessage({ message: message("two") }, call),
  ]);
  assert.deepEqual(opened, ["open"]);
  const [first] = answers;
  assert.ok(first !== undefined && "task" in first);
  assert.equal((await service.getTask({ id: first.task.id }, call)).status.state, "TASK_STATE_COMPLETED");
  assert.equal((await service.listTasks({}, call)).totalSize, 2);
  await service.settled();
  assert.deepEqual(opened, ["open"]);
});

Deno.test("lateService() streams the same before it is open and after", async () => {
  const { service } = late();
  const before = await states(service, "one");
  assert.equal(before.at(-1), "TASK_STATE_COMPLETED");
  assert.deepEqual(await states(service, "two"), before);
});

Deno.test("lateService() tells a stream's reader, not its maker, what keeps the code away", async () => {
  const broken = lateService(() => Promise.reject(new Error("no code")));
  const stream = broken.subscribeToTask({ id: "t" }, call);
  await assert.rejects(Array.fromAsync(stream), /^Error: no code$/);
  await assert.rejects(broken.getTask({ id: "t" }, call), /^Error: no code$/);
});

Deno.test("lateService() takes nothing after drain(), though nobody had asked it anything before", async () => {
  const { service } = late();
  await service.drain(AbortSignal.abort());
  await assert.rejects(service.sendMessage({ message: message("late") }, call), { reason: "UNAVAILABLE" });
});

Deno.test("lateService() takes up what an earlier process left, and hands on all other operations", async () => {
  const { service } = late();
  assert.equal(await service.recover(), 0);
  await assert.rejects(service.cancelTask({ id: "none" }, call), { reason: "TASK_NOT_FOUND" });
  await assert.rejects(service.cancelToolCall({ taskId: "none", callId: "c" }, call), { reason: "TASK_NOT_FOUND" });
  const refused = { reason: "PUSH_NOTIFICATION_NOT_SUPPORTED" };
  await assert.rejects(service.createTaskPushNotificationConfig({ url: "https://example.com" }, call), refused);
  await assert.rejects(service.getTaskPushNotificationConfig({ taskId: "t", id: "i" }, call), refused);
  await assert.rejects(service.listTaskPushNotificationConfigs({ taskId: "t" }, call), refused);
  await assert.rejects(service.deleteTaskPushNotificationConfig({ taskId: "t", id: "i" }, call), refused);
});
