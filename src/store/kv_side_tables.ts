import { kvContexts, type KvContextsDeps } from "./kv_contexts.ts";
import { kvRevisions, type KvRevisionsDeps } from "./kv_revisions.ts";
import { kvWebhooks, type KvWebhooksDeps } from "./kv_webhooks.ts";
import type { Store } from "./store.ts";

/** What stands in the database beside the journals. */
export function kvSideTables(
  deps: KvContextsDeps & KvRevisionsDeps & KvWebhooksDeps,
): Pick<Store, "webhooks" | "revisions" | "contexts"> {
  return { webhooks: kvWebhooks(deps), revisions: kvRevisions(deps), contexts: kvContexts(deps) };
}
