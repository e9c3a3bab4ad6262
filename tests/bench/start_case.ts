import { HECTOR_ARGS, ROOT, spawnProgram } from "../e2e/hector_process.ts";
import { freePort } from "../lib/free_port.ts";
import { HttpConnection } from "./http_connection.ts";
import { median } from "./quantiles.ts";
import type { Effort, Report } from "./report.ts";

const AGENTS = 20;
const POLL_MS = 1;
const QUIET_MS = 1_000;
const READY = new TextEncoder().encode("GET /ready HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n");

interface Start {
  readonly readyMs: number;
  /** Resident memory a quiet second later. */
  readonly residentMb: number;
}

/** Arguments of `deno` for a program that serves on `port`. */
type Program = (port: number, folder: string) => readonly string[];

const delay = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Twenty agents on three kinds of models, with tools. */
function twentyAgents() {
  const llms = {
    fast: { provider: "openai", model: "mock", base_url: "http://127.0.0.1:9/v1", api_key: "bench" },
    careful: { provider: "anthropic", model: "mock", api_key: "bench" },
    steady: { provider: "scripted", default: { text: "Yes." } },
  };
  const models = Object.keys(llms);
  const agents = Array.from({ length: AGENTS }, (_, at) => [`agent-${at}`, {
    name: `Agent ${at}`,
    description: `The agent number ${at}`,
    llm: models[at % models.length],
    instruction: `You are number ${at}. Answer shortly.`,
    tools: ["read_file", "todo_write"],
    skills: [{ id: "answer", name: "Answer", description: "Answers questions" }],
  }]);
  return { llms, agents: Object.fromEntries(agents) };
}

function script(name: string, ...args: readonly string[]): Program {
  const file = new URL(name, import.meta.url).pathname;
  return (port) => ["run", "--config", `${ROOT}deno.json`, "--no-check", "-A", file, ...args, String(port)];
}

const PROGRAMS: ReadonlyMap<string, Program> = new Map([
  ["hector, 20 agents", (port, folder) => [...HECTOR_ARGS, "serve", `${folder}/agents.json`, "--port", String(port)]],
  ["hector, no configuration", (port) => [...HECTOR_ARGS, "serve", "--port", String(port)]],
  ["SDK, one agent", script("sdk_server.ts", "task")],
  ["bare echo", script("echo_server.ts")],
]);

/** From the start of the process to the first 200, and what it occupies then. */
async function start(program: Program): Promise<Start> {
  const folder = await Deno.makeTempDir({ prefix: "hector-bench-" });
  try {
    await Deno.writeTextFile(`${folder}/agents.json`, JSON.stringify(twentyAgents()));
    const port = freePort();
    const startedAt = performance.now();
    const running = spawnProgram({
      program: Deno.execPath(),
      args: program(port, folder),
      cwd: folder,
      env: { XDG_DATA_HOME: `${folder}/data` },
    });
    let over = false;
    running.ended.then(() => over = true);
    while (!await answers(port)) {
      if (over) throw new Error(`The server ended:\n${running.printed()}`);
      await delay(POLL_MS);
    }
    const readyMs = performance.now() - startedAt;
    await delay(QUIET_MS);
    const residentMb = await residentMegabytes(running.pid);
    running.signal("SIGKILL");
    await running.ended;
    return { readyMs, residentMb };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function answers(port: number): Promise<boolean> {
  const connection = new HttpConnection(port);
  try {
    return (await connection.exchange(READY)).status === 200;
  } catch {
    return false;
  } finally {
    connection.close();
  }
}

async function residentMegabytes(pid: number): Promise<number> {
  const status = await Deno.readTextFile(`/proc/${pid}/status`);
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) / 1024;
}

/** How soon a server answers, and what it occupies when nobody asks anything. */
export async function startCase({ rounds }: Effort): Promise<Report> {
  const starts = new Map<string, Start[]>([...PROGRAMS.keys()].map((name) => [name, []]));
  // One more than needed: the first fills the caches of the disk and of the compiler.
  for (let round = 0; round <= 2 * rounds + 1; round++) {
    for (const [name, program] of PROGRAMS) {
      const found = await start(program);
      if (round > 0) starts.get(name)?.push(found);
    }
  }
  const floor = starts.get("bare echo") ?? [];
  const readyMs = (of: readonly Start[]) => median(of.map(({ readyMs }) => readyMs));
  const residentMb = (of: readonly Start[]) => median(of.map(({ residentMb }) => residentMb));
  return {
    title: "Start to ready, and idle memory",
    notes: [`From the start of the process to the first 200 of /ready; resident memory ${QUIET_MS} ms later.`],
    rows: [...starts].map(([name, of]) => ({
      name,
      values: {
        "ready × echo": readyMs(of) / readyMs(floor),
        "memory × echo": residentMb(of) / residentMb(floor),
        "ready ms": readyMs(of),
        "least ms": Math.min(...of.map(({ readyMs }) => readyMs)),
        "most ms": Math.max(...of.map(({ readyMs }) => readyMs)),
        "memory MB": residentMb(of),
      },
    })),
  };
}
