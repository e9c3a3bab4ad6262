import type { JsonObject } from "../../lib/json.ts";
import type { Timers } from "../../lib/timers.ts";
import type { ToolContext, ToolResult } from "../tool.ts";
import { loadModule } from "./load_module.ts";
import { Described, FromWorker, readResult, type ToWorker } from "./worker_messages.ts";
import { workerProgram } from "./worker_program.ts";

export interface ToolWorkerOptions {
  /** As the configuration calls the tool. */
  readonly name: string;
  /** Absolute: the file. */
  readonly path: string;
  /** Its text; absent: as it is whenever a worker starts. */
  readonly source?: string | undefined;
  readonly permissions: Deno.PermissionOptionsObject;
  readonly timers: Timers;
}

export interface WorkerCall extends Pick<ToolContext, "signal" | "callId" | "contextId" | "taskId" | "say"> {
  readonly options: JsonObject;
  readonly timeoutSeconds: number;
}

/** Loading a file takes longer than this only if it does something that never ends. */
const LOAD_TIMEOUT_MS = 30_000;
/** How long a call that is over may take to leave by itself before its worker is stopped. */
const GRACE_MS = 2_000;

interface Pending {
  readonly settle: PromiseWithResolvers<unknown>;
  readonly say: (text: string) => void;
  /** Calls off what happens to a worker that does not end the call. */
  calm: () => void;
}

interface Running {
  readonly worker: Worker;
  readonly description: Promise<Described>;
  readonly pending: Map<number, Pending>;
}

/** One file in one worker, which is started when it is first needed, and anew when it has died. */
export class ToolWorker {
  readonly #options: ToolWorkerOptions;
  #running: Running | undefined;
  #lastId = 0;
  #isClosed = false;

  constructor(options: ToolWorkerOptions) {
    this.#options = options;
  }

  /** What the file says of itself. Rejects with an Error that names the file and why it cannot be used. */
  describe(): Promise<Described> {
    return this.#start().description;
  }

  /** Rejects with what the tool threw, with the signal's reason, or when the call takes too long. */
  async call(input: JsonObject, { signal, say, timeoutSeconds, ...context }: WorkerCall): Promise<ToolResult> {
    const running = this.#start();
    await running.description;
    signal.throwIfAborted();
    const id = ++this.#lastId;
    const settle = Promise.withResolvers<unknown>();
    running.pending.set(id, { settle, say: (text) => void say(text).catch(() => {}), calm: () => {} });
    const leave = (reason: unknown) => {
      settle.reject(reason);
      this.#abandon(running, id);
    };
    const onAbort = () => leave(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
    const { timers, name } = this.#options;
    const stop = timers.after(timeoutSeconds * 1_000, () => {
      leave(new Error(`${name} took longer than ${timeoutSeconds} s`));
    });
    const { callId, contextId, taskId, options } = context;
    post(running.worker, { kind: "call", id, input, context: { callId, contextId, taskId, options } });
    try {
      return readResult(await settle.promise);
    } finally {
      stop();
      signal.removeEventListener("abort", onAbort);
    }
  }

  close(): void {
    this.#isClosed = true;
    if (this.#running !== undefined) this.#drop(this.#running, new Error("the tool was closed"));
  }

  #start(): Running {
    if (this.#isClosed) throw new Error(`${this.#options.name} is closed`);
    return this.#running ??= this.#open();
  }

  #open(): Running {
    const described = Promise.withResolvers<Described>();
    // Whoever asks hears of it; nobody may ask.
    described.promise.catch(() => {});
    const worker = this.#spawn();
    const running: Running = { worker, description: described.promise, pending: new Map() };
    const fail = (reason: unknown) => {
      const why = reason instanceof Error ? reason.message : String(reason);
      described.reject(new Error(`Cannot use ${JSON.stringify(this.#options.path)}: ${why}`, { cause: reason }));
      this.#drop(running, reason);
    };
    const stop = this.#options.timers.after(LOAD_TIMEOUT_MS, () => fail(new Error("loading it does not end")));
    described.promise.then(stop, stop);
    worker.onmessage = ({ data }) => this.#hear(running, data, { described, fail });
    worker.onerror = (event) => {
      event.preventDefault();
      fail(new Error(event.message));
    };
    worker.onmessageerror = () => fail(new Error("it says what cannot be read"));
    loadModule(this.#options.path, this.#options.source).then((module) => post(worker, { kind: "load", module })).catch(
      fail,
    );
    return running;
  }

  #spawn(): Worker {
    const program = `data:application/javascript;base64,${new TextEncoder().encode(workerProgram()).toBase64()}`;
    const { name, permissions } = this.#options;
    try {
      return new Worker(program, { type: "module", name: `tool ${name}`, deno: { permissions } });
    } catch (thrown) {
      if (!(thrown instanceof Deno.errors.NotCapable)) throw thrown;
      throw new Error(`Cannot grant ${name} its permissions: hector itself was started with fewer`, { cause: thrown });
    }
  }

  #hear(running: Running, data: unknown, opening: Opening): void {
    const { success, data: told } = FromWorker.safeParse(data);
    if (!success) return opening.fail(new Error("it says what cannot be read"));
    switch (told.kind) {
      case "loaded": {
        const description = Described.safeParse(told.description);
        if (description.success) return opening.described.resolve(description.data);
        const [issue] = description.error.issues;
        return opening.fail(new Error(`its ${issue?.path.join(".") ?? "default export"} ${issue?.message}`));
      }
      case "unloadable":
        return opening.fail(new Error(told.message));
      case "said":
        return running.pending.get(told.id)?.say(told.text);
      case "done":
      case "failed": {
        const pending = running.pending.get(told.id);
        running.pending.delete(told.id);
        pending?.calm();
        if (told.kind === "done") pending?.settle.resolve(told.result);
        else pending?.settle.reject(new Error(told.message));
        return;
      }
      default:
        return told satisfies never;
    }
  }

  /** A call that nobody waits for any more. A worker that does not even hear that is stopped, whatever else it does. */
  #abandon(running: Running, id: number): void {
    const pending = running.pending.get(id);
    if (pending === undefined) return;
    post(running.worker, { kind: "abort", id });
    pending.calm = this.#options.timers.after(GRACE_MS, () => {
      this.#drop(running, new Error(`${this.#options.name} had to be stopped`));
    });
  }

  #drop(running: Running, reason: unknown): void {
    if (this.#running === running) this.#running = undefined;
    running.worker.terminate();
    for (const { settle, calm } of running.pending.values()) {
      calm();
      settle.reject(reason);
    }
    running.pending.clear();
  }
}

interface Opening {
  readonly described: PromiseWithResolvers<Described>;
  readonly fail: (reason: unknown) => void;
}

function post(worker: Worker, message: ToWorker): void {
  worker.postMessage(message);
}
