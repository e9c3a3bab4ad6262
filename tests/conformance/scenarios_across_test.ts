import assert from "node:assert/strict";
import { jsonRpcPeer } from "./scenarios/http_peers.ts";
import { type Live, openLive } from "./scenarios/live_server.ts";
import type { Peer } from "./scenarios/peer.ts";
import { PEERS } from "./scenarios/peers.ts";
import { SPELLINGS } from "./scenarios/spelling.ts";
import { get, next, say, send, stream, subscribe, taskIdOf, taskWords, words } from "./scenarios/words.ts";

/* What was begun over one binding is the same over every other: there is one task, whoever looks. */

function everybody(live: Live): Peer[] {
  return PEERS.flatMap(([, open]) => [open(live, "1.0"), open(live, "0.3")]);
}

async function dispose(peers: readonly Peer[]): Promise<void> {
  for (const peer of peers) await peer[Symbol.asyncDispose]();
}

/** What is sent, by 1.0's names. */
const SENT: readonly (readonly [what: string, text: string, over: Record<string, unknown>])[] = [
  ["parts of every kind", "kinds", {}],
  ["metadata and extensions", "hello", { metadata: { a: { b: [1, null, "x"] } }, extensions: ["urn:one"] }],
  ["bytes, a URL and data", "", {
    parts: [{ raw: "AAEC/w==", filename: "a.bin" }, { url: "https://a.example/" }, { data: { deep: [[["x"]]] } }],
  }],
  ["an empty text", "", {}],
  ["text beyond ASCII", "é 漢字 🜚", {}],
];

for (const [binding, open] of PEERS) {
  for (const version of ["1.0", "0.3"] as const) {
    for (const [what, text, over] of SENT) {
      Deno.test(`${what}, sent over ${binding} in ${version}, read the same over every binding`, async () => {
        await using live = openLive();
        const [sender, readers] = [open(live, version), everybody(live)];
        const { id, contextId } = await send(sender, text, over);
        const told = await Promise.all(readers.map((reader) => get(reader, id)));
        const [first] = told;
        for (const [at, task] of told.entries()) {
          const where = `${readers[at]?.binding} ${readers[at]?.version}`;
          assert.deepEqual(taskWords(task), taskWords(first), where);
          assert.deepEqual([task.id, task.contextId], [id, contextId], where);
          assert.deepEqual(task.history?.map(({ metadata, extensions }) => [metadata, extensions]), [
            [over.metadata, over.extensions],
          ]);
        }
        await dispose([sender, ...readers]);
      });
    }

    Deno.test(`a stream begun over ${binding} in ${version} is followed over every binding, by the same numbers`, async () => {
      await using live = openLive();
      const [sender, readers] = [open(live, version), everybody(live)];
      const turn = stream(sender, "wait");
      const id = taskIdOf(await next(turn, 1));
      await live.waiting();
      const followed = readers.map((reader) => {
        const by = reader.binding === "WebSocket" ? "request" : "header";
        return subscribe(reader, id, { afterSeq: 3, by });
      });
      const begun = await Promise.all(followed.map((events) => next(events, 1)));
      live.letGo();
      const ended = await Promise.all([turn, ...followed].map(words));
      assert.deepEqual(begun.map(([heard]) => heard?.seq), readers.map(() => 5));
      assert.deepEqual(ended.map((told) => told.slice(-2)), ended.map(() => ["7 + done!", "9 completed"]));
      await dispose([sender, ...readers]);
    });
  }
}

Deno.test("a text that holds half of a pair, which JSON can say and UTF-8 cannot, is read over every binding", async () => {
  await using live = openLive();
  const readers = everybody(live);
  await using sender = jsonRpcPeer(live.address, SPELLINGS["1.0"]);
  const { id } = await send(sender, "", { parts: [{ text: "a\ud800b", filename: "\udc00" }] });
  for (const reader of readers) {
    const [, artifact = ""] = taskWords(await get(reader, id));
    assert.equal(artifact.toWellFormed(), "= a\ufffdb (\ufffd)", `${reader.binding} ${reader.version}`);
  }
  await dispose(readers);
  assert.deepEqual(live.logged, []);
});

Deno.test("a message that was sent over one binding, sent again over another, is the same message", async () => {
  await using live = openLive();
  const peers = everybody(live);
  const message = say("hello", { messageId: "the-same" });
  const ids = new Set<string>();
  for (const peer of peers) ids.add((await send(peer, "hello", message)).id);
  assert.equal(ids.size, 1);
  await dispose(peers);
});
