/*
 * Fills a store with finished tasks, straight through its interface, two to a context.
 *
 *     deno run -A seed_store.ts PATH COUNT      prints the JSON of Seeded
 */
import { ANONYMOUS } from "../../src/a2a/service.ts";
import type { Task } from "../../src/a2a/types.ts";
import { createIds } from "../../src/lib/ids.ts";
import { openKvStore } from "../../src/store/kv.ts";
import type { Store, TaskRef } from "../../src/store/store.ts";

const WRITERS = 64;
const TASKS_PER_CONTEXT = 2;
const SAMPLES = 100;
const HOLDER = "seed";

/** Some of what was written, evenly. */
export interface Seeded {
  readonly tasks: readonly string[];
  readonly contexts: readonly string[];
}

async function writeTask(store: Store, ref: TaskRef, contextId: string): Promise<void> {
  const at = new Date().toISOString();
  const task: Task = {
    id: ref.id,
    contextId,
    status: { state: "TASK_STATE_SUBMITTED", timestamp: at },
    history: [{ messageId: ref.id, role: "ROLE_USER", parts: [{ text: "What is the capital of France?" }] }],
  };
  const artifact = { artifactId: "answer", parts: [{ text: "The capital of France is Paris." }] };
  const completed = { state: "TASK_STATE_COMPLETED", timestamp: at } as const;
  await store.journal.create({
    ref,
    agent: "assistant",
    holder: HOLDER,
    entries: [
      { at, event: { task } },
      { at, event: { artifactUpdate: { taskId: ref.id, contextId, artifact, lastChunk: true } } },
    ],
    message: { id: ref.id, digest: "seed" },
  });
  await store.journal.append(ref, [{ at, event: { statusUpdate: { taskId: ref.id, contextId, status: completed } } }], {
    seq: 2,
    lease: { holder: HOLDER, fence: 1 },
  });
}

async function seed(path: string, count: number): Promise<Seeded> {
  const newId = createIds({ now: Date.now, random: (bytes) => crypto.getRandomValues(bytes) });
  const store = await openKvStore(path, { holder: HOLDER, now: Date.now });
  const { tenant, subject: owner } = ANONYMOUS;
  const tasks = Array.from({ length: count }, newId);
  const contexts = Array.from({ length: Math.ceil(count / TASKS_PER_CONTEXT) }, newId);
  const waiting = tasks.entries();
  await Promise.all(Array.from({ length: WRITERS }, async () => {
    for (const [at, id] of waiting) await writeTask(store, { tenant, owner, id }, contexts[at % contexts.length] ?? id);
  }));
  await store.close();
  return { tasks: sample(tasks), contexts: sample(contexts) };
}

function sample(all: readonly string[]): string[] {
  const step = Math.max(1, Math.floor(all.length / SAMPLES));
  return all.filter((_, at) => at % step === 0);
}

/** Seeds in a process of its own, so that nothing of it is in the memory of whoever measures. */
export async function seedStore(path: string, count: number): Promise<Seeded> {
  const { stdout, success } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", import.meta.filename ?? "", path, String(count)],
    stdout: "piped",
    stderr: "inherit",
  }).output();
  if (!success) throw new Error("Seeding the store failed");
  return JSON.parse(new TextDecoder().decode(stdout));
}

if (import.meta.main) {
  const [path = "", count = "0"] = Deno.args;
  console.log(JSON.stringify(await seed(path, Number(count))));
}
