import { definePlugin } from "../../lib/plugin.ts";
import { type Endpoint, toEndpoints } from "./endpoint.ts";
import { EtcdGateway, type EtcdUser } from "./etcd_gateway.ts";
import { EtcdOptions } from "./etcd_options.ts";
import { firstSet, oneKey, tlsFromEnv } from "./flag_options.ts";
import { httpEndpoint } from "./http_endpoint.ts";
import { type Pace, pause } from "./pause.ts";
import { remoteSource } from "./remote_source.ts";
import type { SourcePlugin } from "./source.ts";

const TITLE = "etcd";
const DEFAULT_PORT = 2379;
/** A watch says nothing for as long as nothing changes, nor does one whose server hangs: so the key is read now and then. */
const LOOK_AGAIN_MS = 10_000;

/** A key of etcd 3. */
export const etcdSource: SourcePlugin = {
  ...definePlugin({
    options: () => EtcdOptions,
    create: ({ key, endpoints, username, password, tls }, deps) => {
      const user = username === undefined || password === undefined ? undefined : { username, password };
      async function* observe(endpoint: Endpoint, pace: Pace) {
        using http = await httpEndpoint({ title: TITLE, endpoint, tls, directory: deps.directory });
        yield* follow(new EtcdGateway({ http, key, user, name: endpoint.name }), pace);
      }
      const servers = toEndpoints(endpoints, { port: DEFAULT_PORT, secure: tls !== undefined });
      return remoteSource({ file: `etcd:${key}`, endpoints: servers, observe }, deps);
    },
  }),
  fromFlags: (flags) => {
    const { endpoints, env } = flags;
    return {
      key: oneKey(flags, TITLE),
      endpoints,
      ...userFromEnv(env),
      ...tlsFromEnv(env, { ca: "ETCDCTL_CACERT", cert: "ETCDCTL_CERT", key: "ETCDCTL_KEY" }),
    };
  },
};

/**
 * Each change is read by a range, not taken from the watch's event: that makes one answer of a burst, and a watch that
 * begins right behind the revision of the range cannot miss what comes between.
 */
async function* follow(gateway: EtcdGateway, { timers, signal }: Pace) {
  for (;;) {
    const { revision, value } = await gateway.range({ timers, signal });
    yield value;
    const watched = new AbortController();
    const both = AbortSignal.any([signal, watched.signal]);
    const time = pause(LOOK_AGAIN_MS, { timers, signal: both });
    const change = gateway.changed(revision + 1n, { timers, signal: both });
    try {
      await Promise.race([change, time]);
    } finally {
      watched.abort();
      await Promise.allSettled([change, time]);
    }
  }
}

/** etcd's own command takes `name:password` in one variable. */
function userFromEnv(env: (name: string) => string | undefined): Partial<Record<keyof (EtcdUser), string>> {
  const [, name, word] = /^([^:]*):(.*)$/s.exec(env("ETCDCTL_USER") ?? "") ?? [];
  const username = firstSet(env, "HECTOR_CONFIG_USERNAME") ?? name;
  const password = firstSet(env, "HECTOR_CONFIG_PASSWORD", "ETCDCTL_PASSWORD") ?? word;
  return { ...(username === undefined ? {} : { username }), ...(password === undefined ? {} : { password }) };
}
