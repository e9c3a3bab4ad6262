import assert from "node:assert/strict";
import { memoryStore } from "../../src/store/memory.ts";
import { MemoryRecords, MemoryStore } from "../../src/store/memory_store.ts";
import { storeContract } from "../contract/store_contract.ts";
import { newTask, refOf } from "./drafts.ts";

storeContract({
  name: "MemoryStore",
  open: () => {
    const clock = { ms: 0 };
    const records = new MemoryRecords();
    let processes = 0;
    const start = () => new MemoryStore({ holder: `p${++processes}`, now: () => clock.ms }, records);
    return Promise.resolve({
      store: start(),
      clock,
      restart: () => Promise.resolve(start()),
      dispose: () => Promise.resolve(),
    });
  },
});

Deno.test("memoryStore creates stores that share nothing", async () => {
  const deps = { defaultPath: "/nowhere", baseDir: "/", holder: "p1", now: () => 0 };
  const [one, other] = await Promise.all([memoryStore.create({}, deps), memoryStore.create({}, deps)]);
  await one.journal.create(newTask(1));
  assert.equal(await other.tasks.get(refOf(1)), undefined);
  assert.equal(one.place, "memory");
});

Deno.test("memoryStore refuses options that it does not have", () => {
  const deps = { defaultPath: "/nowhere", baseDir: "/", holder: "p1", now: () => 0 };
  assert.throws(() => memoryStore.create({ path: "x" }, deps), /path/);
});
