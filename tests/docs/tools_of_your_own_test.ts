import assert from "node:assert/strict";

/* docs/tools-of-your-own.md: the checks, as a program of somebody else runs them. */

const docs = new URL("../../docs/", import.meta.url);
const page = await Deno.readTextFile(new URL("tools-of-your-own.md", docs));
const clientPage = await Deno.readTextFile(new URL("client.md", docs));
const root = new URL("../../", import.meta.url).pathname;

Deno.test("the checks of tools are a library of their own, and run as docs/tools-of-your-own.md says", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const [, settings = ""] = /```json\n([\s\S]*?)```/.exec(clientPage) ?? [];
    const [checks = ""] = /import \{ contractOf \}[\s\S]*?(?=```)/.exec(page) ?? [];
    const [, flags = ""] = /`deno test (.*)`/.exec(page) ?? [];
    await Deno.mkdir(`${folder}/tools`);
    await Deno.writeTextFile(`${folder}/deno.json`, settings.replace("../hector", root));
    await Deno.writeTextFile(`${folder}/roll_dice_test.ts`, checks);
    await Deno.copyFile(new URL("examples/tools/roll_dice.ts", docs), `${folder}/tools/roll_dice.ts`);
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["test", "--cached-only", "--no-check", ...flags.split(" ")],
      cwd: folder,
      env: { NO_COLOR: "1" },
    }).output();
    const told = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
    assert.equal(code, 0, told);
    assert.match(told, /roll_dice takes its example \.\.\. ok/);
    assert.match(told, / [1-9]\d* passed \| 0 failed/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
