import assert from "node:assert/strict";
import { z } from "zod";
import type { Candidate } from "../../src/app/house.ts";
import { withToolFiles } from "../../src/app/tool_files.ts";
import { revisionOf } from "../../src/config/revision.ts";
import { MemoryRecords, MemoryStore } from "../../src/store/memory_store.ts";
import { inTempDir } from "../tool/run_tool.ts";
import { answerOf, configOf, openTestHouse } from "./configurations.ts";

function saying(word: string, more = ""): string {
  return `${more}
export default {
  description: "Says a word", input: { type: "object" }, needsApproval: false, run: () => "${word}",
};`;
}

const TEXT = JSON.stringify({
  agents: { a: { llm: "m", tools: ["say"] } },
  tools: { say: { type: "typescript", path: "say.ts", permissions: { read: ["."] } } },
  llms: {
    m: {
      provider: "scripted",
      rules: [
        { match: { text: "ask" }, reply: { text: "which?", stop: "input_required" } },
        { match: { tool_result: true }, reply: { text: "{{tool_result}}" } },
      ],
      default: { calls: [{ name: "say", arguments: {} }] },
    },
  },
});

const Kept = z.object({ folder: z.string(), files: z.array(z.object({ path: z.string(), text: z.string() })) });

/** The configuration with its files as they are, or as they were kept. */
function candidate(folder: string, kept?: z.output<typeof Kept>["files"]): Candidate {
  const { config, texts, files } = withToolFiles(configOf(TEXT, folder), kept);
  const content = { folder, files: files.map(({ path, text }) => ({ path, text })) };
  return { config, texts, content };
}

async function openHouse(folder: string, holder: string, records = new MemoryRecords()) {
  return await openTestHouse(candidate(folder), {
    store: new MemoryStore({ holder, now: () => Date.now() }, records),
    holder,
    reread: (content) => {
      const { folder, files } = Kept.parse(content);
      return Promise.resolve(candidate(folder, files));
    },
  });
}

Deno.test("a reload takes up a tool's file that has changed alone, and one that has not changes nothing", () =>
  inTempDir(async (folder) => {
    await Deno.writeTextFile(`${folder}/say.ts`, saying("one"));
    const { house, say, close } = await openHouse(folder, "p1");
    try {
      assert.equal(answerOf(await say("a", "go")), "one");
      assert.equal((await house.reload(candidate(folder))).kind, "unchanged");
      await Deno.writeTextFile(`${folder}/say.ts`, saying("two"));
      // Until then it is what it was, whatever lies on the disk.
      assert.equal(answerOf(await say("a", "go")), "one");
      assert.equal((await house.reload(candidate(folder))).kind, "applied");
      assert.equal(answerOf(await say("a", "go")), "two");
    } finally {
      await close();
    }
  }));

Deno.test("a reload refuses a tool's file that cannot be used, and the one before goes on", () =>
  inTempDir(async (folder) => {
    await Deno.writeTextFile(`${folder}/say.ts`, saying("one"));
    const { house, say, close } = await openHouse(folder, "p1");
    try {
      await Deno.writeTextFile(`${folder}/say.ts`, "export default {");
      const outcome = await house.reload(candidate(folder));
      assert.match(outcome.kind === "refused" ? outcome.reason : outcome.kind, /Cannot use ".*say\.ts"/);
      assert.equal(answerOf(await say("a", "go")), "one");
      await Deno.remove(`${folder}/say.ts`);
      const gone = await house.reload(candidate(folder));
      assert.match(gone.kind === "refused" ? gone.reason : gone.kind, /there is no such file/);
      assert.equal(answerOf(await say("a", "go")), "one");
    } finally {
      await close();
    }
  }));

Deno.test("a task keeps the file with which it began, over a reload and a restart", () =>
  inTempDir(async (folder) => {
    await Deno.writeTextFile(`${folder}/say.ts`, saying("one"));
    const records = new MemoryRecords();
    const first = await openHouse(folder, "p1", records);
    const [here, there] = [await first.say("a", "ask me"), await first.say("a", "ask me")];
    await Deno.writeTextFile(`${folder}/say.ts`, saying("two"));
    assert.equal((await first.house.reload(candidate(folder))).kind, "applied");
    assert.equal(answerOf(await first.say("a", "go", { taskId: here.id })), "one");
    assert.equal(answerOf(await first.say("a", "go")), "two");
    await first.house.drain(AbortSignal.abort());
    first.house.close();

    const second = await openHouse(folder, "p2", records);
    try {
      assert.equal(answerOf(await second.say("a", "go", { taskId: there.id })), "one");
      assert.equal(answerOf(await second.say("a", "go")), "two");
    } finally {
      await second.close();
    }
  }));

Deno.test("a reload takes up a module that a tool's file imports", () =>
  inTempDir(async (folder) => {
    await Deno.writeTextFile(`${folder}/word.ts`, `export const word: string = "one";`);
    const source = saying("", `import { word } from "file://${folder}/word.ts";`).replace(`() => ""`, "() => word");
    await Deno.writeTextFile(`${folder}/say.ts`, source);
    const { house, say, close } = await openHouse(folder, "p1");
    try {
      assert.equal(answerOf(await say("a", "go")), "one");
      await Deno.writeTextFile(`${folder}/word.ts`, `export const word: string = "two";`);
      assert.equal((await house.reload(candidate(folder))).kind, "applied");
      assert.equal(answerOf(await say("a", "go")), "two");
    } finally {
      await close();
    }
  }));

Deno.test("withToolFiles() makes the same revision of the same files wherever they lie, and another of others", async () => {
  const revisions: string[] = [];
  for (const word of ["one", "one", "two"]) {
    await inTempDir(async (folder) => {
      await Deno.writeTextFile(`${folder}/say.ts`, saying(word));
      revisions.push(await revisionOf(withToolFiles(configOf(TEXT, folder)).config));
    });
  }
  assert.equal(revisions[0], revisions[1]);
  assert.notEqual(revisions[0], revisions[2]);
});

Deno.test("withToolFiles() leaves out what cannot be read, and names it all the same", () =>
  inTempDir(async (folder) => {
    const { config, files, paths } = withToolFiles(configOf(TEXT, folder));
    assert.deepEqual([files, paths, config.tools.get("say")?.files], [[], [`${folder}/say.ts`], undefined]);
    await Deno.writeTextFile(`${folder}/say.ts`, " ".repeat(1024 * 1024 + 1));
    assert.deepEqual(withToolFiles(config).files, []);
    await Deno.remove(`${folder}/say.ts`);
    await Deno.mkdir(`${folder}/say.ts`);
    assert.deepEqual(withToolFiles(config).files, []);
  }));

Deno.test("withToolFiles() changes nothing of a configuration whose tools need no files", async () => {
  const config = configOf("agents: {a: {llm: m, tools: [todo_write]}}\nllms: {m: {provider: scripted}}\n");
  const { config: same, files, paths } = withToolFiles(config);
  assert.equal(await revisionOf(same), await revisionOf(config));
  assert.deepEqual([files, paths], [[], []]);
});
