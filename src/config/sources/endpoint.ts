import { z } from "zod";
import { quote } from "../tree.ts";

/** One server of a backend. */
export interface Endpoint {
  readonly hostname: string;
  readonly port: number;
  readonly secure: boolean;
  /** `host:port`, for people. */
  readonly name: string;
}

/** `localhost`, `etcd1:2379`, `[::1]:2379`, `https://etcd.example:2379`. */
export const Endpoints = z.array(
  z.string().superRefine((text, context) => {
    if (parse(text) === undefined) {
      context.addIssue({ code: "custom", message: `found ${quote(hideUser(text))}, expected host:port` });
    }
  }),
);

/** The endpoints that were named, or the default; all of them secure when TLS is asked for. */
export function toEndpoints(
  named: readonly string[],
  { port, secure }: { readonly port: number; readonly secure: boolean },
): readonly Endpoint[] {
  return (named.length === 0 ? ["localhost"] : named).flatMap((text) => {
    const url = parse(text);
    if (url === undefined) return [];
    const hostname = url.hostname.replace(/^\[(.*)\]$/, "$1");
    const given = text.includes("://") && url.port === "" && /:\d+\/?$/.test(text) ? defaultPort(url) : url.port;
    const number = given === "" ? port : Number(given);
    return [{
      hostname,
      port: number,
      secure: secure || url.protocol === "https:",
      name: `${url.hostname}:${number}`,
    }];
  });
}

/** A URL that names a server and nothing else: what comes after would be ignored, and credentials have options of their own. */
function parse(text: string): URL | undefined {
  const spelled = /^https?:\/\//.test(text) ? text : `tcp://${text}`;
  if (!URL.canParse(spelled)) return undefined;
  const url = new URL(spelled);
  const bare = url.username === "" && url.password === "" && url.search === "" && url.hash === "";
  const known = ["http:", "https:", "tcp:"].includes(url.protocol) && url.hostname !== "" && url.port !== "0";
  return bare && known && ["", "/"].includes(url.pathname) && !/[\s,]/.test(text) ? url : undefined;
}

/** URL drops the port that its scheme implies. */
function defaultPort(url: URL): string {
  return url.protocol === "https:" ? "443" : "80";
}

function hideUser(text: string): string {
  return text.replace(/[^/@]*@/, "…@");
}
