import { definePlugin } from "../../lib/plugin.ts";
import { type Endpoint, toEndpoints } from "./endpoint.ts";
import { firstSet, oneKey, tlsFromEnv } from "./flag_options.ts";
import { networkError } from "./network_error.ts";
import { openLink } from "./open_link.ts";
import type { Pace } from "./pause.ts";
import { remoteSource } from "./remote_source.ts";
import type { SourcePlugin } from "./source.ts";
import { SourceError } from "./source_error.ts";
import { within } from "./within.ts";
import { KeeperError, SessionRefused, ZooKeeperSession } from "./zookeeper_client/session.ts";
import { ZooKeeperOptions } from "./zookeeper_options.ts";

const TITLE = "ZooKeeper";
const DEFAULT_PORT = 2181;
const SESSION_MS = 10_000;
const ANSWER_MS = 5_000;
const NO_AUTH = -102;
const AUTH_FAILED = -115;

/** A node of a ZooKeeper ensemble. */
export const zookeeperSource: SourcePlugin = {
  ...definePlugin({
    options: () => ZooKeeperOptions,
    create: (options, deps) => {
      const { path, tls } = options;
      const endpoints = toEndpoints(options.endpoints, { port: DEFAULT_PORT, secure: tls !== undefined });
      const past = new Past(endpoints.length);
      async function* observe(endpoint: Endpoint, pace: Pace) {
        try {
          const link = await openLink({ title: TITLE, endpoint, tls, directory: deps.directory }, pace);
          yield* follow({ link, endpoint, options, past }, pace);
        } catch (thrown) {
          pace.signal.throwIfAborted();
          throw toSourceError(thrown, endpoint, options);
        }
      }
      return remoteSource({ file: `zookeeper:${path}`, endpoints, observe }, deps);
    },
  }),
  fromFlags: (flags) => {
    const { endpoints, env } = flags;
    const username = firstSet(env, "HECTOR_CONFIG_USERNAME");
    const password = firstSet(env, "HECTOR_CONFIG_PASSWORD");
    return {
      path: oneKey(flags, TITLE),
      endpoints,
      ...(username === undefined ? {} : { username }),
      ...(password === undefined ? {} : { password }),
      ...tlsFromEnv(env),
    };
  },
};

/**
 * How far the ensemble had come when it was last seen. A server that is behind refuses whoever has seen more, which
 * keeps an older configuration from following a newer one; but when every server refuses twice, the ensemble has lost
 * its past, and waiting for it would be for ever.
 */
class Past {
  zxid = 0n;
  #refusals = 0;
  readonly #servers: number;

  constructor(servers: number) {
    this.#servers = servers;
  }

  refused(): void {
    this.#refusals++;
    if (this.#refusals >= 2 * this.#servers) this.zxid = 0n;
  }

  seen(zxid: bigint): void {
    this.#refusals = 0;
    this.zxid = zxid;
  }
}

interface Visit {
  readonly link: Deno.Conn;
  readonly endpoint: Endpoint;
  readonly options: ZooKeeperOptions;
  readonly past: Past;
}

async function* follow({ link, endpoint, options, past }: Visit, pace: Pace) {
  const timely = <T>(act: () => Promise<T>) => within(ANSWER_MS, act, { ...pace, expired: () => silent(endpoint) });
  const close = () => link[Symbol.dispose]();
  pace.signal.addEventListener("abort", close, { once: true });
  try {
    const session = await timely(() => openSession(link, past, pace));
    try {
      const { path, username, password } = options;
      if (username !== undefined && password !== undefined) {
        await timely(() => session.logIn("digest", `${username}:${password.reveal()}`));
      }
      for (;;) {
        // Reading leaves the watch, so nothing can come between the two; of what is not there, `exists` leaves one.
        const value = await timely(() => session.getData(path));
        if (value === undefined && await timely(() => session.exists(path))) continue;
        past.seen(session.lastZxid);
        yield value;
        await session.changed();
      }
    } finally {
      await session.close();
    }
  } finally {
    pace.signal.removeEventListener("abort", close);
    close();
  }
}

async function openSession(link: Deno.Conn, past: Past, { timers }: Pace): Promise<ZooKeeperSession> {
  try {
    return await ZooKeeperSession.open(link, { timeoutMs: SESSION_MS, lastZxid: past.zxid, timers });
  } catch (thrown) {
    if (thrown instanceof SessionRefused) past.refused();
    throw thrown;
  }
}

function silent({ name }: Endpoint): SourceError {
  return new SourceError("unreachable", `Cannot reach ${TITLE} at ${name}: no answer within ${ANSWER_MS / 1000} s`);
}

function toSourceError(thrown: unknown, endpoint: Endpoint, { path, username }: ZooKeeperOptions): SourceError {
  if (thrown instanceof KeeperError && (thrown.code === NO_AUTH || thrown.code === AUTH_FAILED)) {
    const who = username === undefined ? "without a username and a password" : `to the user "${username}"`;
    const message = `Cannot read "zookeeper:${path}" at ${endpoint.name}: it is not shown ${who}`;
    return new SourceError("refused", message, { cause: thrown });
  }
  if (thrown instanceof SessionRefused) {
    const message = `Cannot reach ${TITLE} at ${endpoint.name}: it opens no session now`;
    return new SourceError("unreachable", message, { cause: thrown });
  }
  return networkError(thrown, TITLE, endpoint);
}
