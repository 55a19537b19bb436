/**
 * Whose secret it is: the whole instance's, a user's (by id), a repository's (by its full name), or Gantry's own, which
 * nobody lists and no run opens.
 */
export type SecretScope =
  | { readonly scope: 'instance' }
  | { readonly scope: 'user' | 'repository' | 'system'; readonly owner: string };

export function ownerOf(scope: SecretScope): string {
  return scope.scope === 'instance' ? '' : scope.owner;
}

export function describeScope(scope: SecretScope): string {
  return scope.scope === 'instance' ? 'of this instance' : `of the ${scope.scope} ${scope.owner}`;
}
