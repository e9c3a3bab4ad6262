import assert from "node:assert/strict";
import { PLUGIN_TABLES } from "../../src/app/runtime.ts";
import { loadConfig } from "../../src/config/load.ts";
import { type Kit, KITS, type Profile } from "./kits.ts";

const ROOT = new URL("../../", import.meta.url);

async function load({ configs }: Profile) {
  const pieces = await Promise.all(
    configs.map(async (file) => ({ file, text: await Deno.readTextFile(new URL(file, ROOT)) })),
  );
  return loadConfig({ pieces, env: () => undefined, tables: PLUGIN_TABLES, baseDir: "/" });
}

function kit(version: string): Kit {
  const found = KITS.get(version);
  assert.ok(found);
  return found;
}

for (const [version, { profiles }] of KITS) {
  for (const [name, profile] of profiles) {
    Deno.test(`the kit for ${version} has an agent that loads for its profile ${name}`, async () => {
      const { agents } = await load(profile);
      assert.deepEqual([...agents.keys()], ["tck"]);
    });
  }
}

Deno.test("the profiles of the kit for 1.0 are what they are called", async () => {
  const offers = await Promise.all(
    [...kit("1.0").profiles].map(async ([name, profile]) => {
      const { agents, server } = await load(profile);
      const agent = agents.get("tck");
      const required = agent?.extensions.filter(({ required }) => required).map(({ uri }) => uri);
      return [name, [agent?.streaming, server.push.enabled, required, agent?.extended_card !== undefined]] as const;
    }),
  );
  assert.deepEqual(Object.fromEntries(offers), {
    full: [true, true, [], false],
    no_capabilities: [false, false, [], false],
    required_extension: [true, true, ["urn:a2a:tck:required-extension"], false],
    extended_card: [true, true, [], true],
  });
});

Deno.test("the profiles of the kit for 0.3 ask for each of its categories once", () => {
  const { profiles, runs, transports } = kit("0.3");
  const names = [...profiles.values()].flatMap((profile) =>
    runs({ url: "http://localhost:1", transports, profile, report: "" }).map(({ name }) => name)
  );
  assert.equal(new Set(names).size, names.length);
  for (const category of ["mandatory", "capabilities", "features", "quality"]) {
    for (const transport of transports) assert.ok(names.includes(`0.3 ${transport} ${category}`), category);
  }
  assert.ok(names.includes("0.3 jsonrpc,rest,grpc transport-equivalence"));
});

Deno.test("a profile's tests are chosen by pytest's own flags", () => {
  const { profiles, runs } = kit("1.0");
  const argsOf = (name: string) => {
    const profile = profiles.get(name);
    assert.ok(profile);
    const [run] = runs({ url: "http://localhost:1", transports: ["jsonrpc", "rest"], profile, report: "r.json" });
    return run?.args ?? [];
  };
  assert.deepEqual(argsOf("full"), [
    "tests/compatibility",
    "--sut-host=http://localhost:1",
    "--transport",
    "jsonrpc,http_json",
    "--compatibility-report=r.json",
  ]);
  assert.equal(argsOf("required_extension").at(-2), "-k");
  assert.equal(argsOf("no_capabilities").at(-2), "--deselect");
});
