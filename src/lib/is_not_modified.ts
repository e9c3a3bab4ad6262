export interface Validators {
  readonly etag: string;
  readonly modified: Date;
}

/**
 * Whether the asker of a GET has what would be answered, so that 304 is enough (RFC 9110 §13.2.2): If-None-Match decides
 * where it stands, and If-Modified-Since only where it does not. A date that is none says nothing (§13.1.3).
 */
export function isNotModified({ headers }: Request, { etag, modified }: Validators): boolean {
  const tags = headers.get("if-none-match");
  if (tags !== null) return tags.trim() === "*" || tags.split(",").some((tag) => bare(tag) === bare(etag));
  const since = Date.parse(headers.get("if-modified-since") ?? "");
  // Dates in headers have no milliseconds.
  return Math.floor(modified.getTime() / 1000) * 1000 <= since;
}

/** RFC 9110 §13.1.2: by weak comparison. */
function bare(tag: string): string {
  return tag.trim().replace(/^W\//, "");
}
