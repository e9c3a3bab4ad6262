import { HECTOR_ARGS, type HectorServer, listening, ROOT, spawnProgram } from "../e2e/hector_process.ts";
import type { Question } from "./request_template.ts";

/** A server process of a bench. Disposing of it kills it and removes what it left. */
export type BenchServer = HectorServer & AsyncDisposable;

export interface BenchServerOptions {
  /** The configuration; absent: none, so that hector chooses by itself. */
  readonly config?: unknown;
  /** Of `deno run`, such as --inspect. */
  readonly denoFlags?: readonly string[];
}

/** Starts `hector serve` on any free port, with its store on disk, in a folder of its own. */
export async function startHectorBench({ config, denoFlags = [] }: BenchServerOptions): Promise<BenchServer> {
  const folder = await Deno.makeTempDir({ prefix: "hector-bench-" });
  const remove = () => Deno.remove(folder, { recursive: true });
  try {
    if (config !== undefined) await Deno.writeTextFile(`${folder}/bench.json`, JSON.stringify(config));
    const [run = "run", ...rest] = HECTOR_ARGS;
    const args = config === undefined ? [] : ["--config", `${folder}/bench.json`];
    const server = await listening(spawnProgram({
      program: Deno.execPath(),
      args: [run, ...denoFlags, ...rest, "serve", "--port", "0", ...args],
      cwd: folder,
      env: { XDG_DATA_HOME: `${folder}/data` },
    }));
    return {
      ...server,
      [Symbol.asyncDispose]: async () => {
        await server.stop("SIGKILL");
        await remove();
      },
    };
  } catch (thrown) {
    await remove();
    throw thrown;
  }
}

/** Starts a script of this folder that serves and prints where. */
export async function startScript(script: string, args: readonly string[] = []): Promise<BenchServer> {
  const file = new URL(script, import.meta.url).pathname;
  const server = await listening(spawnProgram({
    program: Deno.execPath(),
    args: ["run", "--config", `${ROOT}deno.json`, "--no-check", "-A", file, ...args],
  }));
  return {
    ...server,
    [Symbol.asyncDispose]: async () => {
      await server.stop("SIGKILL");
    },
  };
}

/** One agent on a model that answers at once. */
export const SCRIPTED_CONFIG = {
  llms: { steady: { provider: "scripted", default: { text: "The capital of France is Paris." } } },
  agents: { assistant: { llm: "steady" } },
} as const;

export const ANSWER = "Paris";

/** A call of A2A over JSON-RPC. */
export function rpc(method: string, params: unknown): Question {
  return { path: "/", headers: { "a2a-version": "1.0" }, body: { jsonrpc: "2.0", id: 1, method, params } };
}

/** The question to which the answer holds ANSWER. */
export function ask(method: "SendMessage" | "SendStreamingMessage"): Question {
  const parts = [{ text: "What is the capital of France?" }];
  return rpc(method, { message: { messageId: "$n", role: "ROLE_USER", parts } });
}
