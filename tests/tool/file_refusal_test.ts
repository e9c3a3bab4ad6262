import assert from "node:assert/strict";
import { FileRefusal, onFile } from "../../src/tool/file_refusal.ts";
import { ToolRefusal } from "../../src/tool/tool.ts";

function system(code: string): Error {
  return Object.assign(new Error(`${code}: open '/srv/secret/a'`), { code });
}

/** [what is thrown, what is told, whether it is a refusal: a line in the log, and no stack] */
const ROWS: [thrown: Error, told: string, isRefusal: boolean][] = [
  [new FileRefusal("it is a binary file"), 'Cannot read "a": it is a binary file', true],
  [system("ENOENT"), 'Cannot read "a": there is no such file', true],
  [system("EACCES"), 'Cannot read "a": the server may not access it', true],
  [system("ENOSPC"), 'Cannot read "a": the disk is full', false],
  [system("EIO"), 'Cannot read "a": the system says EIO', false],
  [new TypeError("a bug"), "a bug", false],
];
for (const [thrown, told, isRefusal] of ROWS) {
  Deno.test(`onFile() makes ${isRefusal ? "a refusal" : "an error"} of "${thrown.message}"`, async () => {
    await assert.rejects(onFile("read", "a", () => Promise.reject(thrown)), (worded) => {
      assert.ok(worded instanceof Error);
      assert.deepEqual([worded.message, worded instanceof ToolRefusal], [told, isRefusal]);
      return true;
    });
  });
}
