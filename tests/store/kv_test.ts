import { openKvStore } from "../../src/store/kv.ts";
import type { Store } from "../../src/store/store.ts";
import { storeContract } from "../contract/store_contract.ts";

/** Once as it is, once with no memory for tasks at all, so that every read and every append begins at the disk. */
for (const [name, hotBytes] of [["KvStore", undefined], ["KvStore without hot tasks", 0]] as const) {
  storeContract({
    name,
    open: async () => {
      const folder = await Deno.makeTempDir();
      const clock = { ms: Date.now() };
      let processes = 0;
      let store: Store | undefined;
      const start = async () => {
        await store?.close();
        store = await openKvStore(`${folder}/tasks/hector.db`, {
          holder: `p${++processes}`,
          now: () => clock.ms,
          hotBytes,
        });
        return store;
      };
      return {
        store: await start(),
        clock,
        restart: start,
        dispose: async () => {
          await store?.close();
          await Deno.remove(folder, { recursive: true });
        },
      };
    },
  });
}
