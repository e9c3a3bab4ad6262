import { TaskPlaces } from "../../src/store/kv_places.ts";
import { KvStore } from "../../src/store/kv_store.ts";
import { WRITER_KEY } from "../../src/store/kv_keys.ts";

/** A store whose database does as the test says. */
export interface FaultyStore extends AsyncDisposable {
  readonly store: KvStore;
  /** The database itself, without faults. */
  readonly kv: Deno.Kv;
  /** Called before each commit; what it throws, the commit throws. */
  beforeCommit: () => void | Promise<void>;
}

export async function openFaultyStore(hotBytes?: number): Promise<FaultyStore> {
  const folder = await Deno.makeTempDir();
  const kv = await Deno.openKv(`${folder}/faulty.db`);
  const faulty = new Proxy(kv, {
    get(target, name) {
      if (name === "atomic") return () => interceptCommit(target.atomic(), () => opened.beforeCommit());
      const value = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  const { versionstamp } = await kv.set(WRITER_KEY, "p1");
  const store = new KvStore({
    kv: faulty,
    place: "faulty",
    versionstamp,
    places: new TaskPlaces(),
    release: () => {},
    holder: "p1",
    now: () => 0,
    hotBytes,
  });
  const opened: FaultyStore = {
    store,
    kv,
    beforeCommit: () => {},
    [Symbol.asyncDispose]: async () => {
      await store.close();
      await Deno.remove(folder, { recursive: true });
    },
  };
  return opened;
}

function interceptCommit(atomic: Deno.AtomicOperation, before: () => void | Promise<void>): Deno.AtomicOperation {
  const commit = atomic.commit.bind(atomic);
  atomic.commit = async () => {
    await before();
    return await commit();
  };
  return atomic;
}
