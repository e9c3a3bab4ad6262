import assert from "node:assert/strict";
import { buildCard } from "../../src/a2a/card/build_card.ts";
import type { AgentCapabilities } from "../../src/a2a/card/card_types.ts";
import { A2AError, type ErrorReason } from "../../src/a2a/errors.ts";
import { type Offer, offeredService } from "../../src/a2a/offered_service.ts";
import { OPERATIONS } from "../../src/a2a/operations.ts";
import { ANONYMOUS, type Call } from "../../src/a2a/service.ts";
import { fakeService } from "../server/served_agent.ts";

const CARD = buildCard({
  id: "d",
  name: "D",
  description: "d",
  version: "1",
  baseUrl: "https://x.example",
  skills: [],
});
const MESSAGE = { message: { messageId: "m", role: "ROLE_USER", parts: [{ text: "Hello" }] } };
const CONFIG = { taskId: "t", id: "c", url: "https://hook.example" };

/** A request that every operation takes. */
const REQUEST = { ...MESSAGE, ...CONFIG };

function call(more: Partial<Call> = {}): Call {
  return { signal: new AbortController().signal, caller: ANONYMOUS, extensions: [], ...more };
}

function offered(capabilities: AgentCapabilities, more: Partial<Offer> = {}) {
  const asked: string[] = [];
  const task = { id: "t", status: { state: "TASK_STATE_WORKING" } } as const;
  const answer = <T>(name: string, response: T) => () => {
    asked.push(name);
    return Promise.resolve(response);
  };
  const stream = (name: string) =>
    async function* () {
      asked.push(name);
      yield await Promise.resolve({ seq: 1, event: { task } });
    };
  const service = fakeService({
    sendMessage: answer("SendMessage", { task }),
    sendStreamingMessage: stream("SendStreamingMessage"),
    subscribeToTask: stream("SubscribeToTask"),
    getTask: answer("GetTask", task),
    listTasks: answer("ListTasks", { tasks: [], nextPageToken: "", pageSize: 1, totalSize: 0 }),
    cancelTask: answer("CancelTask", task),
    createTaskPushNotificationConfig: answer("CreateTaskPushNotificationConfig", CONFIG),
    getTaskPushNotificationConfig: answer("GetTaskPushNotificationConfig", CONFIG),
    listTaskPushNotificationConfigs: answer("ListTaskPushNotificationConfigs", { configs: [] }),
    deleteTaskPushNotificationConfig: answer("DeleteTaskPushNotificationConfig", undefined),
  });
  return { asked, service: offeredService(service, { capabilities, authenticates: false, ...more }) };
}

/** Asks one operation and reads its stream, if it has one, to the end. */
async function ask(operation: string, { service }: ReturnType<typeof offered>, asker = call()): Promise<void> {
  for (const [name, row] of OPERATIONS) {
    if (name !== operation) continue;
    if (!row.streaming) await row.invoke(service, REQUEST, asker);
    else for await (const _event of row.invoke(service, REQUEST, asker));
  }
}

const refusedWith = (reason: ErrorReason) => (thrown: unknown) =>
  thrown instanceof A2AError && thrown.reason === reason;

const ALL = { streaming: true, extendedAgentCard: true };
const STREAMS = ["SendStreamingMessage", "SubscribeToTask"];

for (const operation of OPERATIONS.keys()) {
  Deno.test(`${operation} reaches an agent whose card offers it`, async () => {
    const agent = offered(ALL, { extendedCard: () => CARD });
    await ask(operation, agent);
    assert.deepEqual(agent.asked, operation === "GetExtendedAgentCard" ? [] : [operation]);
  });

  Deno.test(`${operation} is refused without an extension that the card requires`, async () => {
    const capabilities = { ...ALL, extensions: [{ uri: "urn:x", required: true }] };
    const agent = offered(capabilities, { extendedCard: () => CARD });
    await assert.rejects(ask(operation, agent), refusedWith("EXTENSION_SUPPORT_REQUIRED"));
    assert.deepEqual(agent.asked, []);
    await ask(operation, agent, call({ extensions: ["urn:x"] }));
  });

  Deno.test(`${operation} of an agent that does not stream is ${STREAMS.includes(operation) ? "refused" : "taken"}`, async () => {
    const agent = offered({ ...ALL, streaming: false }, { extendedCard: () => CARD });
    if (!STREAMS.includes(operation)) return await ask(operation, agent);
    await assert.rejects(ask(operation, agent), refusedWith("UNSUPPORTED_OPERATION"));
    assert.deepEqual(agent.asked, []);
  });
}

const KNOWN = { ...ANONYMOUS, subject: "alice", anonymous: false };
const EXTENDED: [what: string, offer: Partial<Offer>, caller: typeof ANONYMOUS, reason: ErrorReason | undefined][] = [
  ["anybody where nobody is asked who they are", { extendedCard: () => CARD }, ANONYMOUS, undefined],
  ["a known caller", { extendedCard: () => CARD, authenticates: true }, KNOWN, undefined],
  [
    "a stranger where callers are asked",
    { extendedCard: () => CARD, authenticates: true },
    ANONYMOUS,
    "UNAUTHENTICATED",
  ],
  ["anybody where it is declared only", {}, ANONYMOUS, "EXTENDED_AGENT_CARD_NOT_CONFIGURED"],
  ["a stranger where it is declared only", { authenticates: true }, ANONYMOUS, "UNAUTHENTICATED"],
];
for (const [what, offer, caller, reason] of EXTENDED) {
  Deno.test(`the extended card for ${what}: ${reason ?? "shown"}`, async () => {
    const { service } = offered(ALL, offer);
    const asked = service.getExtendedAgentCard({}, call({ caller }));
    if (reason === undefined) assert.deepEqual(await asked, CARD);
    else await assert.rejects(asked, refusedWith(reason));
  });
}

Deno.test("the extended card of an agent whose card does not say that there is one is no operation", async () => {
  const { service } = offered({ streaming: true }, { extendedCard: () => CARD });
  await assert.rejects(service.getExtendedAgentCard({}, call()), refusedWith("UNSUPPORTED_OPERATION"));
});

Deno.test("a stream that is left is left at the agent, too", async () => {
  let left = false;
  const service = fakeService({
    subscribeToTask: async function* () {
      try {
        yield { seq: 1, event: { task: { id: "t", status: { state: "TASK_STATE_WORKING" } } } };
        await new Promise(() => {});
      } finally {
        left = true;
      }
    },
  });
  const guarded = offeredService(service, { capabilities: ALL, authenticates: false });
  for await (const _event of guarded.subscribeToTask({ id: "t" }, call())) break;
  assert.ok(left);
});
