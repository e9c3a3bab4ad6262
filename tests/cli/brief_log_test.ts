import assert from "node:assert/strict";
import { briefLog } from "../../src/cli/brief_log.ts";
import { fakeTerminal } from "./fake_terminal.ts";
import { inFolder, typed } from "./typed.ts";

Deno.test("briefLog() tells a trouble in a line, once, with what went wrong and without traces or numbers", () => {
  const { terminal, printed } = fakeTerminal();
  const log = briefLog(terminal);
  const error = new Error("there is no such file", { cause: new Error("inner") });
  for (let i = 0; i < 2; i++) log.warn("toolset could not be asked", { name: "dice", error });
  log.error("nothing is counted", { tried: 3 });
  log.warn("said\u001b[2J", { reason: "by a\u0007 stranger" });
  assert.equal(
    printed.err,
    "<dim>toolset could not be asked (dice: there is no such file)</dim>\n<dim>nothing is counted</dim>\n" +
      "<dim>said[2J (by a stranger)</dim>\n",
  );
});

Deno.test("briefLog() leaves to tasks what is theirs, and says nothing of what went well", () => {
  const { terminal, printed } = fakeTerminal();
  const log = briefLog(terminal);
  log.warn("tool failed", { tool: "dice", task: "t1", error: new Error("no") });
  log.info("tool server connected", { name: "files" });
  assert.deepEqual(printed, { out: "", err: "" });
});

const AGENTS = `
agents: { a: { llm: demo, tools: [dice] } }
tools: { dice: { type: typescript, path: ./dice.ts } }
`;

Deno.test("hector call tells that a tool of one's own cannot be used, and why", () =>
  inFolder({ "agents.yaml": AGENTS, "dice.ts": "enum Side { One }\nexport default {};\n" }, async (cwd) => {
    const { code, err } = await typed(["call", "Hello", "--config", "agents.yaml"], { cwd, env: { HOME: cwd } });
    assert.equal(code, 0);
    assert.match(err, /toolset could not be asked \(dice: Cannot use ".*dice\.ts": .*enum.*\)/);
  }));
