import { resolve } from "node:path";
import { z } from "zod";
import { definePlugin } from "../lib/plugin.ts";
import { decodeJson, encodeJson } from "./kv_codec.ts";
import { sweepErased } from "./kv_eraser.ts";
import { FORMAT_KEY, LEASES, WRITER_KEY } from "./kv_keys.ts";
import { type FileLock, lockFile } from "./kv_lock.ts";
import { TaskPlaces } from "./kv_places.ts";
import type { LeaseRow } from "./kv_rows.ts";
import { KvStore, type KvStoreDeps } from "./kv_store.ts";
import { sweepChunks } from "./kv_writer.ts";
import type { Store, StoreDeps } from "./store.ts";
import { refKey, scopeKey } from "./store_key.ts";

/** Of the rows as kv_keys.ts lists them. A later format must read this one. */
const FORMAT = 1;

/**
 * Opens, or makes, the database file at `path` (folder 0700, file 0600) for this process alone. Throws if another process
 * has it, if a newer program has written it, or if it is no database.
 */
export async function openKvStore(
  path: string,
  deps: Pick<KvStoreDeps, "holder" | "now" | "hotBytes">,
): Promise<Store> {
  let lock: FileLock | undefined;
  let kv: Deno.Kv | undefined;
  try {
    lock = await lockFile(path);
    // SQLite gives its journal files the mode of the database, so this decides about all of them.
    (await Deno.open(path, { write: true, create: true, mode: 0o600 })).close();
    kv = await Deno.openKv(path);
    const versionstamp = await becomeWriter(kv, deps.holder);
    await sweepChunks(kv);
    await sweepErased(kv);
    const places = await readLeases(kv);
    return new KvStore({ ...deps, kv, place: path, versionstamp, places, release: lock.release });
  } catch (error) {
    kv?.close();
    lock?.release();
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`Cannot open the store "${path}": ${reason}`, { cause: error });
  }
}

/** From now on only commits that know this process as the writer succeed. Resolves to the row's versionstamp. */
async function becomeWriter(kv: Deno.Kv, holder: string): Promise<string> {
  const { value } = await kv.get<Uint8Array>(FORMAT_KEY);
  const format = value === null ? FORMAT : decodeJson<number>(value);
  if (format > FORMAT) {
    throw new Error(`it has format ${format}, and this program knows ${FORMAT}`);
  }
  await kv.set(FORMAT_KEY, encodeJson(FORMAT));
  return (await kv.set(WRITER_KEY, encodeJson(holder))).versionstamp;
}

async function readLeases(kv: Deno.Kv): Promise<TaskPlaces> {
  const places = new TaskPlaces();
  for await (const { value } of kv.list<Uint8Array>({ prefix: LEASES }, { batchSize: 500 })) {
    const { tenant, owner, id, agent, holder, fence } = decodeJson<LeaseRow>(value);
    const ref = { tenant, owner, id };
    const lease = { holder, fence };
    places.adopt({ ref, agent, key: refKey(ref), scope: scopeKey({ tenant, owner, agent }), lease });
  }
  return places;
}

/** The default store: one file, no server, every answer on disk before it is given. */
export const kvStore = definePlugin({
  options: () =>
    z.strictObject({
      path: z.string().min(1).optional().meta({
        description: "The database file, relative to the configuration. Its folder is made if there is none.",
      }),
    }),
  create: async ({ path }, deps: StoreDeps): Promise<Store> =>
    await openKvStore(path === undefined ? deps.defaultPath : resolve(deps.baseDir, path), deps),
});
