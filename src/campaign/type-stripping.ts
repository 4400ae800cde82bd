import { setFlagsFromString } from "node:v8";

/**
 * To be called before threads are started that load TypeScript.
 *
 * Node strips types with a WebAssembly module, one instance per thread. V8 optimises the code of such modules as it runs
 * and frees what it replaced, and when threads load modules meanwhile, that now and then ends the process with SIGSEGV
 * (`WasmImportWrapperCache::Free` below `Runtime_TierUpWasmToJSWrapper`, seen with Node 24.21). The first version of the
 * code is fast enough, and is kept.
 */
export function keepCodeOfTypeStripping(): void {
  setFlagsFromString("--no-wasm-code-gc");
  setFlagsFromString("--no-wasm-tier-up");
  setFlagsFromString("--wasm-wrapper-tiering-budget=1000000000");
}
