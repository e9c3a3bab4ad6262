import type { Scenario } from "./scenario.ts";
import { MUCH } from "./scripted_desk.ts";
import {
  ended,
  eventWord,
  fresh,
  get,
  next,
  refusedStream,
  say,
  send,
  stream,
  taskIdOf,
  taskWords,
  words,
} from "./words.ts";

const PIECES = ["1 task submitted", "2 working", "3 =a", "5 +b", "7 +c!", "9 completed"];

export const STREAM: readonly Scenario[] = [
  {
    name: "a stream begins with its task, tells each piece once and in order, and ends",
    act: async ({ peer }) => await words(stream(peer, "pieces a|b|c")),
    gives: PIECES,
  },
  ...([
    ["artifacts of every kind of part", "kinds", [
      "1 task submitted",
      "2 working",
      "3 =plain | # Title (a.md, text/markdown) | raw AAEC/w== (dot.png, image/png)" +
      " | https://files.example/a.pdf (a.pdf, application/pdf)" +
      ' | data {"total":3,"nested":{"list":[1,null,"x"]}} ({"unit":"EUR"}) | data [1,{"two":2},null] | data "alone"',
      "5 completed",
    ]],
    ["several artifacts, and one that is written anew", "two", [
      "1 task submitted",
      "2 working",
      "3 =a",
      "5 +b!",
      "7 =c",
      "9 =A",
      "11 completed",
    ]],
    ["an agent that fails", "fail", ["1 task submitted", "2 working", "3 =half!", "5 failed, agent: It broke"]],
    ["an agent that throws", "throw", [
      "1 task submitted",
      "2 working",
      "3 failed, agent: The agent could not finish this task because of an internal error.",
    ]],
    ["an agent that rejects", "reject", ["1 task submitted", "2 working", "3 rejected, agent: Not here"]],
    ["an agent's progress", "progress", [
      "1 task submitted",
      "2 working",
      "3 working, agent: thinking",
      "5 completed",
    ]],
    ["an agent that asks: the turn ends", "ask", [
      "1 task submitted",
      "2 working",
      "3 input_required, agent: which?",
    ]],
    ["an agent that wants credentials: the turn ends", "auth", [
      "1 task submitted",
      "2 working",
      "3 auth_required, agent: who?",
    ]],
    ["an agent's word alone", "word hi", ["1 task submitted", "2 working", "3 completed, agent: hi"]],
  ] as const).map(([what, text, gives]): Scenario => ({
    name: `a stream tells ${what}`,
    act: async ({ peer }) => await words(stream(peer, text)),
    gives,
  })),
  {
    name: "the answer to a question streams from the task as it is",
    act: async ({ peer }) => {
      const { id: taskId } = await send(peer, "ask");
      return await words(stream(peer, "pieces a|b", { taskId }));
    },
    gives: ["5 task working", "6 =a", "8 +b!", "10 completed"],
  },
  {
    name: "a stream comes as it is said, not when all is said",
    act: async ({ peer, live }) => {
      const events = stream(peer, "wait");
      const early = await next(events, 4);
      live.letGo();
      return [...early.map(eventWord), ...await words(events)];
    },
    gives: ["1 task submitted", "2 working", "3 =begun", "5 + and", "7 + done!", "9 completed"],
  },
  {
    name: "who leaves a stream leaves its task alone",
    act: async ({ peer, live }) => {
      const events = stream(peer, "wait");
      const id = taskIdOf(await next(events, 1));
      await events.return();
      await live.waiting();
      const during = taskWords(await get(peer, id))[0];
      live.letGo();
      await ended(peer, id);
      return [during, taskWords(await get(peer, id))];
    },
    gives: ["working", ["completed", "= begun and done", "- user: wait"]],
  },
  {
    name: "the same message, streamed again, tells the same task from its beginning",
    act: async ({ peer }) => {
      const messageId = fresh("twice");
      const first = await words(stream(peer, "pieces a|b|c", { messageId }));
      return [first, await words(stream(peer, "pieces a|b|c", { messageId }))];
    },
    gives: [PIECES, PIECES],
  },
  {
    name: "the same message, streamed again behind an event, tells what follows it",
    act: async ({ peer }) => {
      const message = say("pieces a|b|c");
      await words(peer.listen("SendStreamingMessage", { message }));
      return await words(peer.listen("SendStreamingMessage", { message }, { afterSeq: 5, by: "header" }));
    },
    gives: PIECES.slice(4),
    unsayable: [{ binding: "WebSocket", because: "a request on a socket has no headers of its own" }],
  },
  {
    name: "the same message, streamed again with its place in it, tells what follows",
    act: async ({ peer }) => {
      const message = say("pieces a|b|c");
      await words(peer.listen("SendStreamingMessage", { message }));
      return await words(peer.listen("SendStreamingMessage", { message }, { afterSeq: 5, by: "request" }));
    },
    gives: PIECES.slice(4),
  },
  {
    name: "a stream that cannot begin is refused like a send",
    act: async ({ peer }) => {
      const { id: taskId } = await send(peer, "hello");
      return [
        await refusedStream(stream(peer, "more", { taskId })),
        await refusedStream(stream(peer, "more", { taskId: "nobody" })),
        await refusedStream(stream(peer, "", { parts: [] })),
      ];
    },
    gives: ["UNSUPPORTED_OPERATION", "TASK_NOT_FOUND", "INVALID_PARAMS"],
  },
  {
    name: "a reader that is slower than its agent gets all there is",
    act: async ({ peer }) => {
      const events = stream(peer, "much");
      const [first] = await next(events, 1);
      // Nothing is read until the agent is done.
      const id = taskIdOf(first === undefined ? [] : [first]);
      await ended(peer, id);
      const rest = await Array.fromAsync(events);
      const lengths = rest.map(({ event }) => "artifactUpdate" in event ? event.artifactUpdate.artifact.parts : []);
      const sum = lengths.flat().reduce((all, { text = "" }) => all + text.length, 0);
      return [sum, rest.at(-1) && eventWord(rest.at(-1)!)];
    },
    gives: [MUCH.chunks * MUCH.length, `${2 + MUCH.chunks * 2 + 1} completed`],
  },
];
