import { SendMessageResponse } from "../../../src/a2a/types.ts";
import type { Scenario } from "./scenario.ts";
import { ended, fresh, get, partsWords, refusalOf, say, send, stateWord, taskWords } from "./words.ts";

/** Parts of every kind that a user can send. */
const PARTS = [
  { text: "keep" },
  { raw: "AAEC/w==", filename: "dot.png", mediaType: "image/png" },
  { url: "https://files.example/a.pdf", filename: "a.pdf", mediaType: "application/pdf" },
  { data: { total: 3, list: [1, null, "x"] }, metadata: { unit: "EUR" } },
];

export const SEND: readonly Scenario[] = [
  {
    name: "a send is answered with the task, its artifact, and what was said",
    act: async ({ peer }) => taskWords(await send(peer, "hello")),
    gives: ["completed", "= hello", "- user: hello"],
  },
  {
    name: "an agent's word stands alone, and its task is there by the id in it",
    act: async ({ peer }) => {
      const told = SendMessageResponse.parse(await peer.ask("SendMessage", { message: say("word hi there") }));
      if (!("message" in told)) return told;
      return [partsWords(told.message.parts), taskWords(await get(peer, told.message.taskId ?? ""))];
    },
    gives: ["hi there", ["completed, agent: hi there", "- user: word hi there"]],
  },
  {
    name: "parts of every kind go there and back as they are",
    act: async ({ peer }) => {
      const [status, artifact] = taskWords(await send(peer, "", { parts: PARTS }));
      return [status, artifact];
    },
    gives: [
      "completed",
      "= keep | raw AAEC/w== (dot.png, image/png) | https://files.example/a.pdf (a.pdf, application/pdf)" +
      ' | data {"total":3,"list":[1,null,"x"]} ({"unit":"EUR"})',
    ],
  },
  {
    name: "an agent's parts of every kind come as they are",
    act: async ({ peer }) => taskWords(await send(peer, "kinds")).slice(1, 2),
    gives: [
      "= plain | # Title (a.md, text/markdown) | raw AAEC/w== (dot.png, image/png)" +
      " | https://files.example/a.pdf (a.pdf, application/pdf)" +
      ' | data {"total":3,"nested":{"list":[1,null,"x"]}} ({"unit":"EUR"}) | data [1,{"two":2},null] | data "alone"',
    ],
  },
  {
    name: "an artifact's name and description come with it",
    act: async ({ peer }) => {
      const { artifacts = [] } = await send(peer, "kinds");
      return artifacts.map(({ artifactId, name, description }) => [artifactId, name, description]);
    },
    gives: [["kinds", "all", "of each"]],
  },
  {
    name: "a message's metadata and extensions are kept",
    act: async ({ peer }) => {
      const over = { metadata: { trace: { deep: [1] } }, extensions: ["urn:one"] };
      const { history = [] } = await send(peer, "hello", over);
      return history.map(({ metadata, extensions }) => [metadata, extensions]);
    },
    gives: [[{ trace: { deep: [1] } }, ["urn:one"]]],
  },
  {
    name: "text of any script, of line breaks, quotes and odd characters comes back as it is",
    act: async ({ peer }) => {
      const text = 'a\r\nb\n\n"data: c"\t\\ é 漢字 🜚 \u0000 \u2028 </script>';
      return taskWords(await send(peer, text))[1] === `= ${text}`;
    },
    gives: true,
  },
  {
    name: "without waiting, the answer is the task as it begins; it goes on by itself",
    act: async ({ peer, live }) => {
      const { id, status } = await send(peer, "wait", {}, { returnImmediately: true });
      await live.waiting();
      const during = taskWords(await get(peer, id))[0];
      live.letGo();
      await ended(peer, id);
      return [stateWord(status.state), during, taskWords(await get(peer, id))];
    },
    gives: ["submitted", "working", ["completed", "= begun and done", "- user: wait"]],
  },
  {
    name: "a send waits for the end",
    act: async ({ peer, live }) => {
      let isAnswered = false;
      const sent = send(peer, "wait").finally(() => isAnswered = true);
      await live.waiting();
      await refusalOf(peer, "GetTask", { id: "nobody" });
      const early = isAnswered;
      live.letGo();
      return [early, taskWords(await sent)];
    },
    gives: [false, ["completed", "= begun and done", "- user: wait"]],
  },
  {
    name: "a send's history is as long as asked",
    act: async ({ peer }) => [
      taskWords(await send(peer, "hello", {}, { historyLength: 1 })),
      taskWords(await send(peer, "hello", {}, { historyLength: 0 })),
    ],
    gives: [["completed", "= hello", "- user: hello"], ["completed", "= hello", "no history"]],
    but: [{
      binding: "gRPC",
      version: "0.3",
      gives: [["completed", "= hello", "- user: hello"], ["completed", "= hello", "- user: hello"]],
      because: "0.3's proto cannot tell a length of 0 from none",
    }],
  },
  {
    name: "a task that asks waits for its peer, and goes on with the answer",
    act: async ({ peer }) => {
      const asked = await send(peer, "ask");
      const answered = await send(peer, "blue", { taskId: asked.id, contextId: asked.contextId });
      return [taskWords(asked), taskWords(answered), asked.id === answered.id];
    },
    gives: [
      ["input_required, agent: which?", "- user: ask"],
      ["completed", "= blue", "- user: ask", "- agent: which?", "- user: blue"],
      true,
    ],
  },
  ...([
    ["fails", "fail", ["failed, agent: It broke", "= half", "- user: fail"]],
    ["throws tells no secret", "throw", [
      "failed, agent: The agent could not finish this task because of an internal error.",
      "- user: throw",
    ]],
    ["rejects", "reject", ["rejected, agent: Not here", "- user: reject"]],
    ["wants credentials", "auth", ["auth_required, agent: who?", "- user: auth"]],
    ["tells its progress", "progress", ["completed", "- user: progress", "- agent: thinking"]],
    ["writes an artifact anew", "two", ["completed", "= A", "= c", "- user: two"]],
  ] as const).map(([what, text, gives]): Scenario => ({
    name: `an agent that ${what}`,
    act: async ({ peer }) => taskWords(await send(peer, text)),
    gives,
  })),
  {
    name: "the same message, sent again, is the same task",
    act: async ({ peer }) => {
      const messageId = fresh("twice");
      const [first, again] = [await send(peer, "hello", { messageId }), await send(peer, "hello", { messageId })];
      return [first.id === again.id, taskWords(again)];
    },
    gives: [true, ["completed", "= hello", "- user: hello"]],
  },
  {
    name: "a context that the peer names is kept, one that it does not name is made",
    act: async ({ peer }) => {
      const contextId = fresh("context");
      const [named, made] = [await send(peer, "hello", { contextId }), await send(peer, "hello")];
      return [named.contextId === contextId, made.contextId !== undefined && made.contextId !== contextId];
    },
    gives: [true, true],
  },
  {
    name: "a message to a finished task, an unknown one, one of another context is refused",
    act: async ({ peer }) => {
      const [done, open] = [await send(peer, "hello"), await send(peer, "ask")];
      const to = (over: Record<string, unknown>) => refusalOf(peer, "SendMessage", { message: say("more", over) });
      return [
        await to({ taskId: done.id }),
        await to({ taskId: "nobody" }),
        await to({ taskId: open.id, contextId: "another" }),
      ];
    },
    gives: ["UNSUPPORTED_OPERATION", "TASK_NOT_FOUND", "INVALID_PARAMS"],
  },
  {
    name: "a message to a task that works is refused",
    act: async ({ peer, live }) => {
      const { id: taskId } = await send(peer, "wait", {}, { returnImmediately: true });
      await live.waiting();
      return await refusalOf(peer, "SendMessage", { message: say("more", { taskId }) });
    },
    gives: "UNSUPPORTED_OPERATION",
  },
  {
    name: "a message without parts, or without a role is refused",
    act: async ({ peer }) => [
      await refusalOf(peer, "SendMessage", { message: say("", { parts: [] }) }),
      await refusalOf(peer, "SendMessage", { message: say("", { role: "ROLE_UNSPECIFIED" }) }),
    ],
    gives: ["INVALID_PARAMS", "INVALID_PARAMS"],
  },
];
