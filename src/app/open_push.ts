import { a2aV03JsonRpc } from "../a2a/dialects/a2a_v0_3.ts";
import { a2aV1Rest } from "../a2a/dialects/a2a_v1.ts";
import type { ServerConfig } from "../config/config.ts";
import { EgressRules } from "../lib/egress_rules.ts";
import { Push } from "../task/push/push.ts";
import { lateFetch } from "./late_fetch.ts";
import type { Runtime } from "./runtime.ts";
import { sleep } from "./sleep.ts";

/** Webhooks under way at one time: one slow host must not hold up the others, nor all of them use up our sockets. */
const PUSH_CONCURRENCY = { perHost: 4, inAll: 64 };
const PUSH_BACKOFF = { baseMs: 1000, maxDelayMs: 600_000 };

/** Opens the push notifications of the process. */
export function openPush(
  { push, a2a }: Pick<ServerConfig, "push" | "a2a">,
  { store, now, log }: Pick<Runtime, "store" | "now" | "log">,
): Push {
  return new Push({
    journal: store.journal,
    webhooks: store.webhooks,
    fetch: lateFetch(),
    rules: new EgressRules(push.allow),
    dialects: { "1.0": a2aV1Rest(a2a.profile), "0.3": a2aV03JsonRpc({ newId: () => "" }) },
    timeoutMs: push.timeout_seconds * 1000,
    limits: {
      ...PUSH_BACKOFF,
      maxAttempts: push.max_attempts,
      giveUpAfterMs: push.give_up_after_seconds * 1000,
    },
    concurrency: PUSH_CONCURRENCY,
    now,
    random: Math.random,
    sleep,
    log,
  });
}
