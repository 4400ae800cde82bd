import { setFlagsFromString } from "node:v8";

/**
 * To be called before threads are started that load TypeScript.
 *
 * Node strips types with a WebAssembly module, one instance per thread. V8 optimises the code of such modules as it runs
 * and frees what it replaced. Others found processes to die of that while threads load modules (below
 * `Runtime_TierUpWasmToJSWrapper`, in `WasmImportWrapperCache::Free`); a test of ours that starts such a thread once
 * ended with SIGSEGV under Node 24.21, without a stack. The first version of the code is fast enough, and is kept.
 */
export function keepCodeOfTypeStripping(): void {
  setFlagsFromString("--no-wasm-code-gc");
  setFlagsFromString("--no-wasm-tier-up");
  setFlagsFromString("--wasm-wrapper-tiering-budget=1000000000");
}
