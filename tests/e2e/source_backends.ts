import { PROCESS_TIMERS } from "../../src/server/timers.ts";
import { ConsulDouble } from "../config/sources/support/consul_double.ts";
import { startEtcd } from "../config/sources/support/etcd_server.ts";
import { startZooKeeper, type ZooKeeperProgram } from "../config/sources/support/zookeeper_server.ts";
import { zookeeperWriter } from "../config/sources/support/zookeeper_writer.ts";

/** A backend with one key that a server is to watch. */
export interface SourceBackend extends AsyncDisposable {
  /** The flags that name the key. */
  readonly flags: readonly string[];
  /** What lets the server in; without it, it is refused. */
  readonly credential: Readonly<Record<string, string>>;
  /** A configuration as people write it for this backend. */
  spell(config: Readonly<Record<string, unknown>>): string;
  put(text: string): Promise<void>;
  remove(): Promise<void>;
  /** Nothing is answered any more, and no connection ends. */
  hang(): void;
  goOn(): void;
}

/** JSON, which is what consul and etcd are given in the documentation. */
const json = (config: Readonly<Record<string, unknown>>) => JSON.stringify(config, null, 2);
/** YAML of a section a line, as ZooKeeper is. */
const yaml = (config: Readonly<Record<string, unknown>>) =>
  Object.entries(config).map(([key, value]) => `${key}: ${JSON.stringify(value)}\n`).join("");

/** A first endpoint at which nobody listens: the others stand in for it. */
const endpoints = (endpoint: string) => `127.0.0.1:1,${endpoint}`;
const flagsOf = (type: string, key: string, endpoint: string) => [
  ...["--config", key, "--config-type", type, "--config-endpoints", endpoints(endpoint)],
];

/** etcd that asks everybody who they are. */
export async function etcdBackend(program: string): Promise<SourceBackend> {
  const key = "/hector/production";
  const etcd = await startEtcd(program);
  await etcd.call("auth/role/add", { name: "reader" });
  await etcd.call("auth/role/grant", {
    name: "reader",
    perm: { permType: "READ", key: new TextEncoder().encode(key).toBase64() },
  });
  for (const [name, password, role] of [["root", "r00t", "root"], ["hector", "s3cret", "reader"]]) {
    await etcd.call("auth/user/add", { name, password });
    await etcd.call("auth/user/grant", { user: name, role });
  }
  await etcd.call("auth/enable", {});
  const { token } = Object(await etcd.call("auth/authenticate", { name: "root", password: "r00t" }));
  return {
    flags: flagsOf("etcd", key, etcd.endpoint),
    credential: { ETCDCTL_USER: "hector:s3cret" },
    spell: json,
    put: async (value) => void await etcd.call("kv/put", { key, value }, token),
    remove: async () => void await etcd.call("kv/deleterange", { key }, token),
    hang: () => etcd.service.hang(),
    goOn: () => etcd.service.goOn(),
    [Symbol.asyncDispose]: () => etcd.service.stop(),
  };
}

/** ZooKeeper, with a node that only its creator may read. */
export async function zookeeperBackend(program: ZooKeeperProgram): Promise<SourceBackend> {
  const path = "/hector";
  const { service, port } = await startZooKeeper(program);
  const writer = await zookeeperWriter(port, "hector:s3cret");
  let isThere = false;
  return {
    flags: flagsOf("zookeeper", path, `127.0.0.1:${port}`),
    credential: { HECTOR_CONFIG_USERNAME: "hector", HECTOR_CONFIG_PASSWORD: "s3cret" },
    spell: yaml,
    put: async (text) => {
      await (isThere ? writer.set(path, text) : writer.create(path, text, "auth"));
      isThere = true;
    },
    remove: async () => {
      await writer.remove(path);
      isThere = false;
    },
    hang: () => service.hang(),
    goOn: () => service.goOn(),
    [Symbol.asyncDispose]: async () => {
      writer[Symbol.dispose]();
      await service.stop();
    },
  };
}

/** What stands for Consul, with a token that it asks for. */
export function consulBackend(): SourceBackend {
  const key = "hector/prod";
  let hanging: PromiseWithResolvers<void> | undefined;
  const consul = new ConsulDouble({
    timers: PROCESS_TIMERS,
    token: "t0ken",
    intercept: () => hanging?.promise.then(() => new Response(null, { status: 500 })),
  });
  const goOn = () => {
    hanging?.resolve();
    hanging = undefined;
  };
  return {
    flags: flagsOf("consul", key, consul.endpoint),
    credential: { CONSUL_HTTP_TOKEN: "t0ken" },
    spell: json,
    put: (text) => Promise.resolve(consul.put(key, text)),
    remove: () => Promise.resolve(consul.remove(key)),
    hang: () => hanging = Promise.withResolvers(),
    goOn,
    [Symbol.asyncDispose]: async () => {
      goOn();
      await consul[Symbol.asyncDispose]();
    },
  };
}
