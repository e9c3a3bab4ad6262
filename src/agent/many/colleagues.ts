import type { A2AService } from "../../a2a/service.ts";
import type { Askers } from "./askers.ts";
import type { HopRules } from "./hops.ts";

/** The agents of this process, as one of them reaches the others. */
export interface Colleagues extends HopRules {
  /** The tasks of an agent, a private one's too; undefined where there is none by this id. */
  readonly serviceOf: (id: string) => A2AService | undefined;
  /** The tasks of all of them. */
  readonly services: () => Iterable<A2AService>;
  readonly askers: Askers;
  /** Resolves after `ms`, rejects with `signal.reason`. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}
