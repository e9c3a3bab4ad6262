import { setImmediate } from "node:timers";
import { EgressRules } from "../../../src/lib/egress_rules.ts";
import type { EgressRequest } from "../../../src/lib/safe_fetch.ts";
import { createIds } from "../../../src/lib/ids.ts";
import { a2aV03JsonRpc } from "../../../src/a2a/dialects/a2a_v0_3.ts";
import { a2aV1Rest } from "../../../src/a2a/dialects/a2a_v1.ts";
import { MemoryRecords, MemoryStore } from "../../../src/store/memory_store.ts";
import { Push, type PushOptions } from "../../../src/task/push/push.ts";
import { createTaskService, type TaskService } from "../../../src/task/service.ts";
import type { Webhooks } from "../../../src/store/store.ts";
import { alwaysThis, type RunFunction, START_MS } from "../house.ts";

/** How a receiver answers; it may throw, or never answer. */
export type Answer = (request: EgressRequest, attempt: number) => Response | Promise<Response>;

export const OK: Answer = () => new Response();

export interface Delivery {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface PushHouseOptions extends Partial<Pick<PushOptions, "limits" | "concurrency" | "rules">> {
  readonly records?: MemoryRecords;
  readonly holder?: string;
}

export interface PushHouse {
  readonly service: TaskService;
  readonly store: MemoryStore;
  readonly push: Push;
  readonly records: MemoryRecords;
  /** All that was posted, successful or not. */
  readonly deliveries: Delivery[];
  /** Waits that couriers asked for; each passes at once unless `frozen`. */
  readonly sleeps: number[];
  readonly clock: { ms: number; frozen: boolean };
  /** Resolves when the store is told something of a webhook. */
  noted(): Promise<void>;
  /** Resolves when so many deliveries have been answered. */
  answered(count: number): Promise<void>;
}

const newId = createIds({ now: () => START_MS, random: (bytes) => crypto.getRandomValues(bytes) });

/** A task service whose webhooks are answered by a function. */
export function openPushHouse(run: RunFunction, answer: Answer, options: PushHouseOptions = {}): PushHouse {
  const { records = new MemoryRecords(), holder = "first" } = options;
  const clock = { ms: START_MS, frozen: false };
  const now = () => clock.ms++;
  const store = new MemoryStore({ holder, now }, records);
  const [deliveries, sleeps]: [Delivery[], number[]] = [[], []];
  let answers = 0;
  const watching = new Set<() => void>();
  let noting = Promise.withResolvers<void>();
  const note: Webhooks["note"] = async (webhook) => {
    const isThere = await store.webhooks.note(webhook);
    noting.resolve();
    noting = Promise.withResolvers();
    return isThere;
  };
  const push = new Push({
    journal: store.journal,
    webhooks: { ...store.webhooks, note },
    rules: options.rules ?? new EgressRules([]),
    dialects: { "1.0": a2aV1Rest("1.0.1"), "0.3": a2aV03JsonRpc({ newId }) },
    timeoutMs: 1000,
    limits: options.limits ?? { maxAttempts: 5, giveUpAfterMs: 1e9, baseMs: 100, maxDelayMs: 10_000 },
    concurrency: options.concurrency ?? { perHost: 4, inAll: 64 },
    now,
    random: () => 0.5,
    sleep: (ms, signal) => {
      sleeps.push(ms);
      clock.ms += ms;
      if (!clock.frozen) return Promise.resolve();
      return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    },
    log: { info: () => {}, warn: () => {}, error: () => {} },
    fetch: async (request) => {
      const { url, headers = {}, body = "" } = request;
      const attempt = deliveries.push({ url, headers, body });
      try {
        return await untilAborted(Promise.resolve(answer(request, attempt)), request.signal);
      } finally {
        answers++;
        for (const look of watching) look();
      }
    },
  });
  const service = createTaskService({ agentId: "echo", agents: alwaysThis({ run }), store, now, newId, holder, push });
  const answered = async (count: number) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const look = () => answers >= count && resolve();
    watching.add(look);
    look();
    await promise;
    watching.delete(look);
  };
  return { service, store, push, records, deliveries, sleeps, clock, answered, noted: () => noting.promise };
}

function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return Promise.race([
    promise,
    new Promise<never>((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
  ]);
}

/** The deliveries of 1.0 in one word each: the state of a status, the text of an artifact. */
export function told(deliveries: readonly Delivery[]): string[] {
  return deliveries.map(({ body }) => {
    const event = JSON.parse(body);
    const state = (status: { state: string }) => status.state.replace("TASK_STATE_", "").toLowerCase();
    if (event.task !== undefined) return `task ${state(event.task.status)}`;
    if (event.statusUpdate !== undefined) return state(event.statusUpdate.status);
    return `=${event.artifactUpdate.artifact.parts.map(({ text }: { text: string }) => text).join("|")}`;
  });
}

/** Resolves when all webhooks are done or given up. */
export async function quiet({ store, noted }: PushHouse): Promise<void> {
  for (;;) {
    const next = noted();
    const owing = await Array.fromAsync(store.webhooks.owing());
    if (owing.every(({ failure }) => failure !== undefined)) break;
    await next;
  }
  // What the couriers do behind their last word.
  await new Promise((resolve) => setImmediate(resolve));
}
