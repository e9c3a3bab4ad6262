import assert from "node:assert/strict";
import { CARD } from "../../a2a/fake_service.ts";
import { A2AError } from "../../../src/a2a/errors.ts";
import { ListTaskPushNotificationConfigsResponse, TaskPushNotificationConfig } from "../../../src/a2a/types.ts";
import type { Delivery } from "./live_server.ts";
import { isRecord, type Peer, type Request } from "./peer.ts";
import type { Scenario } from "./scenario.ts";
import { fromLegacy } from "./legacy.ts";
import { eventWord, refusalOf, say, send, taskWords } from "./words.ts";
import { StreamResponse } from "../../../src/a2a/types.ts";

const URL_A = "https://a.example/hook";
const SECRETS = { token: "t0ken", authentication: { scheme: "Bearer", credentials: "s3cret" } };
const server = { push: true };

async function create(peer: Peer, config: Request): Promise<TaskPushNotificationConfig> {
  return TaskPushNotificationConfig.parse(await peer.ask("CreateTaskPushNotificationConfig", config));
}

async function configs(peer: Peer, taskId: string): Promise<readonly TaskPushNotificationConfig[]> {
  const told = await peer.ask("ListTaskPushNotificationConfigs", { taskId });
  return ListTaskPushNotificationConfigsResponse.parse(told).configs ?? [];
}

/** A notice: its number in the task, and the event (1.0) or the whole task (0.3) that it tells. */
function noticeWord({ body, headers }: Delivery, { version }: Peer): string {
  const told = JSON.parse(body);
  const seq = Number(headers["idempotency-key"]?.split(":").at(-1));
  const event = StreamResponse.parse(version === "1.0" ? told : fromLegacy("SendMessage", told));
  return eventWord({ seq, event });
}

const EVENTS = ["1 task submitted", "2 working", "3 =a", "5 +b!", "7 completed"];
const TASKS = ["1 task submitted", "2 task working", "7 task completed = ab"];
const WHOLE = [{ version: "0.3", gives: TASKS, because: "0.3 tells the whole task where its state changes" }] as const;

