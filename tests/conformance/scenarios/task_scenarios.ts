import type { Peer } from "./peer.ts";
import type { Scenario } from "./scenario.ts";
import { fresh, get, list, refusalOf, send, stateWord, taskWords } from "./words.ts";

const LENGTHS = [undefined, 0, 1, 2, 9];

async function talk(peer: Peer): Promise<string> {
  const { id: taskId } = await send(peer, "ask");
  await send(peer, "blue", { taskId });
  return taskId;
}

const UNSET_ZERO = "0.3's proto cannot tell a length of 0 from none";

export const GET: readonly Scenario[] = [
  {
    name: "a task's history is as long as asked, the newest of it, in order",
    act: async ({ peer }) => {
      const id = await talk(peer);
      const told = LENGTHS.map(async (historyLength) => {
        const task = await get(peer, id, historyLength === undefined ? {} : { historyLength });
        return taskWords(task).slice(2);
      });
      return await Promise.all(told);
    },
    gives: [
      ["- user: ask", "- agent: which?", "- user: blue"],
      ["no history"],
      ["- user: blue"],
      ["- agent: which?", "- user: blue"],
      ["- user: ask", "- agent: which?", "- user: blue"],
    ],
    but: [{
      binding: "gRPC",
      version: "0.3",
      gives: [
        ["- user: ask", "- agent: which?", "- user: blue"],
        ["- user: ask", "- agent: which?", "- user: blue"],
        ["- user: blue"],
        ["- agent: which?", "- user: blue"],
        ["- user: ask", "- agent: which?", "- user: blue"],
      ],
      because: UNSET_ZERO,
    }],
  },
  {
    name: "a task has its id, its context and the time of its status",
    act: async ({ peer }) => {
      const { id, contextId } = await send(peer, "hello");
      const task = await get(peer, id);
      return [
        task.id === id,
        task.contextId === contextId,
        /^2026-01-01T00:00:00\.\d{3}Z$/.test(task.status.timestamp ?? ""),
      ];
    },
    gives: [true, true, true],
  },
  {
    name: "an unknown task, and a negative history, are refused",
    act: async ({ peer }) => {
      const { id } = await send(peer, "hello");
      return [
        await refusalOf(peer, "GetTask", { id: "nobody" }),
        await refusalOf(peer, "GetTask", { id, historyLength: -1 }),
      ];
    },
    gives: ["TASK_NOT_FOUND", "INVALID_PARAMS"],
  },
];

export const CANCEL: readonly Scenario[] = [
  {
    name: "a task that works is canceled, and keeps what it has said",
    act: async ({ peer, live }) => {
      const { id } = await send(peer, "wait", {}, { returnImmediately: true });
      await live.waiting();
      return [taskWords(await peer.ask("CancelTask", { id })), stateWord((await get(peer, id)).status.state)];
    },
    gives: [["canceled", "= begun and", "- user: wait"], "canceled"],
  },
  {
    name: "a task that asks is canceled",
    act: async ({ peer }) => taskWords(await peer.ask("CancelTask", { id: (await send(peer, "ask")).id })),
    gives: ["canceled", "- user: ask", "- agent: which?"],
  },
  {
    name: "who waits for a task hears that it was canceled",
    act: async ({ peer, live }) => {
      const contextId = fresh("context");
      const sent = send(peer, "wait", { contextId });
      await live.waiting();
      const id = await live.taskIn(contextId);
      await peer.ask("CancelTask", { id });
      return taskWords(await sent);
    },
    gives: ["canceled", "= begun and", "- user: wait"],
  },
  {
    name: "a finished task is not cancelable, an unknown one is not found",
    act: async ({ peer }) => {
      const told: string[] = [];
      for (const text of ["hello", "fail", "reject"]) {
        told.push(await refusalOf(peer, "CancelTask", { id: (await send(peer, text)).id }));
      }
      return [...told, await refusalOf(peer, "CancelTask", { id: "nobody" })];
    },
    gives: ["TASK_NOT_CANCELABLE", "TASK_NOT_CANCELABLE", "TASK_NOT_CANCELABLE", "TASK_NOT_FOUND"],
  },
  {
    name: "a task that was canceled is given back",
    act: async ({ peer }) => {
      const { id } = await send(peer, "ask");
      const first = taskWords(await peer.ask("CancelTask", { id }))[0];
      const again = await refusalOf(peer, "CancelTask", { id });
      return [first, again.startsWith("no refusal") ? taskWords(await get(peer, id))[0] : again];
    },
    gives: ["canceled", "canceled"],
    but: [{
      version: "0.3",
      gives: ["canceled", "TASK_NOT_CANCELABLE"],
      because: "0.3 calls a canceled task not cancelable",
    }],
  },
];

const NO_LIST = [{ binding: "gRPC", version: "0.3", because: "0.3's proto has no such method" }] as const;

/** Five tasks of one context in several states; the newest is first in a list. */
async function five(peer: Peer, contextId: string): Promise<readonly string[]> {
  const ids: string[] = [];
  for (const text of ["one", "ask", "fail", "two", "three"]) ids.push((await send(peer, text, { contextId })).id);
  return ids;
}

/** A list's tasks by the first word that their peer said, and what came with them. */
async function listed(peer: Peer, request: Readonly<Record<string, unknown>>): Promise<string> {
  const { tasks, totalSize } = await list(peer, request);
  return `${tasks.map(({ history = [] }) => history[0]?.parts[0]?.text ?? "?").join(" ")} of ${totalSize}`;
}

