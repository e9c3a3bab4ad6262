import assert from "node:assert/strict";
import { encodeJson } from "../../src/store/kv_codec.ts";
import { chunkKey, erasedKey, FORMAT_KEY, intentKey } from "../../src/store/kv_keys.ts";
import { kvStore, openKvStore } from "../../src/store/kv.ts";
import type { Store } from "../../src/store/store.ts";
import { refKey } from "../../src/store/store_key.ts";
import { append, idOf, idsOf, newTask, OWNER, refOf, SCOPE, status } from "./drafts.ts";

const deps = { holder: "p1", now: () => 0 };

async function withFolder(act: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await act(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function closing(store: Store, act: (store: Store) => Promise<void>): Promise<void> {
  try {
    await act(store);
  } finally {
    await store.close();
  }
}

/** Another process at the same path, and its lines of output. */
function spawn(path: string, mode: string): { child: Deno.ChildProcess; lines: AsyncIterator<string> } {
  const script = new URL("./kv_process.ts", import.meta.url).pathname;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--unstable-kv", "--allow-read", "--allow-write", script, path, mode],
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  async function* read() {
    let rest = "";
    for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      yield* lines;
    }
  }
  return { child, lines: read() };
}

Deno.test("openKvStore() makes a folder and a file that are this user's alone", async () => {
  await withFolder(async (folder) => {
    const path = `${folder}/deep/er/hector.db`;
    await closing(await openKvStore(path, deps), async (store) => {
      assert.equal(store.place, path);
      await store.journal.create(newTask(1));
      for (const made of [`${folder}/deep`, `${folder}/deep/er`]) {
        assert.equal((Deno.statSync(made).mode ?? 0) & 0o777, 0o700, made);
      }
      for await (const { name } of Deno.readDir(`${folder}/deep/er`)) {
        assert.equal((Deno.statSync(`${folder}/deep/er/${name}`).mode ?? 0) & 0o777, 0o600, name);
      }
    });
  });
});

Deno.test("openKvStore() refuses a file that is open, naming it, until it is closed", async () => {
  await withFolder(async (folder) => {
    const path = `${folder}/hector.db`;
    const first = await openKvStore(path, deps);
    await assert.rejects(
      openKvStore(path, deps),
      (error) => error instanceof Error && error.message.includes(path) && error.message.includes(`${Deno.pid}`),
    );
    await first.journal.create(newTask(1));
    await first.close();
    await closing(
      await openKvStore(path, deps),
      async (store) => assert.equal((await store.tasks.get(refOf(1)))?.seq, 1),
    );
  });
});

Deno.test("openKvStore() refuses what a newer program wrote and what is no database, and lets go of it", async () => {
  await withFolder(async (folder) => {
    const newer = `${folder}/newer.db`;
    const kv = await Deno.openKv(newer);
    await kv.set(FORMAT_KEY, encodeJson(2));
    kv.close();
    await assert.rejects(openKvStore(newer, deps), /newer\.db": it has format 2, and this program knows 1/);
    await assert.rejects(openKvStore(newer, deps), /format 2/, "the lock was given back");

    const garbage = `${folder}/garbage.db`;
    await Deno.writeTextFile(garbage, "not a database".repeat(1000));
    await assert.rejects(openKvStore(garbage, deps), /garbage\.db/);

    await Deno.writeTextFile(`${folder}/file`, "");
    await assert.rejects(openKvStore(`${folder}/file/hector.db`, deps), /file/);
  });
});

Deno.test("openKvStore() removes the chunks of a row that was never written", async () => {
  await withFolder(async (folder) => {
    const path = `${folder}/hector.db`;
    await closing(await openKvStore(path, deps), async (store) => {
      await store.journal.create(newTask(1, { text: "x".repeat(200_000) }));
    });
    const kv = await Deno.openKv(path);
    await kv.set(intentKey("lost", 4), new Uint8Array());
    for (const index of [0, 1, 2]) await kv.set(chunkKey("lost", 4, index), new Uint8Array(10));
    kv.close();
    await closing(await openKvStore(path, deps), async (store) => {
      assert.equal((await store.tasks.get(refOf(1)))?.task.history?.[0]?.parts[0]?.text?.length, 200_000);
    });
    const after = await Deno.openKv(path);
    const owners = await Array.fromAsync(after.list({ prefix: ["chunk"] }), ({ key }) => key[1]);
    assert.ok(owners.length > 0 && !owners.includes("lost"));
    assert.deepEqual(await Array.fromAsync(after.list({ prefix: ["intent"] })), []);
    after.close();
  });
});

Deno.test("openKvStore() finishes the removal of a task that an earlier process began", async () => {
  await withFolder(async (folder) => {
    const path = `${folder}/hector.db`;
    await closing(await openKvStore(path, deps), async (store) => {
      const stored = await store.journal.create(newTask(1, { text: "x".repeat(200_000) }));
      await append(store, stored, status(stored.ref.id, "TASK_STATE_COMPLETED"));
      await store.journal.create(newTask(2));
    });
    const kv = await Deno.openKv(path);
    await kv.set(erasedKey(refKey(refOf(1))), new Uint8Array());
    kv.close();
    await closing(await openKvStore(path, deps), async (store) => {
      assert.equal(await store.tasks.get(refOf(1)), undefined);
      assert.equal((await store.tasks.get(refOf(2)))?.seq, 1);
    });
    const after = await Deno.openKv(path);
    for (const prefix of [["chunk"], ["erased"], ["log", refKey(refOf(1))]]) {
      assert.deepEqual(await Array.fromAsync(after.list({ prefix })), []);
    }
    after.close();
  });
});

Deno.test("openKvStore() finds everything acknowledged, and a free lock, after kill -9", async () => {
  await withFolder(async (folder) => {
    const path = `${folder}/hector.db`;
    const { child, lines } = spawn(path, "write");
    const acknowledged = new Map<string, number>();
    for (let count = 0; count < 600; count++) {
      const { value } = await lines.next();
      const [id = "", seq] = String(value).split(" ");
      if (seq !== undefined) acknowledged.set(id, Number(seq));
    }
    child.kill("SIGKILL");
    for (let line = await lines.next(); !line.done; line = await lines.next()) {
      const [id = "", seq] = line.value.split(" ");
      if (seq !== undefined) acknowledged.set(id, Number(seq));
    }
    await child.status;

    await closing(await openKvStore(path, deps), async (store) => {
      const orphans = new Set(await idsOf(store.journal.orphans()));
      let open = 0;
      for (const [id, seq] of acknowledged) {
        const stored = await store.tasks.get({ ...OWNER, id });
        assert.ok(stored !== undefined && stored.seq >= seq, `${id} has ${stored?.seq} of ${seq}`);
        assert.equal((await Array.fromAsync(store.journal.read(stored.ref))).length, stored.seq);
        assert.equal((await store.tasks.byMessage(SCOPE, { id, digest: "" }))?.taskId, id);
        assert.equal(orphans.has(id), stored.seq < 4);
        if (stored.seq < 4) open++;
      }
      const { total } = await store.tasks.list(SCOPE, { limit: 1 });
      const completed = await store.tasks.list(SCOPE, { limit: 1, state: "TASK_STATE_COMPLETED" });
      assert.equal(total - completed.total, orphans.size);
      assert.ok(open <= orphans.size && orphans.size <= 16);
    });
  });
});

Deno.test("openKvStore() names the path and the process that has it", async () => {
  await withFolder(async (folder) => {
    const path = `${folder}/hector.db`;
    const { child, lines } = spawn(path, "hold");
    assert.equal((await lines.next()).value, "open");
    await assert.rejects(
      openKvStore(path, deps),
      (error) =>
        error instanceof Error && error.message === `Cannot open the store "${path}": process ${child.pid} has it open`,
    );
    child.kill("SIGKILL");
    await child.status;
    await lines.return?.();
    await closing(await openKvStore(path, deps), async () => {});
  });
});

Deno.test("kvStore opens the path of its options, else the default", async () => {
  await withFolder(async (folder) => {
    const all = { ...deps, defaultPath: `${folder}/default.db`, baseDir: folder };
    for (
      const [options, place] of [[{}, `${folder}/default.db`], [{ path: `${folder}/own.db` }, `${folder}/own.db`], [{
        path: "sub/own.db",
      }, `${folder}/sub/own.db`]]
    ) {
      await closing(await kvStore.create(options, all), async (store) => {
        assert.equal(store.place, place);
        const created = await store.journal.create(newTask(1));
        await append(store, created, status(idOf(1), "TASK_STATE_COMPLETED", 1));
      });
    }
    assert.throws(() => kvStore.create({ file: "x" }, all), /file/);
    assert.throws(() => kvStore.create({ path: "" }, all), /path/);
  });
});
