const ROOT = new URL("../../", import.meta.url).pathname;

/** The permissions of the README's task: what works in tests works as installed. */
const PERMISSIONS = ["--allow-net", "--allow-env", "--allow-read", "--allow-write", "--allow-sys"];

export interface HectorOptions {
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
}

/** Environment without the keys and settings of whoever runs the tests. */
function cleanEnv(extra: Readonly<Record<string, string>> = {}): Record<string, string> {
  const kept = ["PATH", "HOME", "DENO_DIR", "TMPDIR", "XDG_CACHE_HOME"];
  const env = kept.flatMap((name) => {
    const value = Deno.env.get(name);
    return value === undefined ? [] : [[name, value]];
  });
  return { ...Object.fromEntries(env), NO_COLOR: "1", ...extra };
}

function command({ args, cwd, env, stdin }: HectorOptions): Deno.Command {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "--config", `${ROOT}deno.json`, "--no-check", ...PERMISSIONS, `${ROOT}main.ts`, ...args],
    cwd: cwd ?? ROOT,
    clearEnv: true,
    env: cleanEnv(env),
    stdin: stdin === undefined ? "null" : "piped",
    stdout: "piped",
    stderr: "piped",
  });
}

export interface Finished {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command of the real program to its end. */
export async function runHector(options: HectorOptions): Promise<Finished> {
  const child = command(options).spawn();
  if (options.stdin !== undefined) {
    const writer = child.stdin.getWriter();
    await writer.write(new TextEncoder().encode(options.stdin));
    await writer.close();
  }
  const { code, stdout, stderr } = await child.output();
  return { code, out: new TextDecoder().decode(stdout), err: new TextDecoder().decode(stderr) };
}

/** A running `hector serve`. */
export interface HectorServer {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** All that it printed so far. */
  printed(): string;
  /** Sends `signal` and waits for the end; gives the exit code. */
  stop(signal: Deno.Signal): Promise<number>;
}

/** Starts `hector serve` and resolves when it says that it listens. Throws with what it printed if it ends before. */
export async function startHector(options: HectorOptions): Promise<HectorServer> {
  const child = command({ ...options, args: ["serve", ...options.args] }).spawn();
  let printed = "";
  const ready = Promise.withResolvers<number>();
  const collect = async (stream: ReadableStream<Uint8Array>) => {
    for await (const text of stream.pipeThrough(new TextDecoderStream())) {
      printed += text;
      const port = /http:\/\/[\w.\[\]:-]*?:(\d+)/.exec(printed)?.[1];
      if (port !== undefined) ready.resolve(Number(port));
    }
  };
  const collecting = Promise.all([collect(child.stdout), collect(child.stderr)]);
  const ended = child.status.then(async (status) => {
    await collecting;
    ready.reject(new Error(`hector serve ended with ${status.code}:\n${printed}`));
    return status;
  });
  const port = await ready.promise;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    pid: child.pid,
    printed: () => printed,
    stop: async (signal) => {
      try {
        child.kill(signal);
      } catch {
        // It ended by itself; its status tells.
      }
      const status = await ended;
      return status.code;
    },
  };
}

/** A port that was free a moment ago, for a server that has to come back on the same one. */
export function freePort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  return port;
}
