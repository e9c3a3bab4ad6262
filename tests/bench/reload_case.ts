import { z } from "zod";
import { HECTOR_ARGS, listening, ROOT, spawnProgram } from "../e2e/hector_process.ts";
import { HttpConnection } from "./http_connection.ts";
import { quantiles } from "./quantiles.ts";
import type { Effort, Report } from "./report.ts";

const AGENTS = 100;
const RELOADS_A_ROUND = 10;
const POLL_MS = 1;
const READY = new TextEncoder().encode("GET /ready HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n");
const Ready = z.object({ config: z.object({ revision: z.string() }) });

const delay = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** A hundred agents on ten models of three kinds, with tools; each `edition` says something else. */
export function hundredAgents(edition: number): string {
  const kinds = [
    { provider: "openai", model: "mock", base_url: "http://127.0.0.1:9/v1", api_key: "bench" },
    { provider: "anthropic", model: "mock", api_key: "bench" },
    { provider: "scripted", default: { text: `Edition ${edition}.` } },
  ];
  const llms = Array.from({ length: 10 }, (_, at) => [`model-${at}`, kinds[at % kinds.length]]);
  const agents = Array.from({ length: AGENTS }, (_, at) => [`agent-${at}`, {
    name: `Agent ${at}`,
    description: `The agent number ${at} of edition ${edition}`,
    llm: `model-${at % 10}`,
    instruction: `You are number ${at}. `.repeat(20),
    tools: ["read_file", "todo_write"],
    skills: [{ id: "answer", name: "Answer", description: "Answers questions" }],
  }]);
  return JSON.stringify({
    llms: Object.fromEntries(llms),
    agents: Object.fromEntries(agents),
    server: { port: 0, grpc_port: false, studio: { enabled: true } },
  });
}

/** Brings an edition to a server in some way. */
type Bring = (text: string) => Promise<void>;

/** From the bringing of a new edition to the first answer of /ready that names it. */
async function timeOf(bring: Bring, edition: number, connection: HttpConnection): Promise<number> {
  const text = hundredAgents(edition);
  const before = await revision(connection);
  const begun = performance.now();
  const bringing = bring(text);
  while (await revision(connection) === before) await delay(POLL_MS);
  const took = performance.now() - begun;
  await bringing;
  return took;
}

async function revision(connection: HttpConnection): Promise<string> {
  const { body } = await connection.exchange(READY);
  return Ready.parse(JSON.parse(new TextDecoder().decode(body))).config.revision;
}

/** How soon a new configuration of a hundred agents is served, while the server goes on answering. */
export async function reloadCase({ rounds }: Effort): Promise<Report> {
  const folder = await Deno.makeTempDir({ prefix: "hector-bench-" });
  const path = `${folder}/agents.json`;
  let edition = 0;
  await Deno.writeTextFile(path, hundredAgents(edition));
  const server = await listening(spawnProgram({
    program: Deno.execPath(),
    args: [...HECTOR_ARGS, "serve", path, "--watch"],
    cwd: ROOT,
    env: { XDG_DATA_HOME: `${folder}/data` },
  }));
  const connection = new HttpConnection(server.port);
  const ways: ReadonlyMap<string, Bring> = new Map([
    ["the watched file is replaced", async (text) => {
      await Deno.writeTextFile(`${path}.next`, text);
      await Deno.rename(`${path}.next`, path);
    }],
    ["POST /api/config", async (body) => {
      const headers = { "content-type": "application/json" };
      const response = await fetch(`${server.url}/api/config`, { method: "POST", body, headers });
      if (!response.ok) throw new Error(await response.text());
      await response.body?.cancel();
    }],
  ]);
  const rows: Report["rows"][number][] = [];
  try {
    for (const [name, bring] of ways) {
      const times: number[] = [];
      // The first makes the compiler warm.
      for (let at = 0; at <= rounds * RELOADS_A_ROUND; at++) {
        const took = await timeOf(bring, ++edition, connection);
        if (at > 0) times.push(took);
      }
      const { p50, p95 } = quantiles(times);
      rows.push({
        name,
        values: { "p50 ms": p50, "p95 ms": p95, "most ms": Math.max(...times), reloads: times.length },
      });
    }
  } finally {
    connection.close();
    await server.stop("SIGTERM");
    await Deno.remove(folder, { recursive: true });
  }
  return {
    title: `Reload of ${AGENTS} agents, to effect`,
    notes: ["From the writing of the new configuration to the first answer of /ready that names its revision."],
    rows,
  };
}
