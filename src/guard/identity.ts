import { ANONYMOUS, type Caller } from "../a2a/service.ts";

/** Who was found behind a request, and for how long that holds. */
export interface Identity {
  readonly caller: Caller;
  /** How long what was shown is still good; not any more from 0 down. */
  remainingMs(): number;
}

/** Somebody who has shown nothing. */
export const NOBODY: Identity = { caller: ANONYMOUS, remainingMs: () => Infinity };
