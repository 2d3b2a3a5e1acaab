/**
 * Hands a resource that is being created to its owner. When the owner was disposed meanwhile (Ctrl-C during a start), the
 * resource is disposed at once instead of being left behind.
 * @throws the owner's ReferenceError in that case, after the resource has gone
 */
export async function own<T extends AsyncDisposable>(
  owner: AsyncDisposableStack,
  creating: Promise<T>,
): Promise<T> {
  const resource = await creating;
  if (owner.disposed) await resource[Symbol.asyncDispose]();
  return owner.use(resource);
}
