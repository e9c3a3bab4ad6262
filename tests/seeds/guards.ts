import { SignJWT } from "jose";
import type { Guard } from "./example.ts";

/* Servers that ask their callers, as the descriptions configure them. */

const SECRET = "your-secret-key";
const LONG_SECRET = "a secret of this test, of more than 32 bytes";
const AGENTS = `
llms: { actor: { provider: scripted, default: { text: "I heard: {{message}}", chunk_chars: 5 } } }
agents:
  assistant: { name: AI Assistant, description: A helpful assistant, llm: actor }
  secure_agent: { llm: actor }
`;

interface Guarded {
  readonly yaml: string;
  /** What takes the place of `$TOKEN`. */
  readonly token: string;
}

async function tokenFor(secret: string): Promise<string> {
  return await new SignJWT({ roles: ["operator"] })
    .setProtectedHeader({ alg: "HS256" })
    .setIssuer("https://auth.example.com")
    .setAudience("hector-api")
    .setSubject("alice")
    .setExpirationTime("1 hour")
    .sign(new TextEncoder().encode(secret));
}

export const GUARDS: Readonly<Record<Guard, Guarded>> = {
  secret: {
    yaml: `${AGENTS}
auth:
  jwt:
    enabled: true
    secret: "${SECRET}"
`,
    token: await tokenFor(SECRET),
  },
  keys: {
    yaml: `${AGENTS}
auth:
  api_key:
    enabled: true
    header: "X-API-Key"
    keys:
      - "key123"
`,
    token: "key123",
  },
  tokens: {
    yaml: `version: "2"
${AGENTS}
server:
  studio: { enabled: true, allowed_roles: [admin, operator] }
  auth:
    secret: ${LONG_SECRET}
    issuer: https://auth.example.com
    audience: hector-api
    client_id: hector-client
`,
    token: await tokenFor(LONG_SECRET),
  },
};
