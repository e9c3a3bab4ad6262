import type { PeerVersion } from "../a2a/client/choose_interfaces.ts";
import type { ClientTls } from "../app/open_client.ts";
import type { ClientAuth } from "../a2a/client/keyring.ts";
import { Secret } from "../lib/secret.ts";
import { type Arguments, type Flags, UsageError } from "./arguments.ts";

/** How a server is spoken to. */
export const CLIENT_FLAGS: Flags = {
  token: {
    type: "string",
    value: "TOKEN",
    env: "HECTOR_TOKEN",
    help: "Show this to the server; better set the variable",
  },
  "api-key-header": { type: "string", value: "NAME", help: "Send the token as an API key in this header" },
  user: { type: "string", value: "NAME", help: "Send the token as the password of this user (HTTP Basic)" },
  "ca-cert": {
    type: "string",
    value: "FILE",
    env: "HECTOR_CA_CERT",
    help: "Trust the authorities in this file (PEM), too",
  },
  "client-cert": {
    type: "string",
    value: "FILE",
    env: "HECTOR_CLIENT_CERT",
    help: "Show this certificate (PEM) to the server",
  },
  "client-key": { type: "string", value: "FILE", env: "HECTOR_CLIENT_KEY", help: "Its private key (PEM)" },
  "a2a-version": { type: "string", value: "VERSION", help: "Speak 1.0 or 0.3 alone, or any that the card offers" },
};

/** What a client of a server is told by the command line. */
export interface ClientChoice {
  readonly auth: readonly ClientAuth[];
  readonly version?: PeerVersion;
  readonly tls?: ClientTls;
}

/** The URL of a server or an agent without the slash at its end. Throws UsageError. */
export function readServerUrl(text: string): string {
  const url = URL.parse(text);
  if (url !== null && /^https?:$/.test(url.protocol)) return text.replace(/\/+$/, "");
  throw new UsageError(`Flag "--server" takes a URL such as http://localhost:8080: found "${text}"`);
}

/** Throws UsageError. */
export function readClientFlags({ strings }: Arguments): ClientChoice {
  const version = strings.get("a2a-version");
  if (version !== undefined && version !== "1.0" && version !== "0.3" && version !== "any") {
    throw new UsageError(`Flag "--a2a-version" takes 1.0, 0.3 or any: found "${version}"`);
  }
  return { auth: readAuth(strings), ...(version === undefined ? {} : { version }), ...readTls(strings) };
}

function readTls(strings: Arguments["strings"]): Pick<ClientChoice, "tls"> {
  const ca = readPem("ca-cert", strings);
  const cert = readPem("client-cert", strings);
  const key = readPem("client-key", strings);
  if ((cert === undefined) !== (key === undefined)) {
    throw new UsageError("Flags --client-cert and --client-key go together: give both");
  }
  if (ca === undefined && cert === undefined) return {};
  const own = cert === undefined || key === undefined ? {} : { own: { cert, key } };
  return { tls: { caCerts: ca === undefined ? [] : [ca], ...own } };
}

function readPem(flag: string, strings: Arguments["strings"]): string | undefined {
  const path = strings.get(flag);
  if (path === undefined) return undefined;
  const text = readText(path);
  if (text?.includes("-----BEGIN ") === true) return text;
  const found = text === undefined ? "which cannot be read" : "which holds none";
  throw new UsageError(`Flag "--${flag}" takes a file of PEM: found "${path}", ${found}`);
}

function readText(path: string): string | undefined {
  try {
    return Deno.readTextFileSync(path);
  } catch {
    return undefined;
  }
}

function readAuth(strings: Arguments["strings"]): readonly ClientAuth[] {
  const [token, header, user] = ["token", "api-key-header", "user"].map((name) => strings.get(name));
  if (header !== undefined && user !== undefined) {
    throw new UsageError("Both --api-key-header and --user say how the token is sent: give one");
  }
  if (token === undefined) {
    if (header === undefined && user === undefined) return [];
    throw new UsageError(`Flag "--${user === undefined ? "api-key-header" : "user"}" needs --token or HECTOR_TOKEN`);
  }
  const secret = new Secret(token);
  if (user !== undefined) return [{ kind: "basic", user, password: secret }];
  if (header !== undefined) return [{ kind: "api_key", key: secret, header }];
  // The agent's card decides which of the two it wants.
  return [{ kind: "bearer", token: secret }, { kind: "api_key", key: secret }];
}

/** Flags that say how a server is spoken to mean nothing to agents of this process. Throws UsageError. */
export function refuseClientFlags({ typed }: Arguments): void {
  const stray = Object.keys(CLIENT_FLAGS).filter((name) => typed.has(name));
  if (stray.length > 0) throw new UsageError(`Flags that need --server: --${stray.join(", --")}`);
}
