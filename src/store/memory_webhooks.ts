import type { Webhook, Webhooks } from "./store.ts";
import { refKey } from "./store_key.ts";

/** By task and id. */
export type WebhookRecords = Map<string, Map<string, Webhook>>;

/** Webhooks in memory. `open` gives the records, or throws when the store is closed. */
export function memoryWebhooks(open: () => WebhookRecords): Webhooks {
  return {
    put: async (webhook) => await putWebhook(open(), webhook),
    note: async (webhook) => {
      const records = open();
      const isThere = records.get(refKey(webhook.ref))?.has(webhook.id) === true;
      if (isThere) putWebhook(records, webhook);
      return await isThere;
    },
    get: async (ref, id) => await open().get(refKey(ref))?.get(id),
    list: async (ref) => await [...open().get(refKey(ref))?.values() ?? []],
    delete: async (ref, id) => {
      await open().get(refKey(ref))?.delete(id);
    },
    owing: async function* () {
      for (const webhooks of [...open().values()]) {
        yield* [...webhooks.values()].filter(({ isDone }) => !isDone);
      }
    },
  };
}

export function putWebhook(records: WebhookRecords, webhook: Webhook): void {
  const key = refKey(webhook.ref);
  const webhooks = records.get(key) ?? new Map();
  records.set(key, webhooks.set(webhook.id, webhook));
}
