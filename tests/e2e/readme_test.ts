import assert from "node:assert/strict";
import { copyConfigs } from "./copy_configs.ts";
import { ROOT } from "./hector_process.ts";
import { inSandbox, type Sandbox } from "./sandbox.ts";

interface Block {
  readonly language: string;
  readonly text: string;
  /** What the README shows as its output. */
  readonly output?: string;
}

const README = await Deno.readTextFile(`${ROOT}README.md`);
const TASKS = new Map<string, unknown>(
  Object.entries(JSON.parse(await Deno.readTextFile(`${ROOT}deno.json`)).tasks),
);
const NPX = "npx -y deno@2.9.6";

function blocksOf(markdown: string): Block[] {
  const fences = [...markdown.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)];
  return fences.flatMap(([, language = "", text = ""], at) => {
    const next = fences[at + 1];
    if (language === "text") return [];
    return [{ language, text, ...(next?.[1] === "text" ? { output: next[2] ?? "" } : {}) }];
  });
}

/** What every block has to come to, in the order of the page. */
async function play(sandbox: Sandbox, { language, text, output }: Block, url: string | undefined): Promise<string> {
  if (language === "yaml") {
    await sandbox.write("agents.yaml", text);
    return "";
  }
  const script = url === undefined ? text : text.replaceAll("http://localhost:8080", url);
  const { code, out, err } = await sandbox.paste(output === undefined ? script : `{ ${script} } 2>&1`);
  assert.equal(code, 0, `${script}\n${out}\n${err}`);
  if (output !== undefined) assert.equal(out, output);
  return out;
}

/** [a line of a block, what its output has to hold] */
const SHOWS: readonly (readonly [line: string, shows: RegExp])[] = [
  ["hector list", /^librarian +librarian +Answers from the handbook$/m],
  ["hector info librarian", /^interface +JSONRPC 1\.0 http/m],
  [`"method": "SendMessage"`, /^\{"jsonrpc":"2\.0","id":1,"result":\{"task":\{.*"TASK_STATE_COMPLETED"/],
  [`"role": "user"`, /"state":"TASK_STATE_COMPLETED"/],
  ['Content-Type: application/json\' -d \'{\n  "message": {"messageId": "m2"', /^id: 1\n[\s\S]*"TASK_STATE_COMPLETED"/],
  ["Last-Event-ID: 8", /^id: 9\n[\s\S]*"TASK_STATE_COMPLETED"/],
  ["hector schema", /"\$schema": /],
  ["hector validate", /^agents\.yaml: valid, 1 agent: librarian$/m],
];

Deno.test("every shell block of the README works as it stands", async () => {
  await inSandbox(async (sandbox) => {
    await Deno.mkdir(`${sandbox.folder}/configs`);
    await copyConfigs(`${sandbox.folder}/configs`);
    let url: string | undefined;
    const tried = new Set<string>();
    for (const block of blocksOf(README)) {
      // The tasks have tests of their own; the name of the program is tried below.
      if (block.text.includes(NPX)) continue;
      if (block.text.startsWith("hector serve ")) {
        url = (await sandbox.serve(block.text.trim().split(" ").slice(2))).url;
        continue;
      }
      const out = await play(sandbox, block, url);
      for (const [line, shows] of SHOWS.filter(([line]) => block.text.includes(line))) {
        assert.match(out, shows);
        tried.add(line);
      }
    }
    assert.deepEqual(SHOWS.filter(([line]) => !tried.has(line)), [], "gone from the README");
  });
});

Deno.test("the README's name for the program works", async () => {
  await inSandbox(async (sandbox) => {
    const definition = blocksOf(README).find(({ text }) => text.startsWith("hector() {"))?.text ?? "";
    const script = `cd '${ROOT}'\n${definition.replace(NPX, `'${Deno.execPath()}'`)}\nhector version`;
    const { code, out, err } = await sandbox.paste(script);
    assert.equal(code, 0, err);
    assert.match(out, /^hector \d+\.\d+\.\d+ /);
  });
});

Deno.test("the tasks that the README names exist", () => {
  const named = [...README.matchAll(new RegExp(`${NPX} task (?:--quiet )?(\\w+)`, "g"))].map(([, name = ""]) => name);
  assert.deepEqual(["serve", "test", "hector", "chaos"].filter((name) => !named.includes(name)), []);
  assert.deepEqual(named.filter((name) => !TASKS.has(name)), []);
});

Deno.test("the files that the README links exist", async () => {
  for (const [, path = ""] of README.matchAll(/\]\(([^)#]+)\)/g)) {
    if (!path.startsWith("http")) await Deno.stat(`${ROOT}${path}`);
  }
});

Deno.test("the README's agent has as many lines as it says", () => {
  const yaml = blocksOf(README).find(({ language }) => language === "yaml")?.text ?? "";
  assert.equal(yaml.trimEnd().split("\n").length, 8);
});
