/**
 * What compiled decorators call, by the names under which the transformer imports it. Source for the meaning: TypeScript's
 * handbook, "Decorators", for `experimentalDecorators` and `emitDecoratorMetadata`.
 */
export const decoratorHelpers: Readonly<Record<string, object>> = {
  "@oxc-project/runtime/helpers/decorate": { default: decorate },
  "@oxc-project/runtime/helpers/decorateMetadata": { default: decorateMetadata },
  "@oxc-project/runtime/helpers/decorateParam": { default: decorateParam },
};

type Decorator = (target: unknown, key?: PropertyKey, descriptor?: unknown) => unknown;

/** The last decorator is applied first. Of a class or member, what a decorator gives takes its place. */
function decorate(
  decorators: readonly Decorator[],
  target: object,
  key?: PropertyKey,
  given?: PropertyDescriptor | null,
): unknown {
  if (key === undefined) {
    return decorators.reduceRight<unknown>((decorated, decorator) => decorator(decorated) ?? decorated, target);
  }
  const found = given === null ? Object.getOwnPropertyDescriptor(target, key) : given;
  const descriptor = decorators.reduceRight<unknown>(
    (decorated, decorator) => decorator(target, key, decorated) ?? decorated,
    found,
  );
  if (descriptor !== undefined && descriptor !== null) Object.defineProperty(target, key, descriptor);
  return descriptor;
}

/** Kept where a package for metadata has put itself on `Reflect`. */
function decorateMetadata(name: string, value: unknown): Decorator {
  const { metadata } = Reflect as { metadata?: (name: string, value: unknown) => Decorator };
  return metadata?.(name, value) ?? (() => undefined);
}

function decorateParam(
  index: number,
  decorator: (target: unknown, key: PropertyKey | undefined, index: number) => void,
): Decorator {
  return (target, key) => decorator(target, key, index);
}
