import { errorCode } from "../../tool/file_refusal.ts";
import type { SearchAnswer } from "../../tool/tool.ts";
import type { DocumentStore, StoreSummary } from "../document_store.ts";
import type { DirectorySettings } from "./directory_files.ts";
import type { Answer, FromWorker, Question, ToWorker } from "./directory_worker.ts";

export interface DirectoryView {
  readonly settings: DirectorySettings;
  /** Stands before each path of a hit, so that it can be opened from the base directory. */
  readonly shownBelow: string;
}

interface Asked extends Question {
  resolve(reply: Reply): void;
  reject(reason: unknown): void;
}

interface Reply extends Answer {
  readonly summary: StoreSummary;
  readonly shownBelow: string;
}

interface Opened {
  readonly worker: Worker;
  readonly shownBelow: string;
}

const UNREADABLE = "its directory does not exist or may not be read";

/**
 * A directory and its index, which lives in a worker that may read this directory and nothing else. The first question
 * starts the worker. What is asked while it answers goes there as one message, so the directory is looked at once for all.
 */
export class DirectoryStore implements DocumentStore {
  #opened: Promise<Opened> | undefined;
  #waiting: Asked[] = [];
  #isSending = false;
  readonly #lifetime = new AbortController();

  constructor(readonly name: string, readonly open: () => Promise<DirectoryView>) {}

  async search(query: string, limit: number, signal: AbortSignal): Promise<SearchAnswer> {
    const { hits, total, summary, shownBelow } = await this.#ask({ query, limit }, signal);
    return {
      hits: hits.map((hit) => ({ ...hit, store: this.name, path: `${shownBelow}${hit.path}` })),
      total,
      notes: summary.notes.map((note) => `document store "${this.name}": ${note}`),
    };
  }

  async refresh(signal: AbortSignal): Promise<StoreSummary> {
    return (await this.#ask({ query: "", limit: 0 }, signal)).summary;
  }

  close(): void {
    this.#lifetime.abort(new Error(`Cannot search document store "${this.name}": it is closed`));
    this.#drop();
  }

  #ask(question: Question, caller: AbortSignal): Promise<Reply> {
    const signal = AbortSignal.any([caller, this.#lifetime.signal]);
    signal.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<Reply>();
    const asked = { ...question, resolve, reject };
    const abort = () => {
      this.#waiting = this.#waiting.filter((other) => other !== asked);
      reject(signal.reason);
    };
    signal.addEventListener("abort", abort, { once: true });
    this.#waiting.push(asked);
    void this.#sendAll();
    return promise.finally(() => signal.removeEventListener("abort", abort));
  }

  async #sendAll(): Promise<void> {
    if (this.#isSending) return;
    this.#isSending = true;
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      try {
        const { summary, answers, shownBelow } = await this.#exchange(batch);
        batch.forEach(({ resolve }, at) => resolve({ ...answers[at] ?? { hits: [], total: 0 }, summary, shownBelow }));
      } catch (thrown) {
        for (const { reject } of batch) reject(thrown);
      }
    }
    this.#isSending = false;
  }

  async #exchange(batch: readonly Question[]) {
    this.#opened ??= this.#start();
    const { worker, shownBelow } = await this.#opened.catch((thrown: unknown) => {
      this.#opened = undefined;
      throw this.#failure(errorCode(thrown) === undefined ? "its index cannot be made" : UNREADABLE, thrown);
    });
    const reply = Promise.withResolvers<FromWorker>();
    worker.onmessage = ({ data }: MessageEvent<FromWorker>) => reply.resolve(data);
    worker.onerror = (event) => {
      event.preventDefault();
      this.#drop();
      reply.reject(this.#failure("its index broke; the next search makes a new one", event.message));
    };
    const questions = batch.map(({ query, limit }) => ({ query, limit }));
    worker.postMessage({ questions } satisfies ToWorker);
    const answered = await reply.promise;
    if ("failure" in answered) {
      const { isUnreadable, message } = answered.failure;
      throw this.#failure(isUnreadable ? UNREADABLE : "its index failed", message);
    }
    return { ...answered, shownBelow };
  }

  async #start(): Promise<Opened> {
    const { settings, shownBelow } = await this.open();
    this.#lifetime.signal.throwIfAborted();
    const permissions = {
      read: [settings.root],
      write: false,
      net: false,
      env: false,
      sys: false,
      run: false,
      ffi: false,
      import: false,
    };
    const worker = new Worker(new URL("./directory_worker.ts", import.meta.url), {
      type: "module",
      name: `documents ${this.name}`,
      deno: { permissions },
    });
    worker.postMessage({ settings } satisfies ToWorker);
    return { worker, shownBelow };
  }

  #drop(): void {
    const opened = this.#opened;
    this.#opened = undefined;
    opened?.then(({ worker }) => worker.terminate(), () => {});
  }

  #failure(reason: string, cause: unknown): Error {
    return new Error(`Cannot search document store "${this.name}": ${reason}`, { cause });
  }
}
