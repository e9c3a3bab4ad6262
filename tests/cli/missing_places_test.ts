import assert from "node:assert/strict";
import { inSandbox } from "../e2e/sandbox.ts";
import { inFolder, typed } from "./typed.ts";

const AGENTS = `
agents: { a: { llm: demo, tools: [search] } }
document_stores:
  there: { path: ./docs }
  gone: { path: ./dogs }
tools:
  made: { type: typescript, path: ./made.ts }
  lost: { type: typescript, path: ./lots.ts }
server: { port: 0, grpc_port: 0 }
`;

Deno.test("hector doctor tells which folders of documents and files of tools are missing", () =>
  inFolder({ "agents.yaml": AGENTS }, async (folder) => {
    await Deno.mkdir(`${folder}/docs`);
    await Deno.writeTextFile(`${folder}/made.ts`, "");
    const { out } = await typed(["doctor", "--config", "agents.yaml", "--demo"], {
      cwd: folder,
      env: { HOME: folder },
    });
    assert.match(out, /^weak +document_stores\.gone +there is no folder "\.\/dogs"$/m);
    assert.match(out, /^weak +tools\.lost +there is no file "\.\/lots\.ts"$/m);
    assert.doesNotMatch(out, /document_stores\.there|tools\.made/);
  }));

Deno.test("hector serve starts without a folder of documents or the file of a tool, and says that they are missing", () =>
  inSandbox(async ({ write, serve }) => {
    await write("docs/a.md", "text");
    await write("made.ts", "");
    const server = await serve([await write("agents.yaml", AGENTS), "--demo"]);
    await server.until(
      /warn +there are no documents: the folder is missing at=document_stores\.gone folder=\.\/dogs$/m,
    );
    await server.until(/warn +a tool is missing: there is no such file at=tools\.lost file=\.\/lots\.ts$/m);
    assert.doesNotMatch(server.printed(), /document_stores\.there|tools\.made/);
  }));

const WRONG: readonly (readonly [path: string, err: RegExp])[] = [
  ["./nowhere", /Flag "--docs-folder" takes a folder: found "\.\/nowhere", which is none/],
  ["agents.yaml", /takes a folder: found "agents\.yaml", which is none/],
  ["docs:/remote", /--docs-folder: found PATH:REMOTE/],
];
for (const [path, err] of WRONG) {
  Deno.test(`hector call --docs-folder ${path} is told what is wrong`, () =>
    inFolder({ "agents.yaml": AGENTS }, async (cwd) => {
      const ended = await typed(["call", "hi", "--docs-folder", path], { cwd, env: { HOME: cwd } });
      assert.equal(ended.code, 2, JSON.stringify(ended));
      assert.match(ended.err, err);
    }));
}
