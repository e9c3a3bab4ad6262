/// <reference lib="deno.worker" />

/** Where a stream of a program goes: on in the pipeline (at its end: out), to the errors of the whole, nowhere. */
export type Sink = "on" | "errors" | "nowhere";

export interface Launch {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly output: Sink;
  readonly errors: Sink;
}

/** `taken`: the oldest piece of output has been dealt with, more may come. */
export type ToWorker = { readonly launches: readonly Launch[] } | { readonly taken: true } | { readonly kill: true };
export type FromWorker =
  | { readonly pids: readonly number[] }
  | { readonly on: "output" | "errors"; readonly bytes: Uint8Array }
  /** Every program has ended; others that they started may still hold the output. */
  | { readonly codes: readonly number[] }
  | { readonly drained: true }
  | { readonly failure: string };

type Write = (bytes: Uint8Array) => Promise<void>;

let children: Deno.ChildProcess[] = [];
const waiting: (() => void)[] = [];

self.onmessage = ({ data }: MessageEvent<ToWorker>) => {
  if ("taken" in data) waiting.shift()?.();
  else if ("kill" in data) kill();
  else run(data.launches).catch(fail);
};

function send(message: FromWorker): void {
  self.postMessage(message);
}

function fail(thrown: unknown): void {
  kill();
  send({ failure: thrown instanceof Error ? thrown.message : String(thrown) });
}

async function run(launches: readonly Launch[]): Promise<void> {
  children = [];
  for (const [at, launch] of launches.entries()) children.push(spawn(launch, at > 0));
  send({ pids: children.map(({ pid }) => pid) });
  const drained = Promise.all(children.map((child, at) => connect(child, children[at + 1], launches[at])));
  const ended = await Promise.all(children.map(({ status }) => status));
  send({ codes: ended.map(({ code }) => code) });
  await drained;
  send({ drained: true });
}

/** Throws Error with a word that names nothing of the machine. */
function spawn(launch: Launch, isFed: boolean): Deno.ChildProcess {
  try {
    return start(launch, isFed);
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.name : String(thrown);
    throw new Error(`${JSON.stringify(launch.program.split("/").at(-1))} cannot be started: ${why}`);
  }
}

function start({ program, args, cwd, variables }: Launch, isFed: boolean): Deno.ChildProcess {
  return new Deno.Command(program, {
    args: [...args],
    cwd,
    clearEnv: true,
    env: { ...variables },
    stdin: isFed ? "piped" : "null",
    stdout: "piped",
    stderr: "piped",
    // A process group of its own, so that all of it can be killed at once.
    detached: true,
  }).spawn();
}

function kill(): void {
  for (const child of children) {
    try {
      child.kill("SIGKILL");
    } catch {
      // It has ended already.
    }
  }
}

async function connect(child: Deno.ChildProcess, next: Deno.ChildProcess | undefined, launch?: Launch): Promise<void> {
  const feed = next?.stdin.getWriter();
  const sinks: Readonly<Record<Sink, Write>> = {
    on: feed === undefined ? tell("output") : (bytes) => feed.write(bytes),
    errors: tell("errors"),
    nowhere: () => Promise.resolve(),
  };
  await Promise.all([
    pump(child.stdout, sinks[launch?.output ?? "nowhere"]),
    pump(child.stderr, sinks[launch?.errors ?? "nowhere"]),
  ]);
  // Whoever reads may have ended before.
  await feed?.close().catch(() => {});
}

/** Stops reading when nobody wants more, so the program hears of it as in any pipe. */
async function pump(from: ReadableStream<Uint8Array>, write: Write): Promise<void> {
  for await (const bytes of from) {
    try {
      await write(bytes);
    } catch {
      return;
    }
  }
}

function tell(on: "output" | "errors"): Write {
  return (bytes) =>
    new Promise((taken) => {
      waiting.push(taken);
      send({ on, bytes });
    });
}
