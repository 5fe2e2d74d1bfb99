export { type ClientOptions, type HashClient, openClient } from "./client.ts";
export { ConnectionError, type ConnectionFault, ServerError } from "./errors.ts";
export { type HttpClient, type HttpClientOptions, openHttpClient } from "./http-client.ts";
