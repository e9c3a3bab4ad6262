import type { Timers } from "../../lib/timers.ts";
import type { RunningCall } from "./running_call.ts";

export interface HeldDeps {
  readonly timers: Timers;
  readonly newId: () => string;
  /** How long a call is held. */
  readonly maxMs: number;
}

/** More calls than this do not wait at one server: each holds an open request there. */
const MAX_HELD = 100;

/** Calls of servers that wait for their answer within the call, between two runs of the task that made them. */
export class HeldCalls {
  readonly #deps: HeldDeps;
  readonly #held = new Map<string, { readonly call: RunningCall; readonly stop: () => void }>();

  constructor(deps: HeldDeps) {
    this.#deps = deps;
  }

  /** Keeps a call; the ticket takes it up again. Throws where too many wait. */
  hold(call: RunningCall): string {
    if (this.#held.size >= MAX_HELD) {
      call.abort(new Error("Too many calls wait for answers"));
      throw new Error("Too many calls of this tool server wait for answers");
    }
    const ticket = this.#deps.newId();
    const drop = () => this.take(ticket);
    const stop = this.#deps.timers.after(this.#deps.maxMs, () => {
      drop();
      call.abort(new Error("Nobody has answered in time"));
    });
    this.#held.set(ticket, { call, stop });
    void call.over.then(drop);
    return ticket;
  }

  /** Undefined if the server waits no more: it has ended, we have, or it took too long. */
  take(ticket: string): RunningCall | undefined {
    const found = this.#held.get(ticket);
    found?.stop();
    this.#held.delete(ticket);
    return found?.call;
  }

  close(): void {
    for (const [ticket, { call }] of this.#held) {
      this.take(ticket);
      call.abort(new Error("hector leaves the tool server"));
    }
  }
}
