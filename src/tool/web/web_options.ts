import { z } from "zod";
import { late } from "../../lib/late.ts";
import { EgressRefused, EgressRules, isAllowEntry } from "../../lib/egress_rules.ts";
import type { EgressPolicy } from "../../lib/safe_fetch.ts";

const MEBIBYTE = 1024 * 1024;

const Domain = late(() =>
  z.string().toLowerCase().regex(/^[a-z\d]([a-z\d-]*[a-z\d])?(\.[a-z\d]([a-z\d-]*[a-z\d])?)*$/, {
    error: 'is no domain such as "example.com", which stands for what is below it, too',
  })
);

/** The options that all tools share which ask the web; `maxBytes` is the default cap of an answer. */
export function webOptions(maxBytes: number) {
  return z.strictObject({
    timeout: z.number().positive().max(600).default(30).meta({
      description: "Longest wait for an answer, in seconds.",
    }),
    max_response_size: z.int().positive().max(256 * MEBIBYTE).default(maxBytes)
      .meta({ description: "Largest answer, in bytes." }),
    allowed_domains: z.array(Domain()).default([])
      .meta({ description: "If not empty, only these domains and what is below them." }),
    denied_domains: z.array(Domain()).default([]).meta({ description: "Never these domains, nor what is below them." }),
    allow: z.array(z.string().refine(isAllowEntry, "is no host name, address or network")).default([]).meta({
      description: "Hosts and networks that are not public, or without TLS, and may be asked all the same.",
    }),
    allow_redirects: z.boolean().default(true).meta({ description: "Follow redirects of GET and HEAD, each checked." }),
    max_redirects: z.int().min(0).max(20).default(10).meta({ description: "Most redirects that are followed." }),
    user_agent: z.string().min(1).max(200).regex(/^[\x20-\x7e]+$/).default("hector")
      .meta({ description: "What the tool calls itself." }),
  });
}

export type WebOptions = z.output<ReturnType<typeof webOptions>>;

/** Where a web tool may go, and how long it may take. */
export function toPolicy(options: WebOptions): EgressPolicy {
  return {
    rules: domainRules(new EgressRules(options.allow), options),
    timeoutMs: options.timeout * 1_000,
    maxBytes: options.max_response_size,
    maxRedirects: options.allow_redirects ? options.max_redirects : 0,
  };
}

/** The domains of the options besides what may be reached at all, redirects included. */
function domainRules(rules: EgressRules, options: WebOptions): EgressPolicy["rules"] {
  const { allowed_domains: allowed, denied_domains: denied } = options;
  return {
    checkUrl(text) {
      const url = rules.checkUrl(text);
      if (denied.some((domain) => isBelow(url.hostname, domain))) {
        throw new EgressRefused(`is at ${url.hostname}, which is denied (denied_domains)`);
      }
      if (allowed.length > 0 && !allowed.some((domain) => isBelow(url.hostname, domain))) {
        throw new EgressRefused(`is at ${url.hostname}; allowed are ${allowed.join(", ")} (allowed_domains)`);
      }
      return url;
    },
    checkAddresses: (url, addresses) => rules.checkAddresses(url, addresses),
  };
}

function isBelow(hostname: string, domain: string): boolean {
  const name = hostname.replace(/\.$/, "");
  return name === domain || name.endsWith(`.${domain}`);
}
