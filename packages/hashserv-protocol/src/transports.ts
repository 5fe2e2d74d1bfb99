/** Options of a TCP socket at either end: the system asks after 30 seconds without traffic whether the other is still there (section 2). */
export const KEEP_ALIVE = { noDelay: true, keepAlive: true, keepAliveInitialDelay: 30_000 } as const;

/** Compression of WebSocket messages, offered as the reference does. Without memory between messages short ones go uncompressed, which is faster. */
export const DEFLATE = { serverNoContextTakeover: true, clientNoContextTakeover: true } as const;

/** Bytes waiting to be sent over a WebSocket at which the other end is to catch up first. */
export const WEBSOCKET_HIGH_WATER = 65_536;

/** Path of the one resource of the HTTP interface, that of the RFC of 2018. */
export const HTTP_RESOURCE = "/v1/equivalent";
