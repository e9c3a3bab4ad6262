import type OpenAI from "openai";
import type { Connection } from "./connection.ts";
import type { ModelDeps } from "./model.ts";

/** Beyond any answer: the SDK's own timeout stops at the headers, so the idle limit does this work (resilient.ts). */
const NO_TIMEOUT_MS = 2 ** 31 - 1;

/** The SDK, loaded with the first request and without what it would do by itself. */
export async function openClient({ baseUrl, key }: Connection, { fetch }: ModelDeps): Promise<OpenAI> {
  const { default: SDK } = await import("openai");
  return new SDK({
    // Without a key the SDK refuses to start; the header is taken away again then.
    apiKey: key?.reveal() ?? "none",
    ...(key === undefined ? { defaultHeaders: { authorization: null } } : {}),
    // What is not given, the SDK looks for in the process's environment.
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    baseURL: baseUrl,
    fetch,
    maxRetries: 0,
    timeout: NO_TIMEOUT_MS,
    logLevel: "off",
  });
}
