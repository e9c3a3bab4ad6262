/*
 * What the store can do: tasks a second (one task = create and two appends) with 1, 8 and 64 writers, and what list, get and
 * create cost with ever more tasks stored.
 *
 *     deno run -A tests/bench/store_bench.ts
 */
import { createIds } from "../../src/lib/ids.ts";
import { openKvStore } from "../../src/store/kv.ts";
import type { Draft, Store, TaskRef } from "../../src/store/store.ts";

const OWNER = { tenant: "default", owner: "anonymous" };
const SCOPE = { ...OWNER, agent: "assistant" };
const HOLDER = "bench";
const nextId = createIds({ now: Date.now, random: (bytes) => crypto.getRandomValues(bytes) });

function status(id: string, contextId: string, state: "TASK_STATE_WORKING" | "TASK_STATE_COMPLETED"): Draft {
  const at = new Date().toISOString();
  return { at, event: { statusUpdate: { taskId: id, contextId, status: { state, timestamp: at } } } };
}

async function create(store: Store): Promise<{ ref: TaskRef; contextId: string }> {
  const ref = { ...OWNER, id: nextId() };
  const contextId = nextId();
  // As peers make them: random, so each lands on another page of the database.
  const messageId = crypto.randomUUID();
  const at = new Date().toISOString();
  const history = [{ messageId, role: "ROLE_USER", parts: [{ text: "What is the capital of France?" }] } as const];
  const task = {
    id: ref.id,
    contextId,
    status: { state: "TASK_STATE_SUBMITTED", timestamp: at } as const,
    history: [...history],
  };
  await store.journal.create({
    ref,
    agent: SCOPE.agent,
    holder: HOLDER,
    entries: [{
      at,
      event: { task: { ...task, history: history.map((message) => ({ ...message, parts: [...message.parts] })) } },
    }],
    message: { id: messageId, digest: "6f1d2a" },
  });
  return { ref, contextId };
}

async function runTask(store: Store): Promise<TaskRef> {
  const { ref, contextId } = await create(store);
  const lease = { holder: HOLDER, fence: 1 };
  await store.journal.append(ref, [status(ref.id, contextId, "TASK_STATE_WORKING")], { seq: 1, lease });
  const at = new Date().toISOString();
  const artifact = { artifactId: "answer", parts: [{ text: "The capital of France is Paris." }] };
  await store.journal.append(ref, [
    { at, event: { artifactUpdate: { taskId: ref.id, contextId, artifact, lastChunk: true } } },
    status(ref.id, contextId, "TASK_STATE_COMPLETED"),
  ], { seq: 2, lease });
  return ref;
}

async function writers(store: Store, count: number, tasks: number): Promise<void> {
  let left = tasks;
  const latencies: number[] = [];
  const begin = performance.now();
  await Promise.all(Array.from({ length: count }, async () => {
    while (left-- > 0) {
      const one = performance.now();
      await runTask(store);
      latencies.push(performance.now() - one);
    }
  }));
  const seconds = (performance.now() - begin) / 1000;
  latencies.sort((a, b) => a - b);
  const quantile = (q: number) => (latencies[Math.floor(latencies.length * q)] ?? 0).toFixed(2);
  console.log(
    `${count} writers: ${Math.round(tasks / seconds)} tasks/s, p50 ${quantile(0.5)} ms, p99 ${quantile(0.99)} ms`,
  );
}

async function cost(label: string, times: number, act: () => Promise<unknown>): Promise<string> {
  const begin = performance.now();
  for (let at = 0; at < times; at++) await act();
  return `${label} ${((performance.now() - begin) / times).toFixed(2)} ms`;
}

const folder = await Deno.makeTempDir();
const throughput = await openKvStore(`${folder}/throughput.db`, { holder: HOLDER, now: Date.now });
await writers(throughput, 8, 500);
for (const [count, tasks] of [[1, 1_000], [8, 5_000], [64, 20_000], [512, 20_000]] as const) {
  await writers(throughput, count, tasks);
}
await throughput.close();

const path = `${folder}/growth.db`;
let stored = 0;
for (const size of [100, 1_000, 10_000, 100_000]) {
  const store = await openKvStore(path, { holder: HOLDER, now: Date.now });
  const refs: TaskRef[] = [];
  await Promise.all(Array.from({ length: 64 }, async () => {
    while (stored < size) {
      stored++;
      refs.push(await runTask(store));
    }
  }));
  await store.close();
  const cold = await openKvStore(path, { holder: HOLDER, now: Date.now });
  const since = new Date(Date.now() - 1000).toISOString();
  let at = 0;
  console.log(
    `${size} stored:`,
    [
      await cost("list 50", 20, () => cold.tasks.list(SCOPE, { limit: 50 })),
      await cost("list completed", 20, () => cold.tasks.list(SCOPE, { limit: 50, state: "TASK_STATE_COMPLETED" })),
      await cost("list since", 5, () => cold.tasks.list(SCOPE, { limit: 50, since })),
      await cost("get cold", 50, () => cold.tasks.get(refs[at++ % refs.length] ?? { ...OWNER, id: "" })),
      await cost("create", 50, () => create(cold)),
    ].join(", "),
  );
  await cold.close();
}
await Deno.remove(folder, { recursive: true });
