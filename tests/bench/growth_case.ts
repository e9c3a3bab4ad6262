import { ANSWER, ask, rpc, SCRIPTED_CONFIG, startHectorBench } from "./bench_server.ts";
import { HttpConnection } from "./http_connection.ts";
import { median } from "./quantiles.ts";
import type { Effort, Report, Row } from "./report.ts";
import { type Question, requestTemplate } from "./request_template.ts";
import { type Seeded, seedStore } from "./seed_store.ts";

/** Every request on another task or context, as long as there are enough. */
const REQUESTS = 50;

/** What is done to a store of some size: one request about a task or context, and what a right answer holds. */
interface Operation {
  readonly about: keyof Seeded;
  readonly question: (id: string) => Question;
  readonly expect: string;
}

const state = "TASK_STATE_COMPLETED";

/** What leaves tasks in the server's memory comes after what would find them there. */
const OPERATIONS = new Map<string, Operation>([
  ["list", { about: "tasks", question: () => rpc("ListTasks", {}), expect: state }],
  ["by state", { about: "tasks", question: () => rpc("ListTasks", { status: state }), expect: state }],
  ["by context", { about: "contexts", question: (contextId) => rpc("ListTasks", { contextId }), expect: state }],
  ["get", { about: "tasks", question: (id) => rpc("GetTask", { id }), expect: state }],
  ["create", { about: "tasks", question: () => ask("SendMessage"), expect: ANSWER }],
]);

/** Milliseconds of the median request, one after the other. One half of the ids warms the code up, the other is measured. */
async function cost(port: number, { about, question, expect }: Operation, seeded: Seeded): Promise<number> {
  const connection = new HttpConnection(port);
  const wanted = new TextEncoder().encode(expect);
  const ids = seeded[about];
  const times: number[] = [];
  for (let n = 0; n < 2 * REQUESTS; n++) {
    const half = Math.floor(ids.length / 2);
    const measured = n >= REQUESTS;
    const request = requestTemplate(question(ids[measured ? half + n % half : n % half] ?? ""))();
    const sentAt = performance.now();
    const { status, expectedAt, body } = await connection.exchange(request, wanted);
    if (status !== 200 || expectedAt === undefined) throw new Error(new TextDecoder().decode(body));
    if (measured) times.push(performance.now() - sentAt);
  }
  connection.close();
  return median(times);
}

/** What an operation costs with ever more tasks stored. The store is read cold: another process has written it. */
export async function growthCase({ stored, rounds }: Effort): Promise<Report> {
  const folder = await Deno.makeTempDir({ prefix: "hector-bench-" });
  try {
    const path = `${folder}/tasks.db`;
    const found = new Map<number, Costs>();
    let present = 0;
    for (const size of stored) {
      const seeded = await seedStore(path, size - present);
      present = size;
      const all: Costs[] = [];
      for (let round = 0; round < rounds; round++) all.push(await costsOf(path, seeded));
      found.set(
        size,
        new Map([...OPERATIONS.keys(), START].map((name) => [name, median(all.map((of) => of.get(name) ?? NaN))])),
      );
    }
    const [smallest = new Map()] = found.values();
    return {
      title: "Cost of an operation by the number of stored tasks",
      notes: [
        "One connection, median request. ×: against the smallest store; near 1 is flat. create: to its completion.",
      ],
      rows: [...found].map(([size, costs]) => toRow(size, costs, smallest)),
    };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Milliseconds by operation. */
type Costs = ReadonlyMap<string, number>;

const START = "start";

/** Of a server that has just been started. */
async function costsOf(path: string, seeded: Seeded): Promise<Costs> {
  const startedAt = performance.now();
  await using server = await startHectorBench({
    config: { ...SCRIPTED_CONFIG, server: { store: { type: "kv", path } } },
  });
  const costs = new Map([[START, performance.now() - startedAt]]);
  for (const [name, operation] of OPERATIONS) costs.set(name, await cost(server.port, operation, seeded));
  return costs;
}

function toRow(size: number, costs: Costs, smallest: Costs): Row {
  const ratios = [...costs].map(([name, ms]) => [`${name} ×`, ms / (smallest.get(name) ?? NaN)]);
  const times = [...costs].map(([name, ms]) => [`${name} ms`, ms]);
  return { name: `${size} tasks`, values: Object.fromEntries([...ratios, ...times]) };
}
