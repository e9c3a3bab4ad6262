/*
 * A process that lives to be killed: opens the store at the given path, says so, then runs tasks and prints what was
 * acknowledged, `<id> <seq>`, one a line.
 */
import { createIds } from "../../src/lib/ids.ts";
import { openKvStore } from "../../src/store/kv.ts";
import { append, begun, delta, OWNER, SCOPE, status } from "./drafts.ts";

const [path = "", mode = "write"] = Deno.args;
const store = await openKvStore(path, { holder: String(Deno.pid), now: Date.now });
console.log("open");
if (mode === "hold") await new Promise((resolve) => setTimeout(resolve, 60_000));

const nextId = createIds({ now: Date.now, random: (bytes) => crypto.getRandomValues(bytes) });
await Promise.all(Array.from({ length: 16 }, async (_, writer) => {
  for (;;) {
    const id = nextId();
    const text = "z".repeat(writer === 0 ? 150_000 : 100);
    let stored = await store.journal.create({
      ref: { ...OWNER, id },
      agent: SCOPE.agent,
      holder: String(Deno.pid),
      entries: [begun(id, { text })],
      message: { id, digest: "" },
    });
    console.log(id, stored.seq);
    stored = await append(store, stored, status(id, "TASK_STATE_WORKING", 1), delta(id, text));
    console.log(id, stored.seq);
    stored = await append(store, stored, status(id, "TASK_STATE_COMPLETED", 2));
    console.log(id, stored.seq);
  }
}));