export const LIST: readonly Scenario[] = [
  {
    name: "a list is of one context, newest first",
    act: async ({ peer }) => {
      const contextId = fresh("context");
      await send(peer, "elsewhere");
      await five(peer, contextId);
      return [await listed(peer, { contextId }), await listed(peer, { contextId: "nowhere" })];
    },
    gives: ["three two fail ask one of 5", " of 0"],
    unsayable: NO_LIST,
  },
  {
    name: "a list without filters is of all tasks",
    act: async ({ peer }) => {
      await send(peer, "elsewhere");
      await five(peer, fresh("context"));
      return await listed(peer, {});
    },
    gives: "three two fail ask one elsewhere of 6",
    unsayable: NO_LIST,
  },
  {
    name: "a list is of one state",
    act: async ({ peer }) => {
      const contextId = fresh("context");
      await five(peer, contextId);
      const states = ["COMPLETED", "INPUT_REQUIRED", "FAILED", "WORKING"];
      return await Promise.all(states.map((state) => listed(peer, { contextId, status: `TASK_STATE_${state}` })));
    },
    gives: ["three two one of 3", "ask of 1", "fail of 1", " of 0"],
    unsayable: NO_LIST,
  },
  {
    name: "a list of no state is a list of all",
    act: async ({ peer }) => {
      await five(peer, fresh("context"));
      return await listed(peer, { status: "TASK_STATE_UNSPECIFIED" });
    },
    gives: "three two fail ask one of 5",
    unsayable: [
      ...NO_LIST,
      { binding: "JSON-RPC", version: "0.3", because: "0.3 has no such state" },
      { binding: "WebSocket", version: "0.3", because: "0.3 has no such state" },
    ],
  },
  {
    name: "a list is of what changed since a moment, that one included, in any zone",
    act: async ({ peer }) => {
      const contextId = fresh("context");
      const ids = await five(peer, contextId);
      const { timestamp = "" } = (await get(peer, ids[3] ?? "")).status;
      const later = timestamp.replace("T00:", "T02:").replace("Z", "+02:00");
      return [
        await listed(peer, { contextId, statusTimestampAfter: timestamp }),
        await listed(peer, { contextId, statusTimestampAfter: later }),
        await listed(peer, { contextId, status: "TASK_STATE_FAILED", statusTimestampAfter: timestamp }),
        await listed(peer, { contextId, statusTimestampAfter: "2999-01-01T00:00:00Z" }),
      ];
    },
    gives: ["three two of 2", "three two of 2", " of 0", " of 0"],
    unsayable: NO_LIST,
  },
  {
    name: "a list has artifacts on demand, and as much history as asked",
    act: async ({ peer }) => {
      const contextId = fresh("context");
      await send(peer, "one", { contextId });
      const shown = async (request: Readonly<Record<string, unknown>>) => {
        const [task] = (await list(peer, { contextId, ...request })).tasks;
        return [task?.artifacts?.length ?? "none", task?.history?.length ?? "none"];
      };
      return [
        await shown({}),
        await shown({ includeArtifacts: true }),
        await shown({ includeArtifacts: false, historyLength: 0 }),
        await shown({ includeArtifacts: true, historyLength: 1 }),
      ];
    },
    gives: [["none", 1], [1, 1], ["none", "none"], [1, 1]],
    unsayable: NO_LIST,
  },
  {
    name: "a list goes by pages, each task once, and its last page has no token",
    act: async ({ peer }) => {
      const contextId = fresh("context");
      await five(peer, contextId);
      const pages: string[] = [];
      for (let pageToken = "", more = true; more;) {
        const page = await list(peer, { contextId, pageSize: 2, ...(pageToken === "" ? {} : { pageToken }) });
        const words = page.tasks.map(({ history = [] }) => history[0]?.parts[0]?.text ?? "?");
        pages.push(`${words.join(" ")} (${page.pageSize} of ${page.totalSize})`);
        pageToken = page.nextPageToken;
        more = pageToken !== "";
      }
      return pages;
    },
    gives: ["three two (2 of 5)", "fail ask (2 of 5)", "one (2 of 5)"],
    unsayable: NO_LIST,
  },
  {
    name: "a task that comes between two pages shifts none of them",
    act: async ({ peer }) => {
      const contextId = fresh("context");
      await five(peer, contextId);
      const first = await list(peer, { contextId, pageSize: 3 });
      await send(peer, "late", { contextId });
      const { tasks } = await list(peer, { contextId, pageSize: 3, pageToken: first.nextPageToken });
      return tasks.map(({ history = [] }) => history[0]?.parts[0]?.text);
    },
    gives: ["ask", "one"],
    unsayable: NO_LIST,
  },
  {
    name: "a page has 50 tasks unless asked otherwise",
    act: async ({ peer }) => (await list(peer, {})).pageSize,
    gives: 50,
    unsayable: NO_LIST,
  },
  {
    name: "pages of a wrong size, a token made up, one of another list, a state and a time that are none are refused",
    act: async ({ peer }) => {
      const contextId = fresh("context");
      await five(peer, contextId);
      const { nextPageToken: pageToken } = await list(peer, { contextId, pageSize: 1 });
      const told: string[] = [];
      for (
        const request of [
          { pageSize: 0 },
          { pageSize: -1 },
          { pageSize: 101 },
          { pageToken: "made-up" },
          { contextId: "another", pageToken },
          { historyLength: -1 },
        ]
      ) {
        told.push(await refusalOf(peer, "ListTasks", { contextId, ...request }));
      }
      return told;
    },
    gives: Array(6).fill("INVALID_PARAMS"),
    unsayable: NO_LIST,
  },
  {
    name: "who cannot ask for a list is told so",
    act: async ({ peer }) => {
      const told = await refusalOf(peer, "ListTasks", {});
      return told.startsWith("no refusal") ? "a list" : told;
    },
    gives: "a list",
    but: [{ binding: "gRPC", version: "0.3", gives: "gRPC 12", because: "0.3's proto has no such method" }],
  },
];
