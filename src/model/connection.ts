import { z } from "zod";
import { late } from "../lib/late.ts";
import { type Secret, SecretText } from "../lib/secret.ts";
import { type ModelDeps, ModelError } from "./model.ts";

const BaseUrl = late(() =>
  z.url({ protocol: /^https?$/, error: "expected an http:// or https:// address" })
    .refine((text) => !hasUserInfo(text), "a key belongs into api_key, not into the address")
);

function hasUserInfo(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && (url.username !== "" || url.password !== "");
}

/** Options that every provider over HTTP has. */
export const ConnectionOptions = late(() => ({
  api_key: SecretText.optional().meta({
    description: "The provider's key. Default: the provider's own environment variable.",
  }),
  base_url: BaseUrl().optional().meta({ description: "Another server that speaks the provider's protocol." }),
  timeout_seconds: z.number().positive().max(86_400).default(120).meta({
    description:
      "The longest silence of the provider, before its first word and between any two; not the length of an answer.",
  }),
  max_retries: z.int().min(0).max(20).default(3).meta({
    description: "Tries after the first, when the provider is busy, limits the rate or cannot be reached.",
  }),
}));

interface Connected {
  readonly api_key?: Secret | undefined;
  readonly base_url?: string | undefined;
  readonly timeout_seconds: number;
  readonly max_retries: number;
}

/** Where a provider keeps what the options leave out. */
export interface Provider {
  readonly title: string;
  readonly credentials: readonly string[];
  /** The environment variable for `base_url`. */
  readonly baseUrlEnv?: string;
  readonly defaultBaseUrl: string;
  /** Which of its servers may need no key: those under another address than its own, or all. */
  readonly keyless?: "elsewhere" | "always";
}

/** A provider's server, and all that an error has to name of it. */
export interface Connection {
  readonly title: string;
  readonly model: string;
  readonly baseUrl: string;
  /** Whether the address is the provider's own. */
  readonly official: boolean;
  readonly key: Secret | undefined;
  /** Where the key is set, for errors. */
  readonly keySource: string;
  readonly timeoutMs: number;
  readonly maxRetries: number;
}

/** Fills the options from the environment. Throws ModelError "authentication" without a key, "invalid_request" for a bad address. */
export function connect(
  provider: Provider,
  options: Connected & { readonly model: string },
  deps: ModelDeps,
): Connection {
  const { title, credentials } = provider;
  const baseUrl = options.base_url ?? envBaseUrl(provider, deps) ?? provider.defaultBaseUrl;
  const official = sameServer(baseUrl, provider.defaultBaseUrl);
  const named = credentials.find((name) => Boolean(deps.env(name)));
  const fromEnv = named === undefined ? undefined : deps.env(named);
  const key = options.api_key ?? (fromEnv ? SecretText.parse(fromEnv) : undefined);
  if (key === undefined && !mayBeKeyless(provider, official)) {
    throw new ModelError(
      "authentication",
      `Cannot use model "${options.model}" of ${title}: it needs a key; set ${
        credentials.join(" or ")
      } in the environment, or api_key of "${deps.name}"`,
    );
  }
  const keySource = options.api_key !== undefined || named === undefined ? `api_key of "${deps.name}"` : named;
  return {
    title,
    model: options.model,
    baseUrl,
    official,
    key,
    keySource,
    timeoutMs: options.timeout_seconds * 1_000,
    maxRetries: options.max_retries,
  };
}

function mayBeKeyless({ keyless }: Provider, official: boolean): boolean {
  return keyless === "always" || keyless === "elsewhere" && !official;
}

function envBaseUrl({ title, baseUrlEnv }: Provider, { env }: ModelDeps): string | undefined {
  const text = baseUrlEnv === undefined ? undefined : env(baseUrlEnv);
  if (!text) return undefined;
  const parsed = BaseUrl().safeParse(text);
  if (parsed.success) return parsed.data;
  const reason = parsed.error.issues[0]?.message ?? "it is not an address";
  throw new ModelError("invalid_request", `Cannot reach ${title} by ${baseUrlEnv}: ${reason}`);
}

function sameServer(one: string, other: string): boolean {
  return new URL(one).host === new URL(other).host;
}
