import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { checkedGenerator } from "../checked.ts";
import { SiggenError } from "../errors.ts";
import type { CreateGenerator } from "../registry.ts";

/**
 * Loads a generator from a JavaScript module whose default export is a `CreateGenerator`. Whatever it makes is held to the
 * contract of `SignatureGenerator`.
 *
 * @param path of the module, relative to the working directory
 * @throws {SiggenError} naming the path, also later, when the generator throws or answers wrongly
 */
export async function loadGenerator(path: string): Promise<CreateGenerator> {
  let module: { readonly default?: unknown };
  try {
    module = await import(pathToFileURL(resolve(path)).href);
  } catch (error) {
    throw new SiggenError(`plug-in ${path}: cannot be loaded: ${messageOf(error)}`, { cause: error });
  }
  const create = module.default;
  if (typeof create !== "function") {
    throw new SiggenError(
      `plug-in ${path}: expected a default export that makes a signature generator, found ${typeof create}`,
    );
  }
  return (context) => {
    let generator: ReturnType<CreateGenerator>;
    try {
      generator = create(context);
    } catch (error) {
      throw new SiggenError(`plug-in ${path}: threw ${messageOf(error)}`, { cause: error });
    }
    return checkedGenerator(generator, `plug-in ${path}`);
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
