import assert from "node:assert/strict";
import type { JsonObject } from "../../../src/lib/json.ts";
import { refusal, toolContext } from "../run_tool.ts";
import { moduleOf, withModule } from "./module_files.ts";

Deno.test("a TypeScript file is a tool: its words, its arguments, its options, its results", async () => {
  const body = `context.say("on my way"); return \`\${input.a} in \${context.options.unit} for \${context.taskId}\`;`;
  const options = { options: { unit: "cm" } };
  await withModule(moduleOf(body, 'replay: "safe", needsApproval: false,'), { options }, async ({ tool }) => {
    const { name, description, input, replay, needsApproval, run } = await tool();
    assert.deepEqual(
      { name, description, input, replay, asks: needsApproval?.({}) },
      {
        name: "mine",
        description: "Does it.",
        input: { type: "object", properties: { a: { type: "string" } } },
        replay: "safe",
        asks: false,
      },
    );
    const said: string[] = [];
    const say = (text: string) => Promise.resolve(void said.push(text));
    assert.deepEqual(await run({ a: "5" }, toolContext({ say })), { content: "5 in cm for task-1" });
    assert.deepEqual(said, ["on my way"]);
  });
});

Deno.test("a TypeScript file that says nothing of it asks a person, and is never repeated unasked", async () => {
  await withModule(moduleOf("return 'x';"), {}, async ({ tool }) => {
    const { replay, needsApproval } = await tool();
    assert.deepEqual([replay, needsApproval?.({})], ["once", true]);
  });
});

Deno.test("a TypeScript file gives files and data to the task", async () => {
  const body = `return { content: "made", display: "Made it", isError: false, parts: [{ data: { n: 1 } }] };`;
  await withModule(moduleOf(body), {}, async ({ tool }) => {
    assert.deepEqual(await (await tool()).run({}, toolContext()), {
      content: "made",
      display: "Made it",
      isError: false,
      parts: [{ data: { n: 1 } }],
    });
  });
});

/** What a file may not do that was granted nothing: [what, body] */
const DENIED: [name: string, body: string][] = [
  ["read files", `return await Deno.readTextFile("/etc/hostname");`],
  [
    "read files through node",
    `const { readFileSync } = await import("node:fs"); return readFileSync("/etc/hostname", "utf8");`,
  ],
  ["import files", `return (await import("file:///etc/hostname", { with: { type: "text" } })).default;`],
  [
    "import files by names that it makes up",
    `const at = "file:///etc/"; return (await import(at + "hostname", { with: { type: "text" } })).default;`,
  ],
  ["write files", `await Deno.writeTextFile("/tmp/hector-was-here", ""); return "";`],
  ["read the environment", `return Deno.env.get("HOME") ?? "";`],
  ["read the whole environment", `return JSON.stringify((await import("node:process")).env);`],
  ["connect", `await Deno.connect({ hostname: "127.0.0.1", port: 9 }); return "";`],
  ["fetch", `await fetch("http://127.0.0.1:8099/"); return "";`],
  ["listen", `Deno.listen({ port: 0 }); return "";`],
  ["start programs", `new Deno.Command("true").outputSync(); return "";`],
  ["ask who it is", `return Deno.hostname();`],
  ["open libraries", `Deno.dlopen("/lib/x86_64-linux-gnu/libc.so.6", {}); return "";`],
  [
    "start a worker that may more",
    `new Worker("data:application/javascript,", { type: "module", deno: { permissions: "inherit" } }); return Deno.env.get("HOME") ?? "";`,
  ],
];
for (const [name, body] of DENIED) {
  Deno.test(`a TypeScript file that was granted nothing cannot ${name}`, async () => {
    await withModule(moduleOf(body), {}, async ({ tool }) => {
      const told = await refusal((await tool()).run({}, toolContext()));
      assert.match(told, /[Rr]equires \S+ access|NotCapable/);
    });
  });
}

Deno.test("a TypeScript file that imports another at its beginning is held to its permissions, too", async () => {
  const source = `import stolen from "file:///etc/hostname" with { type: "text" };\n${moduleOf("return stolen;")}`;
  await withModule(source, {}, async ({ toolset }) => {
    assert.match(
      await refusal(toolset.check?.(new AbortController().signal) ?? Promise.resolve()),
      /Requires read access/,
    );
  });
});

Deno.test("a TypeScript file may do what it was granted, and no more of that", async () => {
  const options = { permissions: { read: ["./data"], env: ["HOME"] } };
  const body = `return Deno.env.get("HOME") + await Deno.readTextFile(input.a);`;
  await withModule(moduleOf(body), { options }, async ({ base, tool }) => {
    await Deno.mkdir(`${base}/data`);
    await Deno.writeTextFile(`${base}/data/f`, "!");
    await Deno.writeTextFile(`${base}/g`, "?");
    const { run } = await tool();
    assert.deepEqual(await run({ a: `${base}/data/f` }, toolContext()), { content: `${Deno.env.get("HOME")}!` });
    assert.match(await refusal(run({ a: `${base}/g` }, toolContext())), /Requires read access/);
  });
});

