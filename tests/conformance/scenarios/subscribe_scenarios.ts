import type { Peer, Place } from "./peer.ts";
import { Refused } from "./peer.ts";
import type { Scenario, Stage } from "./scenario.ts";
import { eventWord, get, next, refusedStream, send, stream, subscribe, taskIdOf, taskWords, words } from "./words.ts";

const WAITED = ["1 task submitted", "2 working", "3 =begun", "5 + and", "7 + done!", "9 completed"];
const NO_HEADERS = [
  { binding: "WebSocket", because: "a request on a socket has no headers of its own" },
] as const;
const NO_METADATA = [
  { binding: "gRPC", because: "the proto's request to subscribe has no metadata" },
] as const;

/** A task that has said something and waits. */
async function begun({ peer, live }: Stage): Promise<string> {
  const { id } = await send(peer, "wait", {}, { returnImmediately: true });
  await live.waiting();
  return id;
}

/** The rest of a stream that is cut when its server stops. */
async function untilCut(events: AsyncGenerator<Parameters<typeof eventWord>[0]>): Promise<string[]> {
  const told: string[] = [];
  try {
    for await (const heard of events) told.push(eventWord(heard));
  } catch (thrown) {
    if (!(thrown instanceof Refused) || thrown.reason !== "UNAVAILABLE") throw thrown;
  }
  return told;
}

async function resumed(stage: Stage, place: Place): Promise<readonly string[]> {
  const id = await begun(stage);
  const events = subscribe(stage.peer, id, place);
  const first = await next(events, 1);
  stage.live.letGo();
  return [...first.map(eventWord), ...await words(events)];
}

async function resumedFinished(peer: Peer, place: Place): Promise<readonly string[]> {
  const { id } = await send(peer, "pieces a|b");
  return await words(subscribe(peer, id, place));
}

async function afterRestart(stage: Stage, by: Place["by"]): Promise<unknown> {
  const { peer, live } = stage;
  const events = stream(peer, "wait");
  const early = await next(events, 4);
  const id = taskIdOf(early);
  await live.waiting();
  const [late] = await Promise.all([untilCut(events), live.restart()]);
  live.letGo();
  const rest = await words(subscribe(peer, id, { afterSeq: early.at(-1)?.seq ?? 0, by }));
  return [[...early.map(eventWord), ...late, ...rest], taskWords(await get(peer, id))];
}

/** Entry 7 tells that the task was taken up again. */
const RESTARTED = [
  [...WAITED.slice(0, 4), "8 + done!", "10 completed"],
  ["completed", "= begun and done", "- user: wait"],
];

