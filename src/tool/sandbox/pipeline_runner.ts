import { CommandRefusal } from "./command_refusal.ts";
import type { Limits } from "./limits.ts";
import type { FromWorker, Launch, ToWorker } from "./pipeline_worker.ts";
import { killTree, watchTree } from "./process_tree.ts";

/**
 * Output follows when every program has ended and everything else was killed: until its end, or until nothing has come for
 * so many looks. Looks, and no span of time, since a process that was stopped meanwhile has missed both.
 */
const QUIET_LOOKS = 4;
const LOOK_MS = 500;

export interface RunnerOptions {
  /** Absolute paths: nothing else can be started. */
  readonly programs: readonly string[];
  readonly limits: Limits;
  /** Absent where the kernel holds the processes of a command together. */
  readonly mark?: string;
  /** Resolves when there is room for more. */
  readonly onOutput: (on: "output" | "errors", bytes: Uint8Array) => Promise<void>;
}

/** Too many processes, or too much memory. */
export class TooMuch extends Error {
  override readonly name = "TooMuch";
  constructor(readonly of: "processes" | "bytes") {
    super(`it used too much: ${of}`);
  }
}

export interface Runner {
  /** The exit code of each. Throws TooMuch, `signal.reason`, CommandRefusal for a program that does not start; the rest is for close(). */
  run(launches: readonly Launch[], signal: AbortSignal): Promise<readonly number[]>;
  /** Kills what is left. */
  close(): Promise<void>;
}

/** Starts programs from a worker that can do nothing but start these. */
export function createRunner(options: RunnerOptions): Runner {
  const { programs } = options;
  const permissions = {
    run: [...programs],
    read: false,
    write: false,
    net: false,
    env: false,
    sys: false,
    ffi: false,
    import: false,
  };
  const worker = new Worker(new URL("./pipeline_worker.ts", import.meta.url), {
    type: "module",
    name: "command",
    deno: { permissions },
  });
  const started: number[] = [];
  return {
    run: (launches, signal) => new Pipelined(worker, options, started).run(launches, signal),
    close: async () => {
      worker.postMessage({ kill: true } satisfies ToWorker);
      if (started.length > 0) await killTree(started, options.mark);
      worker.terminate();
    },
  };
}

/** One pipeline under way. */
class Pipelined {
  readonly #ended = Promise.withResolvers<readonly number[]>();
  readonly #drained = Promise.withResolvers<void>();
  readonly #over = new AbortController();
  /** Pieces of output that are not taken yet: whoever takes them may take its time. */
  #taking = 0;
  #hasEnded = false;
  #quiet: ReturnType<typeof setTimeout> | undefined;

  constructor(readonly worker: Worker, readonly options: RunnerOptions, readonly started: number[]) {
    // Whoever waits for the codes hears of a failure; nobody may wait for this one yet.
    this.#drained.promise.catch(() => {});
    worker.onmessage = ({ data }: MessageEvent<FromWorker>) => this.#hear(data);
    worker.onerror = (event) => {
      event.preventDefault();
      this.#fail(new Error(event.message));
    };
  }

  async run(launches: readonly Launch[], signal: AbortSignal): Promise<readonly number[]> {
    const onAbort = () => this.#fail(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      signal.throwIfAborted();
      this.#send({ launches });
      const codes = await this.#ended.promise;
      // In a kernel sandbox, what was left ended with the program.
      if (this.options.mark !== undefined) await killTree(this.started, this.options.mark);
      this.started.length = 0;
      this.#hasEnded = true;
      this.#awaitQuiet();
      await this.#drained.promise;
      return codes;
    } finally {
      this.#hasEnded = false;
      clearTimeout(this.#quiet);
      signal.removeEventListener("abort", onAbort);
      this.#over.abort();
    }
  }

  #send(message: ToWorker): void {
    this.worker.postMessage(message);
  }

  #fail(reason: unknown): void {
    this.#ended.reject(reason);
    this.#drained.reject(reason);
  }

  #hear(message: FromWorker): void {
    if ("pids" in message) this.#watch(message.pids);
    else if ("codes" in message) this.#ended.resolve(message.codes);
    else if ("drained" in message) this.#drained.resolve();
    else if ("failure" in message) this.#fail(new CommandRefusal(message.failure));
    else this.#take(message.on, message.bytes);
  }

  #take(on: "output" | "errors", bytes: Uint8Array): void {
    this.#taking++;
    this.#awaitQuiet();
    this.options.onOutput(on, bytes).then(() => {
      this.#taking--;
      this.#send({ taken: true });
      this.#awaitQuiet();
    }, (thrown) => this.#fail(thrown));
  }

  #awaitQuiet(looks = QUIET_LOOKS): void {
    clearTimeout(this.#quiet);
    if (!this.#hasEnded || this.#taking > 0) return;
    this.#quiet = setTimeout(() => looks === 1 ? this.#drained.resolve() : this.#awaitQuiet(looks - 1), LOOK_MS);
  }

  #watch(pids: readonly number[]): void {
    this.started.push(...pids);
    watchTree(pids, this.options.limits, this.#over.signal).then((excess) => {
      if (excess !== undefined) this.#fail(new TooMuch(excess));
    }, (thrown) => this.#fail(thrown));
  }
}
