import assert from "node:assert/strict";
import { apply } from "../../../src/a2a/apply.ts";
import { textOf } from "../../../src/a2a/parts.ts";
import { SendMessageRequest, SendMessageResponse, Task } from "../../../src/a2a/types.ts";
import { givingAccepted } from "../../../src/a2a/giving_accepted.ts";
import { takingOnly } from "../../../src/a2a/taking_only.ts";
import { callOf, COMPLETED, echo, openHouse, type RunFunction, waiting } from "../../task/house.ts";
import { AGENT_URL, cardOffering, testClient } from "../../a2a/loopback.ts";
import { isRefused } from "./face.ts";
import { httpAt } from "./legacy_face.ts";
import { inLegacy, must, mustInBoth, type MustTest, once } from "./must.ts";
import { desk, getTask, overTasks, saying, send } from "./talk.ts";

/* A2A v1 §3.1.1, §3.2.2, §3.4: what a message does. */

const ids = (tasks: readonly Task[]) => tasks.map(({ id }) => id);

async function listed(face: ReturnType<typeof desk>, as?: string): Promise<Task[]> {
  const page = await face.ask("ListTasks", {}, as === undefined ? {} : { as });
  return (page as { tasks?: Task[] }).tasks ?? [];
}

export const SENDING: readonly MustTest[] = [
  ...mustInBoth(1, "an answer is a task, or a message where the agent just says a word", async (open) => {
    const face = desk(open);
    assert.deepEqual(Object.keys(await face.ask("SendMessage", saying("hello")) as object), ["task"]);
    const word = SendMessageResponse.parse(await face.ask("SendMessage", saying("talk")));
    assert.ok("message" in word && !("task" in word));
    assert.deepEqual([word.message.role, textOf(word.message)], ["ROLE_AGENT", "just a word"]);
  }),
  ...mustInBoth(2, "no task that is over takes a message, sent or streamed", async (open) => {
    const face = desk(open);
    for (const [, { id: taskId }] of await overTasks(face)) {
      await assert.rejects(face.ask("SendMessage", saying("more", { taskId })), isRefused("UNSUPPORTED_OPERATION"));
      const streamed = face.watch("SendStreamingMessage", saying("more", { taskId }));
      await assert.rejects(streamed.next(), isRefused("UNSUPPORTED_OPERATION"));
    }
  }),
  ...mustInBoth(3, "an id that is made up, or another's, is TASK_NOT_FOUND and makes no task", async (open) => {
    const face = desk(open);
    const { id: theirs } = await send(face, saying("ask"), { as: "bert" });
    for (const taskId of ["mine", theirs]) {
      const asked = { as: "anna" };
      await assert.rejects(face.ask("SendMessage", saying("done", { taskId }), asked), isRefused("TASK_NOT_FOUND"));
      const streamed = face.watch("SendStreamingMessage", saying("done", { taskId }), asked);
      await assert.rejects(streamed.next(), isRefused("TASK_NOT_FOUND"));
    }
    assert.equal((await getTask(face, theirs, { as: "bert" })).status.state, "TASK_STATE_INPUT_REQUIRED");
  }),
  ...mustInBoth(4, "no two tasks have the same id, and each is found by its own", async (open) => {
    const face = desk(open);
    const tasks = await Promise.all(Array.from({ length: 10 }, () => send(face, saying("hello"))));
    assert.equal(new Set(ids(tasks)).size, 10);
    for (const { id } of tasks) assert.equal((await getTask(face, id)).id, id);
  }),
  ...mustInBoth(5, "a context that the server made up is told with task, message and stream", async (open) => {
    const face = desk(open);
    const { contextId } = await send(face, saying("hello"));
    const word = SendMessageResponse.parse(await face.ask("SendMessage", saying("talk")));
    const { value: first } = await face.watch("SendStreamingMessage", saying("hello")).next();
    assert.ok("message" in word && first !== undefined && "task" in first);
    const told = [contextId, word.message.contextId, first.task.contextId];
    assert.equal(new Set(told.filter((id) => id !== undefined && id !== "")).size, 3);
  }),
  ...mustInBoth(6, "a context that the client named is kept, and refused where it cannot be", async (open) => {
    const face = desk(open);
    assert.equal((await send(face, saying("hello", { contextId: "mine" }))).contextId, "mine");
    const long = saying("hello", { contextId: "x".repeat(5000) });
    await assert.rejects(face.ask("SendMessage", long), isRefused("INVALID_PARAMS"));
  }),
  ...mustInBoth(7, "a message that names only its task is in that task's context", async (open) => {
    const face = desk(open);
    const { id: taskId, contextId } = await send(face, saying("ask"));
    const done = await send(face, saying("done", { taskId }));
    assert.deepEqual([done.id, done.contextId], [taskId, contextId]);
    assert.deepEqual(done.history?.map((message) => message.contextId), Array(3).fill(contextId));
  }),
  ...must(8, "a task in another context is refused, and the field is named", async (open) => {
    const face = desk(open);
    const { id: taskId } = await send(face, saying("ask"));
    const odd = saying("done", { taskId, contextId: "other" });
    await assert.rejects(face.ask("SendMessage", odd), isRefused("INVALID_PARAMS", "message.contextId"));
    const streamed = face.watch("SendStreamingMessage", odd);
    await assert.rejects(streamed.next(), isRefused("INVALID_PARAMS", "message.contextId"));
    assert.equal((await getTask(face, taskId)).status.state, "TASK_STATE_INPUT_REQUIRED");
  }),
  ...must(9, "a task of somebody else that a message refers to tells its agent nothing", async (open) => {
    const told: string[] = [];
    const listening: RunFunction = async (input, run) => {
      told.push(...(await input.history()).map(textOf));
      return await echo(input, run);
    };
    const face = open(openHouse(listening).service);
    const secret = await send(face, saying("the password is swordfish"), { as: "bert" });
    const curious = saying("what was it?", { referenceTaskIds: [secret.id, "nobody"], contextId: secret.contextId });
    assert.equal((await send(face, curious, { as: "anna" })).status.state, "TASK_STATE_COMPLETED");
    assert.deepEqual(told, []);
  }),
  ...mustInBoth(
    10,
    "a send waits until the task is over or its agent waits, and has all that was made",
    async (open) => {
      const { run, begun, letGo } = waiting();
      const slow: RunFunction = async (input, turn) => {
        await echo(input, turn);
        return await run(input, turn);
      };
      const face = open(openHouse(slow).service);
      let isAnswered = false;
      const answer = send(face, saying("hello")).finally(() => isAnswered = true);
      await begun;
      await new Promise((resolve) => setImmediate(resolve));
      assert.equal(isAnswered, false);
      letGo();
      const { status, artifacts = [] } = await answer;
      assert.deepEqual([status.state, artifacts.map(textOf)], ["TASK_STATE_COMPLETED", ["hello"]]);
      const other = desk(open);
      assert.equal((await send(other, saying("ask"))).status.state, "TASK_STATE_INPUT_REQUIRED");
      assert.equal((await send(other, saying("log in"))).status.state, "TASK_STATE_AUTH_REQUIRED");
    },
  ),
  ...mustInBoth(11, "returnImmediately answers while the agent works, and shortens no stream", async (open) => {
    const { run, letGo } = waiting();
    const face = open(openHouse(run).service);
    const configuration = { returnImmediately: true };
    const { id, status } = await send(face, saying("hello", {}, configuration));
    assert.ok(["TASK_STATE_SUBMITTED", "TASK_STATE_WORKING"].includes(status.state));
    const events = Array.fromAsync(face.watch("SendStreamingMessage", saying("hello", {}, configuration)));
    letGo();
    assert.ok("statusUpdate" in (await events).at(-1)!);
    assert.equal((await getTask(face, id)).status.state, "TASK_STATE_COMPLETED");
  }),
  ...mustInBoth(12, "a file of a type that the agent does not take is refused, and makes no task", async (open) => {
    const house = openHouse(echo);
    const face = open(takingOnly(house.service, ["image/png"]));
    for (const file of [{ raw: "aGk=" }, { url: "https://files.example/a.pdf" }]) {
      const request = saying("look", { parts: [{ text: "look" }, { ...file, mediaType: "application/pdf" }] });
      await assert.rejects(face.ask("SendMessage", request), isRefused("CONTENT_TYPE_NOT_SUPPORTED"));
      const streamed = face.watch("SendStreamingMessage", request);
      await assert.rejects(streamed.next(), isRefused("CONTENT_TYPE_NOT_SUPPORTED"));
    }
    assert.deepEqual((await house.service.listTasks({}, callOf())).tasks, []);
    const parts = [{ raw: "aGk=", mediaType: "image/png" }];
    assert.equal((await send(face, saying("look", { parts }))).status.state, COMPLETED.state);
  }),
  ...must(13, "the answer is an artifact; the last status does not say it again", async (open) => {
    const { artifacts = [], status, history = [] } = await send(desk(open), saying("the result"));
    assert.deepEqual(artifacts.map(textOf), ["the result"]);
    assert.equal(status.message, undefined);
    assert.deepEqual(history.map(({ role }) => role), ["ROLE_USER"]);
  }),
  ...once(13, "our client has the answer although its stream broke off before the end", async () => {
    const house = openHouse(echo);
    const answer = httpAt(house.service);
    const { client } = testClient({
      agent: cardOffering([["JSONRPC", "1.0"]]),
      fetch: async (url, init) => {
        const response = await answer(url, init);
        if (!`${init.body}`.includes("SendStreamingMessage")) return response;
        const [first] = (await response.text()).split("\n\n");
        return new Response(`${first}\n\n`, { headers: response.headers });
      },
    });
    const request = SendMessageRequest.parse(saying("the result"));
    let task: Task | undefined;
    for await (const { event } of client.sendStreamingMessage(request, callOf())) {
      if (!("message" in event)) task = apply(task, event);
    }
    assert.deepEqual(task?.artifacts?.map(textOf), ["the result"]);
  }),
  ...mustInBoth(14, "the same message again is its task again, but not for anybody else", async (open) => {
    const face = desk(open);
    const request = saying("hello");
    const first = await send(face, request, { as: "anna" });
    assert.deepEqual(await send(face, request, { as: "anna" }), first);
    const [again] = await Array.fromAsync(face.watch("SendStreamingMessage", request, { as: "anna" }));
    assert.ok(again !== undefined && "task" in again && again.task.id === first.id);
    assert.notEqual((await send(face, request, { as: "bert" })).id, first.id);
    const { messageId } = request.message;
    assert.notEqual((await send(face, saying("other words", { messageId }), { as: "anna" })).id, first.id);
  }),
  ...must(15, "what is broken is refused before anything is done", async (open) => {
    const face = desk(open);
    const broken: [change: Record<string, unknown>, field: string][] = [
      [{ messageId: "" }, "message.messageId"],
      [{ role: "ROLE_UNSPECIFIED" }, "message.role"],
      [{ parts: [] }, "message.parts"],
      [{ parts: [{}] }, "message.parts.0"],
      [{ parts: [{ text: "a" }, { filename: "b.txt" }] }, "message.parts.1"],
    ];
    for (const [change, field] of broken) {
      const request = saying("hello", change);
      await assert.rejects(face.ask("SendMessage", request), isRefused("INVALID_PARAMS", field));
      const streamed = face.watch("SendStreamingMessage", request);
      await assert.rejects(streamed.next(), isRefused("INVALID_PARAMS", field));
    }
    for (const configuration of [{ historyLength: -1 }, { taskPushNotificationConfig: {} }]) {
      await assert.rejects(face.ask("SendMessage", saying("hello", {}, configuration)), isRefused("INVALID_PARAMS"));
    }
    await assert.rejects(face.ask("SendMessage", {}), isRefused("INVALID_PARAMS"));
    assert.deepEqual(await listed(face), []);
  }),
  ...once(
    15,
    "a message of 0.3 without id, role or parts is refused, one that is not of 0.3 is given an id",
    async () => {
      const fetch = httpAt(openHouse(echo).service);
      const codeOf = async (message: Record<string, unknown>) => {
        const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "message/send", params: { message } });
        const response = await fetch(AGENT_URL, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body,
        });
        return (await response.json()).error?.code;
      };
      const whole = { kind: "message", messageId: "m", role: "user", parts: [{ kind: "text", text: "hello" }] };
      assert.equal(await codeOf(whole), undefined);
      for (const name of ["messageId", "role", "parts"]) {
        assert.equal(await codeOf({ ...whole, [name]: undefined }), -32602, name);
      }
      assert.equal(await codeOf({ role: "user", parts: [{ text: "hello" }] }), undefined);
    },
  ),
  ...inLegacy(15, "a message without role or parts is refused", async (open) => {
    const face = desk(open);
    await assert.rejects(face.ask("SendMessage", saying("hello", { parts: [] })), isRefused("INVALID_PARAMS"));
  }),
  ...mustInBoth(16, "output modes that the agent has are no obstacle", async (open) => {
    const configuration = { acceptedOutputModes: ["text/plain", "application/json"] };
    const { status } = await send(desk(open), saying("hello", {}, configuration));
    assert.equal(status.state, COMPLETED.state);
  }),
  ...mustInBoth(16, "of two media types an agent gives the one that is accepted", async (open) => {
    const face = open(givingAccepted(openHouse(echo).service));
    const data = { city: "Oslo" };
    const partFor = async (...acceptedOutputModes: string[]) => {
      const { artifacts } = await send(face, saying("", { parts: [{ data }] }, { acceptedOutputModes }));
      return artifacts?.[0]?.parts[0];
    };
    assert.deepEqual((await partFor("application/json", "text/plain"))?.data, data);
    assert.deepEqual(JSON.parse((await partFor("text/plain"))?.text ?? ""), data);
  }),
];