export const SUBSCRIBE: readonly Scenario[] = [
  {
    name: "a subscription begins with the task as it is and tells what follows",
    act: async (stage) => {
      const events = subscribe(stage.peer, await begun(stage));
      const first = await next(events, 1);
      stage.live.letGo();
      return [...first.map(eventWord), ...await words(events)];
    },
    gives: ["6 task working = begun and", "7 + done!", "9 completed"],
  },
  {
    name: "a subscription from the start, said in a header",
    act: async (stage) => await resumed(stage, { afterSeq: 0, by: "header" }),
    gives: WAITED,
    unsayable: NO_HEADERS,
  },
  {
    name: "a subscription from the start, said in the request",
    act: async (stage) => await resumed(stage, { afterSeq: 0, by: "request" }),
    gives: WAITED,
    unsayable: NO_METADATA,
  },
  {
    name: "a subscription behind an event, said in a header, has neither gap nor repeat",
    act: async (stage) => await resumed(stage, { afterSeq: 3, by: "header" }),
    gives: WAITED.slice(3),
    unsayable: NO_HEADERS,
  },
  {
    name: "a subscription behind an event, said in the request, has neither gap nor repeat",
    act: async (stage) => await resumed(stage, { afterSeq: 3, by: "request" }),
    gives: WAITED.slice(3),
    unsayable: NO_METADATA,
  },
  {
    name: "what was missed of a finished task can be read, by a header",
    act: async ({ peer }) => await resumedFinished(peer, { afterSeq: 2, by: "header" }),
    gives: ["3 =a", "5 +b!", "7 completed"],
    unsayable: NO_HEADERS,
  },
  {
    name: "what was missed of a finished task can be read, by the request",
    act: async ({ peer }) => await resumedFinished(peer, { afterSeq: 2, by: "request" }),
    gives: ["3 =a", "5 +b!", "7 completed"],
    unsayable: NO_METADATA,
  },
  {
    name: "who has heard a finished task to its end hears nothing more, by a header",
    act: async ({ peer }) => await resumedFinished(peer, { afterSeq: 7, by: "header" }),
    gives: [],
    unsayable: NO_HEADERS,
  },
  {
    name: "who has heard a finished task to its end hears nothing more, by the request",
    act: async ({ peer }) => {
      const { id } = await send(peer, "pieces a|b");
      const told = await refusedStream(subscribe(peer, id, { afterSeq: 7, by: "request" }));
      return told.startsWith("no refusal") ? "the end" : told;
    },
    gives: "the end",
    but: [
      { binding: "WebSocket", gives: "UNSUPPORTED_OPERATION", because: "a socket stays open behind a stream's end" },
    ],
    unsayable: NO_METADATA,
  },
  {
    name: "a place behind a task's end is refused, in a header and in the request",
    act: async ({ peer }) => {
      const { id } = await send(peer, "hello");
      const by = peer.binding === "WebSocket" ? "request" : "header";
      return await refusedStream(subscribe(peer, id, { afterSeq: 99, by }));
    },
    gives: "INVALID_PARAMS",
  },
  {
    name: "a finished task, and an unknown one, cannot be subscribed to",
    act: async ({ peer }) => [
      await refusedStream(subscribe(peer, (await send(peer, "hello")).id)),
      await refusedStream(subscribe(peer, (await send(peer, "fail")).id)),
      await refusedStream(subscribe(peer, "nobody")),
    ],
    gives: ["UNSUPPORTED_OPERATION", "UNSUPPORTED_OPERATION", "TASK_NOT_FOUND"],
  },
  {
    name: "many readers hear the same, whenever they came, and one that leaves takes nothing from the others",
    act: async (stage) => {
      const { peer, live } = stage;
      const first = stream(peer, "wait");
      const id = taskIdOf(await next(first, 1));
      await live.waiting();
      const others = Array.from({ length: 8 }, () => subscribe(peer, id));
      for (const events of others) await next(events, 1);
      const left = others.slice(0, 3);
      for (const events of left) await events.return();
      live.letGo();
      const rest = await Promise.all([first, ...others.slice(3)].map(words));
      return rest.map((told) => told.slice(-2).join(", "));
    },
    gives: Array(6).fill("7 + done!, 9 completed"),
  },
  {
    name: "a subscription outlasts a question and tells the next turn",
    act: async ({ peer }) => {
      const { id } = await send(peer, "ask");
      const events = subscribe(peer, id);
      const first = await next(events, 1);
      const [rest] = await Promise.all([words(events), send(peer, "pieces a|b", { taskId: id })]);
      return [...first.map(eventWord), ...rest];
    },
    gives: ["3 task input_required, agent: which?", "5 working", "6 =a", "8 +b!", "10 completed"],
  },
  {
    name: "a canceled task ends its streams",
    act: async ({ peer, live }) => {
      const turn = stream(peer, "wait");
      const id = taskIdOf(await next(turn, 1));
      await live.waiting();
      const subscription = subscribe(peer, id);
      await next(subscription, 1);
      await peer.ask("CancelTask", { id });
      return [(await words(turn)).at(-1), await words(subscription)];
    },
    gives: ["7 canceled", ["7 canceled"]],
  },
  {
    name: "a server that starts again goes on with its task, and a reader with its events, by a header",
    act: async (stage) => await afterRestart(stage, "header"),
    gives: RESTARTED,
    unsayable: NO_HEADERS,
  },
  {
    name: "a server that starts again goes on with its task, and a reader with its events, by the request",
    act: async (stage) => await afterRestart(stage, "request"),
    gives: RESTARTED,
    unsayable: NO_METADATA,
  },
];
