/** What the page is made of, as it was built. */
export interface Page {
  readonly script: string;
  readonly style: string;
  /** SHA-256 of each, as a content security policy names it: in base64. */
  readonly scriptHash: string;
  readonly styleHash: string;
}

/**
 * What the page may do: run this script, use this style, and nothing else. It asks for nothing, of nobody; a frame, a form or an image from elsewhere is
 * refused, too. Workers are made of the script's own text (`blob:`), and pictures that are saved of what is shown.
 */
export function policyOf({ scriptHash, styleHash }: Page): string {
  return [
    "default-src 'none'",
    `script-src 'sha256-${scriptHash}' blob:`,
    `style-src 'sha256-${styleHash}'`,
    "worker-src blob:",
    "img-src data: blob:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

/**
 * The page as one file.
 *
 * @param packed base64 of a run, as deflate (raw) made it; "": none, for a page that waits for a file
 */
export function joinPage(page: Page, packed: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policyOf(page)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>depid explorer</title>
<style>${page.style}</style>
</head>
<body>
<noscript>This page draws its data with a script of its own, and asks nothing of the network: allow it to run.</noscript>
<div id="app"></div>
<script type="text/plain" id="run">${packed}</script>
<script type="module">${page.script}</script>
</body>
</html>
`;
}
