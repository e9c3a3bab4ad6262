/*
 * `deno run -A tests/e2e/bundle.ts`: nothing stands in the way of one executable. The bundle that `deno compile` embeds is
 * made, and serves from an empty folder with no configuration, no packages and no network to fetch them; `deno compile`
 * embeds main.ts and every worker. Ends with 1 if not.
 */
import assert from "node:assert/strict";
import { walkFiles } from "../walk_files.ts";
import { listening, ROOT, spawnProgram } from "./hector_process.ts";

/** What deno.json sets for a program that runs with it. */
const UNSTABLE: readonly string[] = JSON.parse(await Deno.readTextFile(`${ROOT}deno.json`)).unstable;

/** The modules that start as workers, by where they are in the tree. */
async function workers(): Promise<string[]> {
  const found: string[] = [];
  for await (const path of walkFiles(`${ROOT}src`)) {
    if (!path.endsWith(".ts")) continue;
    const text = await Deno.readTextFile(path);
    for (const [, name] of text.matchAll(/new Worker\(\s*new URL\("\.\/(\w+\.ts)", import\.meta\.url\)/g)) {
      found.push(`${path.slice(0, path.lastIndexOf("/"))}/${name}`);
    }
  }
  return found;
}

async function deno(...args: string[]): Promise<string> {
  const env = { DENORT_BIN: Deno.execPath() };
  const { code, out, err } = await spawnProgram({ program: Deno.execPath(), args, env }).ended;
  assert.equal(code, 0, `deno ${args.join(" ")}\n${out}\n${err}`);
  return out + err;
}

async function bundle(entry: string, to: string): Promise<void> {
  await deno("bundle", "--quiet", "--platform", "deno", "--minify", "--output", to, entry);
}

const nameOf = (path: string) => path.slice(path.lastIndexOf("/") + 1);

/** Starts the bundle as an executable would start: it has nothing but itself. */
async function start(main: string, folder: string, args: readonly string[]) {
  const isolated = ["--no-config", "--no-npm", "--no-remote", "--cached-only"];
  const flags = UNSTABLE.map((name) => `--unstable-${name}`);
  return await listening(spawnProgram({
    program: Deno.execPath(),
    args: ["run", ...isolated, ...flags, "-A", main, "serve", "--port", "0", ...args],
    cwd: folder,
    env: { XDG_DATA_HOME: `${folder}/data` },
  }));
}

async function ask(url: string, agent: string, text: string): Promise<string> {
  const response = await fetch(`${url}/agents/${agent}/message:send`, {
    method: "POST",
    headers: { "content-type": "application/json", "a2a-version": "1.0" },
    body: JSON.stringify({ message: { messageId: text, role: "ROLE_USER", parts: [{ text }] } }),
  });
  const { task } = await response.json();
  assert.equal(task?.status.state, "TASK_STATE_COMPLETED");
  return JSON.stringify(task.artifacts);
}

async function bundleServes(folder: string, entries: readonly string[]): Promise<void> {
  const main = `${folder}/main.js`;
  await bundle(`${ROOT}main.ts`, main);
  // `deno bundle` leaves a worker's URL as it is, so the worker has to lie beside the bundle; `deno compile` does that.
  for (const entry of entries) await bundle(entry, `${folder}/${nameOf(entry)}`);
  await Deno.mkdir(`${folder}/empty`);
  const bare = await start(main, `${folder}/empty`, []);
  try {
    assert.equal((await (await fetch(`${bare.url}/health`)).json()).status, "ok");
    assert.match(await (await fetch(`${bare.url}/metrics`)).text(), /^hector_build_info\{/m);
    assert.match(await ask(bare.url, "assistant", "Hello"), /I am hector's built-in demo model/);
  } finally {
    assert.equal(await bare.stop("SIGTERM"), 0);
  }
  const searching = await start(main, `${folder}/empty`, ["--demo", `${ROOT}configs/documents.yaml`]);
  try {
    assert.match(await ask(searching.url, "librarian", "Search the door code"), /documents\/office\.md/);
  } finally {
    assert.equal(await searching.stop("SIGTERM"), 0);
  }
  console.log(`the bundle serves, counts, searches in its worker, and is ${(await Deno.stat(main)).size} bytes`);
}

async function compileEmbeds(folder: string, entries: readonly string[]): Promise<void> {
  const output = `${folder}/hector`;
  const printed = await deno("compile", "--bundle", "--minify", "-A", "--output", output, `${ROOT}main.ts`);
  assert.match(printed, /_bundle_\w+\.mjs/, printed);
  const embedded = printed.match(/_worker_\w+\.mjs/g) ?? [];
  assert.equal(embedded.length, entries.length, printed);
  assert.ok((await Deno.stat(output)).isFile);
  console.log(`compile embeds main.ts and ${entries.map(nameOf).join(", ")}`);
}

const folder = await Deno.makeTempDir({ prefix: "hector-bundle-" });
try {
  const entries = await workers();
  assert.ok(entries.length > 0, "no worker is found: has the way changed in which they are started?");
  await bundleServes(folder, entries);
  await compileEmbeds(folder, entries);
} finally {
  await Deno.remove(folder, { recursive: true });
}
