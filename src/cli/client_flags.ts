import type { PeerVersion } from "../a2a/client/choose_interfaces.ts";
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
  "a2a-version": { type: "string", value: "VERSION", help: "Speak 1.0 or 0.3 alone, or any that the card offers" },
};

/** What a client of a server is told by the command line. */
export interface ClientChoice {
  readonly auth: readonly ClientAuth[];
  readonly version?: PeerVersion;
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
  return { auth: readAuth(strings), ...(version === undefined ? {} : { version }) };
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
