import assert from "node:assert/strict";
import { findEtcd } from "../config/sources/support/etcd_server.ts";
import { find } from "../config/sources/support/service.ts";
import { findZooKeeper } from "../config/sources/support/zookeeper_server.ts";
import { samplesOf } from "../telemetry/states.ts";
import type { HectorServer } from "./hector_process.ts";
import { ask } from "./one_word_agent.ts";
import { inSandbox } from "./sandbox.ts";
import { consulBackend, etcdBackend, type SourceBackend, zookeeperBackend } from "./source_backends.ts";

const etcd = await find("etcd", findEtcd);
const zookeeper = await find("zookeeper", findZooKeeper);

const BACKENDS: readonly (readonly [name: string, ignore: boolean, open: () => Promise<SourceBackend>])[] = [
  ["etcd", etcd.isMissing, () => etcdBackend(etcd.program ?? "")],
  ["zookeeper", zookeeper.isMissing, () => zookeeperBackend(zookeeper.program ?? { java: "", classPath: "" })],
  ["consul", false, () => Promise.resolve(consulBackend())],
];

/** An agent that says one word. */
function saying(word: string): Readonly<Record<string, unknown>> {
  return {
    agents: { a: { llm: "m" } },
    llms: { m: { provider: "scripted", default: { text: word } } },
    server: { grpc_port: false },
  };
}

/** What probes and Prometheus are told: 200 or not, current or stale, and of the numbers those that matter here. */
async function told({ url }: HectorServer) {
  const ready = await fetch(`${url}/ready`);
  const { config: { state } } = await ready.json();
  const samples = samplesOf(await (await fetch(`${url}/metrics`)).text());
  const number = (name: string) => samples.get(`hector_config_${name}`);
  return {
    ready: ready.status,
    state,
    current: number("current"),
    readable: number("source_readable"),
    succeeded: number("last_reload_successful"),
    missing: number('source_troubles_total{reason="missing"}') ?? 0,
    refused: number('reload_duration_seconds_count{outcome="refused"}') ?? 0,
  };
}

/** Waits for what the log says for the n-th time. */
function line(pattern: string, count: number): RegExp {
  return new RegExp(Array(count).fill(pattern).join("[^]*"));
}

const SERVED = "the new configuration is served";
const GOOD = { ready: 200, state: "current", current: 1, readable: 1, succeeded: 1 };

for (const [name, ignore, open] of BACKENDS) {
  Deno.test({
    name: `serve --config-type ${name} --config-watch serves what its key comes to hold, whatever happens to it`,
    ignore,
    fn: () =>
      inSandbox(async ({ serve }) => {
        await using backend = await open();
        const { flags, spell, credential } = backend;
        await backend.put(spell(saying("one")));
        const server = await serve([...flags, "--config-watch"], { env: credential });
        assert.equal(await ask(server), "one");
        assert.deepEqual(await told(server), { ...GOOD, missing: 0, refused: 0 });

        const begun = performance.now();
        await backend.put(spell(saying("two")));
        await server.until(line(SERVED, 1));
        console.log(`${name}: from a change of the key to its effect ${Math.round(performance.now() - begun)} ms`);
        assert.equal(await ask(server), "two");

        await backend.remove();
        await server.until(/source of the configuration has a trouble.*there is no such key/);
        const trouble = { ready: 200, state: "stale", current: 0 };
        assert.deepEqual(await told(server), { ...GOOD, ...trouble, readable: 0, missing: 1, refused: 0 });
        assert.equal(await ask(server), "two");

        await backend.put(spell(saying("three")));
        await server.until(line(SERVED, 2));
        assert.equal(await ask(server), "three");
        assert.deepEqual(await told(server), { ...GOOD, missing: 1, refused: 0 });

        await backend.put("agents: [");
        await server.until(new RegExp(`configuration was refused.*${name}:`));
        assert.equal(await ask(server), "three");
        assert.deepEqual(await told(server), { ...GOOD, ...trouble, succeeded: 0, missing: 1, refused: 1 });

        await backend.put(spell(saying("four")));
        await server.until(line(SERVED, 3));
        assert.deepEqual(await told(server), { ...GOOD, missing: 1, refused: 1 });

        backend.hang();
        assert.equal(await ask(server), "four");
        assert.equal((await told(server)).ready, 200);
        backend.goOn();
        await backend.put(spell(saying("five")));
        await server.until(line(SERVED, 4));
        assert.equal(await ask(server), "five");
        assert.equal(await server.stop("SIGTERM"), 0);
      }),
  });

  Deno.test({
    name: `serve --config-type ${name} that is not let in says so, and ends with 3`,
    ignore,
    fn: () =>
      inSandbox(async ({ run }) => {
        await using backend = await open();
        await backend.put(backend.spell(saying("one")));
        const { code, err } = await run(["serve", ...backend.flags, "--port", "0"]);
        assert.match(err, new RegExp(`Cannot read "${name}:`));
        assert.doesNotMatch(err, /s3cret|t0ken|\n\s+at /);
        assert.equal(code, 3);
      }),
  });
}
