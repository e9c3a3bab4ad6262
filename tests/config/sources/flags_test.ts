import assert from "node:assert/strict";
import { Secret } from "../../../src/lib/secret.ts";
import { PLUGINS } from "../../../src/plugins.ts";
import type { SourcePlugin } from "../../../src/config/sources/source.ts";
import { hastyDeps } from "./support/changes.ts";

async function pluginOf(type: string): Promise<SourcePlugin> {
  return await PLUGINS.sources.get(type)?.() ?? assert.fail(type);
}

async function made(
  type: string,
  paths: readonly string[],
  endpoints: readonly string[] = [],
  env: Record<string, string> = {},
) {
  const plugin = await pluginOf(type);
  const raw = plugin.fromFlags({ paths, endpoints, env: (name) => env[name] });
  return { options: plugin.options().parse(raw), origin: plugin.create(raw, hastyDeps("/base")).origin };
}

/** As the documentation spells them: [--config-type, --config, --config-endpoints, what is read]. */
const SPELLED: [type: string, path: string, endpoints: string, origin: string][] = [
  ["file", "config.yaml", "", "/base/config.yaml"],
  [
    "consul",
    "hector/prod",
    "consul1:8500,consul2:8500,consul3:8500",
    "consul:hector/prod at consul1:8500, consul2:8500, consul3:8500",
  ],
  [
    "etcd",
    "/hector/production",
    "etcd1:2379,etcd2:2379,etcd3:2379",
    "etcd:/hector/production at etcd1:2379, etcd2:2379, etcd3:2379",
  ],
  [
    "zookeeper",
    "/hector/config",
    "zk1:2181,zk2:2181,zk3:2181",
    "zookeeper:/hector/config at zk1:2181, zk2:2181, zk3:2181",
  ],
  ["zk", "/hector/config", "zk1", "zookeeper:/hector/config at zk1:2181"],
  ["etcd", "/hector/production", "etcd-cluster:2379", "etcd:/hector/production at etcd-cluster:2379"],
  ["consul", "hector/prod", "", "consul:hector/prod at localhost:8500"],
  ["etcd", "/hector/production", "", "etcd:/hector/production at localhost:2379"],
  ["zookeeper", "/hector/config", "", "zookeeper:/hector/config at localhost:2181"],
];

for (const [type, path, endpoints, origin] of SPELLED) {
  Deno.test(`fromFlags() of --config-type ${type} --config ${path} --config-endpoints "${endpoints}"`, async () => {
    assert.equal((await made(type, [path], endpoints === "" ? [] : endpoints.split(","))).origin, origin);
  });
}

const TLS = { ca: "ca.pem", cert: "c.pem", key: "k.pem" };

/** [type, the environment, the options that it adds]; secrets are shown as they are. */
const ENVIRONMENT: [type: string, env: Record<string, string>, options: Record<string, unknown>][] = [
  ["consul", { HECTOR_CONFIG_TOKEN: "t" }, { token: "t" }],
  ["consul", { CONSUL_HTTP_TOKEN: "t" }, { token: "t" }],
  ["consul", { CONSUL_HTTP_TOKEN: "t", HECTOR_CONFIG_TOKEN: "u" }, { token: "u" }],
  ["consul", { CONSUL_CACERT: "ca.pem", CONSUL_CLIENT_CERT: "c.pem", CONSUL_CLIENT_KEY: "k.pem" }, { tls: TLS }],
  ["consul", { HECTOR_CONFIG_CA: "ca.pem", HECTOR_CONFIG_TOKEN: "" }, { tls: { ca: "ca.pem" } }],
  ["etcd", { HECTOR_CONFIG_USERNAME: "u", HECTOR_CONFIG_PASSWORD: "p" }, { username: "u", password: "p" }],
  ["etcd", { ETCDCTL_USER: "u:p:q" }, { username: "u", password: "p:q" }],
  ["etcd", { ETCDCTL_CACERT: "ca.pem", ETCDCTL_CERT: "c.pem", ETCDCTL_KEY: "k.pem" }, { tls: TLS }],
  ["zookeeper", { HECTOR_CONFIG_USERNAME: "u", HECTOR_CONFIG_PASSWORD: "p" }, { username: "u", password: "p" }],
  ["zookeeper", { HECTOR_CONFIG_CA: "ca.pem", HECTOR_CONFIG_CERT: "c.pem", HECTOR_CONFIG_KEY: "k.pem" }, { tls: TLS }],
];

for (const [type, env, options] of ENVIRONMENT) {
  Deno.test(`fromFlags() of ${type} takes ${Object.keys(env).join(", ")}`, async () => {
    const { options: found, origin } = await made(type, ["/a"], ["h"], env);
    const shown = Object.entries(Object(found)).map(([name, value]) => [
      name,
      value instanceof Secret ? value.reveal() : value,
    ]);
    const place = type === "zookeeper" ? { path: "/a" } : { key: "/a" };
    assert.deepEqual(Object.fromEntries(shown), { ...place, endpoints: ["h"], ...options });
    assert.doesNotMatch(`${origin} ${JSON.stringify(found)}`, /"(t|u|p|p:q)"(?!:)(?<!username":"u")/);
  });
}

const REFUSED: [type: string, paths: string[], endpoints: string[], said: RegExp][] = [
  ["file", ["a.yaml"], ["h"], /^SourceError: Cannot read files from h: files have no endpoints$/],
  ["etcd", ["/a", "/b"], [], /^SourceError: Cannot read 2 keys from etcd: found \/a, \/b, expected one$/],
  ["consul", [], [], /^SourceError: Cannot read from Consul: no key was named$/],
  ["zookeeper", [""], [], /^SourceError: Cannot read from ZooKeeper: no key was named$/],
];

for (const [type, paths, endpoints, said] of REFUSED) {
  Deno.test(`fromFlags() of ${type} refuses ${paths.length} paths and ${endpoints.length} endpoints`, async () => {
    await assert.rejects(made(type, paths, endpoints), said);
  });
}

/** What the schemas refuse: [type, options]. */
const BAD_OPTIONS: [type: string, options: Record<string, unknown>][] = [
  ["file", { paths: [] }],
  ["file", { paths: ["a"], watch: true }],
  ["consul", { key: "" }],
  ["consul", { key: "a", endpoints: ["h:x"] }],
  ["consul", { key: "a", username: "u" }],
  ["etcd", { key: "/a", username: "u" }],
  ["etcd", { key: "/a", password: "p" }],
  ["zookeeper", { path: "config" }],
  ["zookeeper", { path: "/" }],
  ["zookeeper", { path: "/a/" }],
  ["zookeeper", { path: "/a", username: "a:b", password: "p" }],
];

for (const [type, options] of BAD_OPTIONS) {
  Deno.test(`the options of ${type} refuse ${JSON.stringify(options)}`, async () => {
    const plugin = await pluginOf(type);
    assert.throws(() => plugin.create(options, hastyDeps()), { name: "ZodError" });
  });
}
