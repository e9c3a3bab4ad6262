import { EgressRefused } from "../../lib/egress_rules.ts";
import { type EgressPolicy, type EgressRequest, EgressTimeout, type SafeFetch } from "../../lib/safe_fetch.ts";
import { ToolRefusal } from "../tool.ts";

/** What a web server answered, read whole. */
export interface WebAnswer {
  /** Where it is from, behind all redirects. */
  readonly url: string;
  readonly status: number;
  readonly headers: Headers;
  /** Lower case, without parameters; empty where the server named none. */
  readonly mediaType: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Asks and reads the answer. Whatever fails becomes an Error that a model can act on, without an address of the network. */
export async function askWeb(fetch: SafeFetch, request: EgressRequest, policy: EgressPolicy): Promise<WebAnswer> {
  const { method = "GET", url, signal } = request;
  const shown = url.length > 200 ? `${url.slice(0, 200)}…` : url;
  try {
    const response = await fetch(request, policy);
    const mediaType = (response.headers.get("content-type") ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
    const { status, headers } = response;
    return { url: response.url, status, headers, mediaType, bytes: await response.bytes() };
  } catch (thrown) {
    signal.throwIfAborted();
    const known = reasonOf(thrown);
    const Kind = known === undefined ? Error : ToolRefusal;
    const reason = known ?? "the server could not be reached, or broke off";
    throw new Kind(`Cannot ${method} ${JSON.stringify(shown)}: ${reason}`, { cause: thrown });
  }
}

/** Undefined for what only its cause explains. */
function reasonOf(thrown: unknown): string | undefined {
  if (thrown instanceof EgressRefused) return `the address ${thrown.message}`;
  if (thrown instanceof EgressTimeout) return thrown.message.toLowerCase();
  if (thrown instanceof Error && "code" in thrown && thrown.code === "ENOTFOUND") return "there is no such host";
  return undefined;
}

/** The text of an answer, in the charset that it names; undefined for what is no text. */
export function textOfAnswer({ headers, mediaType, bytes }: WebAnswer): string | undefined {
  if (!isText(mediaType)) return undefined;
  const named = /;\s*charset\s*=\s*"?([\w.:-]+)/i.exec(headers.get("content-type") ?? "")?.[1];
  return decoderFor(named).decode(bytes);
}

function isText(mediaType: string): boolean {
  return mediaType === "" || /^text\/|[/+](json|xml|yaml|javascript|x-www-form-urlencoded|x-ndjson)$/.test(mediaType);
}

function decoderFor(charset: string | undefined): TextDecoder {
  try {
    return new TextDecoder(charset ?? "utf-8");
  } catch {
    // A name that nobody knows: most of what is there is UTF-8.
    return new TextDecoder();
  }
}
