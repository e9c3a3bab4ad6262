import { resolve } from "node:path";
import type { AgentCard } from "../a2a/card/card_types.ts";
import { readCard } from "../a2a/card/read_card.ts";
import { readJwks } from "../a2a/card/verify_card.ts";
import { clientCredentials } from "../a2a/client/client_credentials.ts";
import type { A2AClient } from "../a2a/client/create_client.ts";
import { agentPlaces, foundClient } from "../a2a/client/found_client.ts";
import type { ClientAuth } from "../a2a/client/keyring.ts";
import type { AgentConfig } from "../config/config.ts";
import { parseJson } from "../lib/json.ts";
import { openClient, type OpenClientOptions } from "./open_client.ts";
import { remoteNetwork } from "./remote_network.ts";

export interface RemotePlace {
  /** The agent's id here. */
  readonly id: string;
  /** Absolute; files are named relative to it. */
  readonly baseDir: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

const DEFAULT_TIMEOUT_SECONDS = 30;

/**
 * The agent of another server for which an agent of the configuration stands. Nothing is asked before the first call. Throws
 * TypeError for a file that cannot be used.
 */
export function openRemote(agent: AgentConfig, place: RemotePlace): A2AClient {
  const { url, agent_card_url, target_agent_id, headers = {} } = agent;
  const card = cardInFile(agent, place);
  const hosts = card === undefined ? hostsOf([url ?? agent_card_url ?? ""]) : hostsOf(interfacesOf(card));
  const network = remoteNetwork({
    hosts,
    allow: agent.allow ?? [],
    caCerts: agent.ca_certificate === undefined ? [] : [readText(agent.ca_certificate, "ca_certificate", place)],
    verifies: agent.insecure_skip_verify !== true,
  });
  const { close, ...reach } = network;
  const own = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value.reveal()]);
  const options: OpenClientOptions = {
    ...reach,
    // To nobody to whom the card leads: there may be credentials in them.
    headers: ({ hostname }) => hosts.includes(hostname) ? Object.fromEntries(own) : {},
    auth: authOf(agent, place),
    answerMs: (agent.timeout_seconds ?? DEFAULT_TIMEOUT_SECONDS) * 1000,
    ...(agent.protocol_version === undefined ? {} : { version: agent.protocol_version }),
    ...(agent.card_sha256 === undefined ? {} : { pin: agent.card_sha256 }),
    ...(agent.trusted_keys === undefined ? {} : { trust: { jwks: readJwks(agent.trusted_keys) } }),
  };
  const open = (at: string | AgentCard) => openClient(at, options);
  const client = url === undefined
    ? open(card ?? agent_card_url ?? "")
    : foundClient(agentPlaces(url, { named: target_agent_id, own: place.id }), open);
  return {
    ...client,
    close: () => {
      client.close();
      close();
    },
  };
}

/** A file of the operator's own is believed as it is. */
function cardInFile({ agent_card_file: path }: AgentConfig, place: RemotePlace): AgentCard | undefined {
  if (path === undefined) return undefined;
  const text = readText(path, "agent_card_file", place);
  try {
    return readCard(parseJson(text));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new TypeError(`Cannot use agents.${place.id}.agent_card_file "${path}": ${why}`, { cause });
  }
}

function readText(path: string, key: string, { id, baseDir }: RemotePlace): string {
  try {
    return Deno.readTextFileSync(resolve(baseDir, path));
  } catch (cause) {
    throw new TypeError(`Cannot read agents.${id}.${key} "${path}"`, { cause });
  }
}

function interfacesOf({ supportedInterfaces }: AgentCard): string[] {
  // gRPC's have no scheme.
  return supportedInterfaces.map(({ url }) => /^[a-z][a-z0-9+.-]*:\/\//i.test(url) ? url : `https://${url}`);
}

const LOOPBACK = ["localhost", "127.0.0.1", "[::1]"];

/** One name of this machine stands for all: a server may call itself otherwise than people do. */
function hostsOf(urls: readonly string[]): string[] {
  const hosts = urls.flatMap((url) => URL.parse(url)?.hostname ?? []);
  return hosts.some((host) => LOOPBACK.includes(host)) ? [...new Set([...hosts, ...LOOPBACK])] : hosts;
}

function authOf({ credentials }: AgentConfig, { now }: RemotePlace): ClientAuth[] {
  if (credentials === undefined) return [];
  const { type, token, api_key, api_key_header, username, password, token_url, client_id, client_secret } = credentials;
  switch (type) {
    case "bearer":
      return token === undefined ? [] : [{ kind: "bearer", token }];
    case "api_key":
      if (api_key === undefined) return [];
      return [{ kind: "api_key", key: api_key, ...(api_key_header === undefined ? {} : { header: api_key_header }) }];
    case "basic":
      return username === undefined || password === undefined ? [] : [{ kind: "basic", user: username, password }];
    case "oauth2": {
      if (token_url === undefined || client_id === undefined || client_secret === undefined) return [];
      const asked = { tokenUrl: token_url, clientId: client_id, clientSecret: client_secret };
      return [clientCredentials({ ...asked, scopes: credentials.scopes, fetch, now })];
    }
    default:
      return type satisfies never;
  }
}
