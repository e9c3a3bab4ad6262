import { Slots } from "../../lib/slots.ts";
import type { Verdict } from "./elicitation.ts";
import type { RunningCall } from "./running_call.ts";

const ANY = "";

/**
 * Finds the call that a server's question belongs to. Until MCP 2025-11-25 a question does not say so; a call that waits
 * for an answer asks no other, so with one call at work it is clear. A server that has asked once gets its calls one by
 * one; a question between several calls is taken back, because it could reach a stranger.
 */
export class QuestionDesk {
  readonly #atWork = new Set<RunningCall>();
  readonly #slots = new Slots(1);
  readonly #slotOf = new Map<RunningCall, () => void>();
  #hasAsked = false;

  /** Whether calls are at work that ask nobody anything. */
  get isBusy(): boolean {
    return this.#atWork.size > 0;
  }

  /** Begins a call when it may begin. */
  async begin(start: () => RunningCall, signal: AbortSignal): Promise<RunningCall> {
    const slot = this.#hasAsked ? await this.#slots.take(ANY, signal) : undefined;
    const call = start();
    this.#enter(call, slot);
    void call.over.then(() => this.#leave(call));
    return call;
  }

  /** The server's question; resolves with what it is to be told. */
  async ask(params: unknown): Promise<Verdict> {
    this.#hasAsked = true;
    const [call, ...others] = this.#atWork;
    if (call === undefined || others.length > 0) return { action: "cancel" };
    this.#leave(call);
    return await call.ask(params);
  }

  /** The call goes on when it may. */
  async answer(call: RunningCall, verdict: Verdict, signal: AbortSignal): Promise<void> {
    this.#enter(call, await this.#slots.take(ANY, signal));
    call.answer(verdict);
  }

  #enter(call: RunningCall, slot: (() => void) | undefined): void {
    this.#atWork.add(call);
    if (slot !== undefined) this.#slotOf.set(call, slot);
  }

  #leave(call: RunningCall): void {
    this.#atWork.delete(call);
    this.#slotOf.get(call)?.();
    this.#slotOf.delete(call);
  }
}