/** Files that cannot be used: [what, source, what is told] */
const UNUSABLE: [name: string, source: string, told: RegExp][] = [
  ["breaks the grammar", "export default {", /Cannot use ".*tool\.ts": .*yntax/],
  ["needs more than its types taken off", "enum A { x }\nexport default {};", /enum is not supported/],
  ["has no default export", "export const a = 1;", /no default export with a function run/],
  ["throws when it is loaded", "throw new Error('no key');", /: no key$/],
  ["has no description", moduleOf("return '';").replace("Does it.", ""), /its description /],
  ["takes no object", moduleOf("return '';").replace('type: "object"', 'type: "array"'), /its input .*type: "object"/],
  ["never ends loading", "await new Promise(() => {});", /loading it does not end/],
];
for (const [name, source, told] of UNUSABLE) {
  Deno.test(`a TypeScript file that ${name} is refused before anybody calls it`, async () => {
    // The clock of whoever waits for the file is fast; that of a worker that answers is not asked.
    const timers = { now: () => 0, every: () => () => {}, after: fastWhenNever(source) };
    await withModule(source, { timers }, async ({ toolset }) => {
      assert.match(await refusal(toolset.check?.(new AbortController().signal) ?? Promise.resolve()), told);
    });
  });
}

function fastWhenNever(source: string) {
  return (_delayMs: number, act: () => void) => {
    if (!source.includes("new Promise(() => {})")) return () => {};
    const timer = setTimeout(act, 0);
    return () => clearTimeout(timer);
  };
}

Deno.test("a file that is not there is refused by its name", async () => {
  await withModule("", { options: { path: "other.ts" } }, async ({ toolset }) => {
    const told = await refusal(toolset.check?.(new AbortController().signal) ?? Promise.resolve());
    assert.match(told, /Cannot use ".*other\.ts": there is no such file$/);
  });
});

/** What goes wrong in a call: [what, body, what is told] */
const FAILING: [name: string, body: string, told: RegExp][] = [
  ["throws", `throw new TypeError("no such city");`, /^no such city$/],
  ["throws what is no error", `throw "just so";`, /^just so$/],
  ["returns a number", `return 5 as unknown as string;`, /neither text nor \{content\}/],
  ["returns a part that is none", `return { content: "", parts: [{ sound: 1 }] };`, /neither text nor/],
  ["returns what cannot travel", `return (() => 1) as unknown as string;`, /could not be cloned/],
];
for (const [name, body, told] of FAILING) {
  Deno.test(`a call that ${name} fails, and the next one works`, async () => {
    await withModule(moduleOf(`if (input.a === "ok") return "fine";\n${body}`), {}, async ({ tool }) => {
      const { run } = await tool();
      assert.match(await refusal(run({}, toolContext())), told);
      assert.deepEqual(await run({ a: "ok" }, toolContext()), { content: "fine" });
    });
  });
}

Deno.test("calls of one file run side by side", async () => {
  const body =
    `if (input.a === "slow") await new Promise((resolve) => context.signal.addEventListener("abort", resolve)); return "done";`;
  await withModule(moduleOf(body), {}, async ({ tool }) => {
    const { run } = await tool();
    const stop = new AbortController();
    const slow = run({ a: "slow" }, toolContext({ signal: stop.signal }));
    assert.deepEqual(await run({ a: "quick" }, toolContext()), { content: "done" });
    stop.abort(new Error("canceled"));
    await assert.rejects(slow, /^Error: canceled$/);
  });
});

Deno.test("a call that never lets go is ended with its worker, and the next one gets a new worker", async () => {
  const CALL_LIMIT_MS = 60_000;
  const GRACE_MS = 2_000;
  let isPatient = false;
  const timers = {
    now: () => 0,
    every: () => () => {},
    after: (delayMs: number, act: () => void) => {
      if (delayMs !== GRACE_MS && (delayMs !== CALL_LIMIT_MS || isPatient)) return () => {};
      const timer = setTimeout(act, 0);
      return () => clearTimeout(timer);
    },
  };
  const body = `if (input.a === "loop") for (;;); return "fine";`;
  await withModule(moduleOf(body), { timers }, async ({ tool }) => {
    const { run } = await tool();
    assert.match(await refusal(run({ a: "loop" }, toolContext())), /^mine took longer than 60 s$/);
    isPatient = true;
    // One that is asked before the old worker is gone ends with it.
    const again = await run({ a: "ok" }, toolContext()).catch(() => run({ a: "ok" }, toolContext()));
    assert.deepEqual(again, { content: "fine" });
  });
});

Deno.test("a worker that ends itself ends its calls", async () => {
  await withModule(
    moduleOf(`setTimeout(() => { throw new Error("later"); }); await new Promise(() => {}); return "";`),
    {},
    async ({ tool }) => {
      assert.match(await refusal((await tool()).run({}, toolContext())), /later/);
    },
  );
});

const BAD_OPTIONS: JsonObject[] = [{ path: "" }, { permissions: { ffi: true } }, { permissions: { net: [] } }, {
  permissions: { everything: true },
}, { timeout: 0 }];
for (const options of BAD_OPTIONS) {
  Deno.test(`tools of type typescript refuse ${JSON.stringify(options)}`, async () => {
    await assert.rejects(
      withModule("", { options }, () => Promise.resolve()),
      /ZodError|invalid|expected|Too small|Unrecognized/i,
    );
  });
}
