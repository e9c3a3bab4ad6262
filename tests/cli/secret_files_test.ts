import assert from "node:assert/strict";
import { secretFiles } from "../../src/cli/secret_files.ts";
import { inFolder, typed } from "./typed.ts";

Deno.test("secretFiles() reads small regular files below and beyond the folder, and remembers them", async () => {
  await inFolder({ "key": "secret\n", "big": "x".repeat(65_537), "just": "x".repeat(65_536) }, async (cwd) => {
    await Deno.mkdir(`${cwd}/sub`);
    await Deno.writeFile(`${cwd}/bytes`, new Uint8Array([0xff, 0xfe]));
    await Deno.symlink(`${cwd}/key`, `${cwd}/link`);
    const { readText, paths } = secretFiles(`${cwd}/sub`);
    assert.deepEqual(readText("../key"), { text: "secret\n" });
    assert.deepEqual(readText(`${cwd}/link`), { text: "secret\n" });
    assert.ok("text" in readText("../just"));
    const refused = ["../none", "../key/x", "../big", "../bytes", "../sub", "/dev/zero"].map((path) => readText(path));
    assert.deepEqual(refused, [
      { problem: "there is no such file" },
      { problem: "a part of its path is no directory" },
      { problem: "it is larger than 64 KiB" },
      { problem: "it is not UTF-8 text" },
      { problem: "it is no regular file" },
      { problem: "it is no regular file" },
    ]);
    assert.deepEqual(paths, [`${cwd}/key`, `${cwd}/link`, `${cwd}/just`]);
  });
});

const FILE = `agents:
  a: { llm: x, instruction: hi }
llms:
  x: { provider: openai, api_key: "\${file:key}" }
`;

Deno.test("a configuration reads ${file:PATH} beside itself, and names the place of one that is missing", async () => {
  await inFolder({ "a.yaml": FILE, key: "planted-canary\n" }, async (cwd) => {
    const good = await typed(["validate", `${cwd}/a.yaml`]);
    assert.deepEqual([good.code, good.err], [0, ""]);
    assert.ok(!JSON.stringify(good).includes("canary"));
    await Deno.remove(`${cwd}/key`);
    const bad = await typed(["validate", `${cwd}/a.yaml`]);
    assert.equal(bad.code, 2);
    assert.match(bad.err, /a\.yaml:4:35: llms\.x\.api_key: found \$\{file:key\}.*there is no such file/);
  });
});
