export const ROOT = new URL("../../", import.meta.url).pathname;

/** The permissions of the README's task: what works in tests works as installed. */
const PERMISSIONS = ["--allow-net", "--allow-env", "--allow-read", "--allow-write", "--allow-sys", "--allow-run"];

/** What stands for `hector` on a command line of Deno. */
export const HECTOR_ARGS: readonly string[] = [
  "run",
  "--config",
  `${ROOT}deno.json`,
  "--no-check",
  // As the tasks do: resolving the modules anew takes 100 ms of a start.
  "--node-modules-dir=manual",
  ...PERMISSIONS,
  `${ROOT}main.ts`,
];

export interface HectorOptions {
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
}

/** A program other than hector, in the same clean surroundings. */
export interface ProgramOptions extends HectorOptions {
  readonly program: string;
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

export interface Finished {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A process under way. */
export interface RunningProcess {
  readonly pid: number;
  /** What it printed so far on both streams. */
  printed(): string;
  /** Resolves with the match when what it printed matches; rejects with all it printed if it ends before. */
  until(pattern: Pick<RegExp, "exec">): Promise<RegExpExecArray>;
  /** Sends `signal`; a process that has ended is left in peace. */
  signal(signal: Deno.Signal): void;
  readonly ended: Promise<Finished>;
}

/** Starts a program. */
export function spawnProgram({ program, args, cwd, env, stdin }: ProgramOptions): RunningProcess {
  const child = new Deno.Command(program, {
    args: [...args],
    cwd: cwd ?? ROOT,
    clearEnv: true,
    env: cleanEnv(env),
    stdin: stdin === undefined ? "null" : "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const texts = { out: "", err: "" };
  let printed = "";
  const waiting = new Set<() => void>();
  const collect = async (stream: ReadableStream<Uint8Array>, name: "out" | "err") => {
    for await (const text of stream.pipeThrough(new TextDecoderStream())) {
      texts[name] += text;
      printed += text;
      for (const look of waiting) look();
    }
  };
  const writing = stdin === undefined ? Promise.resolve() : write(child.stdin, stdin);
  const collecting = Promise.all([writing, collect(child.stdout, "out"), collect(child.stderr, "err")]);
  const ended = child.status.then(async ({ code }) => {
    await collecting;
    return { code, ...texts };
  });
  return {
    pid: child.pid,
    printed: () => printed,
    until: async (pattern) => {
      const found = Promise.withResolvers<RegExpExecArray>();
      const look = () => {
        const match = pattern.exec(printed);
        if (match !== null) found.resolve(match);
      };
      waiting.add(look);
      look();
      ended.then(({ code }) => found.reject(new Error(`It ended with ${code} before it said ${pattern}:\n${printed}`)));
      return await found.promise.finally(() => waiting.delete(look));
    },
    signal: (signal) => {
      try {
        child.kill(signal);
      } catch {
        // It ended by itself; its status tells.
      }
    },
    ended,
  };
}

async function write(stream: WritableStream<Uint8Array>, text: string): Promise<void> {
  const writer = stream.getWriter();
  try {
    await writer.write(new TextEncoder().encode(text));
    await writer.close();
  } catch {
    // It did not read to the end; what it did is told by its output.
  }
}

/** Starts the real program. */
export function spawnHector(options: HectorOptions): RunningProcess {
  return spawnProgram({ ...options, program: Deno.execPath(), args: [...HECTOR_ARGS, ...options.args] });
}

/** Runs a command of the real program to its end. */
export async function runHector(options: HectorOptions): Promise<Finished> {
  return await spawnHector(options).ended;
}

/** A running `hector serve`. */
export interface HectorServer extends RunningProcess {
  readonly url: string;
  readonly port: number;
  /** Sends `signal` and waits for the end; gives the exit code. */
  stop(signal: Deno.Signal): Promise<number>;
}

/** Starts `hector serve` and resolves when it says that it listens. Throws with what it printed if it ends before. */
export async function startHector(options: HectorOptions): Promise<HectorServer> {
  return await listening(spawnHector({ ...options, args: ["serve", ...options.args] }));
}

/** A process that is about to serve, once it says where. */
export async function listening(running: RunningProcess): Promise<HectorServer> {
  const [, port] = await running.until(/http:\/\/[\w.\[\]:-]*?:(\d+)[\s\S]*\n/);
  return {
    ...running,
    url: `http://127.0.0.1:${port}`,
    port: Number(port),
    stop: async (signal) => {
      running.signal(signal);
      return (await running.ended).code;
    },
  };
}
