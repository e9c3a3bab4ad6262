/** Deeper or longer than a page that somebody wrote. */
const LIMITS = { maxDepth: 200, maxInputLength: 2_000_000, maxChildNodes: 20_000, ellipsis: "…" };

/** What is on a page besides what it says. */
const SKIPPED = [
  "nav",
  "aside",
  "footer",
  "form",
  "button",
  "img",
  "svg",
  "iframe",
  "noscript",
  "template",
  "[aria-hidden=true]",
  "[hidden]",
];

export interface Readable {
  readonly title: string | undefined;
  readonly text: string;
}

/** What an HTML page says, as plain text with the addresses of its links. Takes time in proportion to its length. */
export async function readableText(html: string, url: string): Promise<Readable> {
  const pathRewrite = (path: string) => URL.parse(path, url)?.href ?? path;
  // @ts-types="@types/html-to-text"
  const { compile } = await import("html-to-text");
  const title = compile({ baseElements: { selectors: ["head > title"] }, limits: LIMITS, wordwrap: false });
  const body = compile({
    wordwrap: false,
    limits: LIMITS,
    baseElements: { selectors: ["main", "[role=main]", "article", "body"], orderBy: "selectors" },
    selectors: [
      ...SKIPPED.map((selector) => ({ selector, format: "skip" })),
      ...["h1", "h2", "h3", "h4", "h5", "h6"].map((selector) => ({ selector, options: { uppercase: false } })),
      {
        selector: "a",
        options: { pathRewrite, hideLinkHrefIfSameAsText: true, ignoreHref: false, noAnchorUrl: true },
      },
      { selector: "table", format: "dataTable" },
    ],
  });
  const named = /<title[\s>]/i.test(html) ? title(html).trim().replaceAll(/\s+/g, " ") : "";
  return { title: named === "" ? undefined : named.slice(0, 300), text: body(html).trim() };
}
