import assert from "node:assert/strict";
import { ERRORS } from "../../src/a2a/errors.ts";
import * as library from "../../client.ts";
import { SCRIPTED_AGENTS } from "../cli/scripted_agents.ts";
import { withServer } from "../cli/served.ts";

const root = new URL("../../", import.meta.url).pathname;
const page = await Deno.readTextFile(`${root}docs/client.md`);

Deno.test("docs/examples/ask_agent.ts runs against a server, as it is written", async () => {
  await withServer(SCRIPTED_AGENTS, async (url) => {
    const args = ["run", "--quiet", "--frozen", "--allow-net", "--allow-env"];
    const { stdout, stderr, code } = await new Deno.Command(Deno.execPath(), {
      args: [...args, `${root}docs/examples/ask_agent.ts`, `${url}/agents/first`],
      env: { HECTOR_TOKEN: "" },
      cwd: root,
    }).output();
    const printed = new TextDecoder().decode(stdout);
    assert.equal(code, 0, new TextDecoder().decode(stderr));
    assert.deepEqual(printed.trimEnd().split("\n"), [
      "talking with first",
      "Turn 1: Hello",
      "the agent uses todo_write",
      "TASK_STATE_COMPLETED: Let me note that.",
      "",
      "Noted.",
      "the agent asks: Which one do you mean?",
      "Turn 2: the second one",
      'TASK_NOT_FOUND: Task "no-such-task" was not found',
      "the newest 2 of 3 tasks",
    ]);
  });
});

Deno.test("the client is a library of its own, as docs/client.md links it into another program", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const [, settings = ""] = /```json\n([\s\S]*?)```/.exec(page) ?? [];
    await Deno.writeTextFile(`${folder}/deno.json`, settings.replace("../hector", root));
    await Deno.writeTextFile(
      `${folder}/program.ts`,
      `import { textOf, userMessage } from "@hector/hector/client";
      console.log(textOf(userMessage("Hello", { messageId: "m1" })));`,
    );
    const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--quiet", "--cached-only", "program.ts"],
      cwd: folder,
    }).output();
    assert.equal(new TextDecoder().decode(stdout), "Hello\n", new TextDecoder().decode(stderr));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("docs/client.md names what client.ts exports, and nothing that it does not", () => {
  const imports = [...page.matchAll(/import \{([^}]*)\} from "[^"]*client\.ts"/g)].flatMap(([, names = ""]) =>
    names.split(",").map((name) => name.trim()).filter((name) => name !== "" && !name.startsWith("type "))
  );
  assert.ok(imports.length > 0);
  for (const name of imports) assert.ok(Object.hasOwn(library, name), name);
  for (const name of Object.keys(library)) assert.ok(page.includes(`\`${name}`) || imports.includes(name), name);
});

Deno.test("docs/client.md speaks of reasons that exist", () => {
  const reasons = [...page.matchAll(/`([A-Z]+(?:_[A-Z]+)+)`/g)].map(([, name = ""]) => name)
    .filter((name) => !/^(TASK_STATE|ROLE|HECTOR|SSE)_/.test(name));
  assert.ok(reasons.length > 0);
  for (const reason of reasons) assert.ok(Object.hasOwn(ERRORS, reason), reason);
});
