import { decodeJson } from "./kv_codec.ts";
import { owedWebhookKey, OWING, owingKey, webhookKey, webhookPrefix } from "./kv_keys.ts";
import { webhookRows } from "./kv_rows.ts";
import { CheckFailed, type KvWriter, UNCHECKED } from "./kv_writer.ts";
import type { TaskRef, Webhook, Webhooks } from "./store.ts";
import { refKey } from "./store_key.ts";
import type { Turns } from "./turns.ts";

export interface KvWebhooksDeps {
  readonly kv: Deno.Kv;
  readonly writer: KvWriter;
  readonly turns: Turns;
  readonly requireOpen: () => void;
}

/** Webhooks in the database. What deliveries write joins the commits of the journals. */
export function kvWebhooks({ kv, writer, turns, requireOpen }: KvWebhooksDeps): Webhooks {
  const read = async (key: Deno.KvKey) => {
    const { value } = await kv.get<Uint8Array>(key);
    return value === null ? undefined : decodeJson<Webhook>(value);
  };
  // In one commit the checks see what was before it, not what a neighbour in it does: of one task, one at a time.
  const inTurn = async <T>(ref: TaskRef, act: () => Promise<T>) => {
    requireOpen();
    return await turns.take([refKey(ref)], act);
  };
  const noteInTurn = async (webhook: Webhook) => {
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
  };
  return {
    put: (webhook) => inTurn(webhook.ref, () => writer.submit({ ...UNCHECKED, ...webhookRows(webhook) })),
    note: (webhook) => inTurn(webhook.ref, () => noteInTurn(webhook)),
    get: async (ref, id) => {
      requireOpen();
      return await read(webhookKey(refKey(ref), id));
    },
    list: async (ref) => {
      requireOpen();
      const rows = await Array.fromAsync(kv.list<Uint8Array>({ prefix: webhookPrefix(refKey(ref)) }));
      return rows.map(({ value }) => decodeJson<Webhook>(value));
    },
    delete: (ref, id) => {
      const task = refKey(ref);
      const deletes = [webhookKey(task, id), owingKey(task, id)];
      return inTurn(ref, () => writer.submit({ ...UNCHECKED, sets: [], deletes }));
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
