import { decodeJson } from "./kv_codec.ts";
import { owedWebhookKey, OWING, owingKey, webhookKey, webhookPrefix } from "./kv_keys.ts";
import { webhookRows } from "./kv_rows.ts";
import { CheckFailed, type KvWrite, type KvWriter } from "./kv_writer.ts";
import type { Webhook, Webhooks } from "./store.ts";
import { refKey } from "./store_key.ts";

export interface KvWebhooksDeps {
  readonly kv: Deno.Kv;
  readonly writer: KvWriter;
  readonly requireOpen: () => void;
}

/** Webhooks in the database. What deliveries write joins the commits of the journals. */
export function kvWebhooks({ kv, writer, requireOpen }: KvWebhooksDeps): Webhooks {
  const read = async (key: Deno.KvKey) => {
    const { value } = await kv.get<Uint8Array>(key);
    return value === null ? undefined : decodeJson<Webhook>(value);
  };
  return {
    put: async (webhook) => {
      requireOpen();
      await writer.submit({ ...UNCHECKED, ...webhookRows(webhook) });
    },
    note: async (webhook) => {
      requireOpen();
      const key = webhookKey(refKey(webhook.ref), webhook.id);
      const { versionstamp } = await kv.get(key);
      if (versionstamp === null) return false;
      try {
        await writer.submit({ ...UNCHECKED, checks: [{ key, versionstamp }], ...webhookRows(webhook) });
        return true;
      } catch (thrown) {
        // Deleted since, with its task or alone.
        if (thrown instanceof CheckFailed) return false;
        throw thrown;
      }
    },
    get: async (ref, id) => {
      requireOpen();
      return await read(webhookKey(refKey(ref), id));
    },
    list: async (ref) => {
      requireOpen();
      const rows = await Array.fromAsync(kv.list<Uint8Array>({ prefix: webhookPrefix(refKey(ref)) }));
      return rows.map(({ value }) => decodeJson<Webhook>(value));
    },
    delete: async (ref, id) => {
      requireOpen();
      const task = refKey(ref);
      await writer.submit({ ...UNCHECKED, sets: [], deletes: [webhookKey(task, id), owingKey(task, id)] });
    },
    owing: async function* () {
      requireOpen();
      for await (const { key } of kv.list({ prefix: OWING }, { batchSize: 500 })) {
        const webhook = await read(owedWebhookKey(key));
        if (webhook !== undefined) yield webhook;
      }
    },
  };
}

const UNCHECKED: Pick<KvWrite, "checks" | "counts" | "publish"> = { checks: [], counts: [], publish: () => {} };
