import assert from "node:assert/strict";
import { textOf } from "../../../src/a2a/parts.ts";
import { ListTasksResponse, Task } from "../../../src/a2a/types.ts";
import { type Asked, type Face, isRefused, type Params, Refused } from "./face.ts";
import { must, mustInBoth, type MustTest } from "./must.ts";
import { cancel, desk, overTasks, saying, send } from "./talk.ts";

/* A2A v1 §3.1.3–§3.1.5, §3.2.4: reading, listing and canceling tasks. */

async function list(face: Face, params: Params = {}, asked?: Asked): Promise<ListTasksResponse> {
  return ListTasksResponse.parse(await face.ask("ListTasks", params, asked));
}

async function idsIn(face: Face, params: Params = {}, asked?: Asked): Promise<string[]> {
  return (await list(face, params, asked)).tasks.map(({ id }) => id);
}

/** What a refusal says, without the id that it is about. */
async function wordsAbout(id: string, asked: Promise<unknown>): Promise<string> {
  const refused = await asked.catch((thrown) => thrown);
  assert.ok(refused instanceof Refused);
  return `${refused.reason} ${refused.message.replace(id, "…")}`;
}

/** Sends so many messages, each a task of its own; gives their ids. */
async function tasks(face: Face, texts: readonly string[], over: Record<string, unknown> = {}): Promise<string[]> {
  const made: string[] = [];
  for (const text of texts) made.push((await send(face, saying(text, over))).id);
  return made;
}

