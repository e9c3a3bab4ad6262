import assert from "node:assert/strict";
import { Secret } from "../../../src/lib/secret.ts";
import { textOf } from "../../../src/a2a/parts.ts";
import { fakeService } from "../../a2a/fake_service.ts";
import { callWith, cardOffering, isError, testClient } from "../../a2a/loopback.ts";
import { CERTIFICATE, KEY } from "../../server/certificate.ts";
import { openHouse, type RunFunction } from "../../task/house.ts";
import { OK, openPushHouse } from "../../task/push/receivers.ts";
import type { Operation } from "../../../src/a2a/operations.ts";
import { isRefused, type Params } from "./face.ts";
import { mustInBoth, type MustTest, once } from "./must.ts";
import { desk, getTask, obedient, saying, send } from "./talk.ts";

/* A2A v1 §7, §13: who may, and what nobody is told. */

const HOOK = "https://hook.example/a";

export const SECURITY: readonly MustTest[] = [
  ...once(60, "our client speaks with no server whose certificate nobody vouches for", async () => {
    const { promise: port, resolve } = Promise.withResolvers<number>();
    const tls = { cert: CERTIFICATE, key: KEY, hostname: "127.0.0.1", port: 0 };
    const server = Deno.serve({ ...tls, onListen: (address) => resolve(address.port) }, () => Response.json({}));
    const url = `https://127.0.0.1:${await port}/`;
    const { client } = testClient({
      agent: cardOffering([["JSONRPC", "1.0"]], url),
      fetch: (...asked) => fetch(...asked),
    });
    await assert.rejects(client.getTask({ id: "t" }, callWith()), isError("UNAVAILABLE"));
    await server.shutdown();
  }),
  ...mustInBoth(62, "every operation on somebody else's task finds nothing, and leaves it as it was", async (open) => {
    const face = open(openPushHouse(obedient, OK).service);
    const theirs = { as: "bert" };
    const { id } = await send(face, saying("ask"), theirs);
    await face.ask("CreateTaskPushNotificationConfig", { taskId: id, id: "w", url: HOOK }, theirs);
    const asked: [Operation, Params][] = [
      ["GetTask", { id }],
      ["CancelTask", { id }],
      ["SendMessage", saying("done", { taskId: id })],
      ["CreateTaskPushNotificationConfig", { taskId: id, id: "x", url: HOOK }],
      ["GetTaskPushNotificationConfig", { taskId: id, id: "w" }],
      ["ListTaskPushNotificationConfigs", { taskId: id }],
      ["DeleteTaskPushNotificationConfig", { taskId: id, id: "w" }],
    ];
    for (const me of [{ as: "anna" }, {}]) {
      for (const [operation, params] of asked) {
        await assert.rejects(face.ask(operation, params, me), isRefused("TASK_NOT_FOUND"), operation);
      }
      await assert.rejects(face.watch("SubscribeToTask", { id }, me).next(), isRefused("TASK_NOT_FOUND"));
      const streamed = face.watch("SendStreamingMessage", saying("done", { taskId: id }), me);
      await assert.rejects(streamed.next(), isRefused("TASK_NOT_FOUND"));
    }
    assert.equal((await getTask(face, id, theirs)).status.state, "TASK_STATE_INPUT_REQUIRED");
    await face.ask("GetTaskPushNotificationConfig", { taskId: id, id: "w" }, theirs);
  }),
  ...mustInBoth(63, "a task that needs a credential says so, and takes messages while it waits", async (open) => {
    const face = desk(open);
    const { id: taskId, status } = await send(face, saying("log in"));
    assert.equal(status.state, "TASK_STATE_AUTH_REQUIRED");
    assert.equal(status.message && textOf(status.message), "log in!");
    assert.equal((await send(face, saying("log in", { taskId }))).status.state, "TASK_STATE_AUTH_REQUIRED");
    assert.equal((await send(face, saying("logged in", { taskId }))).status.state, "TASK_STATE_COMPLETED");
  }),
  ...mustInBoth(64, "a failure tells its peer nothing of what is behind it", async (open) => {
    const failing: RunFunction = () => Promise.reject(new Error("password hunter2 of /home/hector is wrong"));
    const { status } = await send(open(openHouse(failing).service), saying("hello"));
    assert.equal(status.state, "TASK_STATE_FAILED");
    const broken = () => Promise.reject(new Error("password hunter2 of /home/hector is wrong"));
    const asked = open(fakeService({ unary: broken }).service).ask("GetTask", { id: "t1" });
    await assert.rejects(asked, isRefused("INTERNAL"));
    const told = JSON.stringify([status, await asked.catch(String)]);
    assert.doesNotMatch(told, /hunter2|home/);
  }),
  ...once(64, "a credential prints as nothing, in whatever way it gets into a log", () => {
    const secret = new Secret("hunter2");
    const printed = [`${secret}`, JSON.stringify({ secret }), Deno.inspect({ secret }), String([secret])];
    for (const text of printed) assert.doesNotMatch(text, /hunter2/);
  }),
];
