import assert from "node:assert/strict";
import { HECTOR_ARGS, spawnProgram } from "../e2e/hector_process.ts";
import { BUBBLEWRAP } from "../tool/sandbox/command_line.ts";
import { inFolder, typed } from "./typed.ts";

const KEY = "sk-canary-of-a-key";
const AGENTS = "agents:\n  a: {llm: gpt-4o}\n  b: {llm: gpt-4o}\nserver: {port: 0}\n";

Deno.test("hector doctor -o json tells what it found, and names keys without their values", () =>
  inFolder({ "agents.yaml": AGENTS }, async (folder) => {
    const { code, out, err } = await typed(["doctor", "--config", "agents.yaml", "-o", "json"], {
      cwd: folder,
      env: { OPENAI_API_KEY: KEY, HOME: folder },
    });
    assert.equal(err, "");
    assert.ok(!out.includes(KEY));
    const { hector, deno, findings, sandbox } = JSON.parse(out);
    assert.match(`${hector} ${deno}`, /^\d+\.\d+\.\d+ \d+\.\d+\.\d+$/);
    const by = new Map<string, { state: string; says: string }>(
      findings.map((finding: { name: string }) => [finding.name, finding]),
    );
    assert.match(by.get("configuration")?.says ?? "", /agents\.yaml: a, b$/);
    assert.equal(by.get("provider keys")?.says, "OPENAI_API_KEY set");
    assert.match(by.get("store")?.says ?? "", /\.local\/share\/hector can be written$/);
    assert.ok(["kernel", "permissions"].includes(sandbox.level));
    assert.equal(sandbox.held.length, 6);
    assert.equal(code, 0);
  }));

Deno.test("hector doctor says that a configuration is not valid, and where", () =>
  inFolder({ "agents.yaml": "agents:\n  a: {lm: gpt-4o}\n" }, async (folder) => {
    const { code, out } = await typed(["doctor", "--config", "agents.yaml"], { cwd: folder, env: { HOME: folder } });
    assert.match(out, /^bad +configuration +agents\.yaml:2:\d+: .*lm/m);
    assert.equal(code, 2);
  }));

Deno.test("hector doctor tells a port that is taken, and a store that cannot be written", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  try {
    await inFolder({ "agents.yaml": AGENTS.replace("port: 0", `port: ${port}`) }, async (folder) => {
      await Deno.writeTextFile(`${folder}/file`, "");
      const { code, out } = await typed(["doctor", "--config", "agents.yaml"], {
        cwd: folder,
        env: { XDG_DATA_HOME: "/proc/nowhere" },
      });
      assert.match(out, new RegExp(`^weak +port ${port} +in use on 127\\.0\\.0\\.1`, "m"));
      assert.match(out, /^bad +store +\/proc\/nowhere\/hector cannot be written/m);
      assert.match(out, /^weak +provider keys +none is set \(OPENAI_API_KEY/m);
      assert.equal(code, 1);
    });
  } finally {
    listener.close();
  }
});

Deno.test("hector doctor finds what commands can reach without a kernel sandbox", () =>
  inFolder({ "agents.yaml": AGENTS }, async (folder) => {
    const { out } = await typed(["doctor", "--config", "agents.yaml", "--bubblewrap", "/nonexistent/bwrap"], {
      cwd: folder,
      env: { HOME: folder },
    });
    assert.match(out, /^weak +command sandbox +permissions: /m);
    assert.match(out, /^ +in reach: writing outside of the working directory$/m);
    assert.match(out, /^ +in reach: the network$/m);
    assert.match(out, /^ +out of reach: the server's environment$/m);
  }));

Deno.test({
  name: "hector doctor finds that nothing is in reach of a command in a kernel sandbox",
  ignore: BUBBLEWRAP === undefined,
  fn: () =>
    inFolder({ "agents.yaml": AGENTS }, async (folder) => {
      const { out } = await typed(["doctor", "-c", "agents.yaml", "--bubblewrap", BUBBLEWRAP ?? "", "-o", "json"], {
        cwd: folder,
        env: { HOME: folder },
      });
      const { sandbox } = JSON.parse(out);
      assert.equal(sandbox.level, "kernel");
      assert.equal(sandbox.bubblewrap, BUBBLEWRAP);
      assert.deepEqual(sandbox.held.filter(({ isHeld }: { isHeld: boolean }) => !isHeld), []);
    }),
});

Deno.test({
  name: "no command in a kernel sandbox gets a folder that was open to the server when it was started",
  ignore: BUBBLEWRAP === undefined,
  fn: () =>
    inFolder({ "agents.yaml": AGENTS }, async (folder) => {
      const doctor = [Deno.execPath(), ...HECTOR_ARGS, "doctor", "-c", "agents.yaml", "-o", "json", "--bubblewrap"];
      const { out, err } = await spawnProgram({
        program: "bash",
        args: ["-c", 'exec 7</ 77</ "$@"', "bash", ...doctor, BUBBLEWRAP ?? ""],
        cwd: folder,
        env: { HOME: folder },
      }).ended;
      assert.match(out, /^\{/, err);
      const { sandbox: { level, held } } = JSON.parse(out);
      assert.equal(level, "kernel");
      assert.deepEqual(held.filter(({ isHeld }: { isHeld: boolean }) => !isHeld), []);
    }),
});

Deno.test("hector doctor takes no file but by --config", async () => {
  const { code, err } = await typed(["doctor", "agents.yaml"]);
  assert.match(err, /takes its configuration with --config/);
  assert.equal(code, 2);
});
