import assert from "node:assert/strict";
import { createConfigDesk } from "../../src/app/config_desk.ts";
import type { Candidate } from "../../src/app/house.ts";
import { Reloader } from "../../src/app/reloader.ts";
import type { JsonObject } from "../../src/lib/json.ts";
import { SILENT } from "../../src/lib/log.ts";
import { type ConfigDesk, ConfigRefusal } from "../../src/server/config_desk.ts";
import { MEASURE_NOTHING } from "../../src/telemetry/measurement.ts";
import { configOf, openTestHouse, wordAgents } from "./configurations.ts";

const RED = wordAgents({ a: "red" });
const BLUE = wordAgents({ a: "blue" });
const SHELL = "tools: {sh: {type: execute_command, allowed_commands: [ls]}}\n";
const ALLOWED = "server: {studio: {allow_programs: true}}\n";

interface Open {
  readonly desk: ConfigDesk;
  readonly path: string;
  /** The revision that is served. */
  readonly now: () => string;
  /** Somebody edits the file, and it is served. */
  readonly edit: (text: string) => Promise<void>;
}

async function atDesk(text: string, act: (open: Open) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "hector-desk-" });
  const path = `${folder}/a.yaml`;
  const reread = async (content: JsonObject): Promise<Candidate> => {
    await Promise.resolve();
    return { config: configOf(String(content["text"]), folder), content };
  };
  const contentOf = (text: string) => ({ text });
  await Deno.writeTextFile(path, text);
  const { house, close } = await openTestHouse(await reread({ text }), { reread });
  const reloader = new Reloader({ house, reread, now: () => 0, log: SILENT, measure: MEASURE_NOTHING });
  try {
    await act({
      desk: createConfigDesk({ house, reloader, reread, file: { path, contentOf } }),
      path,
      now: () => house.revision,
      edit: async (text) => {
        await Deno.writeTextFile(path, text);
        await reloader.reload(contentOf(text));
      },
    });
  } finally {
    await close();
    await Deno.remove(folder, { recursive: true });
  }
}

/** The places that a refusal names. */
async function refused(act: Promise<unknown>): Promise<string[]> {
  try {
    await act;
  } catch (thrown) {
    if (!(thrown instanceof ConfigRefusal)) throw thrown;
    assert.equal(thrown.status, 403, thrown.message);
    assert.match(thrown.message, /^Cannot start programs or leave the configuration's folder over HTTP$/);
    return thrown.problems.map(({ file, path }) => `${file} ${path}`);
  }
  return assert.fail("it was not refused");
}

Deno.test("save() and differencesToText() refuse programs that the file does not have, and change nothing", () =>
  atDesk(RED, async ({ desk, path, now }) => {
    const before = now();
    assert.deepEqual(await refused(desk.save(BLUE + SHELL, undefined)), ["a.yaml tools.sh"]);
    assert.deepEqual(await refused(desk.differencesToText(BLUE + SHELL)), ["a.yaml tools.sh"]);
    assert.deepEqual([await Deno.readTextFile(path), now()], [RED, before]);
  }));

Deno.test("save() keeps the programs of the file, and takes them out", () =>
  atDesk(RED + SHELL, async ({ desk, path }) => {
    assert.equal((await desk.save(BLUE + SHELL, undefined)).kind, "served");
    const paths = (await desk.differencesToText(RED + SHELL)).map(({ path }) => path);
    assert.ok(paths.length > 0 && paths.every((path) => path.startsWith("llms.a.")), paths.join());
    assert.equal((await desk.save(BLUE, undefined)).kind, "served");
    assert.deepEqual(await refused(desk.save(BLUE + SHELL, undefined)), ["a.yaml tools.sh"]);
    assert.equal(await Deno.readTextFile(path), BLUE);
  }));

Deno.test("save() goes by the file, not by what is served still", () =>
  atDesk(RED + SHELL, async ({ desk, path }) => {
    await Deno.writeTextFile(path, RED);
    assert.deepEqual(await refused(desk.save(RED + SHELL, undefined)), ["a.yaml tools.sh"]);
    await Deno.writeTextFile(path, "agents: [");
    assert.deepEqual(await refused(desk.save(RED + SHELL, undefined)), ["a.yaml tools.sh"], "a file that says nothing");
  }));

Deno.test("rollback() brings no programs back that the file has lost, and goes to all that are in it or served", () =>
  atDesk(RED + SHELL, async ({ desk, now, edit }) => {
    const withShell = now();
    await edit(BLUE);
    const without = now();
    assert.deepEqual(await refused(desk.rollback(withShell)), ["a.yaml tools.sh"]);
    assert.equal(now(), without);
    await edit(BLUE + SHELL);
    assert.equal((await desk.rollback(withShell)).kind, "served");
    assert.equal((await desk.rollback(without)).kind, "served");
    assert.equal((await desk.rollback(withShell)).kind, "served", "the file has it");
  }));

Deno.test("differencesTo() tells of programs of the past", () =>
  atDesk(RED + SHELL, async ({ desk, now, edit }) => {
    const withShell = now();
    await edit(RED);
    assert.deepEqual((await desk.differencesTo(withShell)).map(({ path }) => path), ["tools.sh"]);
  }));

Deno.test("save() takes any program where the server section allows it, which it does not from a text", () =>
  atDesk(RED, async ({ desk, edit }) => {
    await edit(RED + ALLOWED);
    assert.deepEqual(
      await refused(desk.save(RED + ALLOWED + SHELL, undefined)),
      ["a.yaml tools.sh"],
      "after a restart",
    );
    await atDesk(RED + ALLOWED, async ({ desk, path }) => {
      assert.equal((await desk.save(RED + ALLOWED + SHELL, undefined)).kind, "served");
      assert.equal(await Deno.readTextFile(path), RED + ALLOWED + SHELL);
    });
  }));
