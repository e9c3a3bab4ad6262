import type { Log } from "../../lib/log.ts";
import { retryDelayMs } from "../../lib/retry.ts";
import type { Slots } from "../../lib/slots.ts";
import type { Journal, Webhook, WebhookFailure, Webhooks } from "../../store/store.ts";
import { timestamp } from "../status_draft.ts";
import { deliver, type DeliverDeps, type Outcome } from "./deliver.ts";
import { type Notice, notices } from "./notices.ts";

export interface CourierLimits {
  /** Attempts to tell one thing. */
  readonly maxAttempts: number;
  /** Since the first of them. */
  readonly giveUpAfterMs: number;
  readonly baseMs: number;
  readonly maxDelayMs: number;
}

export interface CourierDeps extends DeliverDeps {
  readonly journal: Journal;
  readonly webhooks: Webhooks;
  /** By host: a receiver that hangs holds up nobody else's. */
  readonly hosts: Slots;
  /** In all. */
  readonly everybody: Slots;
  readonly limits: CourierLimits;
  readonly random: () => number;
  /** Resolves after `ms`, rejects with `signal.reason`. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly log: Log;
}

/** Tells one receiver of one task, one thing after another, until the task ended or it has to give up. */
export class Courier {
  /** Resolves when it is over; never rejects. */
  readonly ended: Promise<void>;
  readonly #deps: CourierDeps;
  /** No new attempt begins. */
  readonly #leave = new AbortController();
  /** What is under way is cut off. */
  readonly #cut = new AbortController();
  #webhook: Webhook;

  constructor(webhook: Webhook, deps: CourierDeps) {
    this.#webhook = webhook;
    this.#deps = deps;
    this.ended = this.#run();
  }

  /** As it is now: with the place up to which its receiver has been told, or why that ended. */
  get webhook(): Webhook {
    return this.#webhook;
  }

  /** Begins nothing more. An attempt that is under way may end until `deadline` aborts. */
  async stop(deadline: AbortSignal): Promise<void> {
    const cut = () => this.#cut.abort(deadline.reason);
    this.#leave.abort(new Error("The courier was stopped"));
    if (deadline.aborted) cut();
    deadline.addEventListener("abort", cut);
    await this.ended;
    deadline.removeEventListener("abort", cut);
  }

  async #run(): Promise<void> {
    const { journal, log } = this.#deps;
    try {
      for await (const notice of notices(journal, this.#webhook, this.#leave.signal)) {
        const end = await this.#tell(notice);
        if (end === "gone") return;
        if (end !== "told") return await this.#giveUp(end);
        if (!await this.#keep({ ...this.#webhook, toldSeq: notice.seq, isDone: notice.isLast })) return;
      }
      // The journal ended without anything left to tell.
      if (!this.#webhook.isDone && !this.#leave.signal.aborted) await this.#keep({ ...this.#webhook, isDone: true });
    } catch (thrown) {
      if (this.#leave.signal.aborted) return;
      log.error("a webhook is told nothing more until the next start", { ...this.#names(), error: thrown });
    }
  }

  /** Resolves when the notice is delivered, or never will be: its webhook was deleted with its task, or has failed for good. */
  async #tell(notice: Notice): Promise<"told" | "gone" | WebhookFailure> {
    const { limits, now, random, sleep, webhooks } = this.#deps;
    const begunMs = now();
    for (let attempts = 1;; attempts++) {
      const outcome = await this.#attempt(notice);
      if (outcome.kind === "told") return "told";
      const { reason, retryAfterMs: afterMs, isFinal } = outcome;
      if (isFinal || attempts >= limits.maxAttempts || now() - begunMs >= limits.giveUpAfterMs) {
        return { at: timestamp(now), attempts, reason };
      }
      const policy = { ...limits, maxRetries: limits.maxAttempts };
      await sleep(retryDelayMs(policy, attempts - 1, { afterMs, random: random() }), this.#leave.signal);
      if (await webhooks.get(this.#webhook.ref, this.#webhook.id) === undefined) return "gone";
    }
  }

  async #attempt(notice: Notice): Promise<Outcome> {
    const { hosts, everybody } = this.#deps;
    const leaveHost = await hosts.take(URL.parse(this.#webhook.url)?.host ?? "", this.#leave.signal);
    try {
      const leave = await everybody.take("", this.#leave.signal);
      try {
        return await deliver(this.#webhook, notice, { ...this.#deps, signal: this.#cut.signal });
      } finally {
        leave();
      }
    } finally {
      leaveHost();
    }
  }

  async #giveUp(failure: WebhookFailure): Promise<void> {
    if (!await this.#keep({ ...this.#webhook, failure })) return;
    this.#deps.log.warn("webhook given up", { ...this.#names(), reason: failure.reason, attempts: failure.attempts });
  }

  /**
   * Resolves to false if the webhook is no more. A place that cannot be kept costs a repeated delivery after a crash, so it
   * must not end the deliveries.
   */
  async #keep(webhook: Webhook): Promise<boolean> {
    try {
      if (!await this.#deps.webhooks.note(webhook)) return false;
    } catch (error) {
      this.#deps.log.error("progress of a webhook could not be recorded", { ...this.#names(), error });
    }
    this.#webhook = webhook;
    return true;
  }

  #names() {
    return { task: this.#webhook.ref.id, webhook: this.#webhook.id };
  }
}
