import type { CallToolResult, Client, ElicitResult, Progress, Tool } from "@modelcontextprotocol/client";
import type { JsonObject } from "../../lib/json.ts";
import type { Timers } from "../../lib/timers.ts";
import type { Verdict } from "./elicitation.ts";

export interface CallRequest {
  readonly tool: Tool;
  readonly input: JsonObject;
  /** Without a word of the server. */
  readonly timeoutMs: number;
  /** What goes with a call that goes on where it asked for input (MCP 2026-07-28, "Multi Round-Trip Requests"). */
  readonly inputResponses?: Record<string, ElicitResult>;
  readonly requestState?: string;
}

/** Who waits for a call just now. */
export interface Attached {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
}

/** What a call comes to: its result, or the server asks something meanwhile (MCP 2025-11-25 and before). */
export type Step =
  | { readonly kind: "result"; readonly result: CallToolResult }
  | { readonly kind: "question"; readonly params: unknown };

export class CallTimeout extends Error {
  override readonly name = "CallTimeout";
}

/** Our own limit knows of progress and of waiting for people; the client's knows of neither. */
const NO_TIMEOUT_MS = 2 ** 31 - 1;

interface Question {
  readonly params: unknown;
  readonly reply: (verdict: Verdict) => void;
}

/** One `tools/call` under way. It outlives the run that began it while it waits for the answer of a peer. */
export class RunningCall {
  readonly #controller = new AbortController();
  readonly #timers: Timers;
  readonly #timeoutMs: number;
  readonly #result: Promise<CallToolResult>;
  #question: Question | undefined;
  #wake: () => void = () => {};
  #onProgress: Attached["onProgress"] = () => {};
  #stopTimer: () => void = () => {};

  constructor(client: Client, request: CallRequest, timers: Timers) {
    this.#timers = timers;
    this.#timeoutMs = request.timeoutMs;
    const { tool, input, inputResponses, requestState } = request;
    this.#startTimer();
    this.#result = client.callTool({
      name: tool.name,
      arguments: { ...input },
      ...(inputResponses === undefined ? {} : { inputResponses }),
      ...(requestState === undefined ? {} : { requestState }),
    }, {
      signal: this.#controller.signal,
      timeout: NO_TIMEOUT_MS,
      allowInputRequired: true,
      // Its results are checked by us: the client would check an unfinished one too, and run the server's patterns.
      toolDefinition: { ...tool, outputSchema: undefined },
      onprogress: (progress) => {
        if (this.#question === undefined) this.#startTimer();
        this.#onProgress(progress);
      },
    }).finally(() => this.#stopTimer());
    this.#result.catch(() => {});
  }

  /** Whether it stands still until somebody answers. */
  get isWaiting(): boolean {
    return this.#question !== undefined;
  }

  /** Resolves when the call is over, however it ended. */
  get over(): Promise<void> {
    return this.#result.then(() => {}, () => {});
  }

  /** Waits for what comes next. While it is waited for, the signal cancels the call. */
  async next({ signal, onProgress }: Attached): Promise<Step> {
    const cancel = () => this.#controller.abort(signal.reason);
    if (signal.aborted) cancel();
    signal.addEventListener("abort", cancel, { once: true });
    this.#onProgress = onProgress;
    const { promise: asked, resolve } = Promise.withResolvers<void>();
    this.#wake = resolve;
    if (this.#question !== undefined) resolve();
    try {
      const result = await Promise.race([this.#result, asked]);
      if (result !== undefined) return { kind: "result", result };
      return { kind: "question", params: this.#question?.params };
    } catch (thrown) {
      // The client wraps the reason of an abort into an error of its own.
      throw this.#controller.signal.aborted ? this.#controller.signal.reason : thrown;
    } finally {
      signal.removeEventListener("abort", cancel);
      this.#onProgress = () => {};
      this.#wake = () => {};
    }
  }

  /** The server asks; resolves with what it is to be told. */
  ask(params: unknown): Promise<Verdict> {
    if (this.#question !== undefined) return Promise.resolve({ action: "cancel" });
    this.#stopTimer();
    const { promise, resolve } = Promise.withResolvers<Verdict>();
    this.#question = { params, reply: resolve };
    this.#wake();
    return promise;
  }

  answer(verdict: Verdict): void {
    const question = this.#question;
    this.#question = undefined;
    this.#startTimer();
    question?.reply(verdict);
  }

  /** Tells the server that nobody waits any more. */
  abort(reason: Error): void {
    this.#controller.abort(reason);
    this.answer({ action: "cancel" });
    this.#stopTimer();
  }

  #startTimer(): void {
    this.#stopTimer();
    if (this.#controller.signal.aborted) return;
    this.#stopTimer = this.#timers.after(this.#timeoutMs, () => {
      this.#controller.abort(new CallTimeout(`No answer of the tool server within ${this.#timeoutMs / 1000} seconds`));
    });
  }
}
