import { late } from "../lib/late.ts";
import { type Health, readyResponse } from "./health.ts";

/** Answers a request; never throws. */
export type Answer = (request: Request) => Promise<Response>;

export interface EarlyFaceOptions {
  /** Loads what answers. Called once, by the first request or by `load`. */
  readonly open: () => Promise<Answer>;
  readonly health: Health;
  /** Throws for a request whose Host must not be served. */
  readonly checkHost: (request: Request) => void;
}

/** An HTTP face that is there before its code is. */
export interface EarlyFace {
  readonly fetch: Answer;
  /** Resolves when the code is there. */
  load(): Promise<Answer>;
}

/**
 * Requests that come before the code of the face wait for it. Whoever asks whether the server is ready is answered at once:
 * what is sent from then on will be.
 */
export function earlyFace({ open, health, checkHost }: EarlyFaceOptions): EarlyFace {
  let face: Answer | undefined;
  const load = late(async () => face = await open());
  const early = async (request: Request) =>
    asksIfReady(request, checkHost) ? readyResponse(health) : await (await load())(request);
  return { load, fetch: (request) => face === undefined ? early(request) : face(request) };
}

function asksIfReady(request: Request, checkHost: EarlyFaceOptions["checkHost"]): boolean {
  if (request.method !== "GET" || new URL(request.url).pathname !== "/ready") return false;
  try {
    checkHost(request);
    return true;
  } catch {
    // The face tells why not.
    return false;
  }
}
