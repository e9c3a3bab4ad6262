import { Unreachable } from "../lib/unreachable.ts";

/** What the runtime says of a request that never left. */
const NEVER_LEFT = /client error \(Connect\)|are blocked$/;

/** `fetch`, but a request for which no connection came about is told apart: it may safely be made elsewhere. */
export async function reachingFetch(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (thrown) {
    for (let error = thrown; error instanceof Error; error = error.cause) {
      if (NEVER_LEFT.test(error.message)) throw new Unreachable("No connection came about", { cause: thrown });
    }
    throw thrown;
  }
}
