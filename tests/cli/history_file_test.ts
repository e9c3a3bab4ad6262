import assert from "node:assert/strict";
import { appendHistory, readHistory } from "../../src/cli/history_file.ts";
import { inFolder } from "./typed.ts";

Deno.test("readHistory() gives what appendHistory() was told, newest first, a line each", async () => {
  await inFolder({}, async (folder) => {
    const env = (name: string) => name === "XDG_STATE_HOME" ? folder : undefined;
    assert.deepEqual(await readHistory(env, "/nowhere"), []);
    await appendHistory("one", env, "/nowhere");
    await appendHistory("two\nlines", env, "/nowhere");
    assert.deepEqual(await readHistory(env, "/nowhere"), ["two lines", "one"]);
    const { mode } = await Deno.stat(`${folder}/hector/chat_history`);
    assert.equal((mode ?? 0) & 0o777, 0o600);
  });
});

/** [environment, where the history is] */
const PLACES: readonly [env: (folder: string) => Record<string, string>, place: string][] = [
  [(folder) => ({ HOME: folder }), ".local/state/hector/chat_history"],
  [(folder) => ({ HOME: folder, XDG_STATE_HOME: "relative" }), ".local/state/hector/chat_history"],
  [() => ({}), ".hector/chat_history"],
];

for (const [env, place] of PLACES) {
  Deno.test(`appendHistory() writes to ${place} with ${JSON.stringify(env("HOME"))}`, async () => {
    await inFolder({}, async (folder) => {
      await appendHistory("one", (name) => env(folder)[name], folder);
      assert.equal(await Deno.readTextFile(`${folder}/${place}`), "one\n");
    });
  });
}