export const PUSH: readonly Scenario[] = [
  {
    name: "a webhook is made, read, listed and deleted; its credentials are never read back",
    server,
    act: async ({ peer }) => {
      const { id: taskId } = await send(peer, "ask");
      const made = await create(peer, { taskId, id: "hook", url: URL_A, ...SECRETS });
      const read = await peer.ask("GetTaskPushNotificationConfig", { taskId, id: "hook" });
      const listed = await configs(peer, taskId);
      const all = JSON.stringify([made, read, listed]);
      await peer.ask("DeleteTaskPushNotificationConfig", { taskId, id: "hook" });
      await peer.ask("DeleteTaskPushNotificationConfig", { taskId, id: "hook" });
      return [
        made.id,
        made.url,
        made.taskId === taskId,
        made.authentication?.scheme,
        JSON.stringify(TaskPushNotificationConfig.parse(read)) === JSON.stringify(made),
        JSON.stringify(listed) === JSON.stringify([made]),
        all.includes("t0ken") || all.includes("s3cret"),
        await refusalOf(peer, "GetTaskPushNotificationConfig", { taskId, id: "hook" }),
        await configs(peer, taskId),
      ];
    },
    gives: ["hook", URL_A, true, "Bearer", true, true, false, "TASK_NOT_FOUND", []],
  },
  {
    name: "a webhook with the id of another takes its place, several stand side by side",
    server,
    act: async ({ peer }) => {
      const { id: taskId } = await send(peer, "ask");
      for (const [id, path] of [["a", "1"], ["a", "2"], ["b", "3"]]) {
        await create(peer, { taskId, id, url: `https://a.example/${path}` });
      }
      return (await configs(peer, taskId)).map(({ id, url }) => `${id} ${url.at(-1)}`).sort();
    },
    gives: ["a 2", "b 3"],
  },
  {
    name: "a webhook without an id is given one",
    server,
    act: async ({ peer }) => {
      const { id: taskId } = await send(peer, "ask");
      const { id = "" } = await create(peer, { taskId, url: URL_A });
      return [id !== "", id === taskId];
    },
    gives: [true, false],
    but: [{ version: "0.3", gives: [true, true], because: "0.3 knows a task's one webhook by the task's id" }],
  },
  {
    name: "a webhook that comes with a message hears its task, with its credentials",
    server,
    act: async ({ peer, live }) => {
      const taskPushNotificationConfig = { url: URL_A, ...SECRETS };
      await send(peer, "pieces a|b", {}, { taskPushNotificationConfig });
      await live.delivered(peer.version === "1.0" ? EVENTS.length : TASKS.length);
      for (const { url, headers } of live.deliveries) {
        assert.deepEqual([url, headers.authorization], [URL_A, "Bearer s3cret"]);
        assert.equal(headers["x-a2a-notification-token"], "t0ken");
      }
      return live.deliveries.map((delivery) => noticeWord(delivery, peer));
    },
    gives: EVENTS,
    but: WHOLE,
  },
  {
    name: "a webhook that comes with a stream hears what the stream tells",
    server,
    act: async ({ peer, live }) => {
      const configuration = { taskPushNotificationConfig: { url: URL_A } };
      const request = { message: say("pieces a|b"), configuration };
      for await (const _ of peer.listen("SendStreamingMessage", request)) void _;
      await live.delivered(peer.version === "1.0" ? EVENTS.length : TASKS.length);
      return live.deliveries.map((delivery) => noticeWord(delivery, peer));
    },
    gives: EVENTS,
    but: WHOLE,
  },
  {
    name: "webhooks of unknown tasks, unknown webhooks, and URLs that lead inside are refused",
    server,
    act: async ({ peer }) => {
      const { id: taskId } = await send(peer, "ask");
      const nobody = { taskId: "nobody", id: "hook" };
      return [
        await refusalOf(peer, "CreateTaskPushNotificationConfig", { ...nobody, url: URL_A }),
        await refusalOf(peer, "GetTaskPushNotificationConfig", nobody),
        await refusalOf(peer, "ListTaskPushNotificationConfigs", nobody),
        await refusalOf(peer, "DeleteTaskPushNotificationConfig", nobody),
        await refusalOf(peer, "GetTaskPushNotificationConfig", { taskId, id: "nobody" }),
        await refusalOf(peer, "CreateTaskPushNotificationConfig", { taskId, id: "a", url: "https://127.0.0.1/" }),
        await refusalOf(peer, "SendMessage", {
          message: say("hello"),
          configuration: { taskPushNotificationConfig: { url: "http://a.example/" } },
        }),
      ];
    },
    gives: [...Array(5).fill("TASK_NOT_FOUND"), "INVALID_PARAMS", "INVALID_PARAMS"],
  },
  {
    name: "a server that sends no notices says so, also to a message that wants some",
    act: async ({ peer }) => {
      const { id: taskId } = await send(peer, "ask");
      const one = { taskId, id: "hook" };
      return [
        await refusalOf(peer, "CreateTaskPushNotificationConfig", { ...one, url: URL_A }),
        await refusalOf(peer, "GetTaskPushNotificationConfig", one),
        await refusalOf(peer, "ListTaskPushNotificationConfigs", { taskId }),
        await refusalOf(peer, "DeleteTaskPushNotificationConfig", one),
        await refusalOf(peer, "SendMessage", {
          message: say("hello"),
          configuration: { taskPushNotificationConfig: { url: URL_A } },
        }),
      ];
    },
    gives: Array(5).fill("PUSH_NOTIFICATION_NOT_SUPPORTED"),
  },
  {
    name: "without waiting, a webhook is what tells the end",
    server,
    act: async ({ peer, live }) => {
      const configuration = { returnImmediately: true, taskPushNotificationConfig: { url: URL_A } };
      const begun = taskWords(await send(peer, "wait", {}, configuration))[0];
      await live.waiting();
      live.letGo();
      await live.delivered(peer.version === "1.0" ? 6 : 3);
      return [begun, live.deliveries.map((delivery) => noticeWord(delivery, peer)).at(-1)];
    },
    gives: ["submitted", "9 completed"],
    but: [{ version: "0.3", gives: ["submitted", "9 task completed = begun and done"], because: WHOLE[0].because }],
  },
];

const NO_CARD = [
  { binding: "gRPC", version: "0.3", because: "0.3's proto asks for the one card that there is" },
  { binding: "REST", version: "0.3", because: "0.3's path gives callers without a name the public card" },
] as const;

function nameOf(card: unknown): unknown {
  return isRecord(card) ? card.name : card;
}

export const CARDS: readonly Scenario[] = [
  {
    name: "an extended card is given where there is one",
    server: { over: { getExtendedAgentCard: () => Promise.resolve({ ...CARD, name: "Echo in full" }) } },
    act: async ({ peer }) => nameOf(await peer.ask("GetExtendedAgentCard", {})),
    gives: "Echo in full",
    unsayable: NO_CARD,
  },
  {
    name: "an extended card is refused where nobody speaks of one",
    act: async ({ peer }) => await refusalOf(peer, "GetExtendedAgentCard", {}),
    gives: "UNSUPPORTED_OPERATION",
    unsayable: NO_CARD,
  },
  {
    name: "an extended card that is spoken of and not there is refused as that",
    server: {
      over: {
        getExtendedAgentCard: () => Promise.reject(new A2AError("EXTENDED_AGENT_CARD_NOT_CONFIGURED", "none")),
      },
    },
    act: async ({ peer }) => await refusalOf(peer, "GetExtendedAgentCard", {}),
    gives: "EXTENDED_AGENT_CARD_NOT_CONFIGURED",
    unsayable: NO_CARD,
  },
];
