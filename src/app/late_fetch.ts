import { late } from "../lib/late.ts";
import type { SafeFetch } from "../lib/safe_fetch.ts";
import { PROCESS_TIMERS } from "../server/timers.ts";

/** How this process reaches URLs that others name. Its code is loaded by the first of them. */
export function lateFetch(caCerts: readonly string[] = []): SafeFetch {
  const opened = late(async () => {
    const [{ createSafeFetch }, { createEgress }] = await Promise.all([
      import("../lib/safe_fetch.ts"),
      import("../server/egress.ts"),
    ]);
    return createSafeFetch(createEgress({ timers: PROCESS_TIMERS, caCerts }));
  });
  return async (request, policy) => await (await opened())(request, policy);
}