export const READING: readonly MustTest[] = [
  ...mustInBoth(27, "an unknown task and a foreign one are not found, in the same words", async (open) => {
    const face = desk(open);
    const { id } = await send(face, saying("hello"), { as: "bert" });
    const foreign = await wordsAbout(id, face.ask("GetTask", { id }, { as: "anna" }));
    const unknown = await wordsAbout("nobody", face.ask("GetTask", { id: "nobody" }, { as: "anna" }));
    assert.match(unknown, /^TASK_NOT_FOUND /);
    assert.equal(foreign, unknown);
  }),
  ...mustInBoth(28, "historyLength leaves the newest, 0 none, and in their order", async (open) => {
    const face = desk(open);
    const { id: taskId } = await send(face, saying("ask"));
    await send(face, saying("ask", { taskId }));
    const all = ["ask", "which?", "ask", "which?", "done"];
    const done = await send(face, saying("done", { taskId }, { historyLength: 2 }));
    assert.deepEqual(done.history?.map(textOf), all.slice(-2));
    const historyOf = async (params: Params) =>
      Task.parse(await face.ask("GetTask", { id: taskId, ...params })).history?.map(textOf);
    assert.deepEqual(await historyOf({}), all);
    for (const historyLength of [1, 3, 99]) {
      assert.deepEqual(await historyOf({ historyLength }), all.slice(-historyLength));
    }
    assert.equal(await historyOf({ historyLength: 0 }), undefined);
    const none = await send(face, saying("hello", {}, { historyLength: 0 }));
    assert.equal(none.history, undefined);
    await assert.rejects(face.ask("GetTask", { id: taskId, historyLength: -1 }), isRefused("INVALID_PARAMS"));
  }),
  ...must(28, "historyLength bounds each task of a list", async (open) => {
    const face = desk(open);
    await tasks(face, ["1", "2"]);
    const lengths = async (params: Params) => (await list(face, params)).tasks.map(({ history }) => history?.length);
    assert.deepEqual(await lengths({ historyLength: 0 }), [undefined, undefined]);
    assert.deepEqual(await lengths({ historyLength: 5 }), [1, 1]);
  }),
  ...must(29, "a list holds its caller's own, with and without filters", async (open) => {
    const face = desk(open);
    const contextId = "shared";
    const { id } = await send(face, saying("mine", { contextId }), { as: "anna" });
    await send(face, saying("theirs", { contextId }), { as: "bert" });
    await send(face, saying("nobody's", { contextId }));
    for (const params of [{}, { contextId }, { status: "TASK_STATE_COMPLETED" }]) {
      const page = await list(face, params, { as: "anna" });
      assert.deepEqual([page.tasks.map((task) => task.id), page.totalSize], [[id], 1]);
    }
    assert.deepEqual(await idsIn(face, {}, { as: "somebody" }), []);
  }),
  ...must(
    30,
    "pages follow each other by a cursor that new tasks do not move, to a token that is empty",
    async (open) => {
      const face = desk(open);
      const made = await tasks(face, ["1", "2", "3", "4", "5"]);
      const pages: string[] = [];
      let pageToken = "";
      do {
        const page = await list(face, { pageSize: 2, ...(pageToken === "" ? {} : { pageToken }) });
        assert.equal(page.pageSize, 2);
        pages.push(...page.tasks.map(({ id }) => id));
        pageToken = page.nextPageToken;
        // With an offset the next page would begin with one that was there before.
        await tasks(face, ["later"]);
      } while (pageToken !== "");
      assert.deepEqual(pages, made.toReversed());
    },
  ),
  ...must(
    30,
    "what is no page is refused: sizes out of bounds, tokens of others and of other filters",
    async (open) => {
      const face = desk(open);
      for (const text of ["1", "2", "3"]) await send(face, saying(text), { as: "anna" });
      const { nextPageToken: pageToken } = await list(face, { pageSize: 1 }, { as: "anna" });
      const bad: [params: Params, as: string][] = [
        [{ pageSize: 0 }, "anna"],
        [{ pageSize: -1 }, "anna"],
        [{ pageSize: 101 }, "anna"],
        [{ pageToken: "made-up" }, "anna"],
        [{ pageToken }, "bert"],
        [{ pageToken, status: "TASK_STATE_FAILED" }, "anna"],
        [{ pageToken, contextId: "other" }, "anna"],
      ];
      for (const [params, as] of bad) {
        await assert.rejects(face.ask("ListTasks", params, { as }), isRefused("INVALID_PARAMS"));
      }
      assert.equal((await list(face, { pageToken }, { as: "anna" })).tasks.length, 2);
      assert.equal((await list(face)).pageSize, 50);
    },
  ),
  ...must(31, "whose status moved last stands first", async (open) => {
    const face = desk(open);
    const [first = "", second = "", third = ""] = await tasks(face, ["ask", "ask", "ask"]);
    assert.deepEqual(await idsIn(face), [third, second, first]);
    await send(face, saying("done", { taskId: second }));
    assert.deepEqual(await idsIn(face), [second, third, first]);
    const stamps = (await list(face)).tasks.map(({ status }) => status.timestamp ?? "");
    assert.deepEqual(stamps, stamps.toSorted().toReversed());
  }),
  ...must(32, "artifacts are in a list when they are asked for, also where there are none", async (open) => {
    const face = desk(open);
    await tasks(face, ["hello", "ask"]);
    for (const params of [{}, { includeArtifacts: false }]) {
      assert.ok((await list(face, params)).tasks.every((task) => !("artifacts" in task)));
    }
    const told = (await list(face, { includeArtifacts: true })).tasks.map(({ artifacts }) =>
      artifacts?.map(textOf) ?? []
    );
    assert.deepEqual(told, [[], ["hello"]]);
  }),
  ...must(33, "filters hold together, the time is inclusive, and the total is that of all pages", async (open) => {
    const face = desk(open);
    const contextId = "one";
    const [done = "", open1 = "", open2 = ""] = await tasks(face, ["hello", "ask", "ask"], { contextId });
    await tasks(face, ["hello", "ask"]);
    const status = "TASK_STATE_INPUT_REQUIRED";
    assert.deepEqual(await idsIn(face, { contextId, status }), [open2, open1]);
    const page = await list(face, { contextId, pageSize: 1 });
    assert.deepEqual([page.tasks.length, page.totalSize], [1, 3]);
    const since = Task.parse(await face.ask("GetTask", { id: open1 })).status.timestamp;
    assert.deepEqual(await idsIn(face, { contextId, statusTimestampAfter: since }), [open2, open1]);
    assert.deepEqual(await idsIn(face, { contextId, status: "TASK_STATE_COMPLETED" }), [done]);
  }),
  ...mustInBoth(34, "a task that waits for its peer, and one that works, are canceled", async (open) => {
    const face = desk(open);
    for (const text of ["ask", "log in"]) {
      const { id } = await send(face, saying(text));
      assert.equal((await cancel(face, id)).status.state, "TASK_STATE_CANCELED");
      assert.equal(Task.parse(await face.ask("GetTask", { id })).status.state, "TASK_STATE_CANCELED");
    }
  }),
  ...mustInBoth(
    35,
    "a task that ended otherwise is not cancelable, an unknown or foreign one not found",
    async (open) => {
      const face = desk(open);
      for (const [state, { id }] of await overTasks(face)) {
        if (state === "CANCELED") continue;
        await assert.rejects(face.ask("CancelTask", { id }), isRefused("TASK_NOT_CANCELABLE"));
      }
      const { id: theirs } = await send(face, saying("ask"), { as: "bert" });
      for (const id of ["nobody", theirs]) {
        await assert.rejects(face.ask("CancelTask", { id }, { as: "anna" }), isRefused("TASK_NOT_FOUND"));
      }
    },
  ),
];
