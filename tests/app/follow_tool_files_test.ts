import assert from "node:assert/strict";
import type { Config } from "../../src/config/config.ts";
import { followToolFiles } from "../../src/app/follow_tool_files.ts";
import { withToolFiles } from "../../src/app/tool_files.ts";
import type { Timers } from "../../src/lib/timers.ts";
import { inTempDir } from "../tool/run_tool.ts";
import { configOf } from "./configurations.ts";

const ONE = "agents: {a: {llm: m, tools: [one]}}\nllms: {m: {provider: scripted}}\n" +
  "tools:\n  one: {type: typescript, path: one.ts}\n";
const TWO = `${ONE}  two: {type: typescript, path: two.ts}\n`;

interface Followed {
  readonly folder: string;
  readonly house: { config: Config };
  /** How often the configuration was read again. */
  readonly reloads: () => number;
  /** Serves what there is now, as a reload does that is applied. */
  readonly serve: (text: string) => void;
  /** Lets two looks pass: the one that sees a change and the one that finds it left alone. */
  readonly look: (times?: number) => Promise<void>;
}

/** Timers by which each wait is over when the test says so. */
function byHand() {
  let waiting = Promise.withResolvers<() => void>();
  const timers: Timers = {
    now: () => 0,
    every: () => () => {},
    after: (_delayMs, act) => {
      waiting.resolve(act);
      return () => {};
    },
  };
  const pass = async () => {
    const act = await waiting.promise;
    waiting = Promise.withResolvers();
    act();
  };
  return { timers, pass };
}

async function following(act: (followed: Followed) => Promise<void>): Promise<void> {
  await inTempDir(async (folder) => {
    await Deno.writeTextFile(`${folder}/one.ts`, "1");
    const house = { config: withToolFiles(configOf(ONE, folder)).config };
    let count = 0;
    const { timers, pass } = byHand();
    const stop = new AbortController();
    const reload = () => Promise.resolve(void count++);
    const ended = followToolFiles({ house, reload, timers }, stop.signal);
    try {
      await act({
        folder,
        house,
        reloads: () => count,
        serve: (text) => void (house.config = withToolFiles(configOf(text, folder)).config),
        look: async (times = 2) => {
          // The last wait that begins is the sign that the look before it is over.
          for (let time = 0; time < times; time++) await pass();
          await pass();
        },
      });
    } finally {
      stop.abort(new Error("stopped"));
      await assert.rejects(ended, /^Error: stopped$/);
    }
  });
}

Deno.test("followToolFiles() has the configuration read again when a tool's file was changed, once", () =>
  following(async ({ folder, reloads, serve, look }) => {
    await look();
    assert.equal(reloads(), 0);
    await Deno.writeTextFile(`${folder}/one.ts`, "22");
    await look();
    assert.equal(reloads(), 1);
    serve(ONE);
    await look(4);
    assert.equal(reloads(), 1);
  }));

Deno.test("followToolFiles() tries a file that was refused once, and again when it is put right or back", () =>
  following(async ({ folder, reloads, look }) => {
    for (const [text, count] of [["broken", 1], ["broken too", 2], ["1", 3]] as const) {
      await Deno.writeTextFile(`${folder}/one.ts`, text);
      await look(4);
      assert.equal(reloads(), count, text);
    }
  }));

Deno.test("followToolFiles() leaves a file alone that was written and says the same", () =>
  following(async ({ folder, reloads, look }) => {
    await Deno.writeTextFile(`${folder}/one.ts`, "1");
    await Deno.utime(`${folder}/one.ts`, 1, 1);
    await look(4);
    assert.equal(reloads(), 0);
  }));

Deno.test("followToolFiles() sees files that go, and that come to be", () =>
  following(async ({ folder, reloads, serve, look }) => {
    await Deno.remove(`${folder}/one.ts`);
    await look();
    assert.equal(reloads(), 1);
    serve(TWO);
    await look();
    assert.equal(reloads(), 1);
    await Deno.writeTextFile(`${folder}/two.ts`, "2");
    await look();
    assert.equal(reloads(), 2);
  }));
